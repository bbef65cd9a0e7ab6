#include "src/runtime/state_space.h"

#include <algorithm>

#include "src/core/simd.h"
#include "src/runtime/load_store.h"

namespace ecg::runtime {
namespace {

constexpr std::size_t kLanes = 16;    // channels at a time
constexpr std::size_t kTogether = 2;  // pairs at a time, whose states stay in registers

// float [kTogether][kLanes] of some pairs.
struct Pairs {
  const float* step_real;
  const float* step_imag;
  const float* read_real;
  const float* read_imag;
};

// One step of the states and what is read of them, added to y.
ECG_INLINE void Step(const Pairs& of, const float* x, float* real, float* imag) {
  for (std::size_t k = 0; k < kTogether * kLanes; ++k) {
    const float r = of.step_real[k] * real[k] - of.step_imag[k] * imag[k] + x[k % kLanes];
    const float i = of.step_real[k] * imag[k] + of.step_imag[k] * real[k];
    real[k] = r;
    imag[k] = i;
  }
}

ECG_INLINE void ReadOut(const Pairs& of, const float* real, const float* imag, float* y) {
  for (std::size_t k = 0; k < kTogether * kLanes; ++k) {
    y[k % kLanes] += of.read_real[k] * real[k] - of.read_imag[k] * imag[k];
  }
}

// x and y are float [rows][kLanes].
ECG_VECTOR_CLONES void Forwards(const Pairs& of, const float* x, std::size_t rows, float* y) {
  float real[kTogether * kLanes] = {}, imag[kTogether * kLanes] = {};
  for (std::size_t t = 0; t < rows; ++t) {
    Step(of, x + t * kLanes, real, imag);
    ReadOut(of, real, imag, y + t * kLanes);
  }
}

ECG_VECTOR_CLONES void Backwards(const Pairs& of, const float* x, std::size_t rows, float* y) {
  float real[kTogether * kLanes] = {}, imag[kTogether * kLanes] = {};
  for (std::size_t t = rows; t-- > 0;) {
    ReadOut(of, real, imag, y + t * kLanes);
    Step(of, x + t * kLanes, real, imag);
  }
}

template <typename T>
void Gather(const Rows& x, std::size_t first, std::size_t count, float* to) {
  for (std::size_t t = 0; t < x.rows; ++t) {
    const T* from = static_cast<const T*>(x.data) + t * x.channels + first;
    for (std::size_t k = 0; k < kLanes; ++k) to[t * kLanes + k] = k < count ? Load(from + k) : 0;
  }
}

template <typename T>
void Scatter(const float* y, std::size_t rows, std::size_t channels, std::size_t first,
             std::size_t count, T* to) {
  for (std::size_t t = 0; t < rows; ++t) {
    for (std::size_t k = 0; k < count; ++k) {
      const float v = y[t * kLanes + k];
      Store(to + t * channels + first + k, v < 0.0F ? 0.0F : v);
    }
  }
}

}  // namespace

StateSpace::StateSpace(const Weights& weights, const model::StateSpaceLayer& layer,
                       const ScaleAndBias& norm)
    : channels_(static_cast<std::size_t>(layer.channels)) {
  const auto pairs = static_cast<std::size_t>(layer.pairs);
  pairs_ = (pairs + kTogether - 1) / kTogether * kTogether;
  const StateSpaceWeights all = weights.Of(layer, norm);
  groups_.resize((channels_ + kLanes - 1) / kLanes);
  for (Group& group : groups_) {
    for (auto* part : {&group.step_real, &group.step_imag, &group.read_real[0], &group.read_real[1],
                       &group.read_imag[0], &group.read_imag[1]}) {
      part->assign(pairs_ * kLanes, 0.0F);
    }
    group.pass.assign(kLanes, 0.0F);
    group.bias.assign(kLanes, 0.0F);
  }
  for (std::size_t c = 0; c < channels_; ++c) {
    Group& group = groups_[c / kLanes];
    const std::size_t lane = c % kLanes;
    group.pass[lane] = static_cast<float>(all.pass[c]);
    group.bias[lane] = static_cast<float>(all.bias[c]);
    for (std::size_t p = 0; p < pairs; ++p) {
      const std::size_t from = c * pairs + p, to = p * kLanes + lane;
      group.step_real[to] = static_cast<float>(all.step[from].real());
      group.step_imag[to] = static_cast<float>(all.step[from].imag());
      for (std::size_t way = 0; way < 2; ++way) {
        group.read_real[way][to] = static_cast<float>(all.read[way][from].real());
        group.read_imag[way][to] = static_cast<float>(all.read[way][from].imag());
      }
    }
  }
}

std::size_t StateSpace::ScratchSize(std::size_t rows) { return 2 * rows * kLanes; }

void StateSpace::Run(const Rows& x, Number number, float* scratch, void* out) const {
  for (std::size_t k = 0; k < groups_.size(); ++k) RunGroup(x, k, number, scratch, out);
}

void StateSpace::RunGroup(const Rows& x, std::size_t number_of_group, Number number, float* scratch,
                          void* out) const {
  const Group& group = groups_[number_of_group];
  const std::size_t first = number_of_group * kLanes;
  const std::size_t count = std::min(kLanes, channels_ - first);
  float* in = scratch;
  float* y = scratch + x.rows * kLanes;
  const bool bf16 = number == Number::kBf16;
  bf16 ? Gather<Bf16>(x, first, count, in) : Gather<float>(x, first, count, in);
  for (std::size_t i = 0; i < x.rows * kLanes; ++i) {
    y[i] = in[i] * group.pass[i % kLanes] + group.bias[i % kLanes];
  }
  for (std::size_t p = 0; p < pairs_ * kLanes; p += kTogether * kLanes) {
    const auto pairs = [&](std::size_t way) {
      return Pairs{group.step_real.data() + p, group.step_imag.data() + p,
                   group.read_real[way].data() + p, group.read_imag[way].data() + p};
    };
    Forwards(pairs(0), in, x.rows, y);
    Backwards(pairs(1), in, x.rows, y);
  }
  bf16 ? Scatter(y, x.rows, x.channels, first, count, static_cast<Bf16*>(out))
       : Scatter(y, x.rows, x.channels, first, count, static_cast<float*>(out));
}

}  // namespace ecg::runtime
