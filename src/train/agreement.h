// What the processes of a run must have in common.
#pragma once

#include <string>

#include "src/train/communicator.h"

namespace ecg::train {

// All processes call it with what they have: a text, as a SHA-256 of version, configuration and
// data. Throws UsageError in every one of them unless all texts are the same.
void CheckAgreement(Communicator& communicator, const std::string& digest);

// What process 0 has, in every process.
std::string Broadcast(Communicator& communicator, const std::string& bytes);

}  // namespace ecg::train
