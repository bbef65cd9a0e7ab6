// P and T waves are bumps: after the QRS complexes have been cut out, the leads' second difference
// at the width of the wave is greatest at its peak, whatever the wave's polarity. Where a wave lies
// relative to the complex is learned from all beats of the record; each beat's own wave is then
// looked for near that place.
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "ecg/dsp/filter.h"
#include "src/dsp/robust/robust.h"

namespace ecg::dsp::robust {
namespace {

constexpr double kDefaultRrS = 0.8;     // of a record with a single beat
constexpr std::size_t kFewChanges = 3;  // of intervals, that say nothing

constexpr double kComplexMarginS = 0.01;

// The T wave. Times count from the reference of the complex.
constexpr double kTSmoothS = 0.06;
constexpr double kTBumpS = 0.1;
constexpr double kTAfterOffsetS = 0.03;
constexpr double kTEarliestS = 0.1;
constexpr double kTLatestS = 0.2;  // plus kTLatestRr of the interval to the next beat
constexpr double kTLatestRr = 0.35;
constexpr double kTMaxRrS = 1.2;  // longer intervals do not move T further
constexpr double kTBeforeNextS = 0.12;
constexpr double kTUsual = 0.3;  // s, times the square root of the RR interval in s (Bazett)
constexpr double kTUsualWidthS = 0.1;
constexpr double kTBeatWidthS = 0.08;  // how far a beat's T lies from the record's
constexpr double kTMinMv = 0.008;
constexpr double kTMaxS = 0.8;

// The P wave. Times count back from the reference of the complex.
constexpr double kPSmoothS = 0.04;
constexpr double kPBumpS = 0.06;
constexpr double kPEarliestS = 0.34;
constexpr double kPLatestS = 0.03;
constexpr double kPAfterTS = 0.1;
constexpr double kPAfterRS = 0.2;
constexpr double kPUsualS = 0.15;
constexpr double kPUsualWidthS = 0.07;
constexpr double kPBeatS = 0.06;  // how far a beat's P may lie from the record's
constexpr double kPMinMv = 0.002;
constexpr double kPBeatShare = 0.35;    // of the record's P, for a beat to have one
constexpr double kPIrregular = 0.05;    // irregularity beyond which a single lead is doubted
constexpr double kPSignalToNoise = 1;   // energy of the mean over variance, at least, of one lead
constexpr double kPWeight = -0.75;      // power of a lead's variance that weighs it
constexpr double kPMinBeats = 0.4;      // share of the beats
constexpr double kPShapeS = 0.05;       // around P, that the beats are compared in
constexpr double kPFloor = 1e-6;        // mV^2: variance of 1 uV
constexpr double kPWeightFloor = 1e-5;  // mV^2: quieter leads weigh no more
constexpr double kNormalRrMin = 0.8;    // of the median: earlier beats are ectopic
constexpr double kNormalRrMax = 1.3;

// One lead shows most T and P waves upright.
constexpr double kNegativeT = 0.8;
constexpr double kNegativeP = 0.6;

// How far the smoothed signal stands above the mean of its values `lag` before and after.
Signal Bumps(const Signal& x, double smooth_s, double lag_s, double fs) {
  const Signal s = CentredMovingAverage(x, Samples(smooth_s, fs));
  const int lag = Samples(lag_s, fs), n = Size(x);
  Signal bumps(x.size());
  for (int i = 0; i < n; ++i) {
    At(bumps, i) = At(s, i) - 0.5 * (At(s, std::max(0, i - lag)) + At(s, std::min(n - 1, i + lag)));
  }
  return bumps;
}

// Intervals between beats, in seconds.
struct Rhythm {
  std::vector<double> rr;  // rr[i] from beat i to i + 1
  double median = kDefaultRrS;
  // Median absolute change from one interval to the next, over the median; without those that a
  // ventricular beat ends or begins, if enough are left.
  double irregularity = 0;
};

Rhythm FindRhythm(const std::vector<Complex>& complexes, const std::vector<bool>& ventricular,
                  double fs) {
  Rhythm rhythm;
  std::vector<double> changes, all;
  for (std::size_t i = 1; i < complexes.size(); ++i) {
    rhythm.rr.push_back((complexes[i].reference - complexes[i - 1].reference) / fs);
    if (i == 1) continue;
    all.push_back(std::abs(rhythm.rr[i - 1] - rhythm.rr[i - 2]));
    if (ventricular[i - 2] || ventricular[i - 1] || ventricular[i]) continue;
    changes.push_back(all.back());
  }
  if (changes.size() < kFewChanges) changes = std::move(all);
  if (!rhythm.rr.empty()) rhythm.median = Quantile(rhythm.rr, 0.5);
  if (!changes.empty()) rhythm.irregularity = Quantile(std::move(changes), 0.5) / rhythm.median;
  return rhythm;
}

// [first, last] of the samples where a wave is looked for; empty where last < first.
struct Search {
  int first = 0;
  int last = -1;
};

Search SearchT(const std::vector<Complex>& complexes, const Rhythm& rhythm, std::size_t beat,
               int samples, double fs) {
  const Complex& c = complexes[beat];
  const bool is_last = beat + 1 == complexes.size();
  const double next =
      is_last ? std::min(rhythm.median, (samples - 1 - c.reference) / fs) : rhythm.rr[beat];
  const double latest =
      std::min(kTLatestS + kTLatestRr * std::min(next, kTMaxRrS), next - kTBeforeNextS);
  Search search;
  search.first =
      std::max(c.offset + Samples(kTAfterOffsetS, fs), c.reference + Samples(kTEarliestS, fs));
  search.last = std::min(samples, is_last ? samples : complexes[beat + 1].onset) - 1;
  search.last = std::min(search.last, c.reference + static_cast<int>(std::lround(latest * fs)));
  return search;
}

// 1 at the centre, a half one width away.
double Lorentz(double distance, double width) {
  return 1 / (1 + distance * distance / (width * width));
}

// Where T peaks after the reference in the mean over the beats, in samples; kMissing where fewer
// than half of the beats say.
int UsualT(const Signal& strength, const std::vector<Complex>& complexes,
           const std::vector<Search>& searches, double usual_s, double fs) {
  Signal sum(static_cast<std::size_t>(Samples(kTMaxS, fs)), 0.0);
  std::vector<std::size_t> count(sum.size(), 0);
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    for (int i = searches[b].first; i <= searches[b].last; ++i) {
      const auto d = static_cast<std::size_t>(i - complexes[b].reference);
      if (d >= sum.size()) break;
      sum[d] += At(strength, i);
      ++count[d];
    }
  }
  int best = kMissing;
  double best_strength = -1;
  for (std::size_t d = 0; d < sum.size(); ++d) {
    if (count[d] * 2 < complexes.size() || count[d] == 0) continue;
    const double distance = static_cast<double>(d) / fs - usual_s;
    const double v = sum[d] / static_cast<double>(count[d]) * Lorentz(distance, kTUsualWidthS);
    if (v > best_strength) {
      best_strength = v;
      best = static_cast<int>(d);
    }
  }
  return best;
}

void FindT(const std::vector<Signal>& leads, const std::vector<Complex>& complexes,
           const Rhythm& rhythm, double fs, std::vector<Beat>* beats) {
  Signal strength(leads[0].size(), 0.0);
  const double negative = leads.size() == 1 ? kNegativeT : 1;
  for (const Signal& x : leads) {
    const Signal bumps = Bumps(x, kTSmoothS, kTBumpS, fs);
    for (std::size_t i = 0; i < bumps.size(); ++i) {
      const double v = bumps[i] < 0 ? negative * bumps[i] : bumps[i];
      strength[i] += v * v;
    }
  }
  const auto lead_count = static_cast<double>(leads.size());
  for (double& v : strength) v = std::sqrt(v / lead_count);

  std::vector<Search> searches;
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    searches.push_back(SearchT(complexes, rhythm, b, Size(strength), fs));
  }
  const int usual = UsualT(strength, complexes, searches, kTUsual * std::sqrt(rhythm.median), fs);
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    double best_strength = kTMinMv;
    for (int i = searches[b].first; i <= searches[b].last; ++i) {
      double v = At(strength, i);
      if (usual != kMissing) {
        v *= Lorentz((i - complexes[b].reference - usual) / fs, kTBeatWidthS);
      }
      if (v > best_strength) {
        best_strength = v;
        (*beats)[b].t.peak = i;
      }
    }
  }
}

