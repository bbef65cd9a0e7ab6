// Which signals of a record are leads, and what is said of them.
#pragma once

#include <cstddef>
#include <vector>

#include "ecg/formats/wfdb/header.h"
#include "ecg/record/ecg_record.h"

namespace ecg::wfdb {

// The signals that are voltages, and the rate at which all of them can be had. Where their own
// rates differ, those at which no ECG is recorded are left out, as a trend of one sample a second
// beside the leads: all would be averaged to the slowest.
struct Selection {
  std::vector<std::size_t> signals;
  std::vector<std::size_t> at_other_rates;  // that are left out
  int samples_per_frame = 1;  // as in all selected signals, else 1: frames are averaged
  bool average = false;
};

// Hz.
double OwnRate(const Header& header, std::size_t signal);

Selection SelectSignals(const Header& header);

record::EcgInfo InfoOf(const Header& header, const Selection& selection);

}  // namespace ecg::wfdb
