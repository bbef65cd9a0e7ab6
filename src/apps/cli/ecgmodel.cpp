// ecgmodel: what a model decides by, copies of it that decide otherwise, and its network for
// others.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "ecg/apps/jobs/fit_model.h"
#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "ecg/data/records/input_guard.h"
#include "ecg/engines/networks.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/shipped_models.h"
#include "ecg/model/ensemble_info.h"
#include "ecg/onnx/export.h"
#include "ecg/report/decision_report.h"
#include "src/apps/cli/interrupt.h"
#include "src/apps/cli/setting_option.h"
#include "src/apps/cli/tool.h"

namespace {

namespace fs = std::filesystem;

constexpr char kExamples[] = R"(Examples:
  ecgmodel show general
  ecgmodel fit general our_recordings/ our_model/
  ecgmodel fit general our_recordings/ our_model/ --labels labels.csv --classes AF,PVC
  ecgmodel fit general our_recordings/ screening/ --find 0.95 --name screening --beside
  ecgmodel define general limits.csv our_model/ --name our-limits
  ecgmodel export general general.onnx
  ecgpredict recordings/ predictions/ --model our_model/

A model is a folder that ecgtrain wrote, or the name of one that ships.)";

constexpr char kFitHelp[] =
    R"(What a network orders well it decides well only where its thresholds suit the labels: fifty labelled
recordings of one's own are worth more than a better network. Thresholds start at the model's and move
no further than the recordings insist on; rates of sinus rhythm may be named by definition. What that
gains is told from recordings that it was not fitted on, and nothing is written where it gains nothing.
A class that is never labelled is taken for one that is not wanted, and is found less often; see
--keep-unseen and --classes. Labels are SNOMED CT codes or the model's classes, as ecgscore takes them, or by
--statements what recorders and physicians have written; ecginfo --statements shows what that stands for.)";

struct FitOptions {
  std::vector<std::string> words;  // MODEL RECORDINGS... OUT
  ecg::jobs::AskLabelledConfig ask;
  ecg::record::OpenOptions told;
  ecg::jobs::NewPoint point;
  std::string start;    // the operating point to start at
  std::string classes;  // those that labels speak of; empty: all
  double find = 0;      // share of each class; 0: for the metric
  bool keep_unseen = false;
  bool anyway = false;
  bool json = false;
  ecg::model::ComputeConfig compute;
  ecg::cli::OutputOptions manners;
};

struct DefineOptions {
  std::string model, table, out, classes;
  ecg::jobs::NewPoint point;
};

// The new point begins as `start`; its name is checked before long work.
void Begin(const ecg::model::Decision& start, ecg::jobs::NewPoint& point) {
  ecg::model::PointName name = point.decision.point;
  point.decision = start;
  point.decision.point = std::move(name);
  ecg::model::OperatingPoints alone;
  const ecg::model::Decision& decision = point.decision;
  alone.decision = decision;
  alone.ValidatePoints(decision.thresholds.size()).value();
}

std::vector<std::size_t> ColumnsOf(const std::string& names,
                                   const ecg::challenge::ClassSet& classes) {
  std::vector<std::size_t> columns;
  for (const std::string_view name : ecg::Split(names, ',')) {
    const auto column = classes.IndexOfText(ecg::Trim(name));
    if (!column) {
      throw ecg::Exception(ecg::UsageError("the model knows no class \"" + std::string(name) + "\"",
                                           {}, 0, "--classes"));
    }
    columns.push_back(*column);
  }
  return columns;
}

