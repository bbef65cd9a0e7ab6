// Simulated 12-lead recordings whose truth is known: a heart vector of Gaussian waves (McSharry et
// al. 2003, doi:10.1109/TBME.2003.808805; Sameni et al. 2007, doi:10.1155/2007/43407), projected to
// the leads, with the rhythm, the findings, the noise and the labelling habits of a source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::sim {

inline constexpr double kShortestDuration = 1, kLongestDuration = 3600;  // s
inline constexpr double kLowestRate = 100, kHighestRate = 5000;          // Hz
inline constexpr double kMostNoise = 100;

struct SimOptions {
  std::uint64_t seed = 1;
  // Names as in challenge::SourceOfRecord. Records take turns among them.
  std::vector<std::string> sources = {"CPSC",    "CPSC_Extra",       "PTB_XL",
                                      "Georgia", "Chapman_Shaoxing", "Ningbo"};
  // Abbreviations of the 26 classes. Each record shows one of them, in turn, and whatever else
  // comes with it; empty: findings as frequent as in the source.
  std::vector<std::string> classes;
  std::optional<double> duration;  // s; else as the source records
  std::optional<double> rate;      // Hz; else the source's
  bool clean = false;              // no noise, no filter, no clipping
  double noise = 1.0;              // factor on the noise of the source
};

// What is wrong with the options, if anything is.
Status CheckOptions(const SimOptions& options);

// Fiducial points of a beat in samples from the start of the record; -1 = none, or outside the
// record. Onsets and offsets are those of the heart vector, so they hold for all leads together.
struct BeatTruth {
  char type = 'N';  // annotation code: N, A (atrial premature), V (ventricular), / (paced)
  std::int64_t p_onset = -1, p_peak = -1, p_offset = -1;
  // R is where the vector is longest; Q and S are the dips before and after it in lead II.
  std::int64_t qrs_onset = -1, q_peak = -1, r_peak = -1, s_peak = -1, qrs_offset = -1;
  std::int64_t t_onset = -1, t_peak = -1, t_offset = -1;
};

// The parameters that were drawn; 0 = does not apply.
struct Measures {
  double heart_rate = 0;  // beats a minute, mean over the record
  double pr_ms = 0;
  double qrs_ms = 0;
  double qt_ms = 0;   // at the mean heart rate
  double qtc_ms = 0;  // Fridericia
  double axis_degrees = 0;
};

struct SimulatedRecord {
  std::string name;    // as in "HR00001"
  std::string source;  // as in "PTB_XL"
  double rate = 0;     // Hz
  std::size_t samples = 0;
  std::vector<float> signal;  // [12][samples], mV, leads in the challenge's order
  std::vector<float> clean;   // the same without noise and filter
  double age = 0;
  bool male = false;
  std::vector<std::uint8_t> truth;    // [26], every finding that is present
  std::vector<std::uint8_t> written;  // [26], those that the source labels
  std::vector<std::string> codes;     // SNOMED CT codes of `written`
  std::vector<BeatTruth> beats;
  Measures measures;
};

// Record number `index` of a data set. It depends on the seed, the index and the options alone.
SimulatedRecord SimulateRecord(const SimOptions& options, std::size_t index);

// How many records the sources' naming schemes can hold.
std::size_t LargestCount(const SimOptions& options);

}  // namespace ecg::sim
