#include "ecg/dsp/measure/delineate.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "ecg/dsp/r_peaks.h"
#include "src/dsp/neurokit/neurokit.h"
#include "src/dsp/rate.h"
#include "src/dsp/robust/robust.h"

namespace ecg::dsp {
namespace {

// Of a sample: of the lead in hand while NeuroKit2's methods look at it; of one that is reduced to
// the robust method's rate; and then, at that rate, of each lead and of what all leads share.
constexpr double kBytesOfOneLead = 220;
constexpr double kBytesToReduce = 16;
constexpr double kBytesOfALead = 40;
constexpr double kBytesOfAll = 72;

// What lies outside the record or on the wrong side of its peak is not known.
Beat KeptInside(Beat beat, int samples) {
  const int r = beat.qrs.peak;
  const auto known_if = [samples](int index, bool ok) {
    return index >= 0 && index < samples && ok ? index : kMissing;
  };
  for (Wave* wave : {&beat.p, &beat.t}) {
    wave->peak = known_if(wave->peak, true);
    const bool known = wave->peak != kMissing;
    wave->onset = known_if(wave->onset, known && wave->onset <= wave->peak);
    wave->offset = known_if(wave->offset, known && wave->offset >= wave->peak);
  }
  beat.qrs.onset = known_if(beat.qrs.onset, beat.qrs.onset <= r);
  beat.qrs.offset = known_if(beat.qrs.offset, beat.qrs.offset >= r);
  beat.q = known_if(beat.q, beat.q < r);
  beat.s = known_if(beat.s, beat.s > r);
  if (beat.p.peak >= r) beat.p = Wave{};
  if (beat.t.peak <= r) beat.t = Wave{};
  return beat;
}

}  // namespace

const EnumTable<Delineator>& DelineatorNames() {
  static const EnumTable<Delineator> names = {
      {"robust", Delineator::kRobust}, {"dwt", Delineator::kDwt}, {"peak", Delineator::kPeak}};
  return names;
}

std::vector<Beat> DelineateAround(const std::vector<double>& clean, const std::vector<int>& r_peaks,
                                  double fs, Delineator method) {
  const int samples = static_cast<int>(clean.size());
  std::vector<int> inside;
  for (const int r : r_peaks) {
    if (r >= 0 && r < samples && (inside.empty() || r > inside.back())) inside.push_back(r);
  }
  if (inside.empty() || !IsUsableRate(fs)) return {};
  if (method == Delineator::kRobust) {
    return robust::DelineateComplexes({clean}, {clean}, inside, robust::Fitted{}, fs).common;
  }
  std::vector<Beat> beats = method == Delineator::kPeak ? neurokit::DelineatePeak(clean, inside, fs)
                                                        : neurokit::DelineateDwt(clean, inside, fs);
  for (Beat& beat : beats) beat = KeptInside(beat, samples);
  return beats;
}

double BytesToDelineate(std::size_t leads, std::size_t samples, double rate, Delineator method) {
  const auto all = static_cast<double>(leads), each = static_cast<double>(samples);
  if (method != Delineator::kRobust) return each * kBytesOfOneLead;
  const double reduced = each / static_cast<double>(robust::GroupAt(rate));
  return each * kBytesToReduce + all * reduced * kBytesOfALead + reduced * kBytesOfAll;
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
  return KeepOrder(std::move(beats));
}

std::vector<Beat> KeepOrder(std::vector<Beat> beats) {
  int last = kMissing;
  for (std::size_t i = 0; i < beats.size(); ++i) {
    Beat& beat = beats[i];
    const int r = beat.qrs.peak;
    const int next_r =
        i + 1 < beats.size() ? beats[i + 1].qrs.peak : std::numeric_limits<int>::max();
    if (beat.p.peak <= last || beat.p.peak >= r) beat.p = Wave{};
    if (beat.q <= std::max(last, beat.p.peak) || beat.q >= r) beat.q = kMissing;
    if (beat.t.peak <= r || beat.t.peak >= next_r) beat.t = Wave{};
    const int after = beat.t.peak != kMissing ? beat.t.peak : next_r;
    if (beat.s <= r || beat.s >= after) beat.s = kMissing;
    last = std::max({r, beat.s, beat.t.peak});
  }
  return beats;
}

}  // namespace ecg::dsp
