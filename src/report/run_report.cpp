#include "ecg/report/run_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

#include "ecg/core/csv.h"
#include "ecg/core/text.h"
#include "src/report/plot.h"
#include "src/report/text_table.h"

namespace ecg::report {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLossRows = 8;
constexpr std::size_t kFigureRows = 6;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kParts[] = {"validation", "test"};
constexpr const char* kThresholds = "bundle_thresholds";

std::string Format(const char* format, double value) {
  if (!std::isfinite(value)) return "-";
  char text[64];
  std::snprintf(text, sizeof(text), format, value);
  return text;
}

std::string TimesText(const RunReport& run) {
  train::EpochTimes times;
  for (const train::EpochSummary& epoch : run.figures.epochs) {
    times.waiting += epoch.times.waiting;
    times.steps += epoch.times.steps;
    times.validation += epoch.times.validation;
    times.saving += epoch.times.saving;
  }
  const double all = times.Total();
  if (!(all > 0)) return {};
  const auto share = [&](double part) { return Format("%.1f %%", 100 * part / all); };
  return "time: " + Format("%.0f s", all) + ", of it steps " + share(times.steps) +
         ", waiting for records " + share(times.waiting) + ", validation " +
         share(times.validation) + ", saving " + share(times.saving) + "\n";
}

// All leaves of nested objects by their dotted names.
void Flatten(const Json& json, const std::string& prefix,
             std::vector<std::pair<std::string, Json>>& out) {
  if (!json.is_object()) {
    out.emplace_back(prefix, json);
    return;
  }
  for (const auto& [key, value] : json.items()) {
    Flatten(value, prefix.empty() ? key : prefix + "." + key, out);
  }
}

Json Find(const Json& json, const std::string& dotted) {
  Json::json_pointer pointer;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t dot = dotted.find('.', begin);
    pointer /= dotted.substr(begin, dot - begin);
    if (dot == std::string::npos) break;
    begin = dot + 1;
  }
  return json.contains(pointer) ? json[pointer] : Json();
}

std::string Cell(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.is_null() ? "-" : DumpJsonLine(json);
}

// Of one part and lead set with the bundle's thresholds.
double Figure(const RunReport& run, const std::string& part, const std::string& lead_set,
              const char* name) {
  const Json::json_pointer pointer =
      Json::json_pointer() / part / lead_set / kThresholds / std::string(name);
  const Json& all = run.figures.final;
  if (!all.is_object() || !all.contains(pointer)) return kNone;
  const Json& value = all[pointer];
  return value.is_number() ? value.get<double>() : kNone;
}

constexpr const char* kLeadSetNames[] = {"12", "6", "4", "3", "2"};

struct Summary {
  double mean = kNone;
  double deviation = kNone;
  std::size_t count = 0;
};

Summary Summarise(const std::vector<double>& values) {
  Summary summary;
  double sum = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    sum += value;
    ++summary.count;
  }
  if (summary.count == 0) return summary;
  summary.mean = sum / static_cast<double>(summary.count);
  if (summary.count < 2) return summary;
  double squares = 0;
  for (const double value : values) {
    if (std::isfinite(value)) squares += (value - summary.mean) * (value - summary.mean);
  }
  summary.deviation = std::sqrt(squares / static_cast<double>(summary.count - 1));
  return summary;
}

std::string MeanText(const Summary& summary) {
  std::string text = Format("%.3f", summary.mean);
  if (std::isfinite(summary.deviation)) text += " +- " + Format("%.3f", summary.deviation);
  return text;
}

// Of Student's t, two-sided 95 %, by degrees of freedom from 1 on; the last holds for all above.
constexpr double kStudent[] = {12.706, 4.303, 3.182, 2.776, 2.571,
                               2.447,  2.365, 2.306, 2.262, 2.228};
constexpr std::size_t kStudents = sizeof(kStudent) / sizeof(kStudent[0]);

std::string GainText(const std::vector<double>& differences) {
  const Summary summary = Summarise(differences);
  std::string text = Format("%+.3f", summary.mean);
  if (summary.count < 2) return text;
  const double t = kStudent[std::min(summary.count - 1, kStudents) - 1];
  const double half = t * summary.deviation / std::sqrt(static_cast<double>(summary.count));
  return text + " [" + Format("%+.3f", summary.mean - half) + ", " +
         Format("%+.3f", summary.mean + half) + "]";
}

// Figures of different records say little about runs.
std::string WarningOfRecords(const std::vector<RunReport>& runs) {
  std::vector<std::string> counts;
  bool differ = false;
  for (const RunReport& run : runs) {
    counts.push_back(run.name + " on " + std::to_string(run.validation_records.size()));
    differ = differ || run.validation_records != runs.front().validation_records;
  }
  if (!differ) return {};
  return "\nwarning: validated on different records (" + Join(counts, ", ") +
         "), so that the figures of validation do not compare\n";
}

// "test" where every finished run has such records.
std::string PartOf(const std::vector<StudyVariant>& variants) {
  for (const StudyVariant& variant : variants) {
    for (const RunReport& run : variant.runs) {
      const Json& all = run.figures.final;
      if (!all.is_object() || !all.contains("test")) return "validation";
    }
  }
  return "test";
}

std::vector<double> FiguresOf(const StudyVariant& variant, const std::string& part,
                              const char* lead_set, const char* name) {
  std::vector<double> values;
  for (const RunReport& run : variant.runs) values.push_back(Figure(run, part, lead_set, name));
  return values;
}

}  // namespace

