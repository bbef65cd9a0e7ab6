#include "ecg/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "ecg/core/parallel.h"
#include "ecg/core/share.h"
#include "ecg/core/text.h"
#include "ecg/data/prepare/window.h"
#include "ecg/data/samples/training_samples.h"
#include "ecg/infer/criteria.h"
#include "ecg/model/bundle.h"
#include "ecg/model/nn/device.h"
#include "ecg/model/nn/networks.h"
#include "ecg/model/nn/torch_network.h"
#include "ecg/model/nn/weights.h"
#include "ecg/train/plan/dataset.h"
#include "ecg/train/plan/run_folder.h"
#include "src/train/agreement.h"
#include "src/train/c10d_communicator.h"
#include "src/train/checkpoint.h"
#include "src/train/checkpoint_folder.h"
#include "src/train/distiller.h"
#include "src/train/estimate.h"
#include "src/train/finish.h"
#include "src/train/identity.h"
#include "src/train/initial_weights.h"
#include "src/train/loop.h"
#include "src/train/resume.h"
#include "src/train/training_scores.h"
#include "src/train/validation.h"

namespace ecg::train {
namespace {

constexpr char kFullLeadSet[] = "12";
// Of a run's folder.
constexpr char kModel[] = "model";
constexpr char kCheckpoints[] = "checkpoints";

model::ModelInfo DescribeModel(const Config& config) {
  model::ModelInfo info;
  info.task = ReadTask(config).value();
  info.architecture = config.model;
  info.preprocess = config.preprocess;
  info.window = config.window;
  info.decision.thresholds.assign(info.task.size(), config.thresholds.fixed);
  info.decision.post_processing = config.post_processing;
  info.peak_threshold = config.peaks.threshold;
  for (const std::string& lead_set : config.lead_sets) {  // there several times: drawn as often
    if (!Contains(info.lead_sets, lead_set)) info.lead_sets.push_back(lead_set);
  }
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
  samples.augment = config.augment;
  samples.with_all_leads = config.distillation.all_leads && !config.distillation.teacher.empty();
  if (config.model.DetectsPeaks()) {
    samples.peak_grid.emplace(config.model.peak_grid, config.model.blocks.size());
  }
  samples.seed = static_cast<std::uint64_t>(config.seed);
  return samples;
}

// The threads that this process can give a micro-batch of every batch each; 0 where a batch has but
// one, which all threads compute together.
int CountLearners(const Config& config, torch::Device device, const RankEnvironment& self) {
  const int micro = config.optimizer.micro_batch_size;
  const int all = (config.optimizer.batch_size + micro - 1) / micro;
  if (!device.is_cpu() || all == 1) return 0;
  const Share share = ShareOf(self.rank, self.size);
  const auto first = static_cast<int>(share.first), stride = static_cast<int>(share.stride);
  const int own = (all - first + stride - 1) / stride;
  const int threads = config.compute.threads > 0 ? config.compute.threads : AvailableThreads();
  return std::max(1, std::min(own, threads));
}

LearnerConfig MakeLearnerConfig(const Config& config, torch::Device device, bool bf16,
                                const RankEnvironment& self) {
  LearnerConfig learner;
  learner.threads = CountLearners(config, device, self);
  learner.loss = config.loss;
  learner.peak_loss = config.peaks.loss;
  if (config.loss.metric_weight > 0) {
    learner.rewards = ReadTask(config).value().class_set().rewards();
  }
  learner.gradient_clip = config.optimizer.gradient_clip;
  learner.seed = config.seed;
  learner.device = device;
  learner.bf16 = bf16;
  return learner;
}

// What a run is made of: checked, but nothing trained and nothing written yet.
class Run {
 public:
  Run(const Config& config, TrainObserver& observer, const RankEnvironment& self)
      : config_(config),
        observer_(observer),
        communicator_(MakeCommunicator(
            self, std::chrono::milliseconds(std::llround(config.processes.timeout * 1000)))),
        device_(nn::ChooseDevice(config.compute.device)),
        bf16_(nn::UseBf16(config.compute.precision, device_)),
        learner_(MakeLearnerConfig(config, device_, bf16_, self)),
        info_(DescribeModel(config)),
        dataset_(LoadDataset(config, info_.task).value()),
        store_(MakeStore(config)),
        samples_(dataset_.train, store_, MakeSampleConfig(config)),
        plan_(MakePlan(config, samples_.batches())) {
    info_.Validate().value();
    CheckShares();
    nn::PrepareTraining();
    if (!config.distillation.teacher.empty()) {
      distiller_.emplace(config.distillation, info_, nn::MakeNetworks(config.compute));
    }
    nn::SetThreads(learner_.threads > 0 ? 1 : nn::TrainingThreads(config.compute.threads));
    torch::manual_seed(static_cast<std::uint64_t>(config.seed));
    module_ = nn::SeResNet(info_.architecture);
    if (!config.initial.bundle.empty())
      initial_ = CopyWeights(config.initial.bundle, info_, *module_);
    if (config.initial.freeze) module_->FreezeBody();
    module_->to(device_);
  }

