#include "ecg/train/trainer.h"

#include <torch/version.h>

#include <memory>
#include <optional>
#include <utility>

#include "ecg/core/parallel.h"
#include "ecg/core/version.h"
#include "ecg/data/training_samples.h"
#include "ecg/data/window.h"
#include "ecg/model/bundle.h"
#include "ecg/nn/device.h"
#include "ecg/nn/torch_network.h"
#include "ecg/nn/weights.h"
#include "ecg/train/dataset.h"
#include "ecg/train/run_folder.h"
#include "src/train/finish.h"
#include "src/train/loop.h"
#include "src/train/validation.h"

namespace ecg::train {
namespace {

constexpr char kBest[] = "best";
constexpr char kFullLeadSet[] = "12";

model::ModelInfo DescribeModel(const Config& config) {
  model::ModelInfo info;
  info.task = model::Task(config.task);
  info.architecture = config.model;
  info.preprocess = config.preprocess;
  info.window = config.window;
  info.decision.thresholds.assign(info.task.size(), config.thresholds.fixed);
  info.decision.post_processing = config.post_processing;
  info.peak_threshold = config.peaks.threshold;
  info.lead_sets = config.lead_sets;
  info.CompleteArchitecture();
  return info;
}

data::RecordStore MakeStore(const Config& config) {
  std::optional<dsp::Delineator> delineator;
  if (config.model.DetectsPeaks()) delineator = config.peaks.delineator;
  return data::RecordStore(config.preprocess, delineator, config.data.cache);
}

data::SampleConfig MakeSampleConfig(const Config& config) {
  data::SampleConfig samples;
  samples.batch_size = static_cast<std::size_t>(config.optimizer.batch_size);
  samples.window = static_cast<std::size_t>(config.window.samples);
  samples.lead_sets = config.lead_sets;
  if (config.model.DetectsPeaks()) {
    samples.peak_grid.emplace(config.model.peak_grid, config.model.blocks.size());
  }
  samples.seed = static_cast<std::uint64_t>(config.seed);
  return samples;
}

std::vector<std::string> AllLeadSets() {
  std::vector<std::string> names;
  for (const challenge::LeadSet& set : challenge::LeadSets()) names.push_back(set.name);
  return names;
}

// What a run is made of: checked, but nothing trained and nothing written yet.
class Run {
 public:
  Run(const Config& config, TrainObserver& observer)
      : config_(config),
        observer_(observer),
        device_(nn::ChooseDevice(config.compute.device)),
        bf16_(nn::UseBf16(config.compute.precision, device_)),
        info_(DescribeModel(config)),
        dataset_(LoadDataset(config, info_.task).value()),
        store_(MakeStore(config)),
        samples_(dataset_.train, store_, MakeSampleConfig(config)),
        plan_(MakePlan(config, samples_.batches())) {
    info_.Validate().value();
    nn::SetThreads(config.compute.threads);
    nn::PrepareTraining();
    torch::manual_seed(static_cast<std::uint64_t>(config.seed));
    module_ = nn::SeResNet(info_.architecture);
    module_->to(device_);
  }

  void Report() {
    for (const data::FailedRecord& record : dataset_.failed) {
      observer_.OnWarning("left out " + record.id + ": " + record.error.ToString());
    }
    observer_.OnData(dataset_.summary);
    if (dataset_.train.empty()) throw Exception(InputError("the split leaves no training record"));
    if (dataset_.validation.empty()) {
      throw Exception(InputError("the split leaves no validation record"));
    }
    std::size_t parameters = 0;
    for (const torch::Tensor& parameter : module_->parameters()) {
      parameters += static_cast<std::size_t>(parameter.numel());
    }
    observer_.OnModel(parameters, device_.str(), bf16_);
  }

  std::filesystem::path Execute(bool overwrite, const StopToken& stop) {
    const std::filesystem::path path = std::filesystem::path(config_.output) / config_.name;
    RunFolder::Check(path, overwrite).value();
    Report();
    const RunFolder folder = RunFolder::Create(path, overwrite).value();
    observer_.OnFolder(folder.path());
    Config resolved = config_;
    folder.WriteConfig(DescribeSettings(resolved).ToJson()).value();
    folder.WriteEnvironment(Environment()).value();

    RunLog log(folder.path());
    TrainState state(module_, config_.optimizer.weight_decay);
    LoopHooks hooks;
    hooks.validate = [this](const PhasePlan& phase, EpochSummary& summary) {
      return Validate(phase, summary);
    };
    hooks.save = [&](const std::string& name) {
      model::SaveBundle(folder.Checkpoint(name), info_, nn::SerializeWeights(*module_)).value();
    };
    TrainLoop loop(config_, plan_, samples_, communicator_, log, observer_, hooks, device_, bf16_);
    loop.Run(state, stop);
    if (store_.write_failure()) {
      observer_.OnWarning("the cache cannot be kept: " + store_.write_failure()->ToString());
    }
    return Finish(folder, log, state);
  }

