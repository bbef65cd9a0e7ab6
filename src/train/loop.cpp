#include "src/train/loop.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

namespace ecg::train {
namespace {

constexpr int kRefusedInARow = 10;  // steps that are not finite before a run has diverged

class Stopwatch {
 public:
  // Seconds since the lap before.
  double Lap() {
    const auto begin = std::exchange(lap_, std::chrono::steady_clock::now());
    return std::chrono::duration<double>(lap_ - begin).count();
  }

 private:
  std::chrono::steady_clock::time_point lap_ = std::chrono::steady_clock::now();
};

}  // namespace

bool IsOver(const PhasePlan& phase, const TrainState& state) {
  const int made = state.at.epoch - 1;
  const bool patient = phase.patience == 0 || made - state.best.epoch < phase.patience;
  return state.at.batch == 0 && (made >= phase.epochs || !patient);
}

bool IsAtEnd(const Plan& plan, const TrainState& state) {
  return state.at.phase + 1 == plan.phases.size() && IsOver(plan.phases.back(), state);
}

TrainLoop::TrainLoop(const LoopConfig& config, const Plan& plan,
                     const data::TrainingSamples& samples, Communicator& communicator, RunLog& log,
                     TrainObserver& observer, LoopHooks hooks)
    : config_(config),
      plan_(plan),
      samples_(samples),
      communicator_(communicator),
      log_(log),
      observer_(observer),
      hooks_(std::move(hooks)) {}

bool TrainLoop::Run(TrainState& state, const StopToken& stop) {
  std::optional<data::BatchLoader> loader;
  while (!IsAtEnd(plan_, state)) {
    if (IsOver(plan_.phases[state.at.phase], state)) BeginNextPhase(state);
    const PhasePlan& phase = plan_.phases[state.at.phase];
    if (!loader) {
      data::LoaderConfig loading;
      loading.threads = config_.loader_threads;
      loading.micro_batch = static_cast<std::size_t>(config_.optimizer.micro_batch_size);
      loading.rank = communicator_.rank();
      loading.ranks = communicator_.size();
      loading.stop = stop;
      const std::uint64_t epoch =
          phase.first_epoch + static_cast<std::uint64_t>(state.at.epoch - 1);
      loader.emplace(samples_, epoch, state.at.batch, plan_.last_epoch(), loading);
    }
    if (!RunEpoch(state, phase, *loader, stop) || !FinishEpoch(state, phase)) {
      Save(state);
      return false;
    }
  }
  return true;
}

// It learns anew, with the weights that this one leaves.
void TrainLoop::BeginNextPhase(TrainState& state) {
  state.at = {state.at.phase + 1, 1, 0};
  state.best = {};
  state.optimizer = TrainState::MakeOptimizer(*state.module, config_.optimizer);
  if (state.average) state.average.emplace(*state.module, config_.optimizer.average_decay);
}

// Returns whether the epoch came to its end.
bool TrainLoop::RunEpoch(TrainState& state, const PhasePlan& phase, data::BatchLoader& loader,
                         const StopToken& stop) {
  state.module->train();
  Learner learner(config_.learner, phase.objectives, communicator_);
  ProgressSink& progress = observer_.progress();
  progress.Begin(NameOf(phase.phase) + (" epoch " + std::to_string(state.at.epoch)),
                 plan_.steps_per_epoch);
  while (state.at.batch < plan_.steps_per_epoch) {
    Stopwatch watch;
    std::optional<data::Batch> batch = loader.Next();
    times_.waiting += watch.Lap();
    if (communicator_.Any(!batch || stop.StopRequested())) {
      progress.End();
      return false;
    }
    NameUnreadable(state, *batch);
    if (hooks_.teach && phase.objectives.classify) hooks_.teach(*batch);
    RunStep(state, phase, learner, *batch);
    ++state.at.batch;
    times_.steps += watch.Lap();
    ++steps_in_times_;
    ++steps_since_save_;
    if (MustSave()) Save(state);
    progress.Advance(state.at.batch, Progress(state, phase));
  }
  progress.End();
  return true;
}

// As in "loss 0.0117, 196 records/s, rate 0.00091, 1 % waiting for records".
std::string TrainLoop::Progress(const TrainState& state, const PhasePlan& phase) const {
  const double loss =
      state.sums.losses.total / static_cast<double>(std::max<std::size_t>(1, state.sums.steps));
  const double seconds = times_.waiting + times_.steps;
  const double records =
      seconds > 0 ? static_cast<double>(steps_in_times_ * samples_.batch_size()) / seconds : 0;
  char text[160];
  std::snprintf(text, sizeof(text),
                "loss %.4g, %.0f records/s, rate %.2g, %.0f %% waiting for records", loss, records,
                plan_.RateAt(phase, state.at.epoch, state.at.batch - 1),
                seconds > 0 ? 100 * times_.waiting / seconds : 0.0);
  return text;
}

bool TrainLoop::MustSave() const {
  const CheckpointConfig& config = config_.checkpoint;
  if (config.steps > 0 && steps_since_save_ >= static_cast<std::size_t>(config.steps)) return true;
  const std::chrono::duration<double, std::ratio<60>> since =
      std::chrono::steady_clock::now() - saved_;
  return config.minutes > 0 && since.count() >= config.minutes;
}

void TrainLoop::Save(const TrainState& state) {
  Stopwatch watch;
  hooks_.save(state);
  times_.saving += watch.Lap();
  steps_since_save_ = 0;
  saved_ = std::chrono::steady_clock::now();
}

void TrainLoop::RunStep(TrainState& state, const PhasePlan& phase, Learner& learner,
                        const data::Batch& batch) {
  state.sums.peak_targets.left_out += batch.peaks_left_out;
  state.sums.peak_targets.records_without +=
      static_cast<std::size_t>(std::count(batch.has_peaks.begin(), batch.has_peaks.end(), 0.0F));
  if (batch.size == 0 && communicator_.size() == 1) return;
  const std::uint64_t step = plan_.StepOf(phase, state.at.epoch, state.at.batch);
  const double rate = plan_.RateAt(phase, state.at.epoch, state.at.batch);
  const StepResult result = learner.Step(state.module, state.optimizer, batch, step, rate);
  StepFigures figures;
  figures.learning_rate = rate;
  if (!result.refused) figures.loss = result.losses.total;
  if (phase.objectives.detect_peaks) figures.peak_loss = result.losses.peaks;
  log_.Step(phase.phase, step, figures);
  state.log_lines = log_.lines();
  if (!result.refused) {
    state.refused_in_a_row = 0;
    if (state.average) state.average->Update();
    state.sums.losses.Add(result.losses, 1);
    ++state.sums.steps;
    return;
  }
  ++state.sums.refused;
  if (++state.refused_in_a_row < kRefusedInARow) return;
  throw Exception({ErrorKind::kDiverged,
                   "loss or gradients were not finite in " + std::to_string(kRefusedInARow) +
                       " steps in a row, up to step " + std::to_string(step) +
                       "; a smaller learning rate may help",
                   {},
                   0,
                   {}});
}

// Validates, reports and keeps; returns false, and has done nothing, where a stop was wished.
bool TrainLoop::FinishEpoch(TrainState& state, const PhasePlan& phase) {
  Stopwatch watch;
  EpochSummary summary;
  summary.phase = phase.phase;
  summary.epoch = state.at.epoch;
  const auto steps = static_cast<double>(std::max<std::size_t>(1, state.sums.steps));
  summary.loss = state.sums.losses.total / steps;
  summary.peak_loss = state.sums.losses.peaks / steps;
  summary.refused_steps = state.sums.refused;
  summary.learning_rate = plan_.RateAt(phase, state.at.epoch, plan_.steps_per_epoch - 1);
  if (state.average) state.average->Swap();
  const std::optional<double> figure = hooks_.validate(phase, summary);
  if (state.average) state.average->Swap();
  if (!figure) return false;
  const std::uint64_t step = plan_.StepOf(phase, state.at.epoch, plan_.steps_per_epoch);
  summary.best = phase.objectives.classify && *figure > state.best.figure;
  if (summary.best) state.best = {*figure, state.at.epoch, step};
  times_.validation += watch.Lap();
  summary.times = times_;
  if (state.at.phase == 0 && state.at.epoch == 1 && state.module->config().DetectsPeaks()) {
    observer_.OnPeakTargets(state.sums.peak_targets);
  }
  log_.Epoch(summary, step);
  observer_.OnEpoch(summary);
  state.log_lines = log_.lines();
  state.sums = {};
  state.at = {state.at.phase, state.at.epoch + 1, 0};
  times_ = {};
  steps_in_times_ = 0;
  Save(state);
  return true;
}

// Each record once, whenever it becomes unreadable.
void TrainLoop::NameUnreadable(TrainState& state, const data::Batch& batch) {
  for (const data::FailedRecord& record : batch.failed) {
    if (!state.unreadable.insert(record.id).second) continue;
    observer_.OnWarning("left out " + record.id + ": " + record.error.ToString());
  }
}

}  // namespace ecg::train
