// Probabilities made to mean what they say, by an affine map of their logits.
#pragma once

#include <cstdint>
#include <vector>

namespace ecg::score {

double Sigmoid(double x);
double Logit(double p);  // of a probability that may have been rounded to 0 or 1

// p -> sigmoid(slope x logit(p) + offset). The order of probabilities stays, so AUROC and AUPRC do.
struct LogitMap {
  double slope = 1;  // above 0
  double offset = 0;

  float Apply(float probability) const;
  bool operator==(const LogitMap& other) const {
    return slope == other.slope && offset == other.offset;
  }
};

// The map for each class under which the labels are most likely (logistic regression on the logit,
// with the targets of Platt 1999 in place of 0 and 1, so that a class of few or no positives gets a
// cautious one). labels uint8 and probabilities float are [recordings][classes]; the probabilities
// must be finite. Throws Exception (kInternal) where the sizes do not fit.
std::vector<LogitMap> FitLogitMaps(const std::vector<std::uint8_t>& labels,
                                   const std::vector<float>& probabilities, std::size_t classes);

}  // namespace ecg::score
