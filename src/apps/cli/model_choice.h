// Which model a tool asks.
#pragma once

#include <filesystem>
#include <string>

namespace ecg::cli {

// What --model says (a folder or a name of one that ships), else the environment variable
// ECG_MODEL, else the model that ships. Throws Exception where there is none.
std::filesystem::path ChooseModel(const std::string& wanted);

}  // namespace ecg::cli
