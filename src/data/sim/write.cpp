#include "src/data/sim/write.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "ecg/challenge/challenge.h"
#include "ecg/core/file.h"
#include "ecg/formats/wfdb/write.h"
#include "ecg/record/ecg_record.h"
#include "src/data/sim/findings.h"

namespace ecg::sim {
namespace {

constexpr double kGain = 1000;  // steps a millivolt

// Rhythm codes of annot(5).
const char* RhythmCode(const SimulatedRecord& record) {
  const auto has = [&](Finding finding) { return record.truth[finding] != 0; };
  return has(kAF)      ? "(AFIB"
         : has(kAFL)   ? "(AFL"
         : has(kPR)    ? "(P"
         : has(kBrady) ? "(NOD"
         : has(kSB)    ? "(SBR"
                       : "(N";
}

}  // namespace

record::EcgRecord AsEcgRecord(const SimulatedRecord& record) {
  record::EcgRecord ecg;
  ecg.info.name = record.name;
  ecg.info.sampling_rate = record.rate;
  ecg.info.samples = record.samples;
  ecg.info.leads = challenge::LeadSets().front().leads;
  ecg.info.age = record.age;
  ecg.info.sex = record.male ? record::Sex::kMale : record::Sex::kFemale;
  ecg.info.dx = record.codes;
  for (std::size_t lead = 0; lead < ecg.info.leads.size(); ++lead) {
    const float* begin = record.signal.data() + lead * record.samples;
    ecg.leads.emplace_back(begin, begin + record.samples);
  }
  return ecg;
}

wfdb::AnnotationFile AnnotationsOf(const SimulatedRecord& record) {
  wfdb::AnnotationFile file;
  std::vector<wfdb::Annotation>& all = file.annotations;
  const auto add = [&](std::int64_t sample, int type, std::string aux = {}) {
    if (sample < 0) return;
    wfdb::Annotation& annotation = all.emplace_back();
    annotation.sample = sample;
    annotation.type = type;
    annotation.aux = std::move(aux);
  };
  add(0, wfdb::kRhythmChange, RhythmCode(record));
  for (const BeatTruth& beat : record.beats) {
    add(beat.p_onset, wfdb::kWaveOnset);
    add(beat.p_peak, wfdb::kPWave);
    add(beat.p_offset, wfdb::kWaveOffset);
    add(beat.qrs_onset, wfdb::kWaveOnset);
    add(beat.q_peak, wfdb::kNote, "Q");
    add(beat.r_peak, *wfdb::AnnotationType({&beat.type, 1}));
    add(beat.s_peak, wfdb::kNote, "S");
    add(beat.qrs_offset, wfdb::kWaveOffset);
    add(beat.t_onset, wfdb::kWaveOnset);
    add(beat.t_peak, wfdb::kTWave);
    add(beat.t_offset, wfdb::kWaveOffset);
  }
  // An early P may lie on the T before it.
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.sample < b.sample; });
  return file;
}

Status WriteRecord(const std::filesystem::path& folder, const SimulatedRecord& record) {
  const Result<std::string> annotations = wfdb::FormatAnnotations(AnnotationsOf(record));
  if (!annotations.ok()) return annotations.error();
  const Status written =
      WriteFileAtomic(folder / (record.name + ".atr"), *annotations, Durability::kCached);
  if (!written.ok()) return written;
  return wfdb::WriteChallengeRecord(folder, AsEcgRecord(record), kGain, Durability::kCached);
}

}  // namespace ecg::sim
