#include "ecg/train/trainer.h"

#include <torch/version.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "ecg/core/parallel.h"
#include "ecg/core/prefetch.h"
#include "ecg/core/version.h"
#include "ecg/infer/bundle.h"
#include "ecg/nn/device.h"
#include "ecg/nn/losses.h"
#include "ecg/nn/weights.h"
#include "ecg/score/thresholds.h"
#include "ecg/train/dataset.h"
#include "ecg/train/evaluate.h"
#include "ecg/train/run_folder.h"
#include "ecg/train/schedule.h"

namespace ecg::train {
namespace {

constexpr std::size_t kBatchesAhead = 4;
constexpr char kFullLeadSet[] = "12";

double Seconds(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
}

infer::ModelInfo DescribeModel(const Config& config) {
  infer::ModelInfo info;
  info.architecture = config.model;
  info.classes = challenge::Classes2021().classes();
  info.preprocess = config.preprocess;
  info.window = config.window;
  info.thresholds.assign(info.classes.size(), config.thresholds.fixed);
  info.post_processing = config.post_processing;
  info.lead_sets = config.lead_sets;
  info.architecture.in_channels = static_cast<std::int64_t>(info.preprocess.leads.size());
  info.architecture.classes = static_cast<std::int64_t>(info.classes.size());
  return info;
}

Json ToJson(const score::Metrics& metrics) {
  return {{"challenge_metric", metrics.challenge},
          {"auroc", metrics.auroc},
          {"auprc", metrics.auprc},
          {"f_measure", metrics.f_measure},
          {"accuracy", metrics.accuracy}};
}

class Run {
 public:
  Run(const Config& config, TrainObserver& observer)
      : config_(config),
        observer_(observer),
        device_(nn::ChooseDevice(config.compute.device)),
        bf16_(nn::UseBf16(config.compute.precision, device_)),
        info_(DescribeModel(config)),
        dataset_(LoadDataset(config).value()),
        batches_(dataset_.train, config.preprocess, MakeBatchConfig(config)) {
    nn::SetThreads(config.compute.threads);
    torch::manual_seed(static_cast<std::uint64_t>(config.seed));
    model_ = nn::SeResNet(info_.architecture);
    model_->to(device_);
  }

  void Report() {
    observer_.OnData({dataset_.train.size(), dataset_.validation.size(), dataset_.test.size(),
                      dataset_.excluded, dataset_.failed.size()});
    WarnOf(dataset_.failed);
    for (const std::string& warning : dataset_.warnings) observer_.OnWarning(warning);
    if (dataset_.train.empty()) throw Exception(InputError("the split leaves no training record"));
    if (dataset_.validation.empty()) {
      throw Exception(InputError("the split leaves no validation record"));
    }
    std::size_t parameters = 0;
    for (const torch::Tensor& parameter : model_->parameters()) {
      parameters += static_cast<std::size_t>(parameter.numel());
    }
    observer_.OnModel(parameters, device_.str(), bf16_);
  }

  std::filesystem::path Execute(bool overwrite) {
    folder_.emplace(config_, overwrite);
    observer_.OnFolder(folder_->path());
    Config resolved = config_;
    folder_->WriteConfig(DescribeSettings(resolved).ToJson());
    folder_->WriteEnvironment(Environment());
    Report();
    const int epochs = config_.optimizer.epochs;
    torch::optim::AdamW optimizer(model_->parameters(),
                                  torch::optim::AdamWOptions(config_.optimizer.learning_rate)
                                      .weight_decay(config_.optimizer.weight_decay));
    double best_metric = -std::numeric_limits<double>::infinity();
    int best_epoch = 0;
    for (int epoch = 1; epoch <= epochs; ++epoch) {
      const auto start = std::chrono::steady_clock::now();
      EpochSummary summary;
      summary.epoch = epoch;
      summary.loss = TrainEpoch(epoch, optimizer);
      summary.learning_rate = RateAt(step_ - 1);
      summary.validation = EvaluateDecisions(Predict(dataset_.validation, kFullLeadSet), info_);
      summary.best = summary.validation.challenge > best_metric;
      Save("last");
      if (summary.best) {
        best_metric = summary.validation.challenge;
        best_epoch = epoch;
        Save("best");
      }
      summary.seconds = Seconds(start);
      LogEpoch(summary);
      observer_.OnEpoch(summary);
      if (epoch - best_epoch >= config_.optimizer.patience) break;
    }
    return Finish(best_epoch);
  }

