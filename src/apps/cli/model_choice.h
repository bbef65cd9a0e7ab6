// Which model a tool asks.
#pragma once

#include <filesystem>
#include <string>

namespace ecg::cli {

// What --model says (a folder or a name of one that ships), else the environment variable
// ECG_MODEL, else the model that ships. Throws Exception where there is none.
std::filesystem::path ChooseModel(const std::string& wanted);

// What a tool warns of whose pages would show what carried each decision.
inline constexpr char kNoExplanation[] =
    "the pages do not say what carried each decision: that takes gradients, which LibTorch has and "
    "the engine at hand has not";

}  // namespace ecg::cli
