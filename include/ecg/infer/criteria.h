// Textbook criteria beside the network: what is measured in a recording counts towards its classes.
#pragma once

#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/infer/measure.h"
#include "ecg/model/decision.h"
#include "ecg/model/measurement_scores.h"

namespace ecg::infer {

// The criterion that defines each class, or goes with it; one a class, which adds nothing yet.
// Known by the classes' abbreviations; of others kNone or, where scores come with the model and a
// class is none of the challenge's, kMeasurements.
std::vector<model::ClassCriterion> CriteriaOf(const std::vector<challenge::DiagnosisClass>& classes,
                                              bool has_scores = false);

// How far a recording exceeds each class's criterion, [classes]; see dsp::Excess and, of
// kMeasurements, `scores`.
std::vector<double> ExcessOf(const Measured& measured,
                             const std::vector<model::ClassCriterion>& criteria,
                             const std::vector<model::LeadScores>& scores = {});

// Maps probabilities, float [classes] or rows of them, as the criteria say; excess is the same.
void ApplyCriteria(const std::vector<model::ClassCriterion>& criteria,
                   const std::vector<double>& excess, std::vector<float>& probabilities);

}  // namespace ecg::infer
