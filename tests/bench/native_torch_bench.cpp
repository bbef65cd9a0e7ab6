// The native engine between its limit, each convolution alone by oneDNN, and LibTorch's eager
// operators, measured in turns; rates are medians in windows a second.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "ecg/core/parallel.h"
#include "ecg/core/thread_team.h"
#include "ecg/model/network_layout.h"
#include "ecg/model/nn/networks.h"
#include "ecg/model/nn/se_resnet.h"
#include "ecg/model/nn/weights.h"
#include "ecg/runtime/engine.h"
#include "src/apps/cli/brief_spinning.h"
#include "src/onednn/convolution.h"
#include "src/onednn/processor.h"

namespace {

using namespace ecg;

constexpr int kRounds = 9;

struct Size {
  std::int64_t samples;
  int width;
};
constexpr Size kSizes[] = {{4992, 64}, {992, 32}};  // the paper's network, that which ships

model::Bundle MakeBundle(const Size& size) {
  model::Bundle bundle;
  bundle.info.architecture.samples = size.samples;
  bundle.info.architecture.width = size.width;
  torch::manual_seed(1);
  bundle.weights = nn::SerializeWeights(*nn::SeResNet(bundle.info.architecture));
  return bundle;
}

double SecondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// A convolution with places of its own for each thread.
class Alone {
 public:
  Alone(const onednn::ConvolutionShape& shape, onednn::Number in, onednn::Number out)
      : convolution_(Make(shape, in, out)) {
    for (int i = 0; i < AvailableThreads(); ++i) {
      Places& places = places_.emplace_back();
      places.in.resize(shape.rows * shape.in + 64);
      places.out.resize(shape.rows_out() * shape.out + 64);
      const onednn::OneThread one_thread;
      places.call = std::make_unique<onednn::Convolution::Call>(convolution_, 1, places.in.data(),
                                                                places.out.data());
      places.scratch.resize(places.call->ScratchBytes() / sizeof(float) + 64);
    }
  }

  void Run(ThreadTeam& team, std::size_t windows) {
    // A thread's share at a time, in places that no other has.
    const std::size_t shares = std::min(windows, places_.size());
    team.ForEach(shares, [&](std::size_t i) {
      const onednn::OneThread one_thread;
      const std::size_t count = windows * (i + 1) / shares - windows * i / shares;
      for (std::size_t k = 0; k < count; ++k) places_[i].call->Run(places_[i].scratch.data());
    });
  }

 private:
  struct Places {
    std::vector<float> in, out, scratch;
    std::unique_ptr<onednn::Convolution::Call> call;
  };

  static onednn::Convolution Make(const onednn::ConvolutionShape& shape, onednn::Number in,
                                  onednn::Number out) {
    const onednn::OneThread one_thread;
    const onednn::ConvolutionWeights zeros{std::vector<float>(shape.out * shape.in * shape.kernel),
                                           std::vector<float>(shape.out)};
    return {shape, zeros, /*relu=*/false, in, out};
  }

  onednn::Convolution convolution_;
  std::vector<Places> places_;
};

// What features are made of, and what the convolutions of blocks see.
struct Numbers {
  onednn::Number features, in_blocks;
};

Numbers NumbersOf(model::Precision precision) {
  const onednn::Number widest =
      precision == model::Precision::kBf16 ||
              (precision == model::Precision::kInt8 && onednn::HasNativeBf16())
          ? onednn::Number::kBf16
          : onednn::Number::kFp32;
  return {widest, precision == model::Precision::kInt8 ? onednn::Number::kUint8 : widest};
}

std::vector<Alone> ConvolutionsOf(const model::SeResNetConfig& config, const Numbers& numbers) {
  std::vector<Alone> list;
  const auto add = [&](const model::ConvolutionLayer& layer, std::size_t rows, onednn::Number in,
                       onednn::Number out) {
    const onednn::ConvolutionShape shape{
        static_cast<std::size_t>(layer.in), static_cast<std::size_t>(layer.out),
        static_cast<std::size_t>(layer.kernel), static_cast<std::size_t>(layer.stride), rows};
    list.emplace_back(shape, in, out);
    return shape.rows_out();
  };
  const model::NetworkLayout layout = model::LayOut(config);
  const onednn::Number features = numbers.features, inside = numbers.in_blocks;
  std::size_t rows = add(layout.stem, static_cast<std::size_t>(config.samples), features, features);
  for (const std::vector<model::BlockLayout>& stage : layout.stages) {
    for (const model::BlockLayout& block : stage) {
      if (block.pools) rows = (rows + 1) / 2;
      for (const model::ConvolutionLayer& layer : block.mix) add(layer, rows, inside, inside);
      add(block.conv2, rows, inside, features);
      if (block.shortcut) add(*block.shortcut, rows, features, features);
    }
  }
  return list;
}

constexpr model::Precision kPrecisions[] = {model::Precision::kFp32, model::Precision::kBf16,
                                            model::Precision::kInt8};

// Forward passes of a batch by whatever there is.
void Forward(benchmark::State& state) {
  model::Bundle bundle = MakeBundle(kSizes[state.range(0)]);
  bundle.info.ranges.assign(16, {1, 1});
  const auto windows = static_cast<std::size_t>(state.range(2));
  model::ComputeConfig compute;
  compute.precision = kPrecisions[state.range(1)];
  const bool int8 = compute.precision == model::Precision::kInt8;
  if (compute.precision == model::Precision::kBf16 && !onednn::CanBf16()) {
    return state.SkipWithError("no bf16 on this processor");
  }
  const auto native = runtime::Networks(compute)(bundle);
  const auto eager = int8 ? nullptr : nn::MakeNetworks(compute)(bundle);
  std::vector<Alone> convolutions =
      ConvolutionsOf(bundle.info.architecture, NumbersOf(compute.precision));
  ThreadTeam team(0);
  const torch::Tensor x =
      torch::randn({static_cast<std::int64_t>(windows), 8, bundle.info.architecture.samples});
  model::NetworkOutput output;
  const auto run = [&](model::Network& network) {
    network.Run(x.data_ptr<float>(), windows, {}, output);
  };
  std::vector<double> limit, engine, libtorch, share;
  for (auto _ : state) {
    for (int round = -1; round < kRounds; ++round) {
      const double alone = SecondsOf([&] {
        for (Alone& convolution : convolutions) convolution.Run(team, windows);
      });
      const double ours = SecondsOf([&] { run(*native); });
      const double theirs = eager ? SecondsOf([&] { run(*eager); }) : 0;
      if (round < 0) continue;  // warm by now
      limit.push_back(alone);
      engine.push_back(ours);
      libtorch.push_back(theirs);
      share.push_back(alone / ours);
    }
  }
  state.counters["limit"] = static_cast<double>(windows) / Median(limit);
  state.counters["engine"] = static_cast<double>(windows) / Median(engine);
  if (eager) state.counters["libtorch"] = static_cast<double>(windows) / Median(libtorch);
  state.counters["share"] = Median(share);
}
BENCHMARK(Forward)
    ->ArgNames({"size", "precision", "batch"})
    ->ArgsProduct({{0, 1}, {0, 1, 2}, {1, 16}})
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

}  // namespace