// Beats whose interval to the one before is usual; all where these are few.
std::vector<bool> NormalBeats(const Rhythm& rhythm, const std::vector<bool>& ventricular) {
  const std::size_t count = ventricular.size();
  std::vector<bool> normal(count);
  std::size_t total = 0;
  for (std::size_t b = 0; b < count; ++b) {
    const double before = b > 0 ? rhythm.rr[b - 1] : rhythm.median;
    normal[b] = before > kNormalRrMin * rhythm.median && before < kNormalRrMax * rhythm.median &&
                !ventricular[b];
    total += normal[b];
  }
  if (total < 3 || total * 2 < count) normal.assign(count, true);
  return normal;
}

// Mean and variance over the beats of each lead's bumps, d samples before the reference.
struct Template {
  std::vector<Signal> mean;      // [lead][d]
  std::vector<Signal> variance;  // [lead][d]
  std::vector<int> count;        // [d], beats
};

Template AverageBeforeR(const std::vector<Signal>& bumps, const std::vector<Complex>& complexes,
                        const std::vector<Search>& searches, const std::vector<bool>& normal,
                        int length) {
  const auto size = static_cast<std::size_t>(length);
  Template t;
  t.mean.assign(bumps.size(), Signal(size, 0.0));
  t.variance = t.mean;
  t.count.assign(size, 0);
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    if (!normal[b]) continue;
    for (int i = searches[b].first; i <= searches[b].last; ++i) {
      const int d = complexes[b].reference - i;
      ++t.count[static_cast<std::size_t>(d)];
      for (std::size_t k = 0; k < bumps.size(); ++k) {
        const double v = At(bumps[k], i);
        At(t.mean[k], d) += v;
        At(t.variance[k], d) += v * v;
      }
    }
  }
  for (std::size_t k = 0; k < bumps.size(); ++k) {
    for (std::size_t d = 0; d < size; ++d) {
      if (t.count[d] == 0) continue;
      double& mean = t.mean[k][d];
      mean /= t.count[d];
      t.variance[k][d] = std::max(0.0, t.variance[k][d] / t.count[d] - mean * mean);
    }
  }
  return t;
}

