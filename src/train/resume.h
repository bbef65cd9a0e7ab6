// How a run goes on where it was interrupted.
#pragma once

#include <optional>

#include "ecg/core/json.h"
#include "ecg/train/plan/observer.h"
#include "ecg/train/plan/run_folder.h"
#include "src/train/checkpoint_folder.h"
#include "src/train/communicator.h"
#include "src/train/state.h"

namespace ecg::train {

// Fills the state of every process from the newest checkpoint that is whole, and removes those
// after it; leaves the state as it is where there is none, as in a run that was interrupted before
// the first. Only the process that writes has a folder. Throws Exception where every checkpoint is
// damaged, or is of a run of something else than `identity`.
void Resume(const std::optional<RunFolder>& folder, const CheckpointFolder& checkpoints,
            const Json& identity, const Plan& plan, Communicator& communicator,
            TrainObserver& observer, TrainState& state);

// Whether nothing is left to do. The bundle is the last thing that a run writes; that of one that
// goes on is removed.
bool IsFinished(const RunFolder& folder, const Plan& plan, const TrainState& state);

}  // namespace ecg::train
