// What an ONNX model says of itself beside its network.
#pragma once

#include <map>
#include <string>

#include "ecg/model/bundle.h"
#include "ecg/model/ensemble_info.h"

namespace ecg::onnx {

// In words, of the network's input and of what is made of its outputs.
std::string DescribeInput(const model::ModelInfo& info);
std::string DescribeOutput(const model::ModelInfo& info);

// See onnx/export.h; `ensemble` may be null.
std::map<std::string, std::string> MetadataOf(const model::Bundle& bundle,
                                              const model::EnsembleInfo* ensemble);

}  // namespace ecg::onnx