Result<RunReport> ReadRun(const fs::path& folder) {
  RunReport run;
  run.name = fs::weakly_canonical(folder).filename().string();
  const Result<JsonDocument> config = ReadJson(folder / "config.json");
  if (!config.ok()) return config.error();
  run.config = config->root;
  run.figures = train::ReadRunLog(folder);
  if (const Result<CsvTable> split = CsvTable::Read(folder / "split.csv"); split.ok()) {
    const auto record = split->Column("record"), part = split->Column("split");
    for (std::size_t row = 0; record && part && row < split->rows(); ++row) {
      if (split->Cell(row, *part) != "val") continue;
      run.validation_records.emplace_back(split->Cell(row, *record));
    }
    std::sort(run.validation_records.begin(), run.validation_records.end());
  }
  return run;
}

std::string CurvesText(const RunReport& run, std::size_t width) {
  std::string text = run.name + (run.finished() ? ": finished" : ": goes on");
  text += ", " + Counted(run.figures.losses.size(), "step") + ", " +
          Counted(run.figures.epochs.size(), "epoch") + ", learning rate " +
          Format("%.3g", run.figures.learning_rate) + "\n";
  text += PlotText("loss by step", run.figures.losses, width, kLossRows);
  const auto curve = [&](const char* title, double score::Metrics::*figure) {
    std::vector<double> values;
    bool any = false;
    for (const train::EpochSummary& epoch : run.figures.epochs) {
      if (epoch.phase != train::Phase::kTraining) continue;
      values.push_back(epoch.validation.*figure);
      any = any || std::isfinite(values.back());
    }
    if (any) text += PlotText(title, values, width, kFigureRows);
  };
  curve("challenge metric by epoch (validation)", &score::Metrics::challenge);
  curve("AUROC by epoch (validation)", &score::Metrics::auroc);
  curve("AUPRC by epoch (validation)", &score::Metrics::auprc);
  return text + TimesText(run);
}

std::string ComparisonText(const std::vector<RunReport>& runs) {
  std::vector<TextTable::Column> columns = {{"", TextTable::Align::kLeft}};
  for (const RunReport& run : runs) columns.push_back({run.name});
  TextTable table(columns);
  std::vector<std::pair<std::string, Json>> settings;
  for (const RunReport& run : runs) {
    std::vector<std::pair<std::string, Json>> own;
    Flatten(run.config, "", own);
    for (auto& setting : own) {
      bool known = false;
      for (const auto& other : settings) known = known || other.first == setting.first;
      if (!known) settings.push_back(std::move(setting));
    }
  }
  for (const auto& [name, ignored] : settings) {
    std::vector<std::string> cells = {name};
    bool differs = false;
    for (const RunReport& run : runs) {
      cells.push_back(Cell(Find(run.config, name)));
      differs = differs || cells.back() != cells[1];
    }
    if (differs && name != "name") table.AddRow(cells);
  }
  const std::pair<const char*, const char*> kFigures[] = {
      {"challenge metric", "challenge_metric"}, {"AUROC", "auroc"}, {"AUPRC", "auprc"}};
  for (const char* part : kParts) {
    for (const char* lead_set : kLeadSetNames) {
      for (const auto& [title, name] : kFigures) {
        std::vector<std::string> cells = {std::string(part) + ", " + lead_set + " leads, " + title};
        bool any = false;
        for (const RunReport& run : runs) {
          const double value = Figure(run, part, lead_set, name);
          any = any || std::isfinite(value);
          cells.push_back(Format("%.3f", value));
        }
        if (any) table.AddRow(cells);
      }
    }
  }
  return table.ToString() + WarningOfRecords(runs);
}

std::string StudyText(const std::vector<StudyVariant>& variants) {
  if (variants.empty()) return {};
  const std::string part = PartOf(variants);
  std::vector<TextTable::Column> columns = {{"variant", TextTable::Align::kLeft}};
  for (const char* lead_set : kLeadSetNames) columns.push_back({std::string(lead_set) + " leads"});
  columns.insert(columns.end(), {{"AUROC, 12"}, {"AUPRC, 12"}, {"metric, 12, above the first"}});
  TextTable table(columns);
  const std::vector<double> first = FiguresOf(variants[0], part, "12", "challenge_metric");
  for (const StudyVariant& variant : variants) {
    std::vector<std::string> cells = {variant.name};
    for (const char* lead_set : kLeadSetNames) {
      cells.push_back(MeanText(Summarise(FiguresOf(variant, part, lead_set, "challenge_metric"))));
    }
    for (const char* name : {"auroc", "auprc"}) {
      cells.push_back(MeanText(Summarise(FiguresOf(variant, part, "12", name))));
    }
    std::vector<double> gains = FiguresOf(variant, part, "12", "challenge_metric");
    for (std::size_t i = 0; i < gains.size() && i < first.size(); ++i) gains[i] -= first[i];
    cells.push_back(&variant == &variants[0] ? "" : GainText(gains));
    table.AddRow(cells);
  }
  return "Challenge metric, AUROC and AUPRC on the " + part +
         " records: mean +- standard deviation over " + Counted(variants[0].runs.size(), "seed") +
         "\n" + table.ToString();
}

std::string StudyCsv(const std::vector<StudyVariant>& variants) {
  std::string text = "variant,seed,part,leads,challenge_metric,auroc,auprc,f_measure,accuracy\n";
  for (const StudyVariant& variant : variants) {
    for (const RunReport& run : variant.runs) {
      for (const char* part : kParts) {
        for (const char* lead_set : kLeadSetNames) {
          if (!std::isfinite(Figure(run, part, lead_set, "auroc"))) continue;
          text += variant.name + "," + Cell(Find(run.config, "seed")) + "," + part + "," + lead_set;
          for (const char* name : {"challenge_metric", "auroc", "auprc", "f_measure", "accuracy"}) {
            text += "," + Format("%.6f", Figure(run, part, lead_set, name));
          }
          text += "\n";
        }
      }
    }
  }
  return text;
}

}  // namespace ecg::report
