// Moved to ecg/data/prediction_file.h; here until all who include it have followed.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ecg/data/prediction_file.h"

namespace ecg::score {

using data::FormatPrediction, data::ParsePrediction, data::Prediction;

// Throws where data::MakePrediction gives an error.
inline Prediction MakePrediction(std::string record, const std::uint8_t* decisions,
                                 const float* scores,
                                 const std::vector<challenge::DiagnosisClass>& classes) {
  return data::MakePrediction(std::move(record), decisions, scores, classes).value();
}

}  // namespace ecg::score
