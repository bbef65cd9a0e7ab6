// The last steps of a prediction, pure functions over probabilities: members -> Combine ->
// Calibrate -> Decide.
#pragma once

#include <cstdint>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/infer/answer.h"
#include "ecg/infer/ensemble.h"
#include "ecg/model/decision.h"

namespace ecg::infer {

// One answer from those of a group's members, float [members][classes] -> [classes] (paper section
// 2.5), as group.combination says; one member's come back as they are.
std::vector<float> Combine(const Group& group, const std::vector<std::vector<float>>& members);

// Maps the probabilities, float [classes] or rows of them, as the decision's calibration says.
void Calibrate(const model::Decision& decision, std::vector<float>& probabilities);

// The classes' decisions, uint8 [classes], from their calibrated probabilities: thresholds, then
// post-processing.
std::vector<std::uint8_t> Decide(const float* probabilities,
                                 const std::vector<challenge::DiagnosisClass>& classes,
                                 const model::Decision& decision);

// The decisions about a record, uint8 [classes of the ensemble], from an answer's probabilities and
// thresholds: by these, then the veto against bradycardia where the ensemble has it, then
// post-processing.
std::vector<std::uint8_t> Decide(const Ensemble& ensemble, const RecordAnswer& answer);

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
