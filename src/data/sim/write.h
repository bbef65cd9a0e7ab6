// One simulated record on disk.
#pragma once

#include <filesystem>

#include "ecg/core/result.h"
#include "ecg/data/sim/simulator.h"
#include "ecg/formats/wfdb/annotation.h"
#include "ecg/record/ecg_record.h"

namespace ecg::sim {

// As a recording that was read from a file.
record::EcgRecord AsEcgRecord(const SimulatedRecord& record);

// The fiducial points in ascending order: the rhythm at the start; P and T as "(" "p" ")" and
// "(" "t" ")"; the QRS as "(", its beat code at R, ")"; the troughs of Q and S as notes.
wfdb::AnnotationFile AnnotationsOf(const SimulatedRecord& record);

// <name>.hea and <name>.mat, as the challenge has them, and the annotations as <name>.atr. Not
// synced to the disk: what is lost can be made again.
Status WriteRecord(const std::filesystem::path& folder, const SimulatedRecord& record);

}  // namespace ecg::sim
