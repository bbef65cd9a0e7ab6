// Simulated recordings as a folder that looks like one of the challenge's.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "ecg/core/progress.h"
#include "ecg/core/result.h"
#include "ecg/core/settings.h"
#include "ecg/data/sim/simulator.h"

namespace ecg::sim {

struct DataSetOptions {
  SimOptions simulation;
  std::size_t first = 0;  // index of the first record, to add to a set or to draw another one
  std::size_t count = 100;
  int threads = 0;  // 0 = the processors that this process may use
};

void DescribeSettings(Settings& settings, const std::string& prefix, DataSetOptions& options);

// Writes <name>.hea, <name>.mat and <name>.atr (fiducial points) for every record into one folder,
// and manifest.csv, which tells the truth: true labels, labels as written, and the intervals that
// were drawn. The manifest is written last. The same options give the same bytes whatever the
// number of threads.
Status WriteDataSet(const std::filesystem::path& folder, const DataSetOptions& options,
                    ProgressSink* progress);

}  // namespace ecg::sim
