// Training that goes on from what another run has learnt.
#pragma once

#include <string>

#include "ecg/model/nn/se_resnet.h"

namespace ecg::train {

// Copies the weights of the bundle in `folder` into a module of the same blocks and channels;
// returns the bundle's checksum. What classifies and what detects peaks stays as it is where its
// shape is another. Throws Exception (kUsage) where anything else differs.
std::string CopyWeights(const std::string& folder, nn::SeResNetImpl& module);

}  // namespace ecg::train
