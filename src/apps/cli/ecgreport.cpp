// ecgreport: recordings, predictions and training runs as pages for a browser.
#include <spdlog/spdlog.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ecg/apps/jobs/report_folder.h"
#include "ecg/apps/jobs/report_record.h"
#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/data/prepare/window.h"
#include "ecg/data/records/input_guard.h"
#include "ecg/engines/networks.h"
#include "ecg/formats/registry.h"
#include "ecg/infer/shipped_models.h"
#include "src/apps/cli/layout_option.h"
#include "src/apps/cli/model_choice.h"
#include "src/apps/cli/report_holter.h"
#include "src/apps/cli/report_run.h"
#include "src/apps/cli/setting_option.h"
#include "src/apps/cli/tool.h"

namespace {

namespace fs = std::filesystem;

constexpr char kExamples[] = R"(Examples:
  ecgreport record records/A0001.hea A0001.html
  ecgreport record records/A0001.hea A0001.pdf
  ecgreport record holter.edf page.html --start 3600 --no-model
  ecgreport record records/A0001.hea A0001.html --prediction predictions/A0001.csv
  ecgreport folder predictions/ all.html --recordings records/
  ecgreport folder all.csv labelled/ score.html --compare other.csv
  ecgreport folder twelve/ leads.html --compare two/ --recordings records/
  ecgreport run runs/small run.html --follow
  ecgreport holter holter.edf day.html

A page is one HTML file for any browser. It needs no network and fetches nothing. A recording's is
one sheet of paper as .pdf, .png or .svg.)";

struct RecordOptions {
  std::string record, page, model, point, prediction, lead_set;
  std::string layout = "3x4";
  bool without_model = false;
  ecg::jobs::RecordPageConfig config;
  ecg::infer::PredictConfig predict;
  ecg::model::ComputeConfig compute;
  ecg::record::OpenOptions told;
  ecg::cli::OutputOptions manners;
};

struct FolderOptions {
  std::vector<std::string> words;  // PREDICTIONS [LABELS] OUT.html
  std::vector<std::string> recordings;
  std::string compare, pages;
  ecg::jobs::FolderPageConfig config;
  ecg::cli::OutputOptions manners;
};

// What is said of the recording: by a file, by the model, or nothing.
std::optional<ecg::report::ModelAnswer> Answer(RecordOptions& options, const fs::path& record) {
  if (!options.prediction.empty()) return ecg::jobs::ReadAnswer(options.prediction).value();
  if (options.without_model) return std::nullopt;
  const fs::path model = ecg::cli::ChooseModel(options.model);
  if (options.model.empty()) spdlog::info("model: {}", model.string());
  const bool explains = ecg::engines::CanExplain(options.compute);
  options.predict.explain = explains;
  if (!explains) spdlog::warn("{}", ecg::cli::kNoExplanation);
  const ecg::infer::Ensemble ensemble =
      ecg::infer::LoadEnsemble(model, ecg::engines::MakeNetworks(options.compute, explains),
                               options.point)
          .value();
  if (!options.lead_set.empty()) {
    const auto& channels = ensemble.general.members.front().info.preprocess.leads;
    options.predict.keep = ecg::data::ChannelsOfLeadSet(options.lead_set, channels).value();
  }
  options.config.measured_leads = ecg::jobs::MeasuredLeads(ensemble, options.predict);
  ecg::Result<ecg::report::ModelAnswer> answer =
      ecg::jobs::AskAboutRecord(ensemble, ecg::infer::ModelLine(model), record, options.told,
                                options.config.start, options.predict);
  if (answer.ok()) return std::move(*answer);
  ecg::Error error = answer.error();
  // As of a recording of leads that the model does not know.
  if (error.field == "leads") error.message += "; --no-model makes a page without it";
  throw ecg::Exception(std::move(error));
}

// What the page becomes, as its name ends.
ecg::jobs::RecordPageFormat FormatOf(const std::string& page) {
  const std::string ending = ecg::ToLower(fs::path(page).extension().string());
  if (ending == ".pdf") return ecg::jobs::RecordPageFormat::kPdf;
  if (ending == ".png") return ecg::jobs::RecordPageFormat::kPng;
  return ending == ".svg" ? ecg::jobs::RecordPageFormat::kSvg : ecg::jobs::RecordPageFormat::kHtml;
}

int MakeRecord(RecordOptions& options) {
  ecg::cli::SetUpLogging("ecgreport", options.manners);
  const fs::path record = ecg::formats::PathOf(options.record);
  ecg::data::InputGuard guard;
  guard.Add(record);
  guard.Add(options.prediction);
  if (options.page != "-") {
    guard.CheckFile(options.page, {".html", ".pdf", ".png", ".svg"}).value();
    options.config.format = FormatOf(options.page);
  }
  options.config.layout = ecg::cli::LayoutOf(options.layout);
  std::optional<ecg::report::ModelAnswer> answer = Answer(options, record);
  const ecg::jobs::RecordPageMade made =
      ecg::jobs::MakeRecordPage(record, options.told, std::move(answer), options.config).value();
  for (const std::string& warning : made.warnings) spdlog::warn("{}", warning);
  ecg::WriteFileAtomic(options.page, made.page).value();
  return ecg::cli::kDone;
}

