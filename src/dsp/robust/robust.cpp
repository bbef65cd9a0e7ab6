#include "src/dsp/robust/robust.h"

#include <algorithm>
#include <utility>

#include "ecg/dsp/filter.h"
#include "ecg/dsp/r_peaks.h"
#include "src/dsp/decimate.h"
#include "src/dsp/lanes.h"
#include "src/dsp/rate.h"
#include "src/dsp/robust/bounds.h"
#include "src/dsp/robust/calibration.h"
#include "src/dsp/robust/qrs.h"
#include "src/dsp/robust/r_wave.h"
#include "src/dsp/robust/t_wave.h"

namespace ecg::dsp::robust {
namespace {

constexpr double kMaxHz = 1000;
// Smoothing of the leads in which R is looked for: two moving averages.
constexpr double kFineS = 0.01;
// The middle of the leads' marks: that between their tenth and ninetieth percentile.
constexpr double kMarkQuantile = 0.1;

// Of a Signal or several SideBySide.
template <typename Signals>
Signals Fine(const Signals& x, double fs) {
  const int odd = Samples(kFineS, fs) | 1;
  return CentredMovingAverage(CentredMovingAverage(x, odd), odd);
}

struct CleanLead {
  Signal clean, fine, activity;
};

// Of up to kLanes leads of one length without gaps; the same bits for each as alone.
std::vector<CleanLead> Clean(const std::vector<Signal>& raw, double fs) {
  std::vector<CleanLead> leads;
  if (!GoSideBySide(raw.size(), raw[0].size())) {
    for (const Signal& lead : raw) {
      CleanLead& one = leads.emplace_back();
      one.fine = Fine(lead, fs);
      one.clean = CleanEcg(lead, fs);
      one.activity = LeadActivity(one.clean, fs);
    }
    return leads;
  }
  SideBySide all(raw.data(), raw.size(), CleanEcgMargin(raw[0].size(), fs));
  std::vector<Signal> fine = Fine(all, fs).Apart(raw.size());
  all = CleanEcg(std::move(all), fs);
  std::vector<Signal> activity = LeadActivity(all, fs).Apart(raw.size());
  std::vector<Signal> clean = all.Apart(raw.size());
  for (std::size_t k = 0; k < raw.size(); ++k) {
    leads.push_back({std::move(clean[k]), std::move(fine[k]), std::move(activity[k])});
  }
  return leads;
}

// The lowest sample in (from, to) if it is a trough.
int Trough(const Signal& x, int from, int to) {
  int lowest = kMissing;
  for (int i = from + 1; i < to; ++i) {
    const bool trough = At(x, i) <= At(x, i - 1) && At(x, i) < At(x, i + 1);
    if (trough && (lowest == kMissing || At(x, i) < At(x, lowest))) lowest = i;
  }
  return lowest;
}

// A beat of the record with R, Q and S of one lead.
Beat WithComplex(Beat beat, const Signal& lead, const Complex& complex, int r) {
  beat.qrs.peak = r;
  beat.q = Trough(lead, complex.onset, r);
  beat.s = Trough(lead, r, complex.offset);
  return beat;
}

int MiddleOf(std::vector<int> marks) {
  std::sort(marks.begin(), marks.end());
  const auto tenth = static_cast<std::size_t>(kMarkQuantile * static_cast<double>(marks.size()));
  return (marks[tenth] + marks[marks.size() - 1 - tenth]) / 2;
}

// The median of those that lie inside (from, to); kMissing where they are not the most.
int MedianInside(const std::vector<int>& marks, int from, int to) {
  std::vector<int> inside;
  for (const int mark : marks) {
    if (mark > from && mark < to) inside.push_back(mark);
  }
  if (inside.size() * 2 <= marks.size()) return kMissing;
  std::sort(inside.begin(), inside.end());
  return inside[inside.size() / 2];
}

// A beat of the record with the R, Q and S that its leads' own, all of beat b, agree on.
Beat WithCommonComplex(Beat beat, const std::vector<std::vector<Beat>>& leads, std::size_t b,
                       const Complex& complex, const std::vector<Evidence>& evidence, double fs) {
  std::vector<int> r, q, s;
  for (const auto& beats : leads) {
    r.push_back(beats[b].qrs.peak);
    q.push_back(beats[b].q);
    s.push_back(beats[b].s);
  }
  beat.qrs.peak =
      leads.size() == 1 ? r[0] : BestSupported(evidence, complex, MiddleOf(std::move(r)), fs);
  beat.q = MedianInside(q, beat.qrs.onset - 1, beat.qrs.peak);
  beat.s = MedianInside(s, beat.qrs.peak, beat.qrs.offset + 1);
  return beat;
}

// In the record's samples: the middle of a group stands for it.
std::vector<Beat> Scaled(std::vector<Beat> beats, int group) {
  for (Beat& b : beats) {
    for (int* index : {&b.p.onset, &b.p.peak, &b.p.offset, &b.qrs.onset, &b.qrs.peak, &b.qrs.offset,
                       &b.q, &b.s, &b.t.onset, &b.t.peak, &b.t.offset}) {
      if (*index != kMissing) *index = *index * group + group / 2;
    }
  }
  return beats;
}

}  // namespace

std::size_t GroupAt(double fs) {
  return IsUsableRate(fs) ? static_cast<std::size_t>(std::max(1.0, fs / kMaxHz)) : 1;
}

Prepared Prepare(const std::vector<Signal>& leads, double fs) {
  Prepared prepared;
  const std::size_t group = GroupAt(fs);
  prepared.group = static_cast<int>(group);
  prepared.rate = fs / static_cast<double>(group);
  std::size_t samples = 0;
  for (const Signal& lead : leads) samples = std::max(samples, lead.size());
  std::vector<Signal> raw;
  std::vector<std::size_t> whole;  // raw[j] is leads[whole[j]]
  for (std::size_t k = 0; k < leads.size(); ++k) {
    if (leads[k].size() != samples) continue;
    raw.push_back(Decimate(FillGaps(leads[k]), group));
    whole.push_back(k);
  }
  LevelCalibrationPulses(&raw, prepared.rate);
  RecordActivity activity(prepared.rate);
  for (std::size_t j = 0; j < raw.size();) {
    std::vector<Signal> some;
    std::vector<std::size_t> origin;  // some[i] is leads[origin[i]]
    for (; j < raw.size() && some.size() < kLanes; ++j) {
      if (raw[j].size() < 3) continue;
      some.push_back(std::move(raw[j]));  // a recording of 24 hours is large
      origin.push_back(whole[j]);
    }
    if (some.empty()) break;
    std::vector<CleanLead> clean = Clean(some, prepared.rate);
    for (std::size_t i = 0; i < clean.size(); ++i) {
      if (!activity.Add(clean[i].activity)) continue;
      prepared.leads.push_back(std::move(clean[i].clean));
      prepared.fine.push_back(std::move(clean[i].fine));
      prepared.origin.push_back(origin[i]);
    }
  }
  prepared.qrs = FindQrs(std::move(activity).Mean(), prepared.rate);
  return prepared;
}

Outline MakeOutline(const std::vector<Signal>& leads, const std::vector<int>& qrs, double fs) {
  Outline outline;
  outline.complexes = FindComplexes(leads, qrs, fs);
  if (outline.complexes.empty()) return outline;
  outline.between = WithoutComplexes(leads, outline.complexes, fs);
  const std::vector<bool> ventricular = FindVentricular(leads, outline.complexes, fs);
  outline.rhythm = FindRhythm(outline.complexes, ventricular, fs);
  outline.t_peaks = FindT(outline.between, outline.complexes, outline.rhythm, fs);
  outline.p = LookForP(outline.between, outline.complexes, ventricular, outline.t_peaks,
                       outline.rhythm, fs);
  return outline;
}

RecordBeats MarkPeaks(const Outline& outline, const std::vector<Signal>& leads,
                      const std::vector<Signal>& fine, const PWeights& weights, double fs) {
  const std::vector<Complex>& complexes = outline.complexes;
  RecordBeats beats;
  beats.common.resize(complexes.size());
  const bool has_p = IsP(outline.p, outline.rhythm, weights);
  const std::vector<int> p_peaks = has_p ? MarkP(outline.p, complexes, fs) : std::vector<int>();
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    Beat& beat = beats.common[b];
    beat.qrs = {complexes[b].onset, complexes[b].reference, complexes[b].offset};
    beat.t.peak = outline.t_peaks[b];
    if (has_p) beat.p.peak = p_peaks[b];
  }
  beats.leads.assign(leads.size(), beats.common);
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    std::vector<Evidence> evidence;
    for (std::size_t k = 0; k < leads.size(); ++k) {
      const RWave r = FindRWave(fine[k], complexes[b], fs);
      evidence.insert(evidence.end(), r.evidence.begin(), r.evidence.end());
      beats.leads[k][b] = WithComplex(beats.leads[k][b], leads[k], complexes[b], r.mark);
    }
    beats.common[b] =
        WithCommonComplex(beats.common[b], beats.leads, b, complexes[b], evidence, fs);
  }
  return beats;
}