  void Report() {
    for (const data::FailedRecord& record : dataset_.failed) {
      observer_.OnWarning("left out " + record.id + ": " + record.error.ToString());
    }
    observer_.OnData(dataset_.summary);
    if (dataset_.train.empty()) throw Exception(InputError("the split leaves no training record"));
    if (dataset_.validation.records.empty()) {
      throw Exception(InputError("the split leaves no validation record"));
    }
    if (config_.optimizer.epochs > 0 && !distiller_) CheckLabels();
    std::size_t parameters = 0;
    for (const torch::Tensor& parameter : module_->parameters()) {
      parameters += static_cast<std::size_t>(parameter.numel());
    }
    observer_.OnModel(parameters, device_.str(), bf16_);
  }

  // What can be told without training.
  void Try() {
    Report();
    observer_.OnClasses(dataset_.summary);
    if (config_.optimizer.epochs == 0) return;
    std::function<void(data::Batch&)> teach;
    if (distiller_) teach = [&](data::Batch& batch) { distiller_->Teach(batch); };
    observer_.OnCost(EstimateCost(learner_, config_.optimizer, plan_, module_, teach));
  }

  std::optional<std::filesystem::path> Execute(Existing existing, const StopToken& stop) {
    const std::filesystem::path path = std::filesystem::path(config_.output) / config_.name;
    if (leads()) RunFolder::Check(path, existing).value();
    Report();
    std::optional<RunFolder> folder;
    if (leads()) folder = RunFolder::Open(path, existing).value();
    const Json identity =
        DescribeIdentity(config_, info_.task, dataset_, device_.str(), bf16_ ? "bf16" : "fp32",
                         {initial_, distiller_ ? distiller_->checksum() : ""});
    CheckAgreement(*communicator_, identity.dump());
    CheckpointFolder checkpoints(path / kCheckpoints, RunLog::MetricsOf(path),
                                 static_cast<std::size_t>(config_.checkpoint.keep));
    TrainState state(module_, config_.optimizer);
    Resume(folder, checkpoints, identity, plan_, *communicator_, observer_, state);
    if (folder) observer_.OnFolder(path, folder->resumed());
    if (communicator_->Any(folder && IsFinished(*folder, plan_, state))) return path / kModel;
    if (folder) WriteDescriptions(*folder);

    RunLog log = folder ? RunLog(path, state.log_lines) : RunLog();
    LoopHooks hooks;
    if (distiller_) hooks.teach = [&](data::Batch& batch) { distiller_->Teach(batch); };
    hooks.validate = [&](const PhasePlan& phase, EpochSummary& summary) {
      return Validate(phase, summary, stop);
    };
    hooks.save = [&](const TrainState& now) {
      if (leads()) checkpoints.Save(StepsOf(now), BestOf(now), CopyState(now, identity));
    };
    const LoopConfig looping = {learner_, config_.optimizer, config_.checkpoint,
                                config_.data.loader_threads};
    TrainLoop loop(looping, plan_, samples_, *communicator_, log, observer_, hooks);
    const bool whole = loop.Run(state, stop);
    checkpoints.Finish();
    if (store_.write_failure()) {
      observer_.OnWarning("the cache cannot be kept: " + store_.write_failure()->ToString());
    }
    if (!whole || !Finish(path, checkpoints, log, state, stop)) return std::nullopt;
    if (leads()) checkpoints.Prune(1, BestOf(state));
    return path / kModel;
  }

 private:
  // The process that writes.
  bool leads() const { return communicator_->rank() == 0; }

  // A run that classifies learns nothing where no record has a label that counts.
  void CheckLabels() const {
    for (const data::Example& example : dataset_.train) {
      for (std::size_t k = 0; k < example.labels.size(); ++k) {
        if (example.labels[k] != 0 && (!config_.loss.masked || example.mask[k] != 0)) return;
      }
    }
    std::string why = "no training record has a label of the task that its source is trusted with";
    const auto& unknown = dataset_.summary.labels.not_understood;
    if (!unknown.empty())
      why += "; not understood are labels as \"" + unknown.begin()->first + "\"";
    throw Exception(InputError(why));
  }

