// A model on disk: a folder with model.json and weights.safetensors.
#pragma once

#include <filesystem>

#include "ecg/core/result.h"
#include "ecg/infer/model_info.h"
#include "ecg/nn/se_resnet.h"

namespace ecg::infer {

struct Bundle {
  ModelInfo info;
  nn::SeResNet model{nullptr};
};

// Writes the weights first and the description, which names their SHA-256, last.
Status SaveBundle(const std::filesystem::path& folder, const ModelInfo& info,
                  const nn::SeResNet& model);

// Loading checks everything; a damaged or foreign bundle is refused with the reason. The model
// comes on the CPU and in evaluation mode.
Result<Bundle> LoadBundle(const std::filesystem::path& folder);

}  // namespace ecg::infer
