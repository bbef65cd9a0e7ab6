// Makes the weights of a recording's quality again from recordings that people called acceptable or
// not. They go to the output, as src/dsp/measure/lead_figures.h has them; what they reach goes to
// the error output. See README.md.
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/dsp/measure/quality.h"
#include "tests/fit/quality_fit.h"

namespace {

using ecg::dsp::QualityWeights;
using ecg::fit::QualityTally;
using ecg::fit::RatedRecord;

constexpr std::uint64_t kRepeats = 20;

void Print(const char* name, const QualityTally& tally) {
  std::fprintf(stderr, "%-12s  found %.3f  false alarms %.3f  agreement %.3f\n", name,
               tally.Sensitivity(), tally.FalseAlarms(), tally.Agreement());
}

QualityTally Judge(const std::vector<RatedRecord>& records, const QualityWeights& weights) {
  QualityTally tally;
  for (const RatedRecord& record : records) {
    tally.Add(record, QualityOf(record.figures, weights) >= ecg::dsp::kAcceptable);
  }
  return tally;
}

void PrintOutOfFold(const std::vector<RatedRecord>& records) {
  QualityTally all;
  double low = 1, high = 0;
  for (std::uint64_t seed = 0; seed < kRepeats; ++seed) {
    const QualityTally tally = ecg::fit::CrossValidate(records, seed);
    all.unacceptable += tally.unacceptable;
    all.found += tally.found;
    all.acceptable += tally.acceptable;
    all.alarms += tally.alarms;
    low = std::fmin(low, tally.Agreement());
    high = std::fmax(high, tally.Agreement());
  }
  Print("out of fold", all);
  std::fprintf(stderr, "%12s  agreement %.3f to %.3f in %d orders\n", "", low, high,
               static_cast<int>(kRepeats));
}

// A row for each record.
void PrintRecords(const std::vector<RatedRecord>& records, const QualityWeights& weights) {
  std::fputs("record,acceptable,flagged,silent,wander,noise,quality\n", stderr);
  for (const RatedRecord& record : records) {
    std::fprintf(stderr, "%s,%d,%d,%.3f,%.4f,%.5f,%.3f\n", record.id.c_str(),
                 record.acceptable ? 1 : 0, record.flagged ? 1 : 0, record.figures.silent,
                 record.figures.wander, record.figures.noise, QualityOf(record.figures, weights));
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Fits the weights of a recording's quality.", "fit_quality");
  std::string folder;
  int threads = 0;
  bool each = false;
  app.add_option("folder", folder, "Folder of recordings with labels.csv: record, acceptable")
      ->required();
  app.add_option("-j,--threads", threads, "Threads; 0: all processors");
  app.add_flag("--records", each, "Also the figures and the quality of each recording");
  CLI11_PARSE(app, argc, argv);
  try {
    const std::vector<RatedRecord> records = ecg::fit::ReadRated(folder, threads);
    const QualityWeights made = ecg::fit::FitQuality(records);
    QualityTally flags;
    for (const RatedRecord& record : records) flags.Add(record, !record.flagged);
    Print("flags", flags);
    Print("present", Judge(records, ecg::dsp::kQualityWeights));
    Print("made", Judge(records, made));
    PrintOutOfFold(records);
    if (each) PrintRecords(records, made);
    std::printf("inline constexpr QualityWeights kQualityWeights = {%.2f, %.2f, %.2f};\n",
                made.bias, made.wander, made.noise);
  } catch (const ecg::Exception& e) {
    std::fprintf(stderr, "fit_quality: %s\n", e.what());
    return 1;
  }
  return 0;
}
