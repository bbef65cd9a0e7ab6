// Several processes that train one model, by LibTorch's own c10d.
#pragma once

#include <chrono>
#include <memory>

#include "ecg/train/plan/ranks.h"
#include "src/train/communicator.h"

namespace ecg::train {

// Joins the other processes of the run; SingleProcess where there are none. Waits for each of them
// at most `timeout`, here and in each call of the communicator, so it must be longer than what one
// process may do alone between two calls. Throws Exception: UsageError where the build or the
// environment does not allow it, kInternal where a process does not come in time. A process that is
// lost later makes the others' calls throw kInternal: at once where it ended, after `timeout` where
// it no longer answers. No call can follow one that threw.
//
// The processes trust each other and the network between them: nothing is encrypted.
std::unique_ptr<Communicator> MakeCommunicator(
    const RankEnvironment& environment,
    std::chrono::milliseconds timeout = std::chrono::seconds(60));

}  // namespace ecg::train