// uint8 [classes]: thresholds that stay.
std::vector<std::uint8_t> HeldOf(const FitOptions& options, const ecg::challenge::ClassSet& classes,
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

int Fit(FitOptions& options) {
  ecg::cli::SetUpLogging("ecgmodel", options.manners);
  const fs::path from = ecg::infer::FindModel(options.words.front()).value();
  const fs::path to = options.words.back();
  if (std::error_code ignored; fs::exists(fs::symlink_status(to, ignored))) {
    throw ecg::Exception(ecg::UsageError("is there already; name a new folder", to.string()));
  }
  ecg::cli::Places places;
  places.words.assign(options.words.begin() + 1, options.words.end());  // OUT is the last one
  places.told = options.told;
  const ecg::infer::Ensemble ensemble =
      ecg::infer::LoadEnsemble(from, ecg::engines::MakeNetworks(options.compute), options.start)
          .value();
  const ecg::model::Decision& usual = ensemble.general.decision;
  const ecg::challenge::ClassSet& classes = ensemble.general.task().class_set();
  // As the model has it: an ensemble ready to predict has a lone member's calibration in the
  // member.
  ecg::model::OperatingPoints points = ecg::model::ReadOperatingPoints(from).value();
  if (!options.start.empty()) points.ChoosePoint(options.start).value();
  ecg::jobs::NewPoint& point = options.point;
  Begin(points.decision, point);
  if (!options.classes.empty()) ColumnsOf(options.classes, classes);

  const ecg::cli::Interrupt interrupt;
  const auto progress = ecg::cli::MakeProgressBar(options.manners);
  ecg::jobs::LabelledFolder folder =
      ecg::jobs::AskLabelled(ensemble, places.Inputs(), options.ask, *progress, interrupt.stop());
  if (folder.stopped) return interrupt.exit_code();
  for (const ecg::data::FailedRecord& failed : folder.failed) {
    spdlog::warn("{}: {}", failed.id, failed.error.ToString());
  }
  if (folder.unlabelled > 0) {
    spdlog::warn("{} without a diagnosis {} no part", ecg::Counted(folder.unlabelled, "recording"),
                 folder.unlabelled == 1 ? "takes" : "take");
  }
  if (folder.said_only > 0) {
    spdlog::warn("statements of {} tell one: --statements takes them for labels",
                 ecg::Counted(folder.said_only, "such recording"));
  }

  ecg::infer::FitConfig config;
  config.held = HeldOf(options, classes, folder.examples);
  if (!options.classes.empty()) folder.answers.FillUnspoken(usual, classes, config.held);
  ecg::report::PointReport report;
  report.usual = usual;
  report.examples = folder.examples;
  report.recordings = folder.answers.size();
  if (options.find > 0) {
    constexpr std::size_t kLeastExamples = 5;
    point.decision.thresholds =
        ecg::infer::ThresholdsThatFind(usual, folder.answers, options.find, kLeastExamples);
  } else {
    report.fit = ecg::infer::FitPoint(usual, folder.answers, classes, config);
    point.decision.thresholds = report.fit->decision.thresholds;
    point.decision.definitions = report.fit->decision.definitions;
  }
  report.fitted = point.decision;
  report.written = options.find > 0 || options.anyway || report.fit->Gains();
  point.decision.point.figures = ecg::report::FiguresOf(report);
  if (report.written) ecg::jobs::WriteWithPoint(from, to, point).value();
  if (options.json) {
    ecg::Json json = ecg::report::PointJson(report, classes);
    json["model"] = report.written ? ecg::Json(to.string()) : ecg::Json();
    std::printf("%s\n", ecg::DumpJsonLine(json).c_str());
  } else {
    ecg::cli::Print(ecg::report::PointText(report, classes));
    ecg::cli::Print(report.written ? "written: " + to.string() + "\n"
                                   : "not enough to gain: nothing is written (--anyway does)\n");
  }
  return folder.failed.empty() ? ecg::cli::kDone : ecg::cli::kSomeRecordsFailed;
}

int Define(DefineOptions& options) {
  const fs::path from = ecg::infer::FindModel(options.model).value();
  const std::string text = ecg::ReadFile(options.table).value();
  std::vector<ecg::model::Definition> definitions =
      ecg::model::ReadDefinitionTable(text, options.table).value();
  if (!options.classes.empty()) {
    const std::vector<std::string_view> wanted = ecg::Split(options.classes, ',');
    definitions.erase(std::remove_if(definitions.begin(), definitions.end(),
                                     [&](const ecg::model::Definition& definition) {
                                       return std::find(wanted.begin(), wanted.end(),
                                                        definition.diagnosis) == wanted.end();
                                     }),
                      definitions.end());
  }
  if (definitions.empty()) {
    throw ecg::Exception(ecg::UsageError("defines none of the classes", options.table));
  }
  Begin(ecg::model::ReadOperatingPoints(from).value().decision, options.point);
  options.point.decision.definitions = std::move(definitions);
  ecg::jobs::WriteWithPoint(from, options.out, options.point).value();
  ecg::cli::Print("written: " + options.out + "\n");
  return ecg::cli::kDone;
}

int Show(const std::string& model, bool json) {
  const fs::path folder = ecg::infer::FindModel(model).value();
  const ecg::infer::Ensemble ensemble =
      ecg::infer::LoadEnsemble(folder, [](const ecg::model::Bundle&) {
        return std::unique_ptr<ecg::model::Network>();
      }).value();
  const auto points = ecg::model::ReadOperatingPoints(folder).value();
  const ecg::challenge::ClassSet& classes = ensemble.general.task().class_set();
  if (json) {
    std::printf("%s\n", ecg::DumpJsonLine(ecg::report::PointsJson(points, classes)).c_str());
  } else {
    ecg::cli::Print(ecg::report::PointsText(points, classes));
  }
  return ecg::cli::kDone;
}

// An ensemble's members become a file each: they may see recordings at different rates, and what is
// made of their answers lies outside of their networks.
int Export(const std::string& model, const fs::path& out) {
  const fs::path from = ecg::infer::FindModel(model).value();
  const ecg::data::InputGuard guard;
  const auto write = [&](const fs::path& file, const ecg::model::Bundle& bundle,
                         const ecg::model::EnsembleInfo* ensemble) {
    guard.CheckFile(file, {".onnx"}).value();
    ecg::WriteFileAtomic(file, ecg::onnx::Export(bundle, ensemble).value()).value();
    spdlog::info("written: {}", file.string());
  };
  if (!ecg::model::IsEnsemble(from)) {
    write(out, ecg::model::LoadBundle(from).value(), nullptr);
    return ecg::cli::kDone;
  }
  const ecg::model::EnsembleInfo ensemble = ecg::model::ReadEnsemble(from).value().info;
  const std::vector<ecg::model::MemberInfo> members = ensemble.AllMembers();
  if (std::error_code ignored; out == "-" || out.extension() == ".onnx" ||
                               (fs::exists(out, ignored) && !fs::is_directory(out, ignored))) {
    throw ecg::Exception(
        ecg::UsageError("is no folder, and " + from.string() + " is an ensemble of " +
                            ecg::Counted(members.size(), "network") + ", which become a file each",
                        out.string()));
  }
  for (const ecg::model::MemberInfo& member : members) {
    write(out / (member.folder + ".onnx"), ecg::model::LoadMember(from, member).value(), &ensemble);
  }
  return ecg::cli::kDone;
}

void AddNames(CLI::App& command, ecg::jobs::NewPoint& point) {
  point.decision.point.name = "site";
  command.add_option("--name", point.decision.point.name, "What the new operating point is called")
      ->capture_default_str();
  command.add_option("--about", point.decision.point.about, "What it is for, in a line");
  command
      .add_option("--usual", point.usual,
                  "What the model's decision is called from now on, where it has no name yet")
      ->capture_default_str();
  command.add_option("--usual-about", point.usual_about, "What that is for");
  command.add_flag("--beside", point.beside,
                   "The copy decides as before where --decide does not ask for the new point");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Shows what a model decides by, fits its decisions to one's own recordings and exports it.",
      "ecgmodel");
  app.require_subcommand(1);

  std::string shown;
  bool show_json = false;
  CLI::App* show = app.add_subcommand("show", "Operating points, thresholds and definitions");
  show->add_option("model", shown, "Folder of a model, or the name of one that ships")
      ->option_text("MODEL")
      ->required();
  show->add_flag("--json", show_json, "As JSON");

  FitOptions fit;
  ecg::Settings settings;
  ecg::model::DescribeSettings(settings, "", fit.compute);
  CLI::App* fitting =
      app.add_subcommand("fit", "A copy of a model that decides as labelled recordings do");
  fitting->footer(kFitHelp);
  fitting
      ->add_option("words", fit.words,
                   "MODEL: the one to start from. RECORDINGS: a folder, or "
                   "several folders and recordings. OUT: for the copy")
      ->option_text("MODEL RECORDINGS... OUT")
      ->required()
      ->expected(3, 1 << 20);
  fitting->add_option("--labels", fit.ask.labels,
                      "CSV with the columns `record` and `dx`, or one 0/1 column a class; by "
                      "default what the recordings' own files say");
  ecg::cli::AddStatementOptions(*fitting, fit.ask.statements);
  fitting->add_option("--list", fit.ask.records.list,
                      "Text file with the recordings to use, a path below the folder a line");
  fitting->add_option("--lead-set", fit.ask.lead_set, "Ask about these leads alone")
      ->check(CLI::IsMember({"12", "6", "4", "3", "2"}));
  fitting->add_option("--start", fit.start,
                      "The operating point to start at; by default the usual one");
  fitting->add_option("--classes", fit.classes,
                      "The labels speak of these classes alone, as in AF,PVC; the others stay");
  fitting->add_flag("--keep-unseen", fit.keep_unseen,
                    "Thresholds of classes without an example stay as they are");
  fitting
      ->add_option("--find", fit.find,
                   "Not for the metric: find this share of every class that has five examples")
      ->check(CLI::Range(0.5, 1.0));
  fitting->add_flag("--anyway", fit.anyway, "Write also what gains nothing");
  AddNames(*fitting, fit.point);
  ecg::cli::AddInputOptions(*fitting, fit.told);
  for (const char* name : {"threads", "engine", "device", "precision"}) {
    ecg::cli::AddSettingOption(*fitting, std::string("--") + name, settings, name);
  }
  fitting->add_flag("--json", fit.json, "Print what was found as JSON");
  ecg::cli::AddOutputOptions(*fitting, fit.manners);

  DefineOptions define;
  CLI::App* defining = app.add_subcommand(
      "define", "A copy of a model that decides classes by limits of measurements");
  defining->add_option("model", define.model, "The model to start from")
      ->option_text("MODEL")
      ->required();
  defining
      ->add_option("table", define.table,
                   "CSV of definitions: class, criterion, limit, unit, sex, unless, instead_of; "
                   "data/definitions.csv is one")
      ->option_text("TABLE")
      ->required();
  defining->add_option("out", define.out, "For the copy")->option_text("OUT")->required();
  defining->add_option("--classes", define.classes, "Of the table these classes alone");
  AddNames(*defining, define.point);

  std::string exported, export_to;
  ecg::cli::OutputOptions export_manners;
  CLI::App* exporting = app.add_subcommand(
      "export", "The network of a model as an ONNX file, for other programs to compute");
  exporting->add_option("model", exported, "Folder of a model, or the name of one that ships")
      ->option_text("MODEL")
      ->required();
  exporting
      ->add_option("out", export_to,
                   "The .onnx file; of an ensemble a folder, where each member gets one")
      ->option_text("OUT")
      ->required();
  ecg::cli::AddOutputOptions(*exporting, export_manners);

  app.footer(kExamples);  // now: commands inherit what stands before they are made
  return ecg::cli::RunTool(app, argc, argv,
                           [&] {
                             if (show->parsed()) return Show(shown, show_json);
                             if (exporting->parsed()) {
                               ecg::cli::SetUpLogging("ecgmodel", export_manners);
                               return Export(exported, export_to);
                             }
                             return fitting->parsed() ? Fit(fit) : Define(define);
                           },
                           {ecg::cli::kSomeRecordsFailed, ecg::cli::kInterrupted});
}
