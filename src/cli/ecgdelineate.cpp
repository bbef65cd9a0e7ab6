// ecgdelineate: P, Q, R, S and T of every record below a folder, by signal processing.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <string>

#include "ecg/core/json.h"
#include "ecg/data/delineate_folder.h"
#include "src/cli/tool.h"

namespace {

constexpr char kExamples[] = R"(Examples:
  ecgdelineate recordings/ peaks/
  ecgdelineate recordings/ peaks/ --method dwt --leads II
  ecgdelineate recordings/ peaks/ --each-lead
  ecgplot recordings/A0001.hea A0001.svg --annotations peaks/A0001.peaks

Each record gets a WFDB annotation file, RECORD.peaks: p, N (the R peak) and t for the waves, notes
Q and S, ( and ) where P, QRS and T begin and end. Records that cannot be read are listed in
failed.csv (exit code 4).)";

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Finds the waves of every heartbeat in the WFDB records below a folder.",
               "ecgdelineate");
  app.footer(kExamples);
  std::string input;
  std::string folder;
  std::string method = "robust";
  bool json = false;
  ecg::data::DelineateFolderConfig config;
  ecg::cli::OutputOptions output;
  const std::map<std::string, ecg::dsp::Delineator> methods = {
      {"robust", ecg::dsp::Delineator::kRobust},
      {"dwt", ecg::dsp::Delineator::kDwt},
      {"peak", ecg::dsp::Delineator::kPeak}};
  app.add_option("input_dir", input, "Folder of WFDB records (.hea), searched at any depth")
      ->required();
  app.add_option("output_dir", folder, "Folder for the annotation files, mirroring the input")
      ->required();
  app.add_option("--method", method,
                 "robust: all leads together; dwt, peak: NeuroKit2's methods, on II or else the "
                 "first lead that shows a beat")
      ->check(CLI::IsMember({"robust", "dwt", "peak"}))
      ->capture_default_str();
  app.add_option("--leads", config.leads, "Look at these leads only, as in II,V5")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_flag(
      "--each-lead", config.each_lead,
      "A file for each lead, RECORD.ii, RECORD.v1 and so on, instead of one for the record");
  app.add_option("-j,--threads", config.threads, "Threads; 0 = as many as there are processors")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  app.add_flag("--json", json, "Print the summary as JSON");
  ecg::cli::AddOutputOptions(app, output);
  return ecg::cli::RunTool(app, argc, argv, [&] {
    ecg::cli::SetUpLogging("ecgdelineate", output);
    config.method = methods.at(method);
    const auto progress = ecg::cli::MakeProgressBar(output);
    const ecg::data::DelineateFolderSummary summary =
        ecg::data::DelineateFolder(input, folder, config, *progress);
    const int status =
        ecg::cli::ReportRecords(summary.records, summary.failed, summary.warnings, folder);
    if (json) {
      const ecg::Json figures = {{"records", summary.records},
                                 {"beats", summary.beats},
                                 {"failed", summary.failed.size()},
                                 {"output", folder}};
      std::printf("%s\n", figures.dump().c_str());
    } else {
      std::printf("%zu records delineated, %zu heartbeats marked, %zu failed: %s\n",
                  summary.records, summary.beats, summary.failed.size(), folder.c_str());
    }
    return status;
  });
}
