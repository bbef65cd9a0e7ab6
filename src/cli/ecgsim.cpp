// ecgsim: labelled 12-lead recordings when no data is at hand.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "ecg/challenge/challenge.h"
#include "ecg/sim/data_set.h"
#include "src/cli/tool.h"

namespace {

constexpr char kExamples[] = R"(Examples:
  ecgsim train --count 2000
  ecgsim test --count 500 --first 2000
  ecgsim flutter --count 100 --classes AF,AFL --sources PTB_XL,Georgia
  ecgsim plain --count 26 --classes all --duration 10 --clean

The folder gets a .hea, a .mat and an .atr file (P, Q, R, S, T with on- and offsets) a record, and
manifest.csv with the true labels beside those that the source would have written.)";

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Writes simulated, labelled 12-lead ECG recordings in the challenge's format",
               "ecgsim");
  app.footer(kExamples);
  std::string folder;
  ecg::sim::DataSetOptions options;
  ecg::cli::OutputOptions output;
  ecg::sim::SimOptions& simulation = options.simulation;
  app.add_option("output_dir", folder, "Folder to write to")->required();
  app.add_option("-n,--count", options.count, "Number of records")->capture_default_str();
  app.add_option("-s,--seed", simulation.seed, "Seed; the same seed gives the same files")
      ->capture_default_str();
  app.add_option("--first", options.first,
                 "Number of the first record; other numbers are other patients")
      ->capture_default_str();
  app.add_option("--sources", simulation.sources,
                 "Sources whose rates, lengths, noise and labelling to imitate, in turn, out of "
                 "CPSC, CPSC_Extra, INCART, PTB, PTB_XL, Georgia, Chapman_Shaoxing, Ningbo")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
  app.add_option("--classes", simulation.classes,
                 "Classes to show in turn, as AF,RBBB, or all; default: as frequent as in the "
                 "source")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--duration", simulation.duration, "Seconds; default: as the source records");
  app.add_option("--rate", simulation.rate, "Samples a second; default: the source's");
  app.add_option("--noise", simulation.noise, "Factor on the source's noise")
      ->capture_default_str();
  app.add_flag("--clean", simulation.clean, "No noise, no filters");
  app.add_option("-j,--threads", options.threads, "Threads; 0 = as many as there are processors")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  ecg::cli::AddOutputOptions(app, output);
  return ecg::cli::RunTool(app, argc, argv, [&] {
    ecg::cli::SetUpLogging("ecgsim", output);
    if (simulation.classes == std::vector<std::string>{"all"}) {
      simulation.classes.clear();
      for (const auto& entry : ecg::challenge::Classes2021().classes()) {
        simulation.classes.push_back(entry.abbreviation);
      }
    }
    const auto progress = ecg::cli::MakeProgressBar(output);
    ecg::sim::WriteDataSet(folder, options, progress.get()).value();
    std::printf("%zu records in %s\n", options.count, folder.c_str());
    return ecg::cli::kDone;
  });
}
