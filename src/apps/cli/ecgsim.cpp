// ecgsim: labelled 12-lead recordings when no data is at hand.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/text.h"
#include "ecg/data/sim/data_set.h"
#include "ecg/data/sim/day.h"
#include "src/apps/cli/setting_option.h"
#include "src/apps/cli/tool.h"

namespace {

constexpr char kExamples[] = R"(Examples:
  ecgsim train --count 2000
  ecgsim test --count 500 --first 2000
  ecgsim flutter --count 100 --classes AF,AFL --sources PTB_XL,Georgia
  ecgsim plain --count 26 --classes all --duration 10 --clean
  ecgsim days --hours 24 --count 2 --episodes 8

The folder gets a .hea, a .mat and an .atr file (P, Q, R, S, T with on- and offsets) a record, and
manifest.csv with the true labels beside those that the source would have written. The class "all"
stands for every one. With --hours: days of a Holter recorder, with episodes of atrial fibrillation,
pauses and runs of ectopic beats; a .hea, a .dat and an .atr file (beats and rhythms) a day, and
days.csv.)";

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Writes simulated, labelled 12-lead ECG recordings in the challenge's format",
               "ecgsim");
  app.footer(kExamples);
  std::string folder;
  ecg::sim::DataSetOptions options;
  ecg::cli::OutputOptions output;
  ecg::Settings settings;
  ecg::sim::DescribeSettings(settings, "", options);
  app.add_option("output_dir", folder, "Folder to write to")->required();
  ecg::cli::AddSettingOption(app, "-n,--count", settings, "count");
  ecg::cli::AddSettingOption(app, "-s,--seed", settings, "seed");
  for (const char* name : {"first", "sources", "classes", "duration", "rate", "noise", "clean"}) {
    ecg::cli::AddSettingOption(app, std::string("--") + name, settings, name);
  }
  ecg::cli::AddSettingOption(app, "-j,--threads", settings, "threads");
  ecg::sim::DayOptions day;
  ecg::Settings of_day;
  ecg::sim::DescribeSettings(of_day, "", day);
  auto* hours = ecg::cli::AddSettingOption(app, "--hours", of_day, "hours");
  for (const char* name : {"episodes", "ectopics"}) {
    ecg::cli::AddSettingOption(app, std::string("--") + name, of_day, name)->needs(hours);
  }
  ecg::cli::AddSettingOption(app, "--day-leads", of_day, "leads")->needs(hours);
  for (const char* other : {"--sources", "--classes", "--duration", "--clean"}) {
    hours->excludes(app.get_option(other));
  }
  ecg::cli::AddOutputOptions(app, output);
  return ecg::cli::RunTool(app, argc, argv, [&] {
    ecg::cli::SetUpLogging("ecgsim", output);
    std::vector<std::string>& classes = options.simulation.classes;
    if (classes == std::vector<std::string>{"all"}) {
      classes.clear();
      for (const auto& entry : ecg::challenge::Classes2021().classes()) {
        classes.push_back(entry.abbreviation);
      }
    }
    const auto progress = ecg::cli::MakeProgressBar(output);
    if (hours->count() > 0) {
      day.seed = options.simulation.seed;
      day.rate = options.simulation.rate.value_or(day.rate);
      if (app.count("--noise") > 0) day.noise = options.simulation.noise;
      day.first = options.first;
      day.count = app.count("--count") > 0 ? options.count : 1;
      day.threads = options.threads;
      ecg::sim::WriteDays(folder, day, progress.get()).value();
      std::printf("%s in %s\n", ecg::Counted(day.count, "day").c_str(), folder.c_str());
      return ecg::cli::kDone;
    }
    ecg::sim::WriteDataSet(folder, options, progress.get()).value();
    std::printf("%s in %s\n", ecg::Counted(options.count, "record").c_str(), folder.c_str());
    return ecg::cli::kDone;
  });
}