 private:
  static data::BatchConfig MakeBatchConfig(const Config& config) {
    data::BatchConfig batches;
    batches.batch_size = static_cast<std::size_t>(config.optimizer.batch_size);
    batches.window = static_cast<std::size_t>(config.window.samples);
    batches.lead_sets = config.lead_sets;
    batches.seed = static_cast<std::uint64_t>(config.seed);
    return batches;
  }

  Json Environment() const {
    return {{"version", Version()},
            {"git_revision", GitRevision()},
            {"libtorch", TORCH_VERSION},
            {"compiler", __VERSION__},
            {"device", device_.str()},
            {"precision", bf16_ ? "bf16" : "fp32"},
            {"threads", config_.compute.threads > 0 ? config_.compute.threads : AvailableThreads()},
            {"seed", config_.seed}};
  }

  void WarnOf(const std::vector<data::FailedRecord>& failed) {
    for (const data::FailedRecord& record : failed) {
      observer_.OnWarning("left out " + record.id + ": " + record.error.ToString());
    }
  }

  double RateAt(std::size_t step) const {
    const auto steps = [&](int epochs) {
      return static_cast<std::size_t>(epochs) * batches_.batches();
    };
    return LearningRate(config_.optimizer.learning_rate, step,
                        steps(config_.optimizer.warmup_epochs), steps(config_.optimizer.epochs));
  }

  // Returns the mean loss.
  double TrainEpoch(int epoch, torch::optim::AdamW& optimizer) {
    model_->train();
    const auto number = static_cast<std::uint64_t>(epoch);
    const std::vector<std::size_t> order = batches_.Order(number);
    OrderedPrefetch<data::Batch> prefetch(
        batches_.batches(), config_.data.loader_threads, kBatchesAhead,
        [&](std::size_t b) { return batches_.Make(number, order, b); });
    observer_.progress().Begin("epoch " + std::to_string(epoch), batches_.batches());
    double total = 0;
    std::size_t steps = 0;
    while (std::optional<data::Batch> batch = prefetch.Next()) {
      if (epoch == 1) WarnOf(batch->failed);
      if (batch->size > 0) total += TrainStep(*batch, optimizer);
      ++steps;
      observer_.progress().Advance(steps,
                                   "loss " + std::to_string(total / static_cast<double>(steps)));
    }
    observer_.progress().End();
    return total / static_cast<double>(steps);
  }

  double TrainStep(const data::Batch& batch, torch::optim::AdamW& optimizer) {
    for (auto& group : optimizer.param_groups()) group.options().set_lr(RateAt(step_));
    optimizer.zero_grad();
    const auto micro = static_cast<std::size_t>(config_.optimizer.micro_batch_size);
    double loss = 0;
    for (std::size_t begin = 0; begin < batch.size; begin += micro) {
      loss += Accumulate(batch, begin, std::min(micro, batch.size - begin));
    }
    if (!std::isfinite(loss)) {
      throw Exception({ErrorKind::kDiverged,
                       "the loss is not finite at step " + std::to_string(step_) +
                           "; a smaller optimizer.learning_rate may help",
                       {},
                       0,
                       {}});
    }
    if (config_.optimizer.gradient_clip > 0) {
      torch::nn::utils::clip_grad_norm_(model_->parameters(), config_.optimizer.gradient_clip);
    }
    optimizer.step();
    folder_->Log(static_cast<std::int64_t>(step_),
                 {{"step", step_}, {"loss", loss}, {"learning_rate", RateAt(step_)}});
    ++step_;
    return loss;
  }

  // Adds the gradients of some of a batch's records; returns their share of the batch's loss.
  double Accumulate(const data::Batch& batch, std::size_t begin, std::size_t count) {
    const auto rows = [&](const std::vector<float>& values, torch::IntArrayRef shape) {
      const std::size_t row = values.size() / batch.size;
      return torch::from_blob(const_cast<float*>(values.data()) + begin * row, shape).to(device_);
    };
    const auto n = static_cast<std::int64_t>(count);
    const torch::Tensor x =
        rows(batch.signal, {n, info_.architecture.in_channels, config_.window.samples});
    const torch::Tensor labels = rows(batch.labels, {n, info_.architecture.classes});
    const torch::Tensor mask = rows(batch.mask, {n, info_.architecture.classes});
    torch::Tensor logits;
    {
      const nn::AutocastGuard autocast(device_, bf16_);
      logits = model_(x);
    }
    const torch::Tensor loss = nn::ClassificationLoss(logits, labels, mask, config_.loss) *
                               (static_cast<double>(count) / static_cast<double>(batch.size));
    loss.backward();
    return loss.item<double>();
  }

