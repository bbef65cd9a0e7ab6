// Textbook criteria beside the network: what is measured in a recording counts towards its classes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/data/prepare/preprocess.h"
#include "ecg/dsp/measure/measure.h"
#include "ecg/model/decision.h"

namespace ecg::infer {

// Longer recordings are measured in their first ten minutes.
inline constexpr double kMeasuredSeconds = 600;

// The criterion that defines each class, or goes with it; one a class, which adds nothing yet.
// Known by the classes' abbreviations.
std::vector<model::ClassCriterion> CriteriaOf(
    const std::vector<challenge::DiagnosisClass>& classes);

struct Measured {
  std::vector<std::string> leads;
  dsp::Measurements values;
};

// Measures a prepared record in its channels that `keep` names (empty: all) and are not zero, and
// in the limb leads that follow from I and II. Does not depend on anything but these signals.
Measured MeasurePrepared(const data::SignalView& signal, const data::PreprocessConfig& preparation,
                         const std::vector<std::uint8_t>& keep);

// How far a recording exceeds each class's criterion, [classes]; see dsp::Excess.
std::vector<double> ExcessOf(const Measured& measured,
                             const std::vector<model::ClassCriterion>& criteria);

// Maps probabilities, float [classes] or rows of them, as the criteria say; excess is the same.
void ApplyCriteria(const std::vector<model::ClassCriterion>& criteria,
                   const std::vector<double>& excess, std::vector<float>& probabilities);

}  // namespace ecg::infer