RecordBeats DelineateComplexes(const std::vector<Signal>& leads, const std::vector<Signal>& fine,
                               const std::vector<int>& qrs, const Fitted& fitted, double fs) {
  Outline outline = MakeOutline(leads, qrs, fs);
  RecordBeats peaks = MarkPeaks(outline, leads, fine, fitted.p, fs);
  outline.p = PCandidate();  // which is as large as the leads
  if (outline.complexes.empty()) return peaks;
  return BoundBeats(std::move(peaks), {fine, outline.between}, outline.complexes, fitted.bounds,
                    fs);
}

RecordBeats DelineateWith(const Fitted& fitted, const std::vector<Signal>& leads, double fs) {
  RecordBeats result;
  result.leads.resize(leads.size());
  if (!IsUsableRate(fs)) return result;
  const Prepared prepared = Prepare(leads, fs);
  if (prepared.leads.empty()) return result;
  RecordBeats found =
      DelineateComplexes(prepared.leads, prepared.fine, prepared.qrs, fitted, prepared.rate);
  result.common = Scaled(std::move(found.common), prepared.group);
  result.leads.assign(leads.size(), result.common);
  for (std::size_t j = 0; j < prepared.origin.size(); ++j) {
    result.leads[prepared.origin[j]] = Scaled(std::move(found.leads[j]), prepared.group);
  }
  return result;
}

}  // namespace ecg::dsp::robust

namespace ecg::dsp {

RecordBeats DelineateRecord(const std::vector<std::vector<double>>& leads, double fs) {
  return robust::DelineateWith(robust::Fitted{}, leads, fs);
}

}  // namespace ecg::dsp
