// The network at the paper's size: the bare forward and training step, and prediction end to end
// (records on disk to CSVs on disk) beside them. Rates are in records a second.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <filesystem>

#include "ecg/core/progress.h"
#include "ecg/infer/predict_folder.h"
#include "ecg/nn/device.h"
#include "ecg/nn/losses.h"
#include "ecg/nn/torch_network.h"
#include "ecg/sim/data_set.h"

namespace {

using namespace ecg;

constexpr std::int64_t kBatch = 16;
constexpr std::int64_t kWindow = 4992;

nn::SeResNet PaperModel() {
  nn::SetThreads(0);
  torch::manual_seed(1);
  return nn::SeResNet(model::SeResNetConfig{});
}

void CountRecords(benchmark::State& state, std::int64_t records) {
  state.counters["records"] = benchmark::Counter(static_cast<double>(records * state.iterations()),
                                                 benchmark::Counter::kIsRate);
}

void BareForward(benchmark::State& state) {
  nn::SeResNet model = PaperModel();
  model->eval();
  const torch::InferenceMode inference;
  const nn::AutocastGuard autocast(torch::kCPU, state.range(0) != 0);
  const torch::Tensor x = torch::randn({kBatch, 8, kWindow});
  for (auto _ : state) benchmark::DoNotOptimize(model(x).sum().item<float>());
  CountRecords(state, kBatch);
}
BENCHMARK(BareForward)->ArgName("bf16")->Arg(0)->Arg(1)->UseRealTime()->MinTime(5);

void BareTrainingStep(benchmark::State& state) {
  nn::SeResNet model = PaperModel();
  torch::optim::AdamW optimizer(model->parameters(), torch::optim::AdamWOptions(1e-4));
  const torch::Tensor x = torch::randn({kBatch, 8, kWindow});
  const torch::Tensor labels = torch::zeros({kBatch, 26});
  const torch::Tensor mask = torch::ones({kBatch, 26});
  for (auto _ : state) {
    optimizer.zero_grad();
    torch::Tensor logits;
    {
      const nn::AutocastGuard autocast(torch::kCPU, state.range(0) != 0);
      logits = model(x);
    }
    nn::ClassificationLoss(logits, labels, mask, {}).backward();
    optimizer.step();
  }
  CountRecords(state, kBatch);
}
BENCHMARK(BareTrainingStep)->ArgName("bf16")->Arg(0)->Arg(1)->UseRealTime()->MinTime(5);

void PredictEndToEnd(benchmark::State& state) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "ecg-network-bench";
  sim::DataSetOptions data;
  data.count = 128;
  data.simulation.sources = {"PTB_XL"};
  sim::WriteDataSet(folder / "in", data, nullptr).value();
  model::ModelInfo info;
  info.decision.thresholds.assign(26, 0.5);
  const infer::Ensemble ensemble =
      infer::MakeEnsemble(info, std::make_shared<nn::TorchNetwork>(
                                    PaperModel(), torch::Device(torch::kCPU), state.range(0) != 0));
  infer::PredictFolderConfig config;
  config.predict.batch_size = kBatch;
  ProgressBar silent(nullptr);
  for (auto _ : state) {
    infer::PredictFolder(ensemble, folder / "in", folder / "out", config, silent);
  }
  CountRecords(state, static_cast<std::int64_t>(data.count));
  std::filesystem::remove_all(folder);
}
BENCHMARK(PredictEndToEnd)->ArgName("bf16")->Arg(0)->Arg(1)->UseRealTime()->MinTime(5);

}  // namespace