int MakeFolder(FolderOptions& options) {
  ecg::cli::SetUpLogging("ecgreport", options.manners);
  ecg::jobs::FolderPageConfig& config = options.config;
  config.predictions = options.words.front();
  if (options.words.size() == 3) config.labels = options.words[1];
  config.compare = options.compare;
  config.pages = options.pages;
  for (const std::string& recording : options.recordings) config.recordings.emplace_back(recording);
  const fs::path page = options.words.back();
  ecg::data::InputGuard guard;
  for (const fs::path& input : {config.predictions, config.labels, config.compare}) {
    guard.Add(input);
  }
  guard.CheckFile(page, {".html"}).value();
  const auto progress = ecg::cli::MakeProgressBar(options.manners);
  const ecg::jobs::FolderPageSummary summary = ecg::jobs::WriteFolderPage(config, page, *progress);
  for (const std::string& warning : summary.warnings) spdlog::warn("{}", warning);
  ecg::cli::Print(ecg::Counted(summary.rows, "record") + ", " + std::to_string(summary.failed) +
                  " failed, " + ecg::Counted(summary.pictures, "picture") + ": " + page.string() +
                  "\n");
  return ecg::cli::kDone;
}

void AddFolder(CLI::App& command, FolderOptions& options) {
  command
      .add_option("words", options.words,
                  "PREDICTIONS: a folder of ecgpredict's files or its table. LABELS, if there are "
                  "any: a folder of headers or a table, as ecgscore takes them. OUT.html: the file "
                  "to write; of more than 2,000 recordings a folder OUT_files lies beside it")
      ->option_text("PREDICTIONS [LABELS] OUT.html")
      ->required()
      ->expected(2, 3);
  command
      .add_option("--recordings", options.recordings,
                  "Folder of the recordings, for pictures; by default the labels' folder")
      ->option_text("FOLDER");
  command.add_option("--pages", options.pages,
                     "Folder of pages of these recordings (ecgpredict --report), to lead there");
  command.add_option("--compare", options.compare,
                     "Other predictions of the same recordings, of another model or other leads: "
                     "both answers side by side, and with labels the difference of their metrics "
                     "by paired bootstrap");
  command
      .add_option("--threshold", options.config.input.threshold,
                  "For prediction tables that hold scores alone: positive from here on")
      ->capture_default_str();
  ecg::cli::AddInputOptions(command, options.config.told);
  command
      .add_option("--threads", options.config.input.threads,
                  "0 = the processors this process may use")
      ->check(CLI::NonNegativeNumber);
  ecg::cli::AddOutputOptions(command, options.manners);
}

void AddRecord(CLI::App& command, RecordOptions& options, ecg::Settings& settings) {
  command.add_option("record", options.record, "A recording, also without its ending")
      ->option_text("RECORD")
      ->required();
  command
      .add_option("page", options.page,
                  "The .html file to write, or - for stdout; as .pdf, .png or .svg one sheet of "
                  "paper, as a cart prints it")
      ->option_text("OUT.html")
      ->required();
  auto* model = command.add_option("-m,--model", options.model,
                                   "Ask this model: its folder, or the name of one that ships");
  command.add_option("--decide", options.point, "Decide as this operating point of the model does");
  command.add_option("--lead-set", options.lead_set, "Ask about these leads alone")
      ->check(CLI::IsMember({"12", "6", "4", "3", "2"}));
  auto* without =
      command.add_flag("--no-model", options.without_model, "Signals and measurements alone");
  command
      .add_option("--prediction", options.prediction,
                  "What this file of ecgpredict says, with the .why.json beside it")
      ->excludes(model)
      ->excludes(without);
  command
      .add_option(
          "--start", options.config.start,
          "Seconds from the start of the record; of a recording longer than an hour, the hour "
          "that begins there")
      ->capture_default_str();
  ecg::cli::AddLayoutOption(command, options.layout);
  command.add_option("--dpi", options.config.dpi, "Pixels an inch of a PNG")
      ->check(CLI::Range(20.0, 600.0))
      ->capture_default_str();
  command.add_flag("--identify", options.config.identify,
                   "Tell also the patient's code and when it was recorded");
  ecg::cli::AddInputOptions(command, options.told);
  for (const char* name : {"threads", "engine", "device", "precision"}) {
    ecg::cli::AddSettingOption(command, std::string("--") + name, settings, name);
  }
  ecg::cli::AddOutputOptions(command, options.manners);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Reports on ECG recordings, predictions and training runs as pages for a browser.",
               "ecgreport");
  app.require_subcommand(1);
  RecordOptions record;
  ecg::Settings settings;
  ecg::model::DescribeSettings(settings, "", record.compute);
  AddRecord(*app.add_subcommand("record", "One recording: paper, diagnoses, measurements"), record,
            settings);
  FolderOptions folder;
  CLI::App* of_folder = app.add_subcommand(
      "folder", "Predictions: table, labels to tick and, with labels, what they are worth");
  AddFolder(*of_folder, folder);
  ecg::cli::RunPageOptions run;
  CLI::App* of_run = app.add_subcommand("run", "Training runs, studies and sweeps");
  ecg::cli::AddRunPage(*of_run, run);
  ecg::cli::HolterPageOptions holter;
  ecg::Settings of_holter_computing;
  ecg::model::DescribeSettings(of_holter_computing, "", holter.compute);
  CLI::App* of_holter =
      app.add_subcommand("holter", "A recording of hours: rate, beats, episodes, all of it");
  ecg::cli::AddHolterPage(*of_holter, holter, of_holter_computing);
  app.footer(kExamples);  // now: commands inherit what stands before they are made
  return ecg::cli::RunTool(app, argc, argv, [&] {
    if (of_run->parsed()) return ecg::cli::MakeRunPage(run);
    if (of_holter->parsed()) return ecg::cli::MakeHolterPage(holter);
    return of_folder->parsed() ? MakeFolder(folder) : MakeRecord(record);
  });
}
