#include "ecg/report/run_report.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "ecg/core/csv.h"
#include "ecg/core/text.h"
#include "ecg/model/bundle.h"
#include "src/report/figure_text.h"
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
  const auto share = [&](double part) { return FigureText("%.1f %%", 100 * part / all); };
  return "time: " + FigureText("%.0f s", all) + ", of it steps " + share(times.steps) +
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

std::string SettingText(const Json& json) {
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
  std::string text = FigureText("%.3f", summary.mean);
  if (std::isfinite(summary.deviation)) text += " +- " + FigureText("%.3f", summary.deviation);
  return text;
}

// Of Student's t, two-sided 95 %, by degrees of freedom from 1 on; the last holds for all above.
constexpr double kStudent[] = {12.706, 4.303, 3.182, 2.776, 2.571,
                               2.447,  2.365, 2.306, 2.262, 2.228};
constexpr std::size_t kStudents = sizeof(kStudent) / sizeof(kStudent[0]);

std::string GainText(const std::vector<double>& differences) {
  const Summary summary = Summarise(differences);
  std::string text = FigureText("%+.3f", summary.mean);
  if (summary.count < 2) return text;
  const double t = kStudent[std::min(summary.count - 1, kStudents) - 1];
  const double half = t * summary.deviation / std::sqrt(static_cast<double>(summary.count));
  return text + " [" + FigureText("%+.3f", summary.mean - half) + ", " +
         FigureText("%+.3f", summary.mean + half) + "]";
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

bool IsRun(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "config.json", ignored);
}

// By name, sorted.
std::vector<std::string> SubfoldersOf(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

double SeedOf(const RunReport& run) {
  const Json seed = Find(run.config, "seed");
  return seed.is_number() ? seed.get<double>() : 0;
}

// Without runs where the folder holds none. Each is called by its variant, too.
Result<StudyVariant> ReadVariant(const fs::path& folder, const std::string& name) {
  StudyVariant variant;
  variant.name = name;
  for (const std::string& seed : SubfoldersOf(folder / name)) {
    if (!IsRun(folder / name / seed)) continue;
    Result<RunReport> run = ReadRun(folder / name / seed);
    if (!run.ok()) return run.error();
    run->name = name + "/" + run->name;
    variant.runs.push_back(std::move(*run));
  }
  std::stable_sort(variant.runs.begin(), variant.runs.end(),
                   [](const RunReport& a, const RunReport& b) { return SeedOf(a) < SeedOf(b); });
  return variant;
}

// As the study's own table has them; those that it does not name come behind.
void SortVariants(const fs::path& folder, std::vector<StudyVariant>& study) {
  const Result<CsvTable> table = CsvTable::Read(folder / "study.csv");
  if (!table.ok()) return;
  const auto column = table->Column("variant");
  if (!column) return;
  std::map<std::string, std::size_t> place;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    place.emplace(table->Cell(row, *column), place.size());
  }
  const auto place_of = [&](const StudyVariant& variant) {
    const auto found = place.find(variant.name);
    return found == place.end() ? place.size() : found->second;
  };
  std::stable_sort(study.begin(), study.end(), [&](const StudyVariant& a, const StudyVariant& b) {
    return place_of(a) < place_of(b);
  });
}

}  // namespace

