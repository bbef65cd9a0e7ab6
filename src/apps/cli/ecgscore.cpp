// ecgscore: every challenge metric, exactly as the official scorer.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ecg/challenge/class_table.h"
#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/prediction_columns.h"
#include "ecg/data/labels/prediction_file.h"
#include "ecg/data/labels/score_input.h"
#include "ecg/data/records/input_guard.h"
#include "ecg/report/official_text.h"
#include "ecg/report/score_report.h"
#include "ecg/score/metric_list.h"
#include "src/apps/cli/tool.h"

namespace ecg {
namespace {

using data::MissingPolicy;
using score::Challenge;
using score::Scoring;

constexpr std::size_t kNamesOnStderr = 5;

constexpr const char* kExamples = R"(Examples:
  ecgscore data/test predictions
      Headers (.hea) below data/test against the challenge CSVs below predictions, paired by
      path or by name.
  ecgscore labels.csv predictions.csv --only split=val
      Both as tables: labels with a column `record` and a column `dx` (or one 0/1 column for
      every class), predictions with a column `record` and a score for every class.
  ecgscore data/test new --compare old --by source,leads --baselines --calibration
      Is new better than old, and where?
  ecgscore data/test predictions --official --official-csv scores.csv,class_scores.csv
      The files that the official scorer would have written, byte for byte.
  ecgscore labels.csv predictions.csv --classes mine.csv
      Classes of your own: every figure but the challenge metric, which needs --rewards.
  ecgscore data/test predictions --json --fail-under challenge=0.5
      For scripts: JSON on stdout, exit code 5 where the score is too low.)";

struct Options {
  std::string labels;
  std::string predictions;
  std::string compare;
  std::vector<std::string> by;
  std::vector<std::string> fail_under;
  std::string official_csv;
  std::string csv;
  std::string only;
  std::string classes;  // tables of one's own
  std::string rewards;
  Challenge challenge = Challenge::k2021;
  bool json = false;
  data::InputOptions input;
  report::ReportOptions report;
  cli::OutputOptions output;
};

// The overall file and the one by class, each maybe empty.
std::pair<std::string, std::string> OfficialFiles(const Options& options) {
  const std::size_t comma = options.official_csv.find(',');
  if (comma == std::string::npos) return {options.official_csv, {}};
  return {options.official_csv.substr(0, comma), options.official_csv.substr(comma + 1)};
}

std::vector<score::MetricFloor> FloorsOf(const Options& options) {
  std::vector<score::MetricFloor> floors;
  for (const std::string& text : options.fail_under) {
    Result<score::MetricFloor> floor = score::ParseMetricFloor(text, options.input.scoring);
    if (!floor) throw Exception(UsageError(floor.error().message, {}, 0, "--fail-under"));
    floors.push_back(std::move(*floor));
  }
  return floors;
}

Scoring ScoringOf(const Options& options) {
  if (options.classes.empty()) return options.challenge;
  challenge::ClassSet classes = challenge::ReadClassTable(options.classes, options.rewards).value();
  for (const challenge::DiagnosisClass& entry : classes.classes()) {
    if (data::MayNameClass(entry.abbreviation)) continue;
    throw Exception(InputError("is the name of another column of tables", options.classes, 0,
                               entry.abbreviation));
  }
  return Scoring(std::move(classes));
}

std::pair<std::string, std::string> ColumnAndValue(const std::string& only) {
  const std::size_t equals = only.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Exception(UsageError("needs COLUMN=VALUE, has \"" + only + "\"", {}, 0, "--only"));
  }
  return {only.substr(0, equals), only.substr(equals + 1)};
}

// A file, or stdout for "-".
void Write(const std::string& path, const std::string& text) {
  if (path == "-") {
    std::fwrite(text.data(), 1, text.size(), stdout);
  } else {
    WriteFileAtomic(path, text).value();
  }
}

