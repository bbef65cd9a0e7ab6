#include "ecg/dsp/wavelet.h"

#include <Eigen/Core>
#include <algorithm>
#include <utility>

namespace ecg::dsp {
namespace {

using Eigen::Index;
using Map = Eigen::Map<Eigen::ArrayXd>;

// A signal of `size` samples inside a buffer, with zeros before it and after it.
struct Padded {
  double* data;  // sample 0
  Index size;

  // `count` samples from `first` on, which may be negative.
  Map Part(Index first, Index count) const { return {data + first, count}; }
};

// Convolves with {1, 3, 3, 1}/8 spread by `gap`, which lengthens the signal by 3 gap samples, and
// shifts it left by `gap` samples, all but the last `gap`, which stay where they are.
Padded Smooth(const Padded& x, Index gap, double* to) {
  const Padded y{to, x.size + 3 * gap};
  const auto convolve = [&](Index first, Index target, Index count) {
    y.Part(target, count) =
        0.125 * ((x.Part(first, count) + x.Part(first - 3 * gap, count)) +
                 3 * (x.Part(first - gap, count) + x.Part(first - 2 * gap, count)));
  };
  convolve(gap, 0, y.size - gap);
  convolve(y.size - gap, y.size - gap, gap);
  y.Part(y.size, 6 * gap).setZero();  // what the next stage reads beyond the end
  return y;
}

}  // namespace

void WaveletBank::Transform(const std::vector<double>& x, int first, int count) {
  const auto samples = static_cast<Index>(x.size());
  const int levels = first + count;
  // A stage reads three gaps beyond either end, and all stages lengthen the signal by less than
  // 3 * 2^levels samples.
  const Index margin = Index{6} << levels;
  for (std::vector<double>* buffer : {&smooth_, &next_}) {
    buffer->resize(static_cast<std::size_t>(samples + 2 * margin));
    std::fill_n(buffer->begin(), margin, 0.0);
  }
  Padded s{smooth_.data() + margin, samples};
  std::copy(x.begin(), x.end(), s.data);
  s.Part(samples, 6).setZero();
  double* free = next_.data() + margin;

  details_.resize(static_cast<std::size_t>(count));
  for (int level = 0; level < levels; ++level) {
    const Index gap = Index{1} << level;
    if (level >= first) {
      std::vector<double>& detail = details_[static_cast<std::size_t>(level - first)];
      detail.resize(x.size());
      Map(detail.data(), samples) = 2 * (s.Part(gap, samples) - s.Part(0, samples));
    }
    if (level + 1 == levels) break;
    double* const used = s.data;
    s = Smooth(s, gap, free);
    free = used;
  }
}

}  // namespace ecg::dsp
