// ecgpredict: challenge CSVs for a folder of records.
#include <spdlog/spdlog.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include "ecg/apps/jobs/predict_folder.h"
#include "ecg/challenge/labels.h"
#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "ecg/engines/networks.h"
#include "ecg/infer/shipped_models.h"
#include "src/apps/cli/brief_spinning.h"
#include "src/apps/cli/interrupt.h"
#include "src/apps/cli/model_choice.h"
#include "src/apps/cli/setting_option.h"
#include "src/apps/cli/tool.h"

namespace {

struct Options {
  ecg::cli::Places places;
  std::string model;
  std::string point;
  std::string explain;  // classes; empty: none, "all": those that are found
  ecg::jobs::PredictFolderConfig config;
  ecg::model::ComputeConfig compute;
  bool json = false;
  ecg::cli::OutputOptions manners;
};

void ChooseExplained(Options& options, const ecg::infer::Ensemble& ensemble) {
  ecg::infer::PredictConfig& predict = options.config.predict;
  predict.explain = !options.explain.empty();
  if (!predict.explain || options.explain == "all") return;
  const ecg::challenge::ClassSet& classes = ensemble.general.task().class_set();
  for (const std::string_view name : ecg::Split(options.explain, ',')) {
    const auto column = ecg::challenge::ReadDx(name, classes).index;
    if (!column) {
      throw ecg::Exception(ecg::UsageError("the model knows no class \"" + std::string(name) + "\"",
                                           {}, 0, "--explain"));
    }
    predict.explain_only.push_back(*column);
  }
}

void Print(const Options& options, const ecg::jobs::PredictFolderSummary& summary) {
  if (options.json) {
    const ecg::Json json = {{"predicted", summary.predicted},
                            {"there_before", summary.there_before},
                            {"failed", summary.failed.size()},
                            {"output", options.places.Output().string()}};
    std::printf("%s\n", ecg::DumpJsonLine(json).c_str());
    return;
  }
  std::string before;
  if (summary.there_before > 0) {
    before = ", " + std::to_string(summary.there_before) + " there before";
  }
  std::printf("%s predicted, %zu failed%s: %s\n", ecg::Counted(summary.predicted, "record").c_str(),
              summary.failed.size(), before.c_str(), options.places.Output().c_str());
}

void WarnOfRemade(const ecg::jobs::PredictFolderSummary& summary) {
  if (summary.made_again == 0) return;
  spdlog::warn("{} that {} there before {} made again: {}",
               ecg::Counted(summary.made_again, "prediction"),
               summary.made_again == 1 ? "was" : "were", summary.made_again == 1 ? "is" : "are",
               summary.without_journal
                   ? "no journal says what they were made of"
                   : "their recordings are others than then, or their files not what was written");
}

void WarnOfHours(std::size_t records) {
  if (records == 0) return;
  spdlog::warn(
      "{} longer than an hour: one answer each, from all of the windows; ecgreport holter says "
      "what "
      "is found when",
      ecg::Counted(records, "record"));
}

int Run(Options& options) {
  ecg::cli::SetUpLogging("ecgpredict", options.manners);
  options.config.threads = options.compute.threads;
  options.config.explain_report =
      !options.config.report.empty() && ecg::engines::CanExplain(options.compute);
  if (!options.config.report.empty() && !options.config.explain_report) {
    spdlog::warn("{}", ecg::cli::kNoExplanation);
  }
  const bool explains = !options.explain.empty() || options.config.explain_report;
  options.config.arithmetic = ecg::engines::NameArithmetic(options.compute, explains);
  const std::filesystem::path model = ecg::cli::ChooseModel(options.model);
  if (options.model.empty()) spdlog::info("model: {}", model.string());
  const ecg::infer::Ensemble ensemble =
      ecg::infer::LoadEnsemble(model, ecg::engines::MakeNetworks(options.compute, explains),
                               options.point)
          .value();
  ChooseExplained(options, ensemble);
  options.config.model = ecg::infer::ModelLine(model);
  const ecg::cli::Interrupt interrupt;
  const auto progress = ecg::cli::MakeProgressBar(options.manners);
  const ecg::jobs::PredictFolderSummary summary =
      ecg::jobs::PredictFolder(ensemble, options.places.Inputs(), options.places.Output(),
                               options.config, *progress, interrupt.stop());
  if (options.config.resume) WarnOfRemade(summary);
  WarnOfHours(summary.longer_than_hour);
  const int status =
      ecg::cli::ReportRecords(summary.predicted + summary.there_before + summary.unclassifiable,
                              summary.failed, summary.warnings, summary.failed_list.string());
  Print(options, summary);
  if (!summary.stopped) return status;
  spdlog::warn("{}: the same command with --resume does the rest", interrupt.Name());
  return interrupt.exit_code();
}

ecg::Settings DescribeSettings(Options& options) {
  ecg::Settings settings;
  ecg::infer::DescribeSettings(settings, "", options.config.predict);
  ecg::model::DescribeSettings(settings, "", options.compute);
  return settings;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Predicts cardiac abnormalities in ECG recordings of any format.", "ecgpredict");
  app.footer(
      "Examples:\n"
      "  ecgpredict recordings/ predictions/\n"
      "  ecgpredict recordings/ predictions/ --resume\n"
      "  ecgpredict recordings/ predictions/ --model runs/small/model --peaks\n"
      "  ecgpredict recordings/ two/ --lead-set 2\n"
      "  ecgpredict recordings/ screening/ --decide sensitive\n"
      "  ecgpredict recordings/ predictions/ --table all.csv\n"
      "  ecgpredict recordings/ predictions/ --report pages/\n"
      "  ecgpredict recordings/ predictions/ --choose 50\n"
      "  ecgpredict recordings/ predictions/ --list val.txt --shard 2/8\n"
      "  ecgpredict A0001.hea ward3/ predictions/\n"
      "  ecgpredict export.csv predictions/ --units uV --rate 500 --lead-names I,II,V1-V6\n\n"
      "Many machines (Slurm, GNU parallel):\n"
      "  sbatch --array=1-8 --wrap 'ecgpredict in/ out/ --shard $SLURM_ARRAY_TASK_ID/8'\n"
      "  parallel ecgpredict in/ out/ --shard {}/8 ::: $(seq 8)\n\n"
      "Each record becomes one CSV of four lines: its name, the classes' SNOMED CT codes, 0/1\n"
      "decisions, probabilities. A model that knows more than the challenge's 26 classes writes\n"
      "these alone there, and all into the table. Records that cannot be read are listed in\n"
      "failed.csv. The model is --model, else what the variable ECG_MODEL names, else the one "
      "that\n"
      "ships.");
  Options options;
  ecg::Settings settings = DescribeSettings(options);
  ecg::cli::AddPlaces(app, options.places, "for the CSVs, mirroring the input");
  app.add_option("-m,--model", options.model,
                 "Model bundle or ensemble, as ecgtrain writes it, or the name of one that ships");
  app.add_option("--decide", options.point,
                 "Decide as this operating point of the model does; --list-models names them");
  app.add_flag_callback(
      "--list-models",
      [] {
        std::fputs(ecg::infer::DescribeModels().c_str(), stdout);
        throw CLI::Success();
      },
      "Say which models ship and by what operating points they decide, and exit");
  app.add_flag("--resume", options.config.resume,
               "Leave alone the records that this model has predicted already");
  ecg::cli::AddRecordSelection(app, options.config.records, "predict");
  app.add_option(
      "--table", options.config.table.path,
      "Also one CSV with a row a record: decisions, probabilities, how uncertain they are, faults "
      "of leads, how far the members of an ensemble agree; diagnoses in words, age, sex, heart "
      "rate, intervals and axis");
  app.add_option("--digits", options.config.table.digits,
                 "Significant digits of the table's probabilities; 0: as many as there are")
      ->check(CLI::Range(0, 9))
      ->needs("--table");
  app.add_flag("--contradictions", options.config.table.contradictions,
               "Name in the table's `diagnoses` also what contradicts a more specific or stronger "
               "one, as sinus rhythm beside sinus tachycardia")
      ->needs("--table");
  app.add_option(
         "--choose", options.config.choose.count,
         "Also write choose.csv: so many recordings that are worth a person's look, half of "
         "them in doubt, half drawn so that rates can be told, with a column a class to "
         "write 1 or 0 in; then it is a table of labels for ecgscore and ecgmodel fit")
      ->check(CLI::Range(1, 1000000));
  app.add_option("--choose-seed", options.config.choose.seed, "Another number draws others")
      ->capture_default_str()
      ->needs("--choose");
  auto* table_only = app.add_flag_callback(
      "--table-only", [&options] { options.config.files = false; }, "No file a record");
  table_only->needs("--table");
  app.add_option("--lead-set", options.config.lead_set,
                 "Use only the leads of this set even where a record has more")
      ->check(CLI::IsMember({"12", "6", "4", "3", "2"}));
  app.add_flag("--mend-electrodes", options.config.predict.mend_electrodes,
               "Undo first what looks exchanged, electrodes and leads turned over; the table's "
               "flags name it");
  app.add_flag("--peaks", options.config.predict.wanted.peaks,
               "Also write the detected P, Q, R, S and T peaks of each record as a WFDB annotation "
               "file, RECORD.peaks");
  app.add_flag("--explain{all}", options.explain,
               "Also write for each record which leads and moments speak for every class that is "
               "found, or for those that are named, as in --explain=PVC,AF: RECORD.why.json; "
               "ecgplot --why draws it");
  app.add_option(
         "--report", options.config.report,
         "Also a page for each record in this folder, with its ECG, diagnoses, measurements "
         "and what carried each decision; index.html there leads to them")
      ->option_text("FOLDER");
  ecg::cli::AddSettingOption(app, "--batch-size", settings, "batch_size");
  ecg::cli::AddSettingOption(app, "--loader-threads", settings, "loader_threads");
  for (const char* name : {"threads", "engine", "device", "precision"}) {
    ecg::cli::AddSettingOption(app, std::string("--") + name, settings, name);
  }
  app.add_flag("--json", options.json, "Print the summary as JSON");
  ecg::cli::AddOutputOptions(app, options.manners);
  return ecg::cli::RunTool(app, argc, argv, [&] { return Run(options); },
                           {ecg::cli::kSomeRecordsFailed, ecg::cli::kInterrupted});
}
