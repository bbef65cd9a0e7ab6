// ecgpredict: challenge CSVs for a folder of records.
#include <cstdio>
#include <string>

#include "ecg/core/json.h"
#include "ecg/infer/predict_folder.h"
#include "ecg/nn/torch_network.h"
#include "src/cli/setting_option.h"
#include "src/cli/tool.h"

namespace {

struct Options {
  std::string input;
  std::string output;
  std::string model;
  ecg::infer::PredictFolderConfig config;
  ecg::nn::DeviceConfig compute;
  bool json = false;
  ecg::cli::OutputOptions manners;
};

void Print(const Options& options, const ecg::infer::PredictFolderSummary& summary) {
  if (options.json) {
    const ecg::Json json = {{"predicted", summary.predicted},
                            {"failed", summary.failed.size()},
                            {"output", options.output}};
    std::printf("%s\n", ecg::DumpJsonLine(json).c_str());
  } else {
    std::printf("%zu records predicted, %zu failed: %s\n", summary.predicted, summary.failed.size(),
                options.output.c_str());
  }
}

int Run(Options& options) {
  ecg::cli::SetUpLogging("ecgpredict", options.manners);
  options.config.threads = options.compute.threads;
  const ecg::infer::Ensemble ensemble =
      ecg::infer::LoadEnsemble(options.model, [&](const ecg::model::Bundle& bundle) {
        return ecg::nn::MakeNetwork(bundle, options.compute);
      }).value();
  const auto progress = ecg::cli::MakeProgressBar(options.manners);
  const ecg::infer::PredictFolderSummary summary =
      ecg::infer::PredictFolder(ensemble, options.input, options.output, options.config, *progress);
  const int status = ecg::cli::ReportRecords(summary.predicted, summary.failed, summary.warnings,
                                             summary.failed_list.string());
  Print(options, summary);
  return status;
}

ecg::Settings DescribeSettings(Options& options) {
  ecg::Settings settings;
  ecg::infer::DescribeSettings(settings, "", options.config.predict);
  ecg::nn::DescribeSettings(settings, "", options.compute);
  return settings;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Predicts cardiac abnormalities for every WFDB record below a folder.",
               "ecgpredict");
  app.footer(
      "Examples:\n"
      "  ecgpredict --model runs/small/model recordings/ predictions/\n"
      "  ecgpredict --model runs/small/model recordings/ two/ --lead-set 2\n"
      "  ecgpredict --model runs/small/model recordings/ predictions/ --peaks\n\n"
      "Each record becomes one CSV of four lines: its name, the classes' SNOMED CT codes, 0/1\n"
      "decisions, probabilities. Records that cannot be read are listed in failed.csv.");
  Options options;
  ecg::Settings settings = DescribeSettings(options);
  app.add_option("input_dir", options.input, "Folder of WFDB records (.hea), searched at any depth")
      ->required();
  app.add_option("output_dir", options.output, "Folder for the CSVs, mirroring the input")
      ->required();
  app.add_option("-m,--model", options.model, "Model bundle, as ecgtrain writes it")->required();
  app.add_option("--lead-set", options.config.lead_set,
                 "Use only the leads of this set even where a record has more")
      ->check(CLI::IsMember({"12", "6", "4", "3", "2"}));
  app.add_flag("--peaks", options.config.predict.wanted.peaks,
               "Also write the detected P, Q, R, S and T peaks of each record as a WFDB annotation "
               "file, RECORD.peaks");
  ecg::cli::AddSettingOption(app, "--batch-size", settings, "batch_size");
  ecg::cli::AddSettingOption(app, "--loader-threads", settings, "loader_threads");
  for (const char* name : {"threads", "device", "precision"}) {
    ecg::cli::AddSettingOption(app, std::string("--") + name, settings, name);
  }
  app.add_flag("--json", options.json, "Print the summary as JSON");
  ecg::cli::AddOutputOptions(app, options.manners);
  return ecg::cli::RunTool(app, argc, argv, [&] { return Run(options); },
                           {ecg::cli::kSomeRecordsFailed});
}