// Lets quiet leads count for more, so that noisy ones do not hide their P. The weights' mean square
// is 1, so a single lead stays as it is. Of powers of the variance from 0 to -1 in steps of a
// quarter, kPWeight tells sinus rhythms from fibrillation best.
void WeighLeads(Template* t, std::vector<Signal>* bumps) {
  std::vector<double> weights;
  double squares = 0;
  for (const Signal& variance : t->variance) {
    double sum = 0;
    int count = 0;
    for (std::size_t d = 0; d < variance.size(); ++d) {
      sum += variance[d] * t->count[d];
      count += t->count[d];
    }
    weights.push_back(std::pow(sum / std::max(1, count) + kPWeightFloor, kPWeight));
    squares += weights.back() * weights.back();
  }
  const double scale = std::sqrt(static_cast<double>(weights.size()) / squares);
  for (std::size_t k = 0; k < weights.size(); ++k) {
    const double w = weights[k] * scale;
    for (double& v : (*bumps)[k]) v *= w;
    for (double& v : t->mean[k]) v *= w;
    for (double& v : t->variance[k]) v *= w * w;
  }
}

// The mean's energy over the leads, d samples before the reference.
double EnergyAt(const Template& t, int d) {
  double energy = 0;
  for (const Signal& mean : t.mean) energy += At(mean, d) * At(mean, d);
  return energy;
}

