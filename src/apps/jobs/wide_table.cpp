#include "src/apps/jobs/wide_table.h"

#include <algorithm>
#include <cstdio>

#include "ecg/challenge/contradictions.h"
#include "ecg/core/csv.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/prediction_columns.h"
#include "ecg/infer/measurement.h"
#include "ecg/score/logit_map.h"

namespace ecg::jobs {
namespace {

// Those of infer::MeasurementsOf that people look for beside a diagnosis.
constexpr const char* kMeasurements[] = {"heart_rate_bpm",  "pr_ms",         "qrs_ms",
                                         "qt_ms",           "qtc_bazett_ms", "qtc_fridericia_ms",
                                         "qrs_axis_degrees"};

bool HasSpread(const infer::Ensemble& ensemble) {
  return ensemble.general.members.size() > 1 ||
         (ensemble.route && ensemble.route->specialists.members.size() > 1);
}

std::filesystem::path Checked(const std::filesystem::path& path) {
  const std::string ending = ToLower(path.extension().string());
  if (ending.empty() || ending == ".csv") return path;
  throw Exception(UsageError("must end in .csv, which is what is written", path.string()));
}

// As IntervalTable has them; empty where nothing was measured.
void AddMeasurements(const infer::RecordAnswer& answer, std::vector<std::string>& cells) {
  std::vector<infer::Measurement> all;
  if (answer.measured) all = infer::MeasurementsOf(answer.measured->values);
  for (const std::string name : kMeasurements) {
    const auto found = std::find_if(
        all.begin(), all.end(),
        [&](const infer::Measurement& measurement) { return name == measurement.name; });
    cells.push_back(found == all.end() ? "" : infer::FormatCell(found->value, found->decimals));
  }
}

}  // namespace

WideTable::WideTable(const WideTableConfig& config, const infer::Ensemble& ensemble)
    : config_(config),
      classes_(ensemble.classes()),
      routes_(ensemble.route.has_value()),
      vetoes_(ensemble.bradycardia_veto),
      spreads_(HasSpread(ensemble)),
      point_(ensemble.general.decision.point.name),
      file_(Checked(config.path)) {
  std::vector<std::string> cells = {data::kRecordColumn, data::kFlagsColumn,
                                    data::kUncertaintyColumn};
  if (routes_) {
    cells.insert(cells.end(), {data::kGroupColumn, data::kSourceProbabilityColumn});
  }
  if (vetoes_) cells.emplace_back(data::kMayBeBradycardiaColumn);
  for (const char* ending : {data::kDecisionEnding, "", data::kDeviationEnding}) {
    if (!spreads_ && ending == data::kDeviationEnding) continue;
    for (const auto& entry : classes_) cells.push_back(entry.abbreviation + ending);
  }
  answered_ = cells.size();
  cells.insert(cells.end(), {data::kDiagnosesColumn, data::kAgeColumn, data::kSexColumn});
  cells.insert(cells.end(), std::begin(kMeasurements), std::end(kMeasurements));
  cells.insert(cells.end(), {data::kQualityColumn, data::kStatusColumn});
  if (!point_.empty()) {
    cells.insert(cells.end(), {data::kOperatingPointColumn, data::kByDefinitionColumn});
  }
  WriteRow(cells);
}

void WideTable::Add(const std::string& record, const infer::RecordAnswer& answer) {
  std::vector<std::string> cells = {record, Join(infer::FlagsOf(answer), "; ")};
  if (!answer.unclassifiable) AddAnswer(answer, cells);
  cells.resize(answered_);
  cells.push_back(answer.unclassifiable ? "" : Diagnoses(answer));
  cells.push_back(answer.info.age ? FormatDouble(*answer.info.age) : "");
  cells.emplace_back(answer.info.sex ? record::NameOf(*answer.info.sex) : "");
  AddMeasurements(answer, cells);
  cells.push_back(answer.quality ? infer::FormatCell(answer.quality->quality, 2) : "");
  cells.push_back(infer::StatusOf(answer));
  if (!point_.empty()) {
    cells.push_back(point_);
    cells.push_back(ByDefinition(answer));
  }
  WriteRow(cells);
}

void WideTable::AddAnswer(const infer::RecordAnswer& answer,
                          std::vector<std::string>& cells) const {
  cells.push_back(Cell(answer.uncertainty));
  if (routes_) {
    cells.emplace_back(answer.by_specialists ? "specialists" : "general");
    cells.push_back(Cell(answer.source_probability));
  }
  if (vetoes_) cells.emplace_back(answer.may_be_bradycardia ? "1" : "0");
  for (const std::uint8_t decision : answer.decisions) {
    cells.emplace_back(decision != 0 ? "1" : "0");
  }
  for (const float value : answer.probabilities) cells.push_back(Cell(value));
  if (spreads_) {
    for (const float value : answer.spread) cells.push_back(Cell(value));
  }
}

void WideTable::WriteRow(const std::vector<std::string>& cells) {
  file_.Write(CsvLine(cells) + '\n');
}

std::string WideTable::Cell(float value) const {
  if (config_.digits == 0) return FormatDouble(static_cast<double>(value));
  char text[40];
  std::snprintf(text, sizeof(text), "%.*g", config_.digits, static_cast<double>(value));
  return text;
}

// The classes that what was measured has decided, one way or the other.
std::string WideTable::ByDefinition(const infer::RecordAnswer& answer) const {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < answer.defined.size(); ++k) {
    if (answer.defined[k] != 0) names.push_back(classes_[k].abbreviation);
  }
  return Join(names, "; ");
}

// What was found, in words.
std::string WideTable::Diagnoses(const infer::RecordAnswer& answer) const {
  std::vector<std::uint8_t> decisions = answer.decisions;
  if (!config_.contradictions) {
    std::vector<double> strength;
    for (std::size_t k = 0; k < decisions.size(); ++k) {
      strength.push_back(score::Logit(static_cast<double>(answer.probabilities[k])) -
                         score::Logit(answer.thresholds[k]));
    }
    decisions = challenge::WithoutContradictions(std::move(decisions), strength, classes_);
  }
  std::vector<std::string> names;
  for (std::size_t k = 0; k < decisions.size(); ++k) {
    if (decisions[k] != 0) names.push_back(classes_[k].name);
  }
  return Join(names, "; ");
}

}  // namespace ecg::jobs
