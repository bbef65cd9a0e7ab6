#include "ecg/model/measurement_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecg/core/text.h"
#include "ecg/dsp/measure/measurement_vector.h"

namespace ecg::model {
namespace {

constexpr std::size_t kMostSets = 10, kMostLeads = 100;

bool ReadNumbers(const Json& json, std::size_t count, std::vector<double>& numbers) {
  if (!json.is_array() || json.size() != count) return false;
  for (const Json& number : json) {
    if (!number.is_number()) return false;
    numbers.push_back(number.get<double>());
    if (!std::isfinite(numbers.back())) return false;
  }
  return true;
}

bool ReadLeads(const Json& json, std::vector<std::string>& leads) {
  if (!json.is_array() || json.size() > kMostLeads) return false;
  for (const Json& lead : json) {
    if (!lead.is_string()) return false;
    leads.push_back(lead.get<std::string>());
  }
  return true;
}

bool ReadOne(const Json& json, std::size_t classes, LeadScores& one) {
  if (!json.is_object() || json.size() != 4) return false;
  for (const char* key : {"leads", "centre", "scale", "weights"}) {
    if (!json.contains(key)) return false;
  }
  if (!ReadLeads(json["leads"], one.leads)) return false;
  const std::size_t values = dsp::MeasurementCount(one.leads.size());
  score::MeasurementScores& scores = one.scores;
  if (!ReadNumbers(json["centre"], values, scores.centre)) return false;
  if (!ReadNumbers(json["scale"], values, scores.scale)) return false;
  const auto positive = [](double scale) { return scale > 0; };
  if (!std::all_of(scores.scale.begin(), scores.scale.end(), positive)) return false;
  const Json& weights = json["weights"];
  if (!weights.is_array() || weights.size() != classes) return false;
  for (const Json& row : weights) {
    std::vector<double>& own = scores.weights.emplace_back();
    if (!row.is_null() && !ReadNumbers(row, scores.terms(), own)) return false;
  }
  return true;
}

}  // namespace

std::vector<double> ScoresOf(const std::vector<LeadScores>& all, std::size_t classes,
                             const std::vector<std::string>& names,
                             const dsp::Measurements& measured) {
  for (const LeadScores& one : all) {
    const bool there = std::all_of(one.leads.begin(), one.leads.end(),
                                   [&](const auto& lead) { return Contains(names, lead); });
    if (there) return one.scores.Of(dsp::MeasurementVector(one.leads, names, measured));
  }
  return std::vector<double>(classes, std::numeric_limits<double>::quiet_NaN());
}

Json ScoresToJson(const std::vector<LeadScores>& all) {
  Json json = Json::array();
  for (const LeadScores& one : all) {
    Json weights = Json::array();
    for (const std::vector<double>& own : one.scores.weights) {
      weights.push_back(own.empty() ? Json() : Json(own));
    }
    json.push_back({{"leads", one.leads},
                    {"centre", one.scores.centre},
                    {"scale", one.scores.scale},
                    {"weights", std::move(weights)}});
  }
  return json;
}

bool ReadScores(const Json& json, std::size_t classes, std::vector<LeadScores>& all) {
  if (!json.is_array() || json.empty() || json.size() > kMostSets) return false;
  return std::all_of(json.begin(), json.end(),
                     [&](const Json& item) { return ReadOne(item, classes, all.emplace_back()); });
}

}  // namespace ecg::model
