// The network at the paper's size and at one that two cores train: its convolutions alone, the bare
// forward and training step, and prediction end to end (records on disk to CSVs on disk) beside
// them. Rates are in records a second.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <vector>

#include "ecg/apps/jobs/predict_folder.h"
#include "ecg/core/parallel.h"
#include "ecg/core/progress.h"
#include "ecg/data/sim/data_set.h"
#include "ecg/infer/criteria.h"
#include "ecg/model/nn/device.h"
#include "ecg/model/nn/torch_network.h"
#include "ecg/train/adamw.h"
#include "src/apps/cli/brief_spinning.h"
#include "src/train/communicator.h"
#include "src/train/learner.h"

namespace {

using namespace ecg;

// The paper's network, and one that two cores train.
struct Size {
  std::int64_t batch;
  std::int64_t samples;
  int width;
};
constexpr Size kSizes[] = {{16, 4992, 64}, {64, 992, 32}};

model::SeResNetConfig ConfigOf(const Size& size) {
  model::SeResNetConfig config;
  config.samples = size.samples;
  config.width = size.width;
  return config;
}

nn::SeResNet MakeModel(const Size& size) {
  nn::SetThreads(0);
  nn::PrepareTraining();
  torch::manual_seed(1);
  return nn::SeResNet(ConfigOf(size));
}

void CountRecords(benchmark::State& state, std::int64_t records) {
  state.counters["records"] = benchmark::Counter(static_cast<double>(records * state.iterations()),
                                                 benchmark::Counter::kIsRate);
}

void Sizes(benchmark::internal::Benchmark* each) {
  each->ArgNames({"size", "bf16"})->ArgsProduct({{0, 1}, {0, 1}})->UseRealTime()->MinTime(5);
}

void BareForward(benchmark::State& state) {
  const Size& size = kSizes[state.range(0)];
  nn::SeResNet model = MakeModel(size);
  model->eval();
  const torch::InferenceMode inference;
  const nn::AutocastGuard autocast(torch::kCPU, state.range(1) != 0);
  const torch::Tensor x = torch::randn({size.batch, 8, size.samples});
  for (auto _ : state) benchmark::DoNotOptimize(model(x).sum().item<float>());
  CountRecords(state, size.batch);
}
BENCHMARK(BareForward)->Apply(Sizes);

// A batch of 64 in micro-batches of 16, as the shipped configurations have it.
constexpr Size kSteps[] = {{64, 4992, 64}, {64, 992, 16}, {64, 992, 32}, {64, 992, 64}};
constexpr std::int64_t kMicroBatch = 16;

data::Batch Noise(const Size& size) {
  data::Batch batch;
  batch.size = static_cast<std::size_t>(size.batch);
  batch.all_micro_batches = static_cast<std::size_t>(size.batch / kMicroBatch);
  batch.micro_batches.assign(batch.all_micro_batches, kMicroBatch);
  const torch::Tensor x = torch::randn({size.batch * 8 * size.samples});
  batch.signal.assign(x.data_ptr<float>(), x.data_ptr<float>() + x.numel());
  batch.labels.assign(batch.size * 26, 0);
  batch.mask.assign(batch.size * 26, 1);
  return batch;
}

void TrainingStep(benchmark::State& state) {
  const Size& size = kSteps[state.range(0)];
  nn::SeResNet model = MakeModel(size);
  nn::SetThreads(1);
  model->train();
  train::AdamW optimizer(*model, 0.01);
  train::LearnerConfig config;
  config.bf16 = state.range(1) != 0;
  config.threads = static_cast<int>(state.range(2));
  train::SingleProcess alone;
  train::Learner learner(config, {}, alone);
  const data::Batch batch = Noise(size);
  std::uint64_t step = 0;
  for (auto _ : state) learner.Step(model, optimizer, batch, step++, 1e-4);
  CountRecords(state, size.batch);
}
BENCHMARK(TrainingStep)
    ->ArgNames({"size", "bf16", "threads"})
    ->ArgsProduct({{0, 1, 2, 3}, {0, 1}, {1, 2}})
    ->UseRealTime()
    ->MinTime(5);

// What the convolutions of a step take by themselves: each with its own shape, in the faster of two
// layouts; the bound of any step that computes them with this library.
struct Convolution {
  std::int64_t in, out, kernel, stride, length;
};

std::vector<Convolution> ConvolutionsOf(const model::SeResNetConfig& config) {
  std::vector<Convolution> list = {
      {config.in_channels, config.width, config.stem_kernel, 2, config.samples}};
  std::int64_t length = (config.samples + 1) / 2, in = config.width;
  for (std::size_t s = 0; s < config.blocks.size(); ++s) {
    const std::int64_t out = static_cast<std::int64_t>(config.width) << s;
    length = (length + 1) / 2;
    for (int b = 0; b < config.blocks[s]; ++b) {
      if (in != out) list.push_back({in, out, 1, 1, length});
      list.push_back({in, out, config.kernel, 1, length});
      list.push_back({out, out, config.kernel, 1, length});
      in = out;
    }
  }
  return list;
}

double SecondsOf(const std::function<void()>& work) {
  work();
  double best = 1e9, total = 0;
  for (int i = 0; i < 20 && (i < 3 || total < 0.3); ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const double s =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = std::min(best, s);
    total += s;
  }
  return best;
}

// Forward, backward by data, backward by weights.
std::array<double, 3> TimeConvolution(const Convolution& c, std::int64_t batch, bool bf16,
                                      bool channels_last) {
  const auto type = bf16 ? torch::kBFloat16 : torch::kFloat32;
  const auto format =
      channels_last ? torch::MemoryFormat::ChannelsLast : torch::MemoryFormat::Contiguous;
  const auto flat = [&](torch::Tensor t) {
    return channels_last ? t.contiguous(format) : t.squeeze(2).contiguous();
  };
  const torch::Tensor x = flat(torch::randn({batch, c.in, 1, c.length}).to(type));
  const torch::Tensor w = flat(torch::randn({c.out, c.in, 1, c.kernel}).to(type));
  const auto dimensions = [&](std::int64_t last, std::int64_t other) {
    return channels_last ? std::vector<std::int64_t>{other, last} : std::vector<std::int64_t>{last};
  };
  const auto stride = dimensions(c.stride, 1), pad = dimensions(c.kernel / 2, 0),
             dilation = dimensions(1, 1), none = dimensions(0, 0);
  const auto forward = [&] {
    return at::convolution(x, w, {}, stride, pad, dilation, false, none, 1);
  };
  const torch::Tensor g = torch::randn_like(forward());
  const auto backward = [&](std::array<bool, 3> mask) {
    return at::convolution_backward(g, x, w, at::OptionalIntArrayRef(), stride, pad, dilation,
                                    false, none, 1, mask);
  };
  return {SecondsOf([&] { forward(); }), SecondsOf([&] {
            backward({true, false, false});
          }),
          SecondsOf([&] {
            backward({false, true, false});
          })};
}

void ConvolutionsAlone(benchmark::State& state) {
  const Size& size = kSizes[state.range(0)];
  nn::SetThreads(0);
  nn::PrepareTraining();
  const torch::NoGradGuard no_grad;
  std::array<double, 3> seconds{};
  for (auto _ : state) {
    seconds = {};
    const std::vector<Convolution> list = ConvolutionsOf(ConfigOf(size));
    for (const Convolution& c : list) {
      const auto rows = TimeConvolution(c, size.batch, state.range(1) != 0, true);
      const auto plain = TimeConvolution(c, size.batch, state.range(1) != 0, false);
      for (std::size_t k = 0; k < 3; ++k) {
        if (k == 1 && c.in == 8) continue;  // nobody asks for the gradient of the signal
        seconds[k] += std::min(rows[k], plain[k]);
      }
    }
  }
  const auto records = static_cast<double>(size.batch);
  state.counters["forward"] = records / seconds[0];
  state.counters["by_data"] = records / seconds[1];
  state.counters["by_weights"] = records / seconds[2];
  state.counters["step"] = records / (seconds[0] + seconds[1] + seconds[2]);
}
BENCHMARK(ConvolutionsAlone)
    ->ArgNames({"size", "bf16"})
    ->ArgsProduct({{0, 1}, {0, 1}})
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

// With windows as long as the recordings, so that a record is a window. The narrow network has
// criteria besides, as the model that ships.
void PredictEndToEnd(benchmark::State& state) {
  const Size& size = kSizes[state.range(0)];
  const bool narrow = state.range(0) == 1;
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "ecg-network-bench";
  sim::DataSetOptions data;
  data.count = narrow ? 1024 : 128;
  data.simulation.sources = {"PTB_XL"};
  sim::WriteDataSet(folder / "in", data, nullptr).value();
  model::ModelInfo info;
  info.decision.thresholds.assign(26, 0.5);
  info.window.samples = static_cast<int>(size.samples);
  if (narrow) {
    info.preprocess.sampling_rate = 100;
    info.decision.criteria = infer::CriteriaOf(info.task.classes());
  }
  const infer::Ensemble ensemble = infer::MakeEnsemble(
      info, std::make_shared<nn::TorchNetwork>(MakeModel(size), torch::Device(torch::kCPU),
                                               state.range(1) != 0, AvailableThreads()));
  jobs::PredictFolderConfig config;
  config.predict.batch_size = static_cast<int>(size.batch);
  ProgressBar silent(nullptr);
  for (auto _ : state) {
    jobs::PredictFolder(ensemble, folder / "in", folder / "out", config, silent);
  }
  CountRecords(state, static_cast<std::int64_t>(data.count));
  std::filesystem::remove_all(folder);
}
BENCHMARK(PredictEndToEnd)->Apply(Sizes);

}  // namespace