  Predictions Predict(const std::vector<data::RecordEntry>& records, const std::string& lead_set) {
    model_->eval();
    infer::PredictConfig config;
    config.loader_threads = config_.data.loader_threads;
    config.compute = config_.compute;
    Predictions predictions = PredictLabelled(model_, info_, config, records, lead_set);
    if (predictions.labels.empty()) {
      throw Exception(InputError("none of the records to evaluate can be read"));
    }
    return predictions;
  }

  void Save(const std::string& checkpoint) {
    SaveBundle(folder_->Checkpoint(checkpoint), info_, model_).value();
  }

  void LogEpoch(const EpochSummary& summary) {
    Json values = {{"step", step_},
                   {"epoch", summary.epoch},
                   {"epoch_loss", summary.loss},
                   {"seconds", summary.seconds}};
    const Json metrics = ToJson(summary.validation);
    for (const auto& [name, value] : metrics.items()) {
      values["validation_" + name] = value;
    }
    folder_->Log(static_cast<std::int64_t>(step_), values);
  }

  // Goes back to the best epoch, fits the thresholds, writes the bundle and its figures.
  std::filesystem::path Finish(int best_epoch) {
    const infer::Bundle best = infer::LoadBundle(folder_->Checkpoint("best")).value();
    model_ = best.model;
    model_->to(device_);
    std::vector<std::pair<std::string, Predictions>> validation;
    for (const std::string& lead_set : FinalLeadSets()) {
      validation.emplace_back(lead_set, Predict(dataset_.validation, lead_set));
    }
    const infer::ModelInfo fixed = info_;
    if (config_.thresholds.fit) FitThresholds(validation);

    Json scores = Json::object();
    const auto conclude = [&](const std::string& part, const std::string& lead_set,
                              const Predictions& predictions) {
      const FinalFigures figures = {part, lead_set, config_.thresholds.fixed,
                                    EvaluateDecisions(predictions, fixed),
                                    EvaluateDecisions(predictions, info_)};
      scores[part][lead_set] = {{"fixed_threshold", ToJson(figures.fixed)},
                                {"bundle_thresholds", ToJson(figures.fitted)}};
      observer_.OnFinal(figures);
    };
    for (const auto& [lead_set, predictions] : validation) {
      conclude("validation", lead_set, predictions);
    }
    if (!dataset_.test.empty()) {
      for (const std::string& lead_set : FinalLeadSets()) {
        conclude("test", lead_set, Predict(dataset_.test, lead_set));
      }
    }
    info_.provenance = {{"training_records", dataset_.train.size()},
                        {"best_epoch", best_epoch},
                        {"environment", Environment()},
                        {"scores", scores}};
    SaveBundle(folder_->Model(), info_, model_).value();
    folder_->Log(static_cast<std::int64_t>(step_), {{"step", step_}, {"final", scores}});
    return folder_->Model();
  }

  // All leads first, then the reduced sets.
  std::vector<std::string> FinalLeadSets() const {
    std::vector<std::string> sets = {kFullLeadSet};
    for (const challenge::LeadSet& set : challenge::LeadSets()) {
      if (set.name != kFullLeadSet) sets.push_back(set.name);
    }
    return sets;
  }

  // One set of thresholds for every lead set, as there is one model for all: more decisions to fit
  // them on than the validation records alone give.
  void FitThresholds(const std::vector<std::pair<std::string, Predictions>>& validation) {
    std::vector<std::uint8_t> labels;
    std::vector<float> probabilities;
    for (const auto& [lead_set, predictions] : validation) {
      labels.insert(labels.end(), predictions.labels.begin(), predictions.labels.end());
      probabilities.insert(probabilities.end(), predictions.probabilities.begin(),
                           predictions.probabilities.end());
    }
    info_.thresholds =
        score::FitThresholds(labels, probabilities, challenge::Classes2021(),
                             config_.thresholds.fixed, [this](std::uint8_t* decisions) {
                               infer::PostProcess(decisions, info_.classes, info_.post_processing);
                             });
  }

  const Config config_;
  TrainObserver& observer_;
  const torch::Device device_;
  const bool bf16_;
  infer::ModelInfo info_;
  const Dataset dataset_;
  const data::TrainingBatches batches_;
  std::optional<RunFolder> folder_;
  nn::SeResNet model_{nullptr};
  std::size_t step_ = 0;  // optimiser steps done
};

}  // namespace

std::filesystem::path Train(const Config& config, bool overwrite, TrainObserver& observer) {
  return Run(config, observer).Execute(overwrite);
}

void CheckRun(const Config& config, TrainObserver& observer) { Run(config, observer).Report(); }

}  // namespace ecg::train
