// A recording as a cardiologist reads it: on millimetre paper, as SVG.
#pragma once

#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/wfdb/ecg_record.h"

namespace ecg::report {

// A point in time worth a name, as a fiducial point.
struct PaperMark {
  double seconds = 0;
  std::string label;  // short, as in "R"; empty: a line alone
};

enum class PaperLayout {
  kThreeByFour,  // three rows of four leads, 2.5 s each, and a rhythm strip of 10 s
  kAllLeads,     // one row a lead, 10 s each
};

struct PaperOptions {
  PaperLayout layout = PaperLayout::kThreeByFour;
  std::string rhythm_lead = "II";
  double start = 0;  // s from the start of the record
  std::string caption;
  std::vector<PaperMark> marks;
};

// An SVG document of 25 mm/s and 10 mm/mV in true millimetres: no scripts, no fonts or images from
// elsewhere. Leads that the record lacks, invalid samples and what lies beyond its end stay blank.
// Each trace is centred on its median, as a recorder's baseline control does. A record without any
// sample after `start` is an error.
Result<std::string> EcgPaperSvg(const wfdb::EcgRecord& record, const PaperOptions& options = {});

}  // namespace ecg::report
