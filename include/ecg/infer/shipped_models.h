// The models that ship with the toolkit, and its configurations.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::infer {

// Used where nobody names a model.
inline constexpr char kDefaultModel[] = "general";

struct ShippedModel {
  std::string name;
  std::filesystem::path folder;
};

// Those of <prefix>/share/ecg/models beside the running program's <prefix>/bin, or else of the
// place that the toolkit was built to be installed to, or else of its sources. Sorted by name.
std::vector<ShippedModel> ShippedModels();

// What `wanted` means: a model's folder, the name of a shipped model or, where it is empty, the
// default. An error: none of these (kInput), or no default ships (kUsage).
Result<std::filesystem::path> FindModel(const std::string& wanted);

// The file of a configuration that ships, as in "finetune.json". An error (kUsage): there is none.
Result<std::filesystem::path> FindConfiguration(const std::string& name);

// What a model is, in a line: the name of its folder and the first words of its card, if it has
// one.
std::string ModelLine(const std::filesystem::path& folder);

// For people: each shipped model, what it is and where its card lies.
std::string DescribeModels();

}  // namespace ecg::infer
