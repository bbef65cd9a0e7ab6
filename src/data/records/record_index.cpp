#include "ecg/data/records/record_index.h"

#include <algorithm>
#include <optional>

#include "ecg/challenge/challenge.h"
#include "ecg/core/parallel.h"
#include "ecg/formats/registry.h"
#include "ecg/record/ecg_record.h"

namespace ecg::data {

Result<RecordIndex> ScanRecords(const RecordInputs& inputs, int threads,
                                const RecordSelection& selection) {
  RecordIndex index;
  Result<std::vector<RecordPath>> paths = SelectRecords(inputs, selection, &index.failed);
  if (!paths.ok()) return paths.error();
  std::vector<std::optional<Result<record::EcgInfo>>> infos(paths->size());
  ParallelFor(infos.size(), threads, [&](std::size_t i) {
    infos[i] = formats::ReadEcgInfo((*paths)[i].path, inputs.told);
  });
  for (std::size_t i = 0; i < infos.size(); ++i) {
    RecordPath& path = (*paths)[i];
    Result<record::EcgInfo>& info = *infos[i];
    if (!info.ok()) {
      index.failed.push_back({path.id, info.error()});
      continue;
    }
    const std::string source = challenge::ResolveSource(info->source, info->name);
    index.records.push_back({std::move(path), source, std::move(info).value()});
  }
  std::sort(index.failed.begin(), index.failed.end(),
            [](const FailedRecord& a, const FailedRecord& b) { return a.id < b.id; });
  return index;
}

}  // namespace ecg::data
