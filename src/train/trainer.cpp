#include "ecg/train/trainer.h"

#include <torch/version.h>

#include <algorithm>
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
#include "ecg/score/thresholds.h"
#include "ecg/train/dataset.h"
#include "ecg/train/evaluate.h"
#include "ecg/train/run_folder.h"
#include "ecg/train/schedule.h"
#include "src/train/learner.h"

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
  info.peak_threshold = config.peaks.threshold;
  info.lead_sets = config.lead_sets;
  info.CompleteArchitecture();
  return info;
}

Json ToJson(const score::Metrics& metrics) {
  return {{"challenge_metric", metrics.challenge},
          {"auroc", metrics.auroc},
          {"auprc", metrics.auprc},
          {"f_measure", metrics.f_measure},
          {"accuracy", metrics.accuracy}};
}

// Figures that do not exist are null.
Json ToJson(const score::PeakTallies& tallies) {
  Json json = Json::object();
  for (std::size_t k = 0; k < tallies.size(); ++k) {
    const std::string name(1, dsp::kPeakNames[k]);
    json["sensitivity_" + name] = tallies[k].Sensitivity();
    json["positive_predictivity_" + name] = tallies[k].PositivePredictivity();
  }
  return json;
}

// The epochs of a phase and what is learnt in them.
struct PhasePlan {
  Phase phase = Phase::kTraining;
  Tasks tasks;
  int epochs = 0;
  double learning_rate = 0;
  int warmup_epochs = 0;
  int patience = 0;  // 0: all epochs
};

PhasePlan PretrainingPlan(const Config& config) {
  return {Phase::kPretraining,
          {false, true},
          config.pretraining.epochs,
          config.pretraining.learning_rate,
          config.pretraining.warmup_epochs,
          0};
}

PhasePlan TrainingPlan(const Config& config) {
  return {Phase::kTraining,
          {true, config.model.DetectsPeaks()},
          config.optimizer.epochs,
          config.optimizer.learning_rate,
          config.optimizer.warmup_epochs,
          config.optimizer.patience};
}

data::RecordStore MakeStore(const Config& config) {
  std::optional<dsp::Delineator> delineator;
  if (config.model.DetectsPeaks()) delineator = config.peaks.delineator;
  return data::RecordStore(config.preprocess, delineator, config.data.cache);
}

