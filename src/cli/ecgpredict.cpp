// ecgpredict: challenge CSVs for a folder of records.
#include <cstdio>
#include <string>

#include "ecg/core/json.h"
#include "ecg/infer/predict_folder.h"
#include "src/cli/tool.h"

namespace {

struct Options {
  std::string input;
  std::string output;
  std::string model;
  ecg::infer::PredictFolderConfig config;
  std::string precision = "auto";
  bool json = false;
  ecg::cli::OutputOptions manners;
};

void Print(const Options& options, const ecg::infer::PredictFolderSummary& summary) {
  if (options.json) {
    const ecg::Json json = {{"predicted", summary.predicted},
                            {"failed", summary.failed.size()},
                            {"output", options.output}};
    std::printf("%s\n", json.dump().c_str());
  } else {
    std::printf("%zu records predicted, %zu failed: %s\n", summary.predicted, summary.failed.size(),
                options.output.c_str());
  }
}

int Run(Options& options) {
  ecg::cli::SetUpLogging("ecgpredict", options.manners);
  ecg::Settings compute;
  ecg::nn::DescribeSettings(compute, "", options.config.predict.compute);
  compute.ApplyAssignment("precision=" + options.precision).value();
  ecg::infer::Bundle bundle = ecg::infer::LoadBundle(options.model).value();
  const auto progress = ecg::cli::MakeProgressBar(options.manners);
  const ecg::infer::PredictFolderSummary summary =
      ecg::infer::PredictFolder(bundle, options.input, options.output, options.config, *progress);
  const int status =
      ecg::cli::ReportRecords(summary.predicted, summary.failed, summary.warnings, options.output);
  Print(options, summary);
  return status;
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
      "decisions, probabilities. Records that cannot be read are listed in failed.csv (exit code "
      "4).");
  Options options;
  app.add_option("input_dir", options.input, "Folder of WFDB records (.hea), searched at any depth")
      ->required();
  app.add_option("output_dir", options.output, "Folder for the CSVs, mirroring the input")
      ->required();
  app.add_option("-m,--model", options.model, "Model bundle, as ecgtrain writes it")->required();
  app.add_option("--lead-set", options.config.lead_set,
                 "Use only the leads of this set even where a record has more")
      ->check(CLI::IsMember({"12", "6", "4", "3", "2"}));
  app.add_flag("--peaks", options.config.predict.detect_peaks,
               "Also write the detected P, Q, R, S and T peaks of each record as a WFDB annotation "
               "file, RECORD.peaks");
  app.add_option("--batch-size", options.config.predict.batch_size, "Windows computed at a time")
      ->check(CLI::Range(1, 65536))
      ->capture_default_str();
  app.add_option("--loader-threads", options.config.predict.loader_threads,
                 "Threads that read records ahead")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--threads", options.config.predict.compute.threads,
                 "Threads to compute with (0: the processors that may be used)")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  app.add_option("--device", options.config.predict.compute.device, "auto, cpu, cuda or cuda:N")
      ->capture_default_str();
  app.add_option("--precision", options.precision, "auto (bf16 where it is native), fp32 or bf16")
      ->check(CLI::IsMember({"auto", "fp32", "bf16"}))
      ->capture_default_str();
  app.add_flag("--json", options.json, "Print the summary as JSON");
  ecg::cli::AddOutputOptions(app, options.manners);
  return ecg::cli::RunTool(app, argc, argv, [&] { return Run(options); });
}
