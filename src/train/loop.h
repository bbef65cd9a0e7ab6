// The loop of a run: epochs of steps, each followed by its validation; checkpoints on the way.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "ecg/core/stop_token.h"
#include "ecg/data/samples/batch_loader.h"
#include "ecg/train/plan/config.h"
#include "ecg/train/plan/observer.h"
#include "ecg/train/plan/plan.h"
#include "ecg/train/plan/run_log.h"
#include "src/train/communicator.h"
#include "src/train/state.h"

namespace ecg::train {

// What the loop asks others to do.
struct LoopHooks {
  // Changes the labels of a batch that is about to be classified; may be empty.
  std::function<void(data::Batch& batch)> teach;
  // Fills the summary's figures of the validation records; the figure that selects the best epoch.
  // Empty where a stop was wished.
  std::function<std::optional<double>(const PhasePlan& phase, EpochSummary& summary)> validate;
  // Keeps the state as it is now.
  std::function<void(const TrainState& state)> save;
};

// Whether a phase has no further epoch: all are made, or none was better for too long.
bool IsOver(const PhasePlan& phase, const TrainState& state);
// Whether there is no further step in a run.
bool IsAtEnd(const Plan& plan, const TrainState& state);

// What the loop needs of a run's settings.
struct LoopConfig {
  LearnerConfig learner;
  OptimizerConfig optimizer;
  CheckpointConfig checkpoint;
  int loader_threads = 2;
};

class TrainLoop {
 public:
  // The references must outlive the object.
  TrainLoop(const LoopConfig& config, const Plan& plan, const data::TrainingSamples& samples,
            Communicator& communicator, RunLog& log, TrainObserver& observer, LoopHooks hooks);

  // Goes on from where the state stands to the end of the plan, and returns true; where a stop is
  // wished, saves after the step that is being made, and returns false. Throws Exception
  // (kDiverged) after too many steps in a row that had to be refused.
  bool Run(TrainState& state, const StopToken& stop);

 private:
  bool RunEpoch(TrainState& state, const PhasePlan& phase, data::BatchLoader& loader,
                const StopToken& stop);
  void BeginNextPhase(TrainState& state);
  void RunStep(TrainState& state, const PhasePlan& phase, Learner& learner,
               const data::Batch& batch);
  bool FinishEpoch(TrainState& state, const PhasePlan& phase);
  void Save(const TrainState& state);
  bool MustSave() const;
  std::string Progress(const TrainState& state, const PhasePlan& phase) const;
  void NameUnreadable(TrainState& state, const data::Batch& batch);

  const LoopConfig& config_;
  const Plan& plan_;
  const data::TrainingSamples& samples_;
  Communicator& communicator_;
  RunLog& log_;
  TrainObserver& observer_;
  const LoopHooks hooks_;
  std::size_t steps_since_save_ = 0;
  std::chrono::steady_clock::time_point saved_ = std::chrono::steady_clock::now();
  EpochTimes times_;  // of the present epoch, in this process
  std::size_t steps_in_times_ = 0;
};

}  // namespace ecg::train