data::BatchConfig MakeBatchConfig(const Config& config) {
  data::BatchConfig batches;
  batches.batch_size = static_cast<std::size_t>(config.optimizer.batch_size);
  batches.window = static_cast<std::size_t>(config.window.samples);
  batches.lead_sets = config.lead_sets;
  if (config.model.DetectsPeaks()) {
    batches.peak_grid.emplace(config.model.peak_grid, config.model.blocks.size());
  }
  batches.seed = static_cast<std::uint64_t>(config.seed);
  return batches;
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
        store_(MakeStore(config)),
        batches_(dataset_.train, store_, MakeBatchConfig(config)) {
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
    if (config_.pretraining.epochs > 0) RunPhase(PretrainingPlan(config_));
    return Finish(RunPhase(TrainingPlan(config_)));
  }

 private:
  // Returns the best epoch by the validation records' challenge metric, 0 where there is none.
  int RunPhase(const PhasePlan& plan) {
    Learner learner(model_, config_, plan.tasks, device_, bf16_);
    double best_metric = -std::numeric_limits<double>::infinity();
    int best_epoch = 0;
    const std::size_t first_step = step_;
    for (int epoch = 1; epoch <= plan.epochs; ++epoch) {
      const auto start = std::chrono::steady_clock::now();
      EpochSummary summary;
      summary.phase = plan.phase;
      summary.epoch = epoch;
      TrainEpoch(plan, first_step, learner, summary);
      const Predictions predictions = Predict(dataset_.validation, kFullLeadSet, plan.tasks);
      if (plan.tasks.detect_peaks) summary.peaks = predictions.peaks;
      if (plan.tasks.classify) {
        summary.validation = EvaluateDecisions(predictions, info_);
        summary.best = summary.validation.challenge > best_metric;
      }
      Save("last");
      if (summary.best) {
        best_metric = summary.validation.challenge;
        best_epoch = epoch;
        Save("best");
      }
      summary.seconds = Seconds(start);
      LogEpoch(summary);
      observer_.OnEpoch(summary);
      if (plan.patience > 0 && epoch - best_epoch >= plan.patience) break;
    }
    return best_epoch;
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

  double RateAt(const PhasePlan& plan, std::size_t step) const {
    const auto steps = [&](int epochs) {
      return static_cast<std::size_t>(epochs) * batches_.batches();
    };
    return LearningRate(plan.learning_rate, step, steps(plan.warmup_epochs), steps(plan.epochs));
  }

  void TrainEpoch(const PhasePlan& plan, std::size_t first_step, Learner& learner,
                  EpochSummary& summary) {
    model_->train();
    const std::uint64_t number = ++epochs_begun_;
    const std::vector<std::size_t> order = batches_.Order(number);
    OrderedPrefetch<data::Batch> prefetch(
        batches_.batches(), config_.data.loader_threads, kBatchesAhead,
        [&](std::size_t b) { return batches_.Make(number, order, b); });
    observer_.progress().Begin(NameOf(plan.phase) + (" epoch " + std::to_string(summary.epoch)),
                               batches_.batches());
    StepLosses mean;
    PeakTargetSummary targets;
    std::size_t done = 0;
    while (std::optional<data::Batch> batch = prefetch.Next()) {
      if (number == 1) WarnOf(batch->failed);
      targets.left_out += batch->peaks_left_out;
      targets.records_without += static_cast<std::size_t>(
          std::count(batch->has_peaks.begin(), batch->has_peaks.end(), 0.0F));
      ++done;
      if (batch->size > 0) {
        summary.learning_rate = RateAt(plan, step_ - first_step);
        const StepLosses losses = learner.Step(*batch, summary.learning_rate);
        CheckFinite(losses);
        LogStep(plan, losses, summary.learning_rate);
        mean.Add(losses, 1 / static_cast<double>(batches_.batches()));
      }
      const double so_far = mean.total * static_cast<double>(batches_.batches());
      observer_.progress().Advance(done,
                                   "loss " + std::to_string(so_far / static_cast<double>(done)));
    }
    observer_.progress().End();
    if (number == 1 && plan.tasks.detect_peaks) observer_.OnPeakTargets(targets);
    if (number == 1 && store_.write_failure()) {
      observer_.OnWarning("the cache cannot be kept: " + store_.write_failure()->ToString());
    }
    summary.loss = mean.total;
    summary.peak_loss = mean.peaks;
  }

  void CheckFinite(const StepLosses& losses) const {
    if (std::isfinite(losses.total)) return;
    throw Exception({ErrorKind::kDiverged,
                     "the loss is not finite at step " + std::to_string(step_) +
                         "; a smaller learning rate may help",
                     {},
                     0,
                     {}});
  }

  void LogStep(const PhasePlan& plan, const StepLosses& losses, double learning_rate) {
    Json values = {{"phase", NameOf(plan.phase)},
                   {"step", step_},
                   {"loss", losses.total},
                   {"learning_rate", learning_rate}};
    if (plan.tasks.detect_peaks) values["peak_loss"] = losses.peaks;
    folder_->Log(static_cast<std::int64_t>(step_), values);
    ++step_;
  }

  Predictions Predict(const std::vector<data::RecordEntry>& records, const std::string& lead_set,
                      Tasks tasks) {
    model_->eval();
    infer::PredictConfig config;
    config.loader_threads = config_.data.loader_threads;
    config.classify = tasks.classify;
    config.detect_peaks = tasks.detect_peaks;
    config.compute = config_.compute;
    Predictions predictions = PredictLabelled(model_, info_, config, store_, records, lead_set);
    if (predictions.labels.empty()) {
      throw Exception(InputError("none of the records to evaluate can be read"));
    }
    return predictions;
  }

  void Save(const std::string& checkpoint) {
    SaveBundle(folder_->Checkpoint(checkpoint), info_, model_).value();
  }

  void LogEpoch(const EpochSummary& summary) {
    Json values = {{"phase", NameOf(summary.phase)},
                   {"step", step_},
                   {"epoch", summary.epoch},
                   {"epoch_loss", summary.loss},
                   {"seconds", summary.seconds}};
    const auto add = [&](const Json& metrics) {
      for (const auto& [name, value] : metrics.items()) values["validation_" + name] = value;
    };
    if (summary.phase == Phase::kTraining) add(ToJson(summary.validation));
    if (summary.peaks) {
      values["epoch_peak_loss"] = summary.peak_loss;
      add(ToJson(*summary.peaks));
    }
    folder_->Log(static_cast<std::int64_t>(step_), values);
  }

  // Goes back to the best epoch, fits the thresholds, writes the bundle and its figures.
  std::filesystem::path Finish(int best_epoch) {
    const infer::Bundle best = infer::LoadBundle(folder_->Checkpoint("best")).value();
    model_ = best.model;
    model_->to(device_);
    const Tasks tasks = TrainingPlan(config_).tasks;
    std::vector<std::pair<std::string, Predictions>> validation;
    for (const std::string& lead_set : FinalLeadSets()) {
      validation.emplace_back(lead_set, Predict(dataset_.validation, lead_set, tasks));
    }
    const infer::ModelInfo fixed = info_;
    if (config_.thresholds.fit) FitThresholds(validation);

    Json scores = Json::object();
    const auto conclude = [&](const std::string& part, const std::string& lead_set,
                              const Predictions& predictions) {
      FinalFigures figures = {part,
                              lead_set,
                              config_.thresholds.fixed,
                              EvaluateDecisions(predictions, fixed),
                              EvaluateDecisions(predictions, info_),
                              {}};
      scores[part][lead_set] = {{"fixed_threshold", ToJson(figures.fixed)},
                                {"bundle_thresholds", ToJson(figures.fitted)}};
      if (tasks.detect_peaks) {
        figures.peaks = predictions.peaks;
        scores[part][lead_set]["peaks"] = ToJson(predictions.peaks);
      }
      observer_.OnFinal(figures);
    };
    for (const auto& [lead_set, predictions] : validation) {
      conclude("validation", lead_set, predictions);
    }
    if (!dataset_.test.empty()) {
      for (const std::string& lead_set : FinalLeadSets()) {
        conclude("test", lead_set, Predict(dataset_.test, lead_set, tasks));
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
  const data::RecordStore store_;
  const data::TrainingBatches batches_;
  std::optional<RunFolder> folder_;
  nn::SeResNet model_{nullptr};
  std::size_t step_ = 0;  // optimiser steps done
  std::uint64_t epochs_begun_ = 0;
};

}  // namespace

const char* NameOf(Phase phase) {
  return phase == Phase::kPretraining ? "pretraining" : "training";
}

std::filesystem::path Train(const Config& config, bool overwrite, TrainObserver& observer) {
  return Run(config, observer).Execute(overwrite);
}

void CheckRun(const Config& config, TrainObserver& observer) { Run(config, observer).Report(); }

}  // namespace ecg::train
