// Whether the processes of a run have started with the same things.
#pragma once

#include <string>

#include "src/train/communicator.h"

namespace ecg::train {

// All processes call it with what they have: a text, as a SHA-256 of version, configuration and
// data. Throws UsageError in every one of them unless all texts are the same.
void CheckAgreement(Communicator& communicator, const std::string& digest);

}  // namespace ecg::train
