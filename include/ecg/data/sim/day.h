// Simulated days of a Holter recorder: a heart at its daily round, with episodes whose onset and
// end are known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/core/result.h"
#include "ecg/core/settings.h"

namespace ecg::sim {

inline constexpr double kShortestDay = 0.1, kLongestDay = 168;  // h

struct DayOptions {
  std::uint64_t seed = 1;
  double hours = 24;
  // Of each kind: atrial fibrillation, pauses, runs of atrial and of ventricular beats.
  std::size_t episodes = 6;
  double ectopics = 20;  // single premature beats an hour, two thirds of them ventricular
  double rate = 250;     // Hz
  std::vector<std::string> leads = {"II", "V1", "V5"};  // out of I, II, V1 to V6
  double noise = 2;                                     // factor on that of a recording at rest
  std::size_t first = 0, count = 1;
  int threads = 0;  // 0 = the processors that this process may use
};

void DescribeSettings(Settings& settings, const std::string& prefix, DayOptions& options);

// An annotated beat.
struct DayBeat {
  std::int64_t sample = 0;  // of its R peak
  char type = 'N';          // annotation code: N, A (atrial), V (ventricular)
};

struct DaySpan {
  std::int64_t from = 0, to = 0;  // samples: the first R peak in it, and the first one after it
};

struct SimulatedDay {
  std::string name;  // as in "day00001"
  double rate = 0;   // Hz
  std::size_t samples = 0;
  std::vector<std::string> leads;
  std::vector<std::vector<std::int32_t>> signal;  // [leads][samples], in steps of 1/kDayGain mV
  double age = 0;
  bool male = false;
  std::vector<DayBeat> beats;         // ascending
  std::vector<DaySpan> fibrillation;  // ascending
};
inline constexpr double kDayGain = 200;  // steps a millivolt, 12 bits of them

// Day number `index`; it depends on the seed, the index and the options but `threads` alone.
// Options that are wrong are an error.
Result<SimulatedDay> SimulateDay(const DayOptions& options, std::size_t index);

// Writes <name>.hea, <name>.dat (format 212) and <name>.atr (beats and changes of rhythm: "(N",
// "(AFIB") for each day, one after the other, and days.csv with what is in them. A folder that
// holds recordings of another origin is an error.
Status WriteDays(const std::filesystem::path& folder, const DayOptions& options,
                 ProgressSink* progress);

}  // namespace ecg::sim
