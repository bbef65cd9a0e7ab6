#include "ecg/data/records/record_index.h"

#include <optional>

#include "ecg/challenge/challenge.h"
#include "ecg/core/parallel.h"
#include "ecg/formats/registry.h"
#include "ecg/record/ecg_record.h"

namespace ecg::data {
namespace fs = std::filesystem;

Result<RecordIndex> ScanFolder(const fs::path& folder, int threads,
                               const RecordSelection& selection) {
  const Result<std::vector<std::string>> paths = SelectRecords(folder, selection);
  if (!paths.ok()) return paths.error();
  std::vector<std::optional<Result<record::EcgInfo>>> infos(paths->size());
  ParallelFor(infos.size(), threads,
              [&](std::size_t i) { infos[i] = formats::ReadEcgInfo(folder / (*paths)[i]); });
  RecordIndex index;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const std::string id = formats::WithoutEnding((*paths)[i]);
    Result<record::EcgInfo>& info = *infos[i];
    if (!info.ok()) {
      index.failed.push_back({id, info.error()});
      continue;
    }
    const std::string source = challenge::ResolveSource(info->source, info->name);
    index.records.push_back({folder / (*paths)[i], id, source, std::move(info).value()});
  }
  return index;
}

}  // namespace ecg::data
