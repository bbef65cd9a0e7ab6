// Fits what a recording's quality is told by to what people said of recordings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "src/dsp/measure/lead_figures.h"

namespace ecg::fit {

struct RatedRecord {
  std::string id;
  bool acceptable = false;   // said people
  bool flagged = false;      // FindFaults names any fault
  dsp::LeadFigures figures;  // of its leads together
};

// The recordings that labels.csv (record, acceptable: 1 or 0) in a folder names, in its order.
// Throws Exception where one cannot be read, or it names none of either kind.
std::vector<RatedRecord> ReadRated(const std::filesystem::path& folder, int threads);

// From those recordings whose quality is not decided by what shows nothing. All unacceptable ones
// together count a quarter more than the acceptable ones.
dsp::QualityWeights FitQuality(const std::vector<RatedRecord>& records);

// How answers agree with people.
struct QualityTally {
  std::size_t unacceptable = 0, found = 0;  // and how many of them were
  std::size_t acceptable = 0, alarms = 0;   // taken for unacceptable

  void Add(const RatedRecord& record, bool says_acceptable);
  double Sensitivity() const;
  double FalseAlarms() const;
  // The share that people agree with, were 150 of 848 recordings unacceptable.
  double Agreement() const;
};

// Answers about each recording by the nine of ten folds that it is not in; both kinds are dealt to
// the folds in a random order that depends on the seed.
QualityTally CrossValidate(const std::vector<RatedRecord>& records, std::uint64_t seed);

}  // namespace ecg::fit
