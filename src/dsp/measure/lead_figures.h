// What the quality of a recording is told by, and how: shared with the program that fits it.
#pragma once

#include <cstddef>
#include <vector>

namespace ecg::dsp {

// What is looked at of a lead: its first ten minutes.
struct Extract {
  std::vector<double> valid;  // mV, without samples that are not finite
  std::size_t all = 0;        // samples
};
Extract ExtractOf(const std::vector<float>& lead, double rate);

// Of one lead, or of several together.
struct LeadFigures {
  // The share of the time that is missing, or in seconds that move by 0.03 mV or less each, two or
  // more of them in turn.
  double silent = 1;
  // mV by which the baseline, a mean over 1 s, moves in the middle 90 % of the time.
  double wander = 0;
  // mV between the complexes: the root mean square, over the seconds, of what is faster than the
  // waves, in means over 20 ms, in which there is no hum, and half as much in the lead itself.
  double noise = 0;
};

// Of a lead at a rate in (0, 1 MHz]; without any valid sample it is silent.
LeadFigures FiguresOf(const Extract& lead, double rate);

// The silence of the worst lead, the means of wander and noise. Without leads all is silent.
LeadFigures Together(const std::vector<LeadFigures>& leads);

// The quality is the product of two. What the silence leaves: a lead that is silent for a third of
// the time halves it, for two thirds takes it all.
double ShownQuality(const LeadFigures& figures);

// And a logistic function of the logarithms of wander and noise: twice as much is worse by the same
// step however much it is. What nobody sees on paper counts as a least value.
double LogWander(const LeadFigures& figures);
double LogNoise(const LeadFigures& figures);

// Fitted by fit_quality (see tests/fit/README.md) to 75 recordings that people called acceptable
// and those 22 of 75 others in which no lead is silent for a third of the time.
struct QualityWeights {
  double bias = 0;
  double wander = 0;
  double noise = 0;
};
inline constexpr QualityWeights kQualityWeights = {-7.06, -0.53, -1.85};

double ReadableQuality(const LeadFigures& figures, const QualityWeights& weights = kQualityWeights);

// The probability that people would call it acceptable.
inline double QualityOf(const LeadFigures& figures,
                        const QualityWeights& weights = kQualityWeights) {
  return ShownQuality(figures) * ReadableQuality(figures, weights);
}

}  // namespace ecg::dsp
