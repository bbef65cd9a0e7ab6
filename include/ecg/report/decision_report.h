// What a model decides by, and what fitting it has found, for people and as JSON.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/json.h"
#include "ecg/infer/fit_point.h"
#include "ecg/model/decision.h"

namespace ecg::report {

// Operating points: what each is for, and its thresholds and definitions, class by class.
std::string PointsText(const model::OperatingPoints& points, const challenge::ClassSet& classes);
Json PointsJson(const model::OperatingPoints& points, const challenge::ClassSet& classes);

// A point that was fitted, beside the one that it started from.
struct PointReport {
  std::size_t recordings = 0;
  std::vector<std::size_t> examples;  // [classes]
  model::Decision usual;
  model::Decision fitted;
  std::optional<infer::PointFit> fit;  // where it was fitted for the metric
  bool written = false;
};

std::string PointText(const PointReport& report, const challenge::ClassSet& classes);
Json PointJson(const PointReport& report, const challenge::ClassSet& classes);

// What a point says of itself in the model: recordings, and the figures of the fit.
Json FiguresOf(const PointReport& report);

}  // namespace ecg::report
