#include "src/dsp/robust/bumps.h"

#include <algorithm>

#include "ecg/dsp/filter.h"
#include "src/dsp/rate.h"

namespace ecg::dsp::robust {

Signal Bumps(const Signal& x, double smooth_s, double lag_s, double fs) {
  const Signal s = CentredMovingAverage(x, Samples(smooth_s, fs));
  const int lag = Samples(lag_s, fs), n = Size(x);
  Signal bumps(x.size());
  for (int i = 0; i < n; ++i) {
    At(bumps, i) = At(s, i) - 0.5 * (At(s, std::max(0, i - lag)) + At(s, std::min(n - 1, i + lag)));
  }
  return bumps;
}

}  // namespace ecg::dsp::robust