// Where P would peak before the reference in the mean over the beats, in samples; kMissing where
// fewer beats than kPMinBeats say, or the mean shows next to nothing.
int UsualP(const Template& t, std::size_t beats, double fs) {
  const auto leads = static_cast<double>(t.mean.size());
  const double negative = t.mean.size() == 1 ? kNegativeP : 1;
  const double least = std::max(2.0, kPMinBeats * static_cast<double>(beats));
  const int length = static_cast<int>(t.count.size());
  Signal height(t.count.size(), 0.0);
  for (int d = Samples(kPLatestS, fs); d < length; ++d) {
    if (t.count[static_cast<std::size_t>(d)] < least) continue;
    double weighted = 0;
    for (const Signal& mean : t.mean) {
      const double v = At(mean, d);
      weighted += v < 0 ? negative * negative * v * v : v * v;
    }
    At(height, d) = std::sqrt(weighted / leads);
  }
  int best = kMissing;
  double best_height = 0;
  for (int d = 1; d + 1 < length; ++d) {
    const double before = At(height, d - 1), here = At(height, d), after = At(height, d + 1);
    if (before <= 0 || after <= 0 || here < before || here <= after) continue;
    const double distance = (d / fs - kPUsualS) / kPUsualWidthS;
    const double v = here * std::exp(-0.5 * distance * distance);
    if (v > best_height) {
      best_height = v;
      best = d;
    }
  }
  return best == kMissing || At(height, best) < kPMinMv ? kMissing : best;
}

// What the beats have around the place where P would be, one below the other over all leads; beats
// that are ventricular or whose search does not reach that far are left out.
std::vector<Signal> ShapesOfP(const std::vector<Signal>& bumps,
                              const std::vector<Complex>& complexes,
                              const std::vector<bool>& ventricular,
                              const std::vector<Search>& searches, int usual, double fs) {
  const int half = Samples(kPShapeS, fs);
  std::vector<Signal> shapes;
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    const int centre = complexes[b].reference - usual;
    if (ventricular[b] || centre - half < searches[b].first || centre > searches[b].last) continue;
    if (centre + half >= Size(bumps[0])) continue;
    Signal& shape = shapes.emplace_back();
    for (const Signal& x : bumps) {
      shape.insert(shape.end(), x.begin() + (centre - half), x.begin() + (centre + half + 1));
    }
  }
  return shapes;
}

// The median over the beats of how alike each is to the mean of all others, from -1 to 1; -1 where
// there is nothing to compare.
double Likeness(const std::vector<Signal>& shapes) {
  if (shapes.size() < 2) return -1;
  Signal sum(shapes[0].size(), 0.0);
  for (const Signal& shape : shapes) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += shape[i];
  }
  std::vector<double> likeness;
  for (const Signal& shape : shapes) {
    double product = 0, own = 0, others = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
      const double rest = sum[i] - shape[i];
      product += rest * shape[i];
      own += shape[i] * shape[i];
      others += rest * rest;
    }
    likeness.push_back(own > 0 && others > 0 ? product / std::sqrt(own * others) : 0);
  }
  return Quantile(std::move(likeness), 0.5);
}

// What says whether a repeatable wave of several leads is P: the logit of a logistic regression
// that tells sinus rhythms from fibrillation and flutter by what the signal shows. Fitted to the
// labels of 6,272 recordings of sinus rhythm (normal, fast, slow, irregular, with a long PR), 484
// of fibrillation and 25 of flutter, from seven sources, eight or twelve leads each. Of others it
// refuses 1.2 % of 3,909 sinus rhythms and accepts 3.0 % of 305 fibrillations, 3 of 17 flutters.
constexpr double kPBias = -1.006;
constexpr double kPLikeness = 2.007;       // a unit of Fisher's z of Likeness
constexpr double kPClearness = 0.543;      // a unit of ln(beats x signal to noise)
constexpr double kPIrregularity = -0.690;  // a unit of ln of the rhythm's irregularity
constexpr double kPHeight = 1.219;         // a unit of ln of the mean's height in mV
constexpr double kPNearness = -127.0;  // a second that P lies nearer than kPNearS to the reference
constexpr double kPNearS = 0.1;
constexpr double kPFastness = -18.03;  // a second that the interval is shorter than kPFastS
constexpr double kPFastS = 0.6;
constexpr double kPLeastLikeness = -0.5, kPMostLikeness = 0.99;  // z has no bounds
constexpr double kPLeastIrregularity = 0.01;

