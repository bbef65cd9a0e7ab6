// What a run is made of: a run that was interrupted goes on with nothing else.
#pragma once

#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/train/plan/config.h"
#include "ecg/train/plan/dataset.h"

namespace ecg::train {

// Version, revision and libraries of this program.
Json DescribeProgram();

// The checksums of their files; empty where there is none.
struct OtherModels {
  std::string initial;  // whose weights the run begins with
  std::string teacher;
};

// Program, device, precision ("fp32" or "bf16"), settings, a checksum of the classes and their
// rewards, those of other models that take part, and one of each part of the data:
// of its records' ids, labels, masks and files, whose signals may change under the same header.
Json DescribeIdentity(const Config& config, const model::Task& task, const Dataset& data,
                      const std::string& device, const std::string& precision,
                      const OtherModels& models);

// The settings that may change from one part of a run to the next (see Settings::MayChange). None
// changes what has been learnt so far.
std::vector<std::string> SettingsThatMayChange();

// What differs, one text for each, as in "optimizer.batch_size: 64 then, 32 now".
std::vector<std::string> FindDifferences(const Json& then, const Json& now);

}  // namespace ecg::train
