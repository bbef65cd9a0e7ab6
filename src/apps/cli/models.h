// The models that ship with the toolkit, and which one a tool uses.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ecg::cli {

// Used where a command names no model.
inline constexpr char kDefaultModel[] = "general";

struct ShippedModel {
  std::string name;
  std::filesystem::path folder;
};

// Those of the installed toolkit, <prefix>/share/ecg/models beside the running program's
// <prefix>/bin, or else those of the sources it was built from. Sorted by name.
std::vector<ShippedModel> ShippedModels();

// What `wanted` means: a folder, the name of a shipped model, or, where it is empty, what the
// environment variable ECG_MODEL says, or else the default. Throws Exception (kUsage) where there
// is none.
std::filesystem::path FindModel(const std::string& wanted);

// For people: each shipped model, what it is and where its card lies.
std::string DescribeModels();

}  // namespace ecg::cli
