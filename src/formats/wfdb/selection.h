// Which signals of a record are leads, and what is said of them.
#pragma once

#include <cstddef>
#include <vector>

#include "ecg/formats/wfdb/header.h"
#include "ecg/record/ecg_record.h"

namespace ecg::wfdb {

// The signals that are voltages, and the rate at which all of them can be had.
struct Selection {
  std::vector<std::size_t> signals;
  int samples_per_frame = 1;  // as in all selected signals, else 1: frames are averaged
  bool average = false;
};

Selection SelectSignals(const Header& header);

record::EcgInfo InfoOf(const Header& header, const Selection& selection);

}  // namespace ecg::wfdb
