#include "ecg/dsp/measure/delineate.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "ecg/dsp/r_peaks.h"
#include "src/dsp/neurokit/neurokit.h"
#include "src/dsp/rate.h"
#include "src/dsp/robust/robust.h"

namespace ecg::dsp {
namespace {

// What lies outside the record or on the wrong side of its peak is not known.
void KeepInside(int samples, Beat* beat) {
  const int r = beat->qrs.peak;
  const auto drop_unless = [samples](int* index, bool ok) {
    if (*index < 0 || *index >= samples || !ok) *index = kMissing;
  };
  for (Wave* wave : {&beat->p, &beat->t}) {
    drop_unless(&wave->peak, true);
    drop_unless(&wave->onset, wave->peak != kMissing && wave->onset <= wave->peak);
    drop_unless(&wave->offset, wave->peak != kMissing && wave->offset >= wave->peak);
  }
  drop_unless(&beat->qrs.onset, beat->qrs.onset <= r);
  drop_unless(&beat->qrs.offset, beat->qrs.offset >= r);
  drop_unless(&beat->q, beat->q < r);
  drop_unless(&beat->s, beat->s > r);
  if (beat->p.peak >= r) beat->p = Wave{};
  if (beat->t.peak <= r) beat->t = Wave{};
}

}  // namespace

const EnumTable<Delineator>& DelineatorNames() {
  static const EnumTable<Delineator> names = {
      {"robust", Delineator::kRobust}, {"dwt", Delineator::kDwt}, {"peak", Delineator::kPeak}};
  return names;
}

std::vector<Beat> DelineateAround(const std::vector<double>& clean, const std::vector<int>& r_peaks,
                                  double fs, Delineator method) {
  std::vector<Beat> beats;
  const int samples = static_cast<int>(clean.size());
  for (const int r : r_peaks) {
    if (r < 0 || r >= samples || (!beats.empty() && r <= beats.back().qrs.peak)) continue;
    beats.emplace_back();
    beats.back().qrs.peak = r;
  }
  if (beats.empty() || !IsUsableRate(fs)) return {};
  if (method == Delineator::kRobust) {
    std::vector<int> qrs;
    for (const Beat& beat : beats) qrs.push_back(beat.qrs.peak);
    return robust::DelineateComplexes({clean}, {clean}, qrs, fs).common;
  }
  if (method == Delineator::kPeak) neurokit::DelineatePeak(clean, fs, &beats);
  if (method == Delineator::kDwt) neurokit::DelineateDwt(clean, fs, &beats);
  for (Beat& beat : beats) KeepInside(samples, &beat);
  return beats;
}

std::vector<Beat> Delineate(const std::vector<double>& signal, double fs, Delineator method) {
  if (method == Delineator::kRobust) return DelineateRecord({signal}, fs).common;
  const std::vector<double> clean = CleanEcg(signal, fs);
  return DelineateAround(clean, FindRPeaks(clean, fs), fs, method);
}

std::vector<Beat> TeacherBeats(const std::vector<std::vector<double>>& leads, double fs,
                               Delineator method) {
  std::vector<Beat> beats;
  if (method == Delineator::kRobust) {
    beats = DelineateRecord(leads, fs).common;
  } else {
    for (std::size_t k = 0; k < leads.size() && beats.empty(); ++k) {
      beats = Delineate(leads[k], fs, method);
    }
  }
  KeepOrder(&beats);
  return beats;
}

void KeepOrder(std::vector<Beat>* beats) {
  int last = kMissing;
  for (std::size_t i = 0; i < beats->size(); ++i) {
    Beat& beat = (*beats)[i];
    const int r = beat.qrs.peak;
    const int next_r =
        i + 1 < beats->size() ? (*beats)[i + 1].qrs.peak : std::numeric_limits<int>::max();
    if (beat.p.peak <= last || beat.p.peak >= r) beat.p = Wave{};
    if (beat.q <= std::max(last, beat.p.peak) || beat.q >= r) beat.q = kMissing;
    if (beat.t.peak <= r || beat.t.peak >= next_r) beat.t = Wave{};
    const int after = beat.t.peak != kMissing ? beat.t.peak : next_r;
    if (beat.s <= r || beat.s >= after) beat.s = kMissing;
    last = std::max({r, beat.s, beat.t.peak});
  }
}

}  // namespace ecg::dsp
