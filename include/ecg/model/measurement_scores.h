// What the measurements of a recording say of a model's classes: part of its bundle.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/dsp/measure/measure.h"
#include "ecg/score/measurement_scores.h"

namespace ecg::model {

// By dsp::MeasurementVector of these leads.
struct LeadScores {
  std::vector<std::string> leads;
  score::MeasurementScores scores;
};

// The first that has all its leads measured counts; NaN for every class where none has. `names` are
// those of measured.leads.
std::vector<double> ScoresOf(const std::vector<LeadScores>& all, std::size_t classes,
                             const std::vector<std::string>& names,
                             const dsp::Measurements& measured);

// A list of objects with leads, centre, scale and weights (a list a class, or null). Reading: false
// where `json` is none of these, for `classes`.
Json ScoresToJson(const std::vector<LeadScores>& all);
bool ReadScores(const Json& json, std::size_t classes, std::vector<LeadScores>& all);

}  // namespace ecg::model
