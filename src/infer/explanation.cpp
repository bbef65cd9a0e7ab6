#include "ecg/infer/explanation.h"

#include <cmath>
#include <limits>

#include "ecg/core/json.h"

namespace ecg::infer {
namespace {

double Rounded(double value) { return std::round(value * 1e4) / 1e4; }

Explanation ExplanationOf(const Json& entry, const std::vector<std::string>& leads) {
  Explanation explanation;
  explanation.abbreviation = entry.at("class").get<std::string>();
  explanation.probability = entry.at("probability").get<float>();
  if (entry.contains("criterion")) {
    const auto criterion = dsp::CriterionNames().Find(entry["criterion"].get<std::string>());
    explanation.criterion = criterion.value_or(dsp::Criterion::kNone);
    const Json& excess = entry.at("steps_beyond");
    explanation.excess =
        excess.is_null() ? std::numeric_limits<double>::quiet_NaN() : excess.get<double>();
  }
  for (const std::string& lead : leads) {
    explanation.evidence.push_back(entry.at("evidence").at(lead).get<std::vector<float>>());
    explanation.lead_shares.push_back(entry.at("lead_shares").at(lead).get<double>());
  }
  for (const Json& moment : entry.at("moments")) {
    explanation.moments.push_back(
        {moment.at("lead").get<std::string>(), moment.at("from_s").get<double>(),
         moment.at("to_s").get<double>(), moment.at("share").get<double>()});
  }
  return explanation;
}

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

Result<RecordExplanations> ReadExplanations(const std::filesystem::path& path) {
  const Result<JsonDocument> document = ReadJson(path);
  if (!document.ok()) return document.error();
  try {
    const Json& json = document->root;
    RecordExplanations read;
    read.record = json.at("record").get<std::string>();
    read.bin = json.at("bin_s").get<double>();
    read.leads = json.at("leads").get<std::vector<std::string>>();
    for (const Json& entry : json.at("classes")) {
      read.classes.push_back(ExplanationOf(entry, read.leads));
    }
    return read;
  } catch (const Json::exception& error) {
    return InputError(std::string("is no explanation: ") + error.what(), path.string());
  }
}

}  // namespace ecg::infer