  // Each process needs a micro-batch of every batch.
  void CheckShares() const {
    const std::size_t batch = samples_.batch_size();
    const auto micro = static_cast<std::size_t>(config_.optimizer.micro_batch_size);
    const std::size_t shares = (batch + micro - 1) / std::max<std::size_t>(micro, 1);
    bool all = true;
    for (std::size_t rank = 0; rank < communicator_->size(); ++rank) {
      all = all && ShareOf(rank, communicator_->size()).first < shares;
    }
    if (all || batch == 0) return;
    throw Exception(UsageError("batches of " + std::to_string(batch) + " in micro-batches of " +
                                   std::to_string(micro) + " do not occupy " +
                                   std::to_string(communicator_->size()) + " processes",
                               {}, 0, "optimizer.micro_batch_size"));
  }

  void WriteDescriptions(const RunFolder& folder) const {
    Config resolved = config_;
    folder.WriteConfig(DescribeSettings(resolved).ToJson()).value();
    folder.WriteEnvironment(Environment()).value();
    folder.WriteSplit(FormatSplit(dataset_)).value();
  }

  std::uint64_t StepsOf(const TrainState& state) const {
    return plan_.StepOf(plan_.phases[state.at.phase], state.at.epoch, state.at.batch);
  }

  static std::optional<std::uint64_t> BestOf(const TrainState& state) {
    if (state.best.epoch == 0) return std::nullopt;
    return state.best.step;
  }

  Json Environment() const {
    Json json = DescribeProgram();
    json["device"] = device_.str();
    json["precision"] = bf16_ ? "bf16" : "fp32";
    json["threads"] = config_.compute.threads > 0 ? config_.compute.threads : AvailableThreads();
    json["seed"] = config_.seed;
    return json;
  }

  std::optional<Predictions> Predict(const LabelledRecords& records,
                                     const std::vector<std::uint8_t>& keep, Objectives objectives,
                                     const StopToken& stop) {
    infer::PredictConfig config;
    config.loader_threads = config_.data.loader_threads;
    config.wanted = {objectives.classify, objectives.detect_peaks};
    config.keep = keep;
    const infer::Ensemble ensemble = infer::MakeEnsemble(
        info_, std::make_shared<nn::TorchNetwork>(module_, device_, bf16_, learner_.threads));
    auto predictions = PredictLabelled(ensemble, config, &store_, records, *communicator_, stop);
    if (predictions && leads()) WarnOf(predictions->failed, told_, observer_);
    return predictions;
  }

  std::optional<double> Validate(const PhasePlan& phase, EpochSummary& summary,
                                 const StopToken& stop) {
    const auto keep = data::ChannelsOfLeadSet(kFullLeadSet, info_.preprocess.leads).value();
    const auto predictions = Predict(dataset_.validation, keep, phase.objectives, stop);
    if (!predictions) return std::nullopt;
    if (phase.objectives.detect_peaks) summary.peaks = predictions->peaks;
    if (!phase.objectives.classify) return 0;
    summary.validation = EvaluateDecisions(*predictions, info_.task, info_.decision);
    summary.validation_loss = LossOf(*predictions, info_.task.size(), config_.loss);
    for (const auto& entry : info_.task.classes()) summary.classes.push_back(entry.abbreviation);
    return FigureOf(summary.validation, summary.validation_loss, info_.task.selection());
  }

  // One prediction for all lead sets that are the same to the network. Returns false where a stop
  // was wished.
  bool PredictPart(const char* part, const LabelledRecords& records, const StopToken& stop,
                   std::vector<PartPredictions>& parts) {
    if (records.records.empty()) return true;
    const auto groups = GroupAllLeadSets(info_.preprocess.leads);
    for (const data::ChannelGroup& group : groups) {
      auto predictions = Predict(records, group.keep, plan_.phases.back().objectives, stop);
      if (!predictions) return false;
      parts.push_back({part, group.lead_sets, std::move(*predictions)});
    }
    return true;
  }

  // The decision as it is before anything is fitted: this run's own, or that of the model that it
  // began with.
  model::OperatingPoints PointsToFit() const {
    model::OperatingPoints points = {info_.decision, {}};
    if (config_.initial.decision) points = InheritPoints(config_.initial.bundle, info_);
    if (!config_.thresholds.criteria) return points;
    points.decision.criteria =
        infer::CriteriaOf(info_.task.classes(), config_.thresholds.measurements);
    points.decision.measured = model::MeasuredSignal::kRecord;
    return points;
  }

