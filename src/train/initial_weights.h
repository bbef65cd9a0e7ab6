// Training that goes on from what another run has learnt.
#pragma once

#include <string>
#include <vector>

#include "ecg/model/model_info.h"
#include "ecg/model/nn/se_resnet.h"

namespace ecg::train {

// Copies the weights of a bundle, in a folder or by the name of one that ships, into a module of
// the same blocks and channels, which `info` describes; returns the bundle's checksum. What
// classifies is copied class by class, and stays as it is for those that the bundle does not have;
// what detects peaks stays where its shape is another. Throws Exception (kUsage) where anything
// else differs, with the settings that the bundle was made with.
std::string CopyWeights(const std::string& wanted, const model::ModelInfo& info,
                        nn::SeResNetImpl& module);

// The bundle's decision and its operating points for the classes that `info` describes: its own
// for each class that it has, else what `info` says.
model::OperatingPoints InheritPoints(const std::string& wanted, const model::ModelInfo& info);

// The same of what its measurements say.
std::vector<model::LeadScores> InheritScores(const std::string& wanted,
                                             const model::ModelInfo& info);

}  // namespace ecg::train