bool IsP(const Template& t, const std::vector<Signal>& shapes, int usual, const Rhythm& rhythm,
         double fs) {
  const auto leads = static_cast<double>(t.mean.size());
  const double energy = EnergyAt(t, usual);
  double noise = leads * kPFloor;
  for (const Signal& variance : t.variance) noise += At(variance, usual);
  const double signal_to_noise = energy / noise;
  if (t.mean.size() == 1) {
    // One lead repeats by chance more easily: its P must be the clearer the less regular the
    // rhythm.
    const double doubt = rhythm.irregularity / kPIrregular;
    return signal_to_noise > kPSignalToNoise * (1 + doubt * doubt);
  }
  const double likeness = std::clamp(Likeness(shapes), kPLeastLikeness, kPMostLikeness);
  const double clearness = static_cast<double>(shapes.size()) * signal_to_noise;
  return kPBias + kPLikeness * std::atanh(likeness) +
             kPClearness * std::log(std::max(clearness, 0.1)) +
             kPIrregularity * std::log(std::max(rhythm.irregularity, kPLeastIrregularity)) +
             kPHeight * std::log(std::sqrt(energy / leads) + 1e-4) +
             kPNearness * std::max(0.0, kPNearS - usual / fs) +
             kPFastness * std::max(0.0, kPFastS - rhythm.median) >
         0;
}

void FindP(const std::vector<Signal>& leads, const std::vector<Complex>& complexes,
           const std::vector<bool>& ventricular, const Rhythm& rhythm, double fs,
           std::vector<Beat>* beats) {
  std::vector<Signal> bumps;
  for (const Signal& x : leads) bumps.push_back(Bumps(x, kPSmoothS, kPBumpS, fs));
  const int reach = Samples(kPEarliestS, fs);
  std::vector<Search> searches;
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    Search search{std::max(0, complexes[b].reference - reach), complexes[b].onset - 1};
    if (b > 0) {
      const int t = (*beats)[b - 1].t.peak;
      const int free = t != kMissing ? t + Samples(kPAfterTS, fs)
                                     : complexes[b - 1].reference + Samples(kPAfterRS, fs);
      search.first = std::max(search.first, free);
    }
    searches.push_back(search);
  }
  Template average =
      AverageBeforeR(bumps, complexes, searches, NormalBeats(rhythm, ventricular), reach + 1);
  WeighLeads(&average, &bumps);
  const int usual = UsualP(average, complexes.size(), fs);
  if (usual == kMissing) return;
  const std::vector<Signal> shapes = ShapesOfP(bumps, complexes, ventricular, searches, usual, fs);
  if (!IsP(average, shapes, usual, rhythm, fs)) return;

  const double energy = EnergyAt(average, usual);
  for (std::size_t b = 0; b < complexes.size(); ++b) {
    const int centre = complexes[b].reference - usual, near = Samples(kPBeatS, fs);
    double best_share = kPBeatShare;
    for (int i = std::max(searches[b].first, centre - near);
         i <= std::min(searches[b].last, centre + near); ++i) {
      double share = 0;
      for (std::size_t k = 0; k < bumps.size(); ++k) {
        share += At(bumps[k], i) * At(average.mean[k], usual) / energy;
      }
      if (share > best_share) {
        best_share = share;
        (*beats)[b].p.peak = i;
      }
    }
  }
}

}  // namespace

std::vector<Signal> WithoutComplexes(const std::vector<Signal>& leads,
                                     const std::vector<Complex>& complexes, double fs) {
  const int margin = Samples(kComplexMarginS, fs);
  std::vector<Signal> out = leads;
  for (Signal& x : out) {
    for (const Complex& c : complexes) {
      const int begin = std::max(0, c.onset - margin),
                end = std::min(Size(x) - 1, c.offset + margin);
      const double first = At(x, begin), last = At(x, end);
      const double step = (last - first) / std::max(1, end - begin);
      for (int i = begin; i <= end; ++i) At(x, i) = first + step * (i - begin);
    }
  }
  return out;
}

std::vector<Beat> FindWaves(const std::vector<Signal>& between,
                            const std::vector<Complex>& complexes,
                            const std::vector<bool>& ventricular, double fs) {
  std::vector<Beat> beats(complexes.size());
  if (beats.empty()) return beats;
  for (std::size_t b = 0; b < beats.size(); ++b) {
    beats[b].qrs = {complexes[b].onset, complexes[b].reference, complexes[b].offset};
  }
  const Rhythm rhythm = FindRhythm(complexes, ventricular, fs);
  FindT(between, complexes, rhythm, fs, &beats);
  FindP(between, complexes, ventricular, rhythm, fs, &beats);
  return beats;
}

}  // namespace ecg::dsp::robust