  // What is measured counts as fitted on the training records, by process 0 for all of them, or as
  // the model has it that this one began with. Returns false where a stop was wished.
  bool TakeScores(const model::Decision& decision, const StopToken& stop) {
    if (!config_.thresholds.criteria || !config_.thresholds.measurements) {
      if (config_.initial.decision) info_.scores = InheritScores(config_.initial.bundle, info_);
      return true;
    }
    std::optional<std::vector<model::LeadScores>> own;
    if (leads()) {
      own = FitScores(dataset_.train, info_, decision, config_.data.loader_threads,
                      observer_.progress(), stop);
    }
    if (communicator_->Any(leads() && !own)) return false;
    const std::string text =
        Broadcast(*communicator_, own ? DumpJson(model::ScoresToJson(*own)) : "");
    const Json json = ParseJson(text, "scores").value().root;
    if (!json.empty() && !model::ReadScores(json, info_.task.size(), info_.scores)) {
      throw Exception({ErrorKind::kInternal, "scores were not understood", {}, 0, {}});
    }
    return true;
  }

  // Goes back to the best epoch, fits calibration and thresholds, writes the figures and the
  // bundle. Returns false where a stop was wished.
  bool Finish(const std::filesystem::path& path, const CheckpointFolder& checkpoints, RunLog& log,
              TrainState& state, const StopToken& stop) {
    const std::uint64_t end = StepsOf(state);
    const Best best = state.best;
    if (best.epoch > 0) {
      const std::string bytes =
          Broadcast(*communicator_,
                    leads() ? Checkpoint::Read(checkpoints.PathOf(best.step)).value().bytes() : "");
      Checkpoint::Parse(bytes, "the best checkpoint").value().Restore(state).value();
    } else if (config_.optimizer.epochs > 0) {
      observer_.OnWarning("no epoch has a figure to select by: the model is that of the last one");
    }
    if (state.average) state.average->Swap();
    if (config_.bundle.half) nn::RoundToHalf(*module_);
    model::OperatingPoints points = PointsToFit();
    if (!TakeScores(points.decision, stop)) return false;
    // What the network says, and what is measured beside it, before either moves the other.
    info_.decision.measured = points.decision.measured;
    info_.decision.criteria = points.decision.criteria;
    for (model::ClassCriterion& criterion : info_.decision.criteria) criterion.map = {};
    std::vector<PartPredictions> parts;
    if (!PredictPart("validation", dataset_.validation, stop, parts)) return false;
    const model::Decision fixed = info_.decision;
    FitDecision(config_.thresholds, info_.task, parts, points.decision);
    for (model::Decision& other : points.other_points) {
      if (config_.thresholds.calibrate) other.calibration = points.decision.calibration;
      if (!config_.thresholds.criteria) continue;
      other.criteria = points.decision.criteria;
      other.measured = points.decision.measured;
    }
    static_cast<model::OperatingPoints&>(info_) = std::move(points);
    if (!PredictPart("test", dataset_.test, stop, parts)) return false;
    const Json scores = ReportFigures(parts, info_.task, fixed, config_.thresholds.fixed,
                                      info_.decision, config_.model.DetectsPeaks(), observer_);
    info_.provenance = {{"training_records", dataset_.train.size()},
                        {"best_epoch", best.epoch},
                        {"environment", Environment()},
                        {"scores", scores}};
    log.Final(scores, end);
    if (leads())
      model::SaveBundle(path / kModel, info_, nn::SerializeWeights(*module_, config_.bundle.half))
          .value();
    return true;
  }

  const Config config_;
  TrainObserver& observer_;
  const std::unique_ptr<Communicator> communicator_;
  const torch::Device device_;
  const bool bf16_;
  const LearnerConfig learner_;
  model::ModelInfo info_;
  const Dataset dataset_;
  const data::RecordStore store_;
  const data::TrainingSamples samples_;
  const Plan plan_;
  std::optional<Distiller> distiller_;
  std::set<std::string> told_;  // ids
  std::string initial_;         // the checksum of the bundle that it begins with
  nn::SeResNet module_{nullptr};
};

}  // namespace

std::optional<std::filesystem::path> Train(const Config& config, Existing existing,
                                           TrainObserver& observer, const StopToken& stop,
                                           const RankEnvironment& self) {
  config.Validate().value();
  return nn::WithoutTorchErrors(
      [&] { return Run(config, observer, self).Execute(existing, stop); });
}

void CheckRun(const Config& config, TrainObserver& observer) {
  config.Validate().value();
  nn::WithoutTorchErrors([&] { Run(config, observer, {}).Try(); });
}

}  // namespace ecg::train
