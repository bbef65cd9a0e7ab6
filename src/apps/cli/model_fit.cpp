#include "src/apps/cli/model_fit.h"

#include <spdlog/spdlog.h>

#include <cstdint>
#include <cstdio>

#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "ecg/engines/networks.h"
#include "ecg/infer/ensemble.h"
#include "ecg/model/ensemble_info.h"
#include "ecg/report/decision_report.h"
#include "src/apps/cli/interrupt.h"
#include "src/apps/cli/model_copy.h"
#include "src/apps/cli/model_point.h"
#include "src/apps/cli/setting_option.h"

namespace ecg::cli {
namespace {

constexpr char kHelp[] =
    R"(What a network orders well it decides well only where its thresholds suit the labels: fifty labelled
recordings of one's own are worth more than a better network. Thresholds start at the model's and move
no further than the recordings insist on; rates of sinus rhythm may be named by definition. What that
gains is told from recordings that it was not fitted on, and nothing is written where it gains nothing.
Probabilities are calibrated to the recordings too, where that lowers their log loss; thresholds move along.
A class that is never labelled is taken for one that is not wanted, and is found less often; see
--keep-unseen and --classes. Labels are SNOMED CT codes or the model's classes, as ecgscore takes them, or by
--statements what recorders and physicians have written; ecginfo --statements shows what that stands for.)";

std::vector<std::size_t> ColumnsOf(const std::string& names, const challenge::ClassSet& classes) {
  std::vector<std::size_t> columns;
  for (const std::string_view name : Split(names, ',')) {
    const auto column = classes.IndexOfText(Trim(name));
    if (!column) {
      throw Exception(
          UsageError("the model knows no class \"" + std::string(name) + "\"", {}, 0, "--classes"));
    }
    columns.push_back(*column);
  }
  return columns;
}

// uint8 [classes]: thresholds that stay.
std::vector<std::uint8_t> HeldOf(const FitModelOptions& options, const challenge::ClassSet& classes,
                                 const std::vector<std::size_t>& examples) {
  std::vector<std::uint8_t> held(classes.size(), options.classes.empty() ? 0 : 1);
  if (!options.classes.empty()) {
    for (const std::size_t k : ColumnsOf(options.classes, classes)) held[k] = 0;
  }
  for (std::size_t k = 0; k < held.size(); ++k) {
    if (options.keep_unseen && examples[k] == 0) held[k] = 1;
  }
  return held;
}

}  // namespace

void AddFitModel(CLI::App& command, FitModelOptions& options, Settings& settings) {
  command.footer(kHelp);
  AddCopyWords(command, options.words);
  command.add_option("--labels", options.ask.labels,
                     "CSV with the columns `record` and `dx`, or one 0/1 column a class; by "
                     "default what the recordings' own files say");
  AddStatementOptions(command, options.ask.statements);
  command.add_option("--list", options.ask.records.list,
                     "Text file with the recordings to use, a path below the folder a line");
  command.add_option("--lead-set", options.ask.lead_set, "Ask about these leads alone")
      ->check(CLI::IsMember({"12", "6", "4", "3", "2"}));
  command.add_option("--start", options.start,
                     "The operating point to start at; by default the usual one");
  command.add_option("--classes", options.classes,
                     "The labels speak of these classes alone, as in AF,PVC; the others stay");
  command.add_flag("--keep-unseen", options.keep_unseen,
                   "Thresholds of classes without an example stay as they are");
  command
      .add_option("--find", options.find,
                  "Not for the metric: find this share of every class that has five examples")
      ->check(CLI::Range(0.5, 1.0));
  command.add_flag("--anyway", options.anyway, "Write also what gains nothing");
  AddPointNames(command, options.point);
  AddInputOptions(command, options.told);
  for (const char* name : {"threads", "engine", "device", "precision"}) {
    AddSettingOption(command, std::string("--") + name, settings, name);
  }
  command.add_flag("--json", options.json, "Print what was found as JSON");
  AddOutputOptions(command, options.manners);
}

int FitModel(FitModelOptions& options) {
  SetUpLogging("ecgmodel", options.manners);
  const ModelCopy copy = CopyOf(options.words, options.told);
  const infer::Ensemble ensemble =
      infer::LoadEnsemble(copy.from, engines::MakeNetworks(options.compute), options.start).value();
  const model::Decision& usual = ensemble.general.decision;
  const challenge::ClassSet& classes = ensemble.general.task().class_set();
  // As the model has it: an ensemble ready to predict has a lone member's calibration in the
  // member.
  model::OperatingPoints points = model::ReadOperatingPoints(copy.from).value();
  if (!options.start.empty()) points.ChoosePoint(options.start).value();
  jobs::NewPoint& point = options.point;
  BeginPoint(points.decision, point);
  if (!options.classes.empty()) ColumnsOf(options.classes, classes);

  const Interrupt interrupt;
  const auto progress = MakeProgressBar(options.manners);
  jobs::LabelledFolder folder =
      jobs::AskLabelled(ensemble, copy.recordings, options.ask, *progress, interrupt.stop());
  if (folder.stopped) return interrupt.exit_code();
  WarnOf(folder.failed);
  if (folder.unlabelled > 0) {
    spdlog::warn("{} without a diagnosis {} no part", Counted(folder.unlabelled, "recording"),
                 folder.unlabelled == 1 ? "takes" : "take");
  }
  if (folder.said_only > 0) {
    spdlog::warn("statements of {} tell one: --statements takes them for labels",
                 Counted(folder.said_only, "such recording"));
  }

  infer::FitConfig config;
  config.held = HeldOf(options, classes, folder.examples);
  if (!options.classes.empty()) folder.answers.FillUnspoken(usual, classes, config.held);
  report::PointReport report;
  report.usual = usual;
  report.examples = folder.examples;
  report.recordings = folder.answers.size();
  if (options.find > 0) {
    constexpr std::size_t kLeastExamples = 5;
    point.decision.thresholds =
        infer::ThresholdsThatFind(usual, folder.answers, options.find, kLeastExamples);
  } else {
    report.fit = infer::FitPoint(usual, folder.answers, classes, config);
    point.decision.thresholds = report.fit->decision.thresholds;
    point.decision.definitions = report.fit->decision.definitions;
    point.decision = infer::Recalibrated(point.decision, report.fit->calibration);
  }
  report.fitted = point.decision;
  report.written = options.find > 0 || options.anyway || report.fit->Gains();
  point.decision.point.figures = report::FiguresOf(report);
  if (report.written) jobs::WriteWithPoint(copy.from, copy.to, point).value();
  if (options.json) {
    Json json = report::PointJson(report, classes);
    json["model"] = report.written ? Json(copy.to.string()) : Json();
    std::printf("%s\n", DumpJsonLine(json).c_str());
  } else {
    Print(report::PointText(report, classes));
    Print(report.written ? "written: " + copy.to.string() + "\n"
                         : "not enough to gain: nothing is written (--anyway does)\n");
  }
  return folder.failed.empty() ? kDone : kSomeRecordsFailed;
}

}  // namespace ecg::cli
