#include "src/runtime/workspace.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>
#include <utility>

#include "src/onednn/processor.h"
#include "src/runtime/range_finder.h"
#include "src/runtime/rows.h"

namespace ecg::runtime {
namespace {

constexpr std::size_t kAlignment = 64;

std::size_t RoundUp(std::size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

float Sigmoid(float x) { return 1.0F / (1.0F + std::exp(-x)); }

// float [in] -> [out].
void Apply(const LinearWeights& linear, const float* in, float* out) {
  std::copy(linear.bias.begin(), linear.bias.end(), out);
  const float* weights = linear.weights.data();
  for (std::size_t i = 0; i < linear.in; ++i, weights += linear.out) {
    const float x = in[i];
    for (std::size_t o = 0; o < linear.out; ++o) out[o] += x * weights[o];
  }
}

// float [channels]: 1 for each that holds anything.
void IndicateLeads(const float* signal, std::size_t channels, std::size_t samples, float* out) {
  for (std::size_t c = 0; c < channels; ++c, signal += samples) {
    const bool any = std::any_of(signal, signal + samples, [](float v) { return v != 0.0F; });
    out[c] = any ? 1.0F : 0.0F;
  }
}

// One window's after the other's.
struct Features {
  void* data;
  std::size_t rows, channels;
  Number number;

  void* Of(std::size_t window) const {
    return static_cast<char*>(data) + window * rows * channels * SizeOf(number);
  }
  Rows RowsOf(std::size_t window) const { return {Of(window), rows, channels}; }
};

// The most that is needed of each kind of memory, for a window.
struct Needs {
  std::size_t features = 0;  // bytes of one layer's features
  std::size_t bytes = 0;     // of those that are bytes
  std::size_t channels = 0;
  std::size_t states = 0;  // floats of a state-space layer's own

  explicit Needs(const Net& net) : number_(net.number) {
    Add(net.samples, net.channels);
    Add(*net.stem);
    for (const std::vector<Block>& stage : net.stages) {
      for (const Block& block : stage) Add(block);
    }
    channels = std::max(channels, net.head.in);
    if (!net.peaks) return;
    for (const onednn::Convolution& convolution : net.peaks->convolutions) {
      Add(convolution.shape().rows, convolution.shape().in);
      features = std::max(features,
                          convolution.shape().rows_out() * convolution.shape().out * sizeof(float));
    }
    if (net.peaks->linear) features = std::max(features, net.peaks->linear->in * sizeof(float));
  }

 private:
  void Add(std::size_t rows, std::size_t of_channels) {
    features = std::max(features, rows * of_channels * SizeOf(number_));
    channels = std::max(channels, of_channels);
  }
  void Add(const onednn::Convolution& convolution) {
    Add(convolution.shape().rows_out(), convolution.shape().out);
  }
  void Add(const Block& block) {
    if (block.mix_by_state) {
      states = std::max(states, StateSpace::ScratchSize(block.rows_mixed()));
    }
    Add(block.rows_in, block.channels_in);
    Add(block.conv2->shape().rows, block.conv2->shape().in);
    Add(*block.conv2);
    channels = std::max(channels, block.squeeze.out);
    if (!block.bytes) return;
    for (const onednn::Convolution& convolution : block.mix) {
      bytes = std::max(bytes, convolution.shape().rows * convolution.shape().in);
    }
  }

  Number number_;
};

}  // namespace

void Workspace::Free::operator()(void* memory) const { std::free(memory); }

Workspace::Memory Workspace::Allocate(std::size_t bytes) {
  Memory memory(std::aligned_alloc(kAlignment, RoundUp(std::max<std::size_t>(bytes, 1))));
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

// Writes the steps of a workspace, layer by layer.
class Planner {
 public:
  Planner(const Net& net, Workspace& space, RangeFinder* ranges)
      : net_(net), space_(space), ranges_(ranges), number_(net.number), needs_(net) {
    for (void** features : {&x_, &pooled_, &mixed_, &out_, &shortcut_}) {
      *features = Bytes(space.windows_ * needs_.features);
    }
    bytes_ = Bytes(space.windows_ * needs_.bytes);
    own_ = {Floats(needs_.channels), Floats(needs_.channels), Floats(needs_.channels),
            Floats(needs_.states)};
  }

  void Plan() {
    steps_ = &space_.features_;
    PlanStem();
    for (std::size_t s = 0; s < net_.stages.size(); ++s) {
      if (s + 1 == net_.stages.size()) {
        steps_ = &space_.find_peaks_;
        if (net_.peaks) PlanPeaks(*net_.peaks);
        steps_ = &space_.classify_;
      }
      for (const Block& block : net_.stages[s]) PlanBlock(block);
    }
    PlanHead();
    space_.scratch_ = Bytes(scratch_bytes_);
  }

 private:
  struct Own {
    float* mean;
    float* hidden;
    float* gate;
    float* states;
  };

  void* Bytes(std::size_t bytes) {
    return space_.memory_.emplace_back(Workspace::Allocate(bytes)).get();
  }
  float* Floats(std::size_t count) { return static_cast<float*>(Bytes(count * sizeof(float))); }

  void Add(Workspace::Step step) { steps_->push_back(std::move(step)); }
  // `work` gets the number of each window.
  template <typename Work>
  void AddForEach(const Work& work) {
    Add([windows = space_.windows_, work] {
      for (std::size_t window = 0; window < windows; ++window) work(window);
    });
  }

  // The features in `from` as bytes, in a place that the next ones take.
  const void* AsBytes(void* from, std::size_t rows, std::size_t channels, float scale) {
    const Features x = All(from, rows, channels), to{bytes_, rows, channels, Number::kUint8};
    AddForEach([x, to, scale](std::size_t window) {
      ToBytes(x.RowsOf(window), x.number, scale, static_cast<std::uint8_t*>(to.Of(window)));
    });
    return bytes_;
  }
  void Note(BlockInput input, const Features& x) {
    if (ranges_ == nullptr) return;
    AddForEach([x, input, block = block_, ranges = ranges_](std::size_t window) {
      ranges->Note(block, input, x.RowsOf(window));
    });
  }

  void Convolve(const onednn::Convolution& convolution, const void* in, void* out) {
    const auto call =
        std::make_shared<onednn::Convolution::Call>(convolution, space_.windows_, in, out);
    scratch_bytes_ = std::max(scratch_bytes_, call->ScratchBytes());
    Add([call, space = &space_] { call->Run(space->scratch_); });
  }

  // The features of all windows, one window's after the other's.
  Features All(void* data, std::size_t rows, std::size_t channels) const {
    return {data, rows, channels, number_};
  }

  void PlanStem();
  void PlanPool(std::size_t rows, std::size_t channels);
  void PlanMix(const Block& block);
  void PlanGate(const Block& block);
  void PlanBlock(const Block& block);
  void PlanPeaks(const PeakBranch& peaks);
  void PlanHead();

  const Net& net_;
  Workspace& space_;
  RangeFinder* const ranges_;
  const Number number_;
  const Needs needs_;
  std::vector<Workspace::Step>* steps_ = nullptr;
  // Features: what a block sees, that pooled, what comes of its first convolution, of its second
  // one and of its shortcut.
  void *x_, *pooled_, *mixed_, *out_, *shortcut_;
  void* bytes_;            // what a convolution of bytes sees
  std::size_t block_ = 0;  // which one is being planned
  Own own_;
  std::size_t scratch_bytes_ = 0;
};

void Planner::PlanStem() {
  const onednn::ConvolutionShape& shape = net_.stem->shape();
  const Features to = All(pooled_, shape.rows, shape.in);
  AddForEach([space = &space_, to](std::size_t window) {
    InterleaveChannels(space->signal_ + window * to.channels * to.rows, to.channels, to.rows,
                       to.number, to.Of(window));
  });
  Convolve(*net_.stem, pooled_, x_);
  if (net_.stem_pools) PlanPool(shape.rows_out(), shape.out);
}

void Planner::PlanPool(std::size_t rows, std::size_t channels) {
  const Features x = All(x_, rows, channels), to = All(pooled_, (rows + 1) / 2, channels);
  AddForEach([x, to](std::size_t window) { MaxPool(x.RowsOf(window), x.number, to.Of(window)); });
  std::swap(x_, pooled_);
}

// To `mixed_`; channels stand side by side where there are several convolutions.
void Planner::PlanMix(const Block& block) {
  if (block.mix_by_state) {
    const StateSpace& layer = *block.mix_by_state;
    const Features x = All(x_, block.rows_mixed(), layer.channels());
    const Features to = All(mixed_, x.rows, x.channels);
    AddForEach([&layer, x, to, states = own_.states](std::size_t window) {
      layer.Run(x.RowsOf(window), x.number, states, to.Of(window));
    });
    return;
  }
  const void* from = x_;
  if (block.bytes) from = AsBytes(x_, block.rows_mixed(), block.channels_in, block.bytes->in);
  if (block.mix.size() == 1) return Convolve(block.mix[0], from, mixed_);
  const Number number = block.bytes ? Number::kUint8 : number_;
  std::size_t at = 0;
  for (const onednn::Convolution& convolution : block.mix) {
    Convolve(convolution, from, out_);
    const onednn::ConvolutionShape& shape = convolution.shape();
    const Features made{out_, shape.rows_out(), shape.out, number};
    const Features to{mixed_, made.rows, block.conv2->shape().in, number};
    AddForEach([made, to, at](std::size_t window) {
      CopyChannels(made.RowsOf(window), made.number, to.Of(window), to.channels, at);
    });
    at += made.channels;
  }
}

void Planner::PlanGate(const Block& block) {
  const onednn::ConvolutionShape& shape = block.conv2->shape();
  const Features x = All(out_, shape.rows_out(), shape.out);
  const Features added = All(block.shortcut ? shortcut_ : x_, x.rows, x.channels);
  const Features to = All(mixed_, x.rows, x.channels);
  AddForEach([x, added, to, &block, my = own_](std::size_t window) {
    Mean(x.RowsOf(window), x.number, my.mean, my.gate);
    Apply(block.squeeze, my.mean, my.hidden);
    for (std::size_t i = 0; i < block.squeeze.out; ++i) {
      my.hidden[i] = my.hidden[i] < 0.0F ? 0.0F : my.hidden[i];
    }
    Apply(block.excite, my.hidden, my.gate);
    std::transform(my.gate, my.gate + x.channels, my.gate, Sigmoid);
    GateAndAdd(x.RowsOf(window), added.Of(window), my.gate, x.number, to.Of(window));
  });
}

void Planner::PlanBlock(const Block& block) {
  if (block.pools) PlanPool(block.rows_in, block.channels_in);
  Note(BlockInput::kFirst, All(x_, block.rows_mixed(), block.channels_in));
  PlanMix(block);
  const onednn::ConvolutionShape& second = block.conv2->shape();
  Note(BlockInput::kSecond, All(mixed_, second.rows, second.in));
  Convolve(*block.conv2, mixed_, out_);
  if (block.shortcut) Convolve(*block.shortcut, x_, shortcut_);
  PlanGate(block);
  std::swap(x_, mixed_);
  ++block_;
}

void Planner::PlanPeaks(const PeakBranch& peaks) {
  const void* from = x_;
  void* to[] = {mixed_, out_};
  for (const onednn::Convolution& convolution : peaks.convolutions) {
    Convolve(convolution, from, to[0]);
    from = to[0];
    std::swap(to[0], to[1]);
  }
  const onednn::ConvolutionShape& last = peaks.convolutions.back().shape();
  const auto* found = static_cast<const float*>(from);
  auto* flat = static_cast<float*>(to[0]);
  AddForEach([&peaks, last, found, flat, space = &space_](std::size_t window) {
    const std::size_t rows = last.rows_out();
    const float* grid = found + window * rows * last.out;
    float* result = space->peaks_ + window * peaks.size();
    if (peaks.linear) {  // over all rows of a channel, channel by channel
      for (std::size_t c = 0; c < last.out; ++c) {
        for (std::size_t i = 0; i < rows; ++i) flat[c * rows + i] = grid[i * last.out + c];
      }
      Apply(*peaks.linear, flat, result);
      grid = result;
    }
    std::transform(grid, grid + peaks.size(), result, Sigmoid);
  });
}

void Planner::PlanHead() {
  const Features x = All(x_, net_.rows_out, net_.channels_out);
  AddForEach([x, net = &net_, my = own_, space = &space_](std::size_t window) {
    Mean(x.RowsOf(window), x.number, my.mean, my.gate);
    if (net->lead_indicator) {
      const float* signal = space->signal_ + window * net->channels * net->samples;
      IndicateLeads(signal, net->channels, net->samples, my.mean + x.channels);
    }
    float* result = space->probabilities_ + window * net->head.out;
    Apply(net->head, my.mean, result);
    std::transform(result, result + net->head.out, result, Sigmoid);
    // Infinite features, which bytes keep from spreading, would be sure of something.
    const bool finite =
        std::all_of(my.mean, my.mean + x.channels, [](float v) { return std::isfinite(v); });
    if (!finite) std::fill(result, result + net->head.out, std::numeric_limits<float>::quiet_NaN());
  });
}

Workspace::Workspace(const Net& net, std::size_t windows, RangeFinder* ranges) : windows_(windows) {
  const onednn::OneThread one_thread;
  Planner(net, *this, ranges).Plan();
}

void Workspace::Run(const float* signal, model::Wanted wanted, float* probabilities, float* peaks) {
  const onednn::OneThread one_thread;
  signal_ = signal;
  probabilities_ = probabilities;
  peaks_ = peaks;
  for (const Step& step : features_) step();
  if (wanted.peaks) {
    for (const Step& step : find_peaks_) step();
  }
  if (wanted.probabilities) {
    for (const Step& step : classify_) step();
  }
}

}  // namespace ecg::runtime
