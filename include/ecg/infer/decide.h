// The last two steps of a prediction, pure functions over probabilities: members -> Combine ->
// Decide.
#pragma once

#include <cstdint>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/model/decision.h"

namespace ecg::infer {

// The mean of the members' probabilities, float [members][classes] -> [classes] (paper section
// 2.5). One member's come back as they are.
std::vector<float> Combine(const std::vector<std::vector<float>>& members);

// The classes' decisions, uint8 [classes], from their probabilities: thresholds, then
// post-processing.
std::vector<std::uint8_t> Decide(const float* probabilities,
                                 const std::vector<challenge::DiagnosisClass>& classes,
                                 const model::Decision& decision);

// Post-processing alone, in place on uint8 [classes].
void PostProcess(std::uint8_t* decisions, const std::vector<challenge::DiagnosisClass>& classes,
                 const model::PostProcessing& config);

// Thresholds that suit the challenge metric of the decisions after post-processing, or, where the
// classes have no rewards, each class's F-measure. labels uint8 and probabilities float are
// [recordings][classes]; starts at `initial` for every class.
std::vector<double> FitThresholds(const std::vector<std::uint8_t>& labels,
                                  const std::vector<float>& probabilities,
                                  const challenge::ClassSet& classes, double initial,
                                  const model::PostProcessing& post_processing);

}  // namespace ecg::infer