void LogInputNotes(const data::ScoreInput& input, const Options& options) {
  for (const std::string& warning : input.warnings) spdlog::warn("{}", warning);
  for (const data::InputNote& note : input.input_notes) {
    const std::size_t names = options.output.verbose ? note.places.size() : kNamesOnStderr;
    spdlog::log(data::IsDoubtful(note.kind) ? spdlog::level::warn : spdlog::level::info, "{}",
                report::InputNoteText(note, names));
  }
}

bool BelowAFloor(const score::Metrics& metrics, const std::vector<score::MetricFloor>& floors) {
  bool below = false;
  for (const score::MetricFloor& floor : floors) {
    if (!score::IsBelow(metrics, floor)) continue;
    spdlog::error("{} is {}, below {}", floor.metric.title,
                  FormatDouble(metrics.*floor.metric.value), FormatDouble(floor.value));
    below = true;
  }
  return below;
}

// The files and tables that were asked for.
void WriteReport(const report::ScoreReport& report, const Options& options) {
  const auto [official, official_classes] = OfficialFiles(options);
  if (!official.empty()) Write(official, report::OfficialScores(report.metrics, report.scoring));
  if (!official_classes.empty()) {
    Write(official_classes, report::OfficialClassScores(report.metrics, report.scoring));
  }
  if (!options.csv.empty()) Write(options.csv, report::ReportCsv(report));
  const bool stdout_taken = options.csv == "-" || official == "-" || official_classes == "-";
  if (options.json) {
    Write("-", DumpJson(report::ReportJson(report)));
  } else if (!stdout_taken) {
    cli::Print(report::ReportText(report));
    if (!options.report.samples && !report.intervals) {
      spdlog::info("confidence intervals: --bootstrap 1000");
    }
  }
}

// A table of figures takes the place of no labels and no predictions.
void CheckPlaces(const Options& options) {
  data::InputGuard guard;
  for (const auto& input :
       {options.labels, options.predictions, options.compare, options.classes, options.rewards}) {
    guard.Add(input);
  }
  const auto [official, official_classes] = OfficialFiles(options);
  for (const std::string& file : {options.csv, official, official_classes}) {
    if (file.empty() || file == "-") continue;
    guard.CheckFile(file, {".csv"}).value();
    const Result<std::string> there = ReadFile(file);
    if (there.ok() && !there->empty() && there->front() == '#' &&
        data::ParsePrediction(*there, file).ok()) {
      throw Exception(UsageError("is a prediction; name another file to write", file));
    }
  }
}

int Run(Options& options) {
  cli::SetUpLogging("ecgscore", options.output);
  CheckPlaces(options);
  options.input.scoring = ScoringOf(options);
  const std::vector<score::MetricFloor> floors = FloorsOf(options);
  options.report.threads = options.input.threads;
  if (!options.only.empty()) options.input.only = ColumnAndValue(options.only);
  for (const std::string& by : options.by) {
    report::ReportOptions& report = options.report;
    (by == "source"  ? report.by_source
     : by == "leads" ? report.by_leads
     : by == "age"   ? report.by_age
                     : report.by_sex) = true;
  }
  std::vector<std::filesystem::path> predictions = {options.predictions};
  if (!options.compare.empty()) predictions.emplace_back(options.compare);
  std::unique_ptr<ProgressBar> progress;
  if (::isatty(STDERR_FILENO) != 0) progress = cli::MakeProgressBar(options.output);
  const data::ScoreInput input =
      data::ReadScoreInput(options.labels, predictions, options.input, progress.get()).value();
  LogInputNotes(input, options);
  const report::ScoreReport report =
      report::BuildReport(input, options.input.scoring, options.report);
  WriteReport(report, options);
  if (BelowAFloor(report.metrics, floors)) return cli::kScoreTooLow;
  return report.failed > 0 ? cli::kSomeRecordsFailed : cli::kDone;
}

