// The last steps of a prediction, pure functions over probabilities: members -> Combine ->
// Calibrate -> Decide.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/infer/answer.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/measure.h"
#include "ecg/model/decision.h"

namespace ecg::infer {

// One answer from those of a group's members, float [members][classes] -> [classes] (paper section
// 2.5), as group.combination says; one member's come back as they are.
std::vector<float> Combine(const Group& group, const std::vector<std::vector<float>>& members);

// Maps the probabilities, float [classes] or rows of them, as the decision's calibration says.
void Calibrate(const model::Decision& decision, std::vector<float>& probabilities);

// What a definition says of a recording.
enum class Verdict : std::uint8_t {
  kUnknown,  // it was not measured, or holds for others
  kNo,
  kYes,
};

// [definitions], from what is measured in a recording and who it is of.
std::vector<Verdict> JudgeDefinitions(const std::vector<model::Definition>& definitions,
                                      const Measured& measured, std::optional<record::Sex> sex);

// The definitions' classes, in place on decisions uint8 [classes] by thresholds. Returns uint8
// [classes]: those that were decided so.
std::vector<std::uint8_t> ApplyDefinitions(const std::vector<model::Definition>& definitions,
                                           const std::vector<Verdict>& verdicts,
                                           const std::vector<challenge::DiagnosisClass>& classes,
                                           std::uint8_t* decisions);

// The classes' decisions, uint8 [classes], from their calibrated probabilities: thresholds,
// definitions (of which `verdicts` may be empty: then they say nothing), post-processing.
std::vector<std::uint8_t> Decide(const float* probabilities,
                                 const std::vector<challenge::DiagnosisClass>& classes,
                                 const model::Decision& decision,
                                 const std::vector<Verdict>& verdicts = {});

// Decides about a record, from an answer's probabilities, thresholds and measurements: by these,
// then the veto against bradycardia where the ensemble has it, then post-processing. Fills
// RecordAnswer::decisions and RecordAnswer::defined. What a definition says counts where the
// general group answers.
void Decide(const Ensemble& ensemble, RecordAnswer& answer);

// Post-processing alone, in place on uint8 [classes].
void PostProcess(std::uint8_t* decisions, const std::vector<challenge::DiagnosisClass>& classes,
                 const model::PostProcessing& config);

// Where the 26 classes of 2021 stand among these and others beside them, for which together there
// is no challenge metric; empty where they do not, or the classes have one.
std::vector<std::size_t> Find2021Beside(const challenge::ClassSet& classes);

// The columns of rows of `width`.
template <typename T>
std::vector<T> Columns(const std::vector<T>& rows, std::size_t width,
                       const std::vector<std::size_t>& columns) {
  std::vector<T> picked;
  picked.reserve(rows.size() / width * columns.size());
  for (std::size_t row = 0; row + width <= rows.size(); row += width) {
    for (const std::size_t column : columns) picked.push_back(rows[row + column]);
  }
  return picked;
}

// Thresholds that suit the challenge metric of the decisions after post-processing: that of the
// classes, or of the 26 of 2021 where these are among them. Other classes get that of their highest
// F-measure. labels uint8 and probabilities float are
// [recordings][classes]; starts at the decision's thresholds, where `pull` and `held` hold them
// (see score::ThresholdStart). verdicts[recordings] are what its definitions say; empty: nothing.
std::vector<double> FitThresholds(const std::vector<std::uint8_t>& labels,
                                  const std::vector<float>& probabilities,
                                  const challenge::ClassSet& classes,
                                  const model::Decision& decision, double pull = 0,
                                  const std::vector<std::uint8_t>& held = {},
                                  const std::vector<std::vector<Verdict>>& verdicts = {});

}  // namespace ecg::infer
