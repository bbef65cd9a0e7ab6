#include "src/train/loop.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace ecg::train {
namespace {

constexpr int kRefusedInARow = 10;  // steps that are not finite before a run has diverged

double Seconds(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
}

}  // namespace

TrainLoop::TrainLoop(const Config& config, const Plan& plan, const data::TrainingSamples& samples,
                     Communicator& communicator, RunLog& log, TrainObserver& observer,
                     LoopHooks hooks, torch::Device device, bool bf16)
    : config_(config),
      plan_(plan),
      samples_(samples),
      communicator_(communicator),
      log_(log),
      observer_(observer),
      hooks_(std::move(hooks)),
      device_(device),
      bf16_(bf16) {}

void TrainLoop::Run(TrainState& state, const StopToken& stop) {
  if (state.at.phase == plan_.phases.size()) return;
  data::LoaderConfig loading;
  loading.threads = config_.data.loader_threads;
  loading.rank = communicator_.rank();
  loading.ranks = communicator_.size();
  const std::uint64_t epoch =
      plan_.phases[state.at.phase].first_epoch + static_cast<std::uint64_t>(state.at.epoch - 1);
  data::BatchLoader loader(samples_, epoch, state.at.batch, plan_.last_epoch(), loading);
  while (state.at.phase < plan_.phases.size()) {
    const PhasePlan& phase = plan_.phases[state.at.phase];
    const auto start = std::chrono::steady_clock::now();
    if (!RunEpoch(state, phase, loader, stop)) return;
    if (FinishEpoch(state, phase, Seconds(start))) continue;
    // The next phase learns anew, with the weights that this one leaves.
    state.at = {state.at.phase + 1, 1, 0};
    if (state.at.phase == plan_.phases.size()) return;
    state.best = {};
    state.optimizer = nn::AdamW(*state.module, config_.optimizer.weight_decay);
  }
}

// Returns whether the epoch came to its end.
bool TrainLoop::RunEpoch(TrainState& state, const PhasePlan& phase, data::BatchLoader& loader,
                         const StopToken& stop) {
  state.module->train();
  Learner learner(config_, phase.objectives, device_, bf16_, communicator_);
  ProgressSink& progress = observer_.progress();
  progress.Begin(NameOf(phase.phase) + (" epoch " + std::to_string(state.at.epoch)),
                 plan_.steps_per_epoch);
  while (state.at.batch < plan_.steps_per_epoch) {
    if (communicator_.Any(stop.StopRequested())) {
      progress.End();
      return false;
    }
    const data::Batch batch = *loader.Next();
    NameUnreadable(state, batch);
    RunStep(state, phase, learner, batch);
    const double loss =
        state.sums.losses.total / static_cast<double>(std::max<std::size_t>(1, state.sums.steps));
    progress.Advance(++state.at.batch, "loss " + std::to_string(loss));
  }
  progress.End();
  return true;
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
  log_.Step(phase, step, result, rate);
  state.log_bytes = log_.bytes();
  if (!result.refused) {
    state.refused_in_a_row = 0;
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

// Validates, keeps and reports; returns whether the phase goes on.
bool TrainLoop::FinishEpoch(TrainState& state, const PhasePlan& phase, double seconds) {
  const auto start = std::chrono::steady_clock::now();
  EpochSummary summary;
  summary.phase = phase.phase;
  summary.epoch = state.at.epoch;
  const auto steps = static_cast<double>(std::max<std::size_t>(1, state.sums.steps));
  summary.loss = state.sums.losses.total / steps;
  summary.peak_loss = state.sums.losses.peaks / steps;
  summary.refused_steps = state.sums.refused;
  summary.learning_rate = plan_.RateAt(phase, state.at.epoch, plan_.steps_per_epoch - 1);
  if (state.at.phase == 0 && state.at.epoch == 1 && config_.model.DetectsPeaks()) {
    observer_.OnPeakTargets(state.sums.peak_targets);
  }
  const double figure = hooks_.validate(phase, summary);
  summary.best = phase.objectives.classify && figure > state.best.figure;
  if (summary.best) state.best = {figure, state.at.epoch};
  hooks_.save("last");
  if (summary.best) hooks_.save("best");
  summary.seconds = seconds + Seconds(start);
  log_.Epoch(summary, plan_.StepOf(phase, state.at.epoch, plan_.steps_per_epoch));
  state.log_bytes = log_.bytes();
  observer_.OnEpoch(summary);
  state.sums = {};
  const bool patient = phase.patience == 0 || state.at.epoch - state.best.epoch < phase.patience;
  if (!patient || state.at.epoch == phase.epochs) return false;
  state.at = {state.at.phase, state.at.epoch + 1, 0};
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