 private:
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

  Predictions Predict(const std::vector<data::RecordEntry>& records,
                      const std::vector<std::uint8_t>& keep, Objectives objectives) {
    infer::PredictConfig config;
    config.loader_threads = config_.data.loader_threads;
    config.wanted = {objectives.classify, objectives.detect_peaks};
    const infer::Ensemble ensemble =
        infer::MakeEnsemble(info_, std::make_shared<nn::TorchNetwork>(module_, device_, bf16_));
    return PredictLabelled(ensemble, config, store_, records, keep, communicator_);
  }

  double Validate(const PhasePlan& phase, EpochSummary& summary) {
    const auto keep = data::ChannelsOfLeadSet(kFullLeadSet, info_.preprocess.leads).value();
    const Predictions predictions = Predict(dataset_.validation, keep, phase.objectives);
    if (phase.objectives.detect_peaks) summary.peaks = predictions.peaks;
    if (!phase.objectives.classify) return 0;
    summary.validation = EvaluateDecisions(predictions, info_.task, info_.decision);
    return FigureOf(summary.validation, info_.task.selection());
  }

  // One prediction for all lead sets that are the same to the network.
  void PredictPart(const char* part, const std::vector<data::RecordEntry>& records,
                   std::vector<PartPredictions>& parts) {
    if (records.empty()) return;
    const auto groups = data::GroupLeadSets(AllLeadSets(), info_.preprocess.leads).value();
    for (const data::ChannelGroup& group : groups) {
      parts.push_back(
          {part, group.lead_sets, Predict(records, group.keep, plan_.phases.back().objectives)});
    }
  }

  // Goes back to the best epoch, fits the thresholds, writes the bundle and its figures.
  std::filesystem::path Finish(const RunFolder& folder, RunLog& log, const TrainState& state) {
    const model::Bundle best = model::LoadBundle(folder.Checkpoint(kBest)).value();
    nn::DeserializeWeights(best.weights, best.path, *module_).value();
    std::vector<PartPredictions> parts;
    PredictPart("validation", dataset_.validation, parts);
    const model::Decision fixed = info_.decision;
    if (config_.thresholds.fit) {
      info_.decision.thresholds =
          FitThresholds(parts, info_.task, config_.thresholds.fixed, fixed.post_processing);
    }
    PredictPart("test", dataset_.test, parts);
    const Json scores = ReportFigures(parts, info_.task, fixed, config_.thresholds.fixed,
                                      info_.decision, config_.model.DetectsPeaks(), observer_);
    info_.provenance = {{"training_records", dataset_.train.size()},
                        {"best_epoch", state.best.epoch},
                        {"environment", Environment()},
                        {"scores", scores}};
    model::SaveBundle(folder.Model(), info_, nn::SerializeWeights(*module_)).value();
    const PhasePlan& last = plan_.phases.back();
    log.Final(scores, plan_.StepOf(last, state.at.epoch, state.at.batch));
    return folder.Model();
  }

  const Config config_;
  TrainObserver& observer_;
  const torch::Device device_;
  const bool bf16_;
  model::ModelInfo info_;
  const Dataset dataset_;
  const data::RecordStore store_;
  const data::TrainingSamples samples_;
  const Plan plan_;
  nn::SeResNet module_{nullptr};
  SingleProcess communicator_;
};

}  // namespace

std::filesystem::path Train(const Config& config, bool overwrite, TrainObserver& observer,
                            const StopToken& stop) {
  config.Validate().value();
  return nn::WithoutTorchErrors([&] { return Run(config, observer).Execute(overwrite, stop); });
}

void CheckRun(const Config& config, TrainObserver& observer) {
  config.Validate().value();
  nn::WithoutTorchErrors([&] { Run(config, observer).Report(); });
}

}  // namespace ecg::train
