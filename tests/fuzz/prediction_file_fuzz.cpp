// Any bytes as a prediction CSV: no crash, and the readers agree with each other.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/data/labels/header_labels.h"
#include "ecg/data/labels/prediction_file.h"
#include "ecg/data/labels/prediction_reader.h"

using namespace ecg;
using namespace ecg::data;

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

// What was parsed is written and parsed again: nothing may change.
void CheckRoundTrip(const Prediction& prediction) {
  for (const std::string& code : prediction.classes) {
    // An entry without text around it reads as no class at all.
    if (prediction.classes.size() == 1 && code.empty()) return;
  }
  const Result<Prediction> again = ParsePrediction(FormatPrediction(prediction), "again");
  Require(again.ok());
  Require(again->classes == prediction.classes);
  Require(again->decisions == prediction.decisions);
  Require(again->scores == prediction.scores);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const challenge::ClassSet& classes = challenge::Classes2021();
  std::vector<std::uint8_t> row(classes.size());
  std::vector<double> scores(classes.size());

  const Result<Prediction> prediction = ParsePrediction(text, "fuzz");
  PredictionReader reader(classes, PredictionRules::kSensible);
  const bool read = reader.Read(text, row.data(), scores.data()).ok();
  Require(read == prediction.ok());
  for (std::size_t k = 0; k < classes.size(); ++k) Require(row[k] <= 1 && scores[k] == scores[k]);
  if (prediction.ok()) CheckRoundTrip(*prediction);

  PredictionReader reader_of_2020(challenge::Classes2020(), PredictionRules::kOfficial2020);
  Require(reader_of_2020.Read(text, row.data(), scores.data()).ok());
  for (const LabelRules rules : {LabelRules::kSensible, LabelRules::kOfficial}) {
    ReadHeaderLabels(text, classes, rules, row.data());
  }
  return 0;
}
