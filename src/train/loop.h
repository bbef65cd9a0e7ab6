// The loop of a run: epochs of steps, each followed by validation and checkpoints.
#pragma once

#include <functional>

#include "ecg/core/stop_token.h"
#include "ecg/data/batch_loader.h"
#include "ecg/train/observer.h"
#include "ecg/train/plan.h"
#include "src/train/communicator.h"
#include "src/train/run_log.h"
#include "src/train/state.h"

namespace ecg::train {

// What the loop asks others to do.
struct LoopHooks {
  // Fills the summary's figures of the validation records; a figure that selects the best epoch.
  std::function<double(const PhasePlan& phase, EpochSummary& summary)> validate;
  // Keeps the module as it is now.
  std::function<void(const std::string& checkpoint)> save;
};

class TrainLoop {
 public:
  // The references must outlive the object.
  TrainLoop(const Config& config, const Plan& plan, const data::TrainingSamples& samples,
            Communicator& communicator, RunLog& log, TrainObserver& observer, LoopHooks hooks,
            torch::Device device, bool bf16);

  // Goes on from where the state stands to the end of the plan; returns early where a stop is
  // wished, after the step that is being made. Throws Exception (kDiverged) after too many steps
  // in a row that had to be refused.
  void Run(TrainState& state, const StopToken& stop);

 private:
  bool RunEpoch(TrainState& state, const PhasePlan& phase, data::BatchLoader& loader,
                const StopToken& stop);
  void RunStep(TrainState& state, const PhasePlan& phase, Learner& learner,
               const data::Batch& batch);
  bool FinishEpoch(TrainState& state, const PhasePlan& phase, double seconds);
  void NameUnreadable(TrainState& state, const data::Batch& batch);

  const Config& config_;
  const Plan& plan_;
  const data::TrainingSamples& samples_;
  Communicator& communicator_;
  RunLog& log_;
  TrainObserver& observer_;
  const LoopHooks hooks_;
  const torch::Device device_;
  const bool bf16_;
};

}  // namespace ecg::train
