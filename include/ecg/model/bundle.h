// A model on disk: a folder with model.json and weights.safetensors.
#pragma once

#include <filesystem>
#include <string>

#include "ecg/core/result.h"
#include "ecg/model/model_info.h"

namespace ecg::model {

struct Bundle {
  ModelInfo info;
  std::string weights;  // the bytes of the safetensors file
  std::string path;     // of the weights, for messages
  // SHA-256 of model.json. From format 2 on that names the weights' own, so this stands for both.
  std::string checksum;
};

// Whether a folder holds a bundle, sound or not.
bool IsBundle(const std::filesystem::path& folder);

// Writes the weights first and then the description, which holds their SHA-256 and its own.
Status SaveBundle(const std::filesystem::path& folder, const ModelInfo& info,
                  const std::string& weights);

// The description alone: its checksum and every field are checked, the weights are not read.
Result<ModelInfo> ReadModelInfo(const std::filesystem::path& folder);

// Loading checks everything but what the network's tensors are called, which is checked where they
// are used; a damaged or foreign bundle is refused with the reason. No bit of either file can
// change unnoticed (in bundles of format 1, none of the weights).
Result<Bundle> LoadBundle(const std::filesystem::path& folder);

// The same from the bytes of the two files.
Result<Bundle> ParseBundle(std::string description, std::string weights);

}  // namespace ecg::model
