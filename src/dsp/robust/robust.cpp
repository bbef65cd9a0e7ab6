#include "src/dsp/robust/robust.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "ecg/dsp/filter.h"
#include "ecg/dsp/r_peaks.h"
#include "src/dsp/rate.h"
#include "src/dsp/robust/beat_shape.h"

namespace ecg::dsp {
namespace {

using robust::Complex;
using robust::Signal;

// Beyond this rate the search gains nothing; samples are averaged in groups.
constexpr double kMaxHz = 1000;
// Smoothing of the leads in which R is looked for: two moving averages.
constexpr double kFineS = 0.01;
// The middle of the leads' marks: that between their tenth and ninetieth percentile.
constexpr double kMarkQuantile = 0.1;

// The mean of each `group` samples; a rest that fills no group is left out.
Signal Decimate(const Signal& x, std::size_t group) {
  if (group < 2) return x;
  Signal y(x.size() / group);
  for (std::size_t i = 0; i < y.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < group; ++k) sum += x[i * group + k];
    y[i] = sum / static_cast<double>(group);
  }
  return y;
}

Signal Fine(const Signal& x, double fs) {
  const int odd = robust::Samples(kFineS, fs) | 1;
  return CentredMovingAverage(CentredMovingAverage(x, odd), odd);
}

// The lowest sample in (from, to) if it is a trough.
int Trough(const Signal& x, int from, int to) {
  int lowest = kMissing;
  for (int i = from + 1; i < to; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const bool trough = x[at] <= x[at - 1] && x[at] < x[at + 1];
    if (trough && (lowest == kMissing || x[at] < x[static_cast<std::size_t>(lowest)])) lowest = i;
  }
  return lowest;
}

// R, Q and S of one lead.
void MarkComplex(const Signal& lead, const Complex& complex, int r, Beat* beat) {
  beat->qrs.peak = r;
  beat->q = Trough(lead, complex.onset, beat->qrs.peak);
  beat->s = Trough(lead, beat->qrs.peak, complex.offset);
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

void MarkCommon(const std::vector<std::vector<Beat>>& leads, std::size_t b, const Complex& complex,
                const std::vector<robust::Evidence>& evidence, double fs, Beat* beat) {
  std::vector<int> r, q, s;
  for (const auto& beats : leads) {
    r.push_back(beats[b].qrs.peak);
    q.push_back(beats[b].q);
    s.push_back(beats[b].s);
  }
  beat->qrs.peak = leads.size() == 1
                       ? r[0]
                       : robust::BestSupported(evidence, complex, MiddleOf(std::move(r)), fs);
  beat->q = MedianInside(q, beat->qrs.onset - 1, beat->qrs.peak);
  beat->s = MedianInside(s, beat->qrs.peak, beat->qrs.offset + 1);
}

// Back to the record's samples: the middle of a group stands for it.
void Scale(int group, std::vector<Beat>* beats) {
  for (Beat& b : *beats) {
    for (int* index : {&b.p.onset, &b.p.peak, &b.p.offset, &b.qrs.onset, &b.qrs.peak, &b.qrs.offset,
                       &b.q, &b.s, &b.t.onset, &b.t.peak, &b.t.offset}) {
      if (*index != kMissing) *index = *index * group + group / 2;
    }
  }
}

}  // namespace

std::vector<bool> robust::FindVentricular(const std::vector<Signal>& leads,
                                          const std::vector<Complex>& complexes, double fs) {
  std::vector<int> marks;
  for (const Complex& complex : complexes) marks.push_back(complex.reference);
  const std::vector<double> likeness = LikenessToUsual(leads, marks, fs);
  std::vector<bool> ventricular;
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    const double width = (complexes[b].offset - complexes[b].onset) / fs;
    ventricular.push_back(VentricularEvidence(likeness[b], width) > 0);
  }
  return ventricular;
}

RecordBeats robust::DelineateComplexes(const std::vector<Signal>& leads,
                                       const std::vector<Signal>& fine, const std::vector<int>& qrs,
                                       double fs) {
  const std::vector<Complex> complexes = FindComplexes(leads, qrs, fs);
  RecordBeats result;
  result.leads.resize(leads.size());
  if (complexes.empty()) return result;
  const std::vector<Signal> between = WithoutComplexes(leads, complexes, fs);
  result.common = FindWaves(between, complexes, FindVentricular(leads, complexes, fs), fs);
  result.leads.assign(leads.size(), result.common);
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    std::vector<Evidence> evidence;
    for (std::size_t k = 0; k < leads.size(); ++k) {
      const RWave r = FindRWave(fine[k], complexes[b], fs);
      evidence.insert(evidence.end(), r.evidence.begin(), r.evidence.end());
      MarkComplex(leads[k], complexes[b], r.mark, &result.leads[k][b]);
    }
    MarkCommon(result.leads, b, complexes[b], evidence, fs, &result.common[b]);
  }
  BoundBeats(fine, between, complexes, fs, &result);
  return result;
}

RecordBeats DelineateRecord(const std::vector<std::vector<double>>& leads, double fs) {
  RecordBeats result;
  result.leads.resize(leads.size());
  if (!IsUsableRate(fs)) return result;
  const auto group = static_cast<std::size_t>(std::max(1.0, fs / kMaxHz));
  const double rate = fs / static_cast<double>(group);

  std::size_t samples = 0;
  for (const Signal& lead : leads) samples = std::max(samples, lead.size());
  std::vector<Signal> clean, fine;
  std::vector<std::size_t> origin;  // clean[j] is leads[origin[j]]
  for (std::size_t k = 0; k < leads.size(); ++k) {
    if (leads[k].size() != samples) continue;
    const Signal raw = Decimate(FillGaps(leads[k]), group);
    Signal signal = CleanEcg(raw, rate);
    if (signal.size() < 3) continue;
    clean.push_back(std::move(signal));
    fine.push_back(Fine(raw, rate));
    origin.push_back(k);
  }
  std::vector<std::size_t> active;
  const Signal activity = robust::QrsActivity(clean, rate, &active);
  if (active.empty()) return result;

  std::vector<Signal> chosen, chosen_fine;
  for (const std::size_t j : active) {
    chosen.push_back(std::move(clean[j]));
    chosen_fine.push_back(std::move(fine[j]));
  }
  RecordBeats found =
      robust::DelineateComplexes(chosen, chosen_fine, robust::FindQrs(activity, rate), rate);
  Scale(static_cast<int>(group), &found.common);
  result.common = found.common;
  result.leads.assign(leads.size(), result.common);
  for (std::size_t j = 0; j < active.size(); ++j) {
    Scale(static_cast<int>(group), &found.leads[j]);
    result.leads[origin[active[j]]] = std::move(found.leads[j]);
  }
  return result;
}

}  // namespace ecg::dsp
