// From a recording of hours on disk to its page.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/core/result.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/long_record.h"
#include "ecg/record/reader.h"
#include "ecg/report/holter_page.h"

namespace ecg::jobs {

struct HolterPageConfig {
  infer::LongConfig answer;
  // Leads that are taken for others, as "MLII" for "II", so that a model knows them.
  std::vector<std::pair<std::string, std::string>> taken_for;
  // WFDB annotations of beats and rhythm to score against; empty: none.
  std::filesystem::path annotations;
};

struct HolterPages {
  std::string page;
  Json figures;                       // see report::HolterJson
  std::vector<std::string> warnings;  // what was tolerated
};

// Reads the leads that are looked at (with one limb lead all limb leads, see record::LeadsToRead),
// finds beats and episodes in them, asks `ensemble`, where there is one, and makes the page. Takes
// four bytes for each sample that is read, and a fixed amount besides.
Result<HolterPages> MakeHolterPage(const std::filesystem::path& path,
                                   const record::OpenOptions& told, const infer::Ensemble* ensemble,
                                   const std::string& model_line, const HolterPageConfig& config,
                                   ProgressSink& progress);

// What an annotation file says of beats (AAMI's classes: premature atrial A, a, J, S; ventricular
// V, E; paced /) and of atrial fibrillation ("(AFIB" until another rhythm). `rate` in Hz, of the
// record's frames; `duration` in s.
Result<score::RhythmTruth> ReadRhythmTruth(const std::filesystem::path& annotations, double rate,
                                           double duration);

}  // namespace ecg::jobs
