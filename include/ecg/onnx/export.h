// Networks of bundles as ONNX models, for runtimes other than ours.
#pragma once

#include <string>

#include "ecg/core/result.h"
#include "ecg/model/bundle.h"
#include "ecg/model/ensemble_info.h"

namespace ecg::onnx {

inline constexpr int kOpset = 17;

// Names of the network's input and outputs.
inline constexpr char kInput[] = "ecg";                    // float [batch][channels][samples]
inline constexpr char kProbabilities[] = "probabilities";  // float [batch][classes]
inline constexpr char kPeaks[] = "peaks";  // float [batch][cells][slots][slot size], see PeakGrid

// The bytes of an ONNX model of opset 17: what model::Network::Run computes, for any number of
// windows at a time. There are peaks where the network detects them. What comes before the network
// and after it stands in the model's metadata: the parts of model.json, each as JSON under "ecg."
// and its name there, and in words "ecg.input" and "ecg.output"; of a member also what `ensemble`
// does with its answers. Errors: weights that do not fit the bundle's description (kInput); more
// than the 2 GiB that such a file may have (kUsage).
Result<std::string> Export(const model::Bundle& bundle,
                           const model::EnsembleInfo* ensemble = nullptr);

}  // namespace ecg::onnx
