#include "ecg/infer/explanation.h"

#include <cmath>

#include "ecg/core/json.h"

namespace ecg::infer {
namespace {

double Rounded(double value) { return std::round(value * 1e4) / 1e4; }

}  // namespace

std::string FormatExplanations(const std::string& record, const std::vector<std::string>& leads,
                               const std::vector<Explanation>& explanations) {
  Json json = {{"record", record}, {"bin_s", kExplanationBin}, {"leads", leads}};
  Json& classes = json["classes"] = Json::array();
  for (const Explanation& explanation : explanations) {
    Json& entry = classes.emplace_back(Json::object());
    entry["class"] = explanation.abbreviation;
    entry["probability"] = Rounded(static_cast<double>(explanation.probability));
    if (explanation.criterion != dsp::Criterion::kNone) {
      entry["criterion"] = dsp::CriterionNames().NameOf(explanation.criterion);
      entry["steps_beyond"] =
          std::isnan(explanation.excess) ? Json() : Json(Rounded(explanation.excess));
    }
    for (std::size_t k = 0; k < explanation.lead_shares.size(); ++k) {
      entry["lead_shares"][leads[k]] = Rounded(explanation.lead_shares[k]);
    }
    entry["moments"] = Json::array();
    for (const Moment& moment : explanation.moments) {
      entry["moments"].push_back({{"lead", moment.lead},
                                  {"from_s", Rounded(moment.from)},
                                  {"to_s", Rounded(moment.to)},
                                  {"share", Rounded(moment.share)}});
    }
    for (std::size_t k = 0; k < explanation.evidence.size(); ++k) {
      Json& evidence = entry["evidence"][leads[k]] = Json::array();
      for (const float value : explanation.evidence[k]) {
        evidence.push_back(Rounded(static_cast<double>(value)));
      }
    }
  }
  return DumpJsonLine(json) + '\n';
}

}  // namespace ecg::infer
