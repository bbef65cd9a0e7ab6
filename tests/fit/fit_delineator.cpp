// Makes the constants of the robust delineator again from recordings with hand-made marks and from
// recordings whose labels name the rhythm. They go to the output, as src/dsp/robust/fitted.h has
// them; what they reach goes to the error output. See README.md.
#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ecg/core/result.h"
#include "tests/fit/bounds_fit.h"
#include "tests/fit/fitted_text.h"
#include "tests/fit/folds.h"
#include "tests/fit/p_fit.h"

namespace {

using ecg::dsp::robust::Fitted;
using ecg::fit::kFolds;

void PrintBounds(const char* name, const ecg::score::WaveTallies& tallies) {
  std::fprintf(stderr, "%-12s", name);
  for (std::size_t k = 0; k < tallies.size(); ++k) {
    const char* wave = ecg::dsp::kWaveNames[k];
    const ecg::score::MarkErrors& on = tallies[k].onset;
    const ecg::score::MarkErrors& off = tallies[k].offset;
    std::fprintf(stderr, "  %s on %.1f +- %.2f, off %.1f +- %.2f", wave, on.Mean(),
                 on.StandardDeviation(), off.Mean(), off.StandardDeviation());
  }
  std::fprintf(stderr, "\n");
}

ecg::score::WaveTallies Sum(ecg::score::WaveTallies sum, const ecg::score::WaveTallies& more) {
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k].Add(more[k]);
  return sum;
}

// The rules fitted to all records, with a report of what these, the present ones, and those of the
// other folds reach.
ecg::dsp::robust::BoundRules FitBounds(const std::vector<ecg::fit::MarkedRecord>& records) {
  const auto rules = ecg::fit::FitBounds(records, kFolds);
  std::array<ecg::dsp::robust::BoundRules, kFolds> without;
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    without[fold] = ecg::fit::FitBounds(records, fold);
  }
  ecg::score::WaveTallies present, made, out_of_fold;
  for (std::size_t i = 0; i < records.size(); ++i) {
    present = Sum(present, Judge(records[i], Fitted{}.bounds));
    made = Sum(made, Judge(records[i], rules));
    out_of_fold = Sum(out_of_fold, Judge(records[i], without[i % kFolds]));
  }
  std::fprintf(
      stderr,
      "Bounds of %zu recordings, lead by lead, detected minus marked, ms (mean +- standard "
      "deviation)\n",
      records.size());
  PrintBounds("present", present);
  PrintBounds("made", made);
  PrintBounds("out of fold", out_of_fold);
  return rules;
}

void PrintRhythms(const char* name, const ecg::fit::RhythmTally& tally) {
  constexpr const char* kNames[] = {"sinus without any P", "fibrillation with P", "flutter with P"};
  std::fprintf(stderr, "%-12s", name);
  for (std::size_t k = 0; k < tally.recordings.size(); ++k) {
    std::fprintf(
        stderr, "  %s %.2f %% (%zu of %zu)", kNames[k],
        100.0 * static_cast<double>(tally.wrong[k]) / static_cast<double>(tally.recordings[k]),
        tally.wrong[k], tally.recordings[k]);
  }
  std::fprintf(stderr, "\n");
}

// The same for P.
std::pair<ecg::dsp::robust::PWeights, ecg::fit::RhythmTally> FitP(
    const std::vector<ecg::fit::RhythmRecord>& records) {
  const auto weights = ecg::fit::FitP(records, kFolds);
  std::array<ecg::dsp::robust::PWeights, kFolds> without;
  for (std::size_t fold = 0; fold < kFolds; ++fold) without[fold] = ecg::fit::FitP(records, fold);
  ecg::fit::RhythmTally present, made, out_of_fold;
  for (std::size_t i = 0; i < records.size(); ++i) {
    present.Add(records[i], Fitted{}.p);
    made.Add(records[i], weights);
    out_of_fold.Add(records[i], without[i % kFolds]);
  }
  PrintRhythms("present", present);
  PrintRhythms("made", made);
  PrintRhythms("out of fold", out_of_fold);
  return {weights, out_of_fold};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Fits the weights of the robust delineator.", "fit_delineator");
  std::string marked;
  std::vector<std::filesystem::path> labelled;
  int threads = 0;
  app.add_option("marked", marked, "Folder of recordings with marks of each lead, as LUDB's")
      ->required();
  app.add_option("labelled", labelled, "Folders of recordings whose labels name the rhythm")
      ->required();
  app.add_option("-j,--threads", threads, "Threads; 0: all processors");
  CLI11_PARSE(app, argc, argv);
  try {
    Fitted fitted;
    ecg::fit::Grounds grounds;
    {
      const auto records = ecg::fit::ReadMarked(marked, threads);
      grounds.marked = records.size();
      fitted.bounds = FitBounds(records);
    }
    std::tie(fitted.p, grounds.rhythms) = FitP(ecg::fit::ReadRhythms(labelled, threads));
    std::fputs(ecg::fit::FittedText(fitted, grounds).c_str(), stdout);
  } catch (const ecg::Exception& e) {
    std::fprintf(stderr, "fit_delineator: %s\n", e.what());
    return 1;
  }
  return 0;
}
