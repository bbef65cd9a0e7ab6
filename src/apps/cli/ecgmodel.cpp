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
#include "ecg/infer/ensemble.h"
#include "ecg/infer/shipped_models.h"
#include "ecg/model/ensemble_info.h"
#include "ecg/onnx/export.h"
#include "ecg/report/decision_report.h"
#include "src/apps/cli/model_fit.h"
#include "src/apps/cli/model_point.h"
#include "src/apps/cli/model_quantise.h"
#include "src/apps/cli/tool.h"

namespace {

namespace fs = std::filesystem;

constexpr char kExamples[] = R"(Examples:
  ecgmodel show general
  ecgmodel fit general our_recordings/ our_model/
  ecgmodel fit general our_recordings/ our_model/ --labels labels.csv --classes AF,PVC
  ecgmodel fit general our_recordings/ screening/ --find 0.95 --name screening --beside
  ecgmodel define general limits.csv our_model/ --name our-limits
  ecgmodel quantise general our_recordings/ quick/
  ecgmodel export general general.onnx
  ecgpredict recordings/ predictions/ --model our_model/

A model is a folder that ecgtrain wrote, or the name of one that ships.)";

struct DefineOptions {
  std::string model, table, out, classes;
  ecg::jobs::NewPoint point;
};

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
  ecg::cli::BeginPoint(ecg::model::ReadOperatingPoints(from).value().decision, options.point);
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

  ecg::cli::FitModelOptions fit;
  ecg::Settings fit_settings;
  ecg::model::DescribeSettings(fit_settings, "", fit.compute);
  CLI::App* fitting =
      app.add_subcommand("fit", "A copy of a model that decides as labelled recordings do");
  ecg::cli::AddFitModel(*fitting, fit, fit_settings);

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
  ecg::cli::AddPointNames(*defining, define.point);

  ecg::cli::QuantiseModelOptions quantise;
  CLI::App* quantising =
      app.add_subcommand("quantise", "A copy of a model that can be computed in bytes");
  ecg::cli::AddQuantiseModel(*quantising, quantise);

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
                             if (quantising->parsed()) return ecg::cli::QuantiseModel(quantise);
                             return fitting->parsed() ? ecg::cli::FitModel(fit) : Define(define);
                           },
                           {ecg::cli::kSomeRecordsFailed, ecg::cli::kInterrupted});
}
