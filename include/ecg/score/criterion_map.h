// What a textbook criterion adds to a probability.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ecg::score {

// p -> sigmoid(slope x logit(p) + offset + below x min(z, 0) + above x max(z, 0)), z: how far the
// criterion is exceeded, in steps (see dsp::Excess), between -3 and 2. Where that cannot be told
// (NaN) it is taken for -1, as of somebody healthy.
struct CriterionMap {
  double slope = 1;
  double offset = 0;
  double below = 0;
  double above = 0;

  float Apply(float probability, double excess) const;
  bool operator==(const CriterionMap& other) const {
    return slope == other.slope && offset == other.offset && below == other.below &&
           above == other.above;
  }
};

// The map for each class under which the labels are most likely, with a prior at "the criterion
// adds nothing". Of a class with hardly any positive the labels say nothing, and neither does a
// network that learnt from as few: there the criterion counts for more than the network does.
// Where the criterion was learnt from labels itself (`learnt`, [classes] or empty: none), the prior
// is at "it counts for a little", and there it does. A class whose excess is NaN in all recordings
// has no criterion and keeps its probabilities. labels uint8, probabilities float and excess double
// are [recordings][classes]; the probabilities must be finite. Throws Exception (kInternal) where
// the sizes do not fit.
std::vector<CriterionMap> FitCriterionMaps(const std::vector<std::uint8_t>& labels,
                                           const std::vector<float>& probabilities,
                                           const std::vector<double>& excess, std::size_t classes,
                                           const std::vector<bool>& learnt = {});

}  // namespace ecg::score
