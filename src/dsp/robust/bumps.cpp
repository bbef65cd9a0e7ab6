#include "src/dsp/robust/bumps.h"

#include "ecg/dsp/filter.h"
#include "src/dsp/rate.h"

namespace ecg::dsp::robust {

Signal Bumps(const Signal& x, double smooth_s, double lag_s, double fs) {
  const Signal s = CentredMovingAverage(x, Samples(smooth_s, fs));
  Signal bumps(x.size());
  Bend(s, Samples(lag_s, fs), bumps.data());
  return bumps;
}

}  // namespace ecg::dsp::robust