void AddInputOptions(CLI::App& app, Options& options) {
  app.add_option("labels", options.labels, "Folder of headers (.hea), or a CSV table")->required();
  app.add_option("predictions", options.predictions, "Folder of challenge CSVs, or a CSV table")
      ->required();
  auto* challenge =
      app.add_option("--challenge", options.challenge, "Whose classes and metrics (2021)")
          ->option_text("2020|2021")
          ->transform(
              CLI::CheckedTransformer(std::map<std::string, Challenge>{{"2020", Challenge::k2020},
                                                                       {"2021", Challenge::k2021}},
                                      CLI::ignore_case));
  auto* classes = app.add_option("--classes", options.classes,
                                 "CSV of classes of your own, as task.classes of ecgtrain takes it "
                                 "(abbreviation, codes, name)");
  classes->option_text("FILE")->excludes(challenge);
  app.add_option("--rewards", options.rewards,
                 "CSV of their rewards, without which they have no challenge metric")
      ->option_text("FILE")
      ->needs(classes);
  app.add_flag("--official", options.input.official,
               "Read exactly what the official scorer reads and fail where it fails; without it, "
               "\"# Dx:\" is understood, folders are searched recursively, and records that cannot "
               "be scored are named instead of ending the run")
      ->excludes(classes);
  cli::AddStatementOptions(app, options.input.statements);
  app.add_option("--missing", options.input.missing,
                 "Records without a usable prediction: leave them out and exit with 4 (leave-out), "
                 "count them as all negative and exit with 4 (negative), or score what was "
                 "predicted and exit with 0 (ignore)")
      ->option_text("leave-out|negative|ignore")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, MissingPolicy>{{"leave-out", MissingPolicy::kLeaveOut},
                                               {"negative", MissingPolicy::kNegative},
                                               {"ignore", MissingPolicy::kIgnore}},
          CLI::ignore_case));
  app.add_option("--only", options.only, "Only the records whose column of the label table says so")
      ->option_text("COLUMN=VALUE");
  app.add_option("--threshold", options.input.threshold,
                 "For prediction tables that hold scores alone: positive from here on (0.5)");
}

void AddReportOptions(CLI::App& app, Options& options) {
  app.add_option("--bootstrap", options.report.samples,
                 "Samples for the confidence intervals; 0 for none (1000 for up to 5000 records)");
  app.add_option("--seed", options.report.bootstrap.seed, "Of bootstrap and baselines (1)");
  app.add_option("--confidence", options.report.bootstrap.confidence, "Of the intervals (0.95)")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--by", options.by, "Break the metrics down")
      ->option_text("source,leads,age,sex")
      ->delimiter(',')
      ->check(CLI::IsMember({"source", "leads", "age", "sex"}));
  app.add_flag("--calibration", options.report.calibration,
               "Reliability table, Brier score, expected calibration error");
  app.add_flag("--baselines", options.report.baselines,
               "What always normal and random output would score on the same labels");
  app.add_option("--compare", options.compare,
                 "Other predictions: difference by paired bootstrap (predictions minus others)");
  app.add_option("--fail-under", options.fail_under, "Exit code 5 where a metric is lower")
      ->option_text("METRIC=VALUE");
  app.add_flag("--json", options.json, "Everything as JSON on stdout, instead of the tables");
  app.add_option("--csv", options.csv, "Everything as one CSV table (- = stdout)")
      ->option_text("FILE");
  app.add_option("--official-csv", options.official_csv,
                 "The official scorer's files: overall, and by class (- = stdout)")
      ->option_text("FILE[,FILE]")
      ->excludes("--classes");
  app.add_option("--threads", options.input.threads, "0 = the processors this process may use")
      ->check(CLI::NonNegativeNumber);
}

}  // namespace
}  // namespace ecg

int main(int argc, char** argv) {
  CLI::App app(
      "Scores predictions against labels with the metrics of the PhysioNet/CinC Challenges,\n"
      "exactly as the official scorers do.\n",
      "ecgscore");
  app.footer(ecg::kExamples);
  ecg::Options options;
  ecg::AddInputOptions(app, options);
  ecg::AddReportOptions(app, options);
  ecg::cli::AddOutputOptions(app, options.output);
  return ecg::cli::RunTool(app, argc, argv, [&] { return ecg::Run(options); },
                           {ecg::cli::kSomeRecordsFailed, ecg::cli::kScoreTooLow});
}
