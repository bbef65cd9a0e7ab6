#include "ecg/data/labels/prediction_file.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "ecg/challenge/class_table.h"
#include "ecg/core/text.h"
#include "src/data/labels/prediction_entries.h"

namespace ecg::data {
namespace {

template <typename Values, typename Format>
void AppendLine(const Values& values, const Format& format, std::string& text) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += ',';
    text += format(values[i]);
  }
  text += '\n';
}

}  // namespace

Result<Prediction> MakePrediction(std::string record, const std::uint8_t* decisions,
                                  const float* scores,
                                  const std::vector<challenge::DiagnosisClass>& classes) {
  Prediction prediction;
  prediction.record = std::move(record);
  std::vector<std::size_t> written = challenge::Find2021(classes);
  std::sort(written.begin(), written.end());
  const bool all = written.empty();
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (!all && !std::binary_search(written.begin(), written.end(), k)) continue;
    if (!std::isfinite(scores[k])) {
      return InputError("the score is not finite", prediction.record, 0, classes[k].abbreviation);
    }
    for (const std::string& code : classes[k].codes) {
      prediction.classes.push_back(code);
      prediction.decisions.push_back(decisions[k] != 0 ? 1 : 0);
      prediction.scores.push_back(static_cast<double>(scores[k]));
    }
  }
  return prediction;
}

std::string FormatPrediction(const Prediction& prediction) {
  std::string text = "#" + prediction.record + "\n";
  AppendLine(
      prediction.classes, [](const std::string& code) { return code; }, text);
  AppendLine(
      prediction.decisions, [](std::uint8_t value) { return value != 0 ? "1" : "0"; }, text);
  AppendLine(prediction.scores, FormatDouble, text);
  return text;
}

Result<Prediction> ParsePrediction(std::string_view text, const std::string& file) {
  std::string buffer;
  const Result<FourLines> lines = TakeFourLines(WithUnixLineEnds(text, buffer), file);
  if (!lines) return lines.error();
  Prediction prediction;
  if (!lines->id.empty()) prediction.record = Trim(lines->id.substr(1));
  std::vector<std::string_view> classes, decisions, scores;
  SplitEntries(lines->classes, classes);
  SplitEntries(lines->decisions, decisions);
  SplitEntries(lines->scores, scores);
  for (const auto& [entries, line] :
       {std::pair(&decisions, kDecisionLine), std::pair(&scores, kScoreLine)}) {
    if (Status status = CheckLength(entries->size(), classes.size(), file, line); !status.ok()) {
      return status.error();
    }
  }
  if (classes.size() == 1 && classes[0].empty()) return prediction;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    prediction.classes.emplace_back(classes[i]);
    prediction.decisions.push_back(
        ReadDecision(decisions[i], PredictionRules::kSensible).positive ? 1 : 0);
    prediction.scores.push_back(ReadScore(scores[i], PredictionRules::kSensible).value);
  }
  return prediction;
}

}  // namespace ecg::data
