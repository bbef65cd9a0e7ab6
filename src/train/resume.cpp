#include "src/train/resume.h"

#include <string>
#include <system_error>
#include <vector>

#include "ecg/core/text.h"
#include "ecg/model/bundle.h"
#include "ecg/train/plan/run_log.h"
#include "src/train/agreement.h"
#include "src/train/checkpoint.h"
#include "src/train/identity.h"
#include "src/train/loop.h"

namespace ecg::train {
namespace {

FoundCheckpoint FindToResume(const RunFolder& folder, const CheckpointFolder& checkpoints,
                             const Json& identity, TrainObserver& observer) {
  FoundCheckpoint found = FindCheckpoint(checkpoints, RunLog::CountLines(folder.path()));
  for (const Error& error : found.refused) {
    observer.OnWarning("a checkpoint is of no use: " + error.ToString());
  }
  if (!found.checkpoint && !found.refused.empty()) {
    throw Exception(InputError("holds no checkpoint to go on from (--overwrite begins anew)",
                               folder.path().string()));
  }
  if (!found.checkpoint) return found;
  const std::vector<std::string> differences =
      FindDifferences(found.checkpoint->identity(), identity);
  if (!differences.empty()) {
    throw Exception(
        UsageError("is a run of something else: " + Join(differences, "; ") +
                       ". Only these may change: " + Join(SettingsThatMayChange(), ", "),
                   folder.path().string()));
  }
  return found;
}

}  // namespace

void Resume(const std::optional<RunFolder>& folder, const CheckpointFolder& checkpoints,
            const Json& identity, const Plan& plan, Communicator& communicator,
            TrainObserver& observer, TrainState& state) {
  FoundCheckpoint found;
  if (folder && folder->resumed()) found = FindToResume(*folder, checkpoints, identity, observer);
  const std::string bytes =
      Broadcast(communicator, found.checkpoint ? found.checkpoint->bytes() : "");
  if (!bytes.empty()) Checkpoint::Parse(bytes, "checkpoint").value().Restore(state).value();
  if (!folder || !folder->resumed()) return;
  checkpoints.RemoveAfter(found.step);
  observer.OnResume(
      {found.step, plan.phases[state.at.phase].phase, state.at.epoch, state.at.batch});
}

bool IsFinished(const RunFolder& folder, const Plan& plan, const TrainState& state) {
  if (!folder.resumed()) return false;
  if (IsAtEnd(plan, state) && model::LoadBundle(folder.Model()).ok()) return true;
  std::error_code error;
  std::filesystem::remove_all(folder.Model(), error);
  return false;
}

}  // namespace ecg::train
