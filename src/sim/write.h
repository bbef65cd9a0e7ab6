// One simulated record on disk.
#pragma once

#include <filesystem>

#include "ecg/core/result.h"
#include "ecg/sim/simulator.h"

namespace ecg::sim {

// <name>.hea and <name>.mat, as the challenge has them: 1000 steps a millivolt in a MATLAB v4
// matrix, WFDB format 16 behind 24 bytes. Not synced to the disk: what is lost can be made again.
Status WriteRecord(const std::filesystem::path& folder, const SimulatedRecord& record);

}  // namespace ecg::sim