Result<RunReport> ReadRun(const fs::path& folder) {
  RunReport run;
  run.name = fs::weakly_canonical(folder).filename().string();
  const Result<JsonDocument> config = ReadJson(folder / "config.json");
  if (!config.ok()) return config.error();
  run.config = config->root;
  if (Result<JsonDocument> said = ReadJson(folder / "environment.json"); said.ok()) {
    run.environment = std::move(said->root);
  }
  if (Result<model::ModelInfo> model = model::ReadModelInfo(folder / "model"); model.ok()) {
    run.model = std::move(*model);
  }
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
          FigureText("%.3g", run.figures.learning_rate) + "\n";
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

Table SettingsTable(const std::vector<RunReport>& runs, bool all) {
  Table table;
  table.columns = {{"setting", false, {}}};
  for (const RunReport& run : runs) table.columns.push_back({run.name, false, {}});
  std::vector<std::pair<std::string, Json>> settings;
  std::set<std::string> known;
  for (const RunReport& run : runs) {
    std::vector<std::pair<std::string, Json>> own;
    Flatten(run.config, "", own);
    for (auto& setting : own) {
      if (known.insert(setting.first).second) settings.push_back(std::move(setting));
    }
  }
  for (const auto& [name, ignored] : settings) {
    std::vector<Cell> cells = {name};
    bool differs = false;
    for (const RunReport& run : runs) {
      cells.emplace_back(SettingText(Find(run.config, name)));
      differs = differs || cells.back().text != cells[1].text;
    }
    if (all || (differs && name != "name")) table.rows.push_back(std::move(cells));
  }
  return table;
}

Table FiguresTable(const std::vector<RunReport>& runs) {
  Table table;
  table.columns = {{"figure", false, {}}};
  for (const RunReport& run : runs) table.columns.push_back({run.name, true, {}});
  const std::pair<const char*, const char*> kFigures[] = {
      {"challenge metric", "challenge_metric"}, {"AUROC", "auroc"}, {"AUPRC", "auprc"}};
  for (const char* part : kParts) {
    for (const char* lead_set : kLeadSetNames) {
      for (const auto& [title, name] : kFigures) {
        std::vector<Cell> cells = {std::string(part) + ", " + lead_set + " leads, " + title};
        bool any = false;
        for (const RunReport& run : runs) {
          cells.emplace_back(Figure(run, part, lead_set, name), 3);
          any = any || std::isfinite(cells.back().value);
        }
        if (any) table.rows.push_back(std::move(cells));
      }
    }
  }
  return table;
}

std::string WarningOfRecords(const std::vector<RunReport>& runs) {
  std::vector<std::string> counts;
  bool differ = false;
  for (const RunReport& run : runs) {
    counts.push_back(run.name + " on " + std::to_string(run.validation_records.size()));
    differ = differ || run.validation_records != runs.front().validation_records;
  }
  if (!differ) return {};
  return "validated on different records (" + Join(counts, ", ") +
         "), so that the figures of validation do not compare";
}

std::string ComparisonText(const std::vector<RunReport>& runs) {
  std::vector<TextTable::Column> columns = {{"", TextTable::Align::kLeft}};
  for (const RunReport& run : runs) columns.push_back({run.name});
  TextTable text(columns);
  for (const Table& table : {SettingsTable(runs, false), FiguresTable(runs)}) {
    for (const std::vector<Cell>& row : table.rows) {
      std::vector<std::string> cells;
      for (const Cell& cell : row) cells.push_back(cell.text.empty() ? "-" : cell.text);
      text.AddRow(std::move(cells));
    }
  }
  const std::string warning = WarningOfRecords(runs);
  return text.ToString() + (warning.empty() ? "" : "\nwarning: " + warning + "\n");
}

Table StudyTable(const std::vector<StudyVariant>& variants) {
  Table table;
  table.columns = {{"variant", false, {}}};
  for (const char* lead_set : kLeadSetNames) {
    table.columns.push_back({std::string(lead_set) + " leads", true, {}});
  }
  for (const char* title : {"AUROC, 12", "AUPRC, 12", "metric, 12, above the first"}) {
    table.columns.push_back({title, true, {}});
  }
  if (variants.empty()) return table;
  const std::string part = PartOf(variants);
  table.caption = "Challenge metric, AUROC and AUPRC on the " + part +
                  " records: mean +- standard deviation over " +
                  Counted(variants[0].runs.size(), "seed");
  const std::vector<double> first = FiguresOf(variants[0], part, "12", "challenge_metric");
  const auto add = [](const Summary& summary, std::vector<Cell>& cells) {
    cells.emplace_back(MeanText(summary));
    cells.back().value = summary.mean;
  };
  for (const StudyVariant& variant : variants) {
    std::vector<Cell> cells = {variant.name};
    for (const char* lead_set : kLeadSetNames) {
      add(Summarise(FiguresOf(variant, part, lead_set, "challenge_metric")), cells);
    }
    for (const char* name : {"auroc", "auprc"}) {
      add(Summarise(FiguresOf(variant, part, "12", name)), cells);
    }
    std::vector<double> gains = FiguresOf(variant, part, "12", "challenge_metric");
    for (std::size_t i = 0; i < gains.size() && i < first.size(); ++i) gains[i] -= first[i];
    Cell& gain = cells.emplace_back(&variant == &variants[0] ? "" : GainText(gains));
    if (&variant != &variants[0]) gain.value = Summarise(gains).mean;
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::string StudyText(const std::vector<StudyVariant>& variants) {
  if (variants.empty()) return {};
  Table table = StudyTable(variants);
  const std::string caption = std::exchange(table.caption, {});
  return caption + "\n" + TableText(table);
}

std::string StudyCsv(const std::vector<StudyVariant>& variants) {
  std::string text = "variant,seed,part,leads,challenge_metric,auroc,auprc,f_measure,accuracy\n";
  for (const StudyVariant& variant : variants) {
    for (const RunReport& run : variant.runs) {
      for (const char* part : kParts) {
        for (const char* lead_set : kLeadSetNames) {
          if (!std::isfinite(Figure(run, part, lead_set, "auroc"))) continue;
          text += variant.name + "," + SettingText(Find(run.config, "seed")) + "," + part + "," +
                  lead_set;
          for (const char* name : {"challenge_metric", "auroc", "auprc", "f_measure", "accuracy"}) {
            text += "," + FigureText("%.6f", Figure(run, part, lead_set, name));
          }
          text += "\n";
        }
      }
    }
  }
  return text;
}

Result<RunsOfFolder> ReadRuns(const fs::path& folder) {
  RunsOfFolder found;
  if (IsRun(folder)) {
    Result<RunReport> run = ReadRun(folder);
    if (!run.ok()) return run.error();
    found.runs.push_back(std::move(*run));
    return found;
  }
  for (const std::string& name : SubfoldersOf(folder)) {
    if (IsRun(folder / name)) {
      Result<RunReport> run = ReadRun(folder / name);
      if (!run.ok()) return run.error();
      found.runs.push_back(std::move(*run));
      continue;
    }
    Result<StudyVariant> variant = ReadVariant(folder, name);
    if (!variant.ok()) return variant.error();
    if (variant->runs.empty()) continue;
    for (const RunReport& run : variant->runs) found.runs.push_back(run);
    found.study.push_back(std::move(*variant));
  }
  if (found.runs.empty()) return InputError("holds no training run", folder.string());
  SortVariants(folder, found.study);
  return found;
}

}  // namespace ecg::report
