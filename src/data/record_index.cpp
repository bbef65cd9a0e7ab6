#include "ecg/data/record_index.h"

#include <optional>

#include "ecg/challenge/challenge.h"
#include "ecg/core/parallel.h"

namespace ecg::data {
namespace fs = std::filesystem;

Result<RecordIndex> ScanFolder(const fs::path& folder, int threads,
                               const RecordSelection& selection) {
  const Result<std::vector<std::string>> headers = SelectHeaders(folder, selection);
  if (!headers.ok()) return headers.error();
  std::vector<std::optional<Result<wfdb::EcgInfo>>> infos(headers->size());
  ParallelFor(infos.size(), threads,
              [&](std::size_t i) { infos[i] = wfdb::ReadEcgInfo(folder / (*headers)[i]); });
  RecordIndex index;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const std::string id = fs::path((*headers)[i]).replace_extension().string();
    Result<wfdb::EcgInfo>& info = *infos[i];
    if (!info.ok()) {
      index.failed.push_back({id, info.error()});
      continue;
    }
    const std::string source = challenge::ResolveSource(info->source, info->name);
    index.records.push_back({folder / (*headers)[i], id, source, std::move(info).value()});
  }
  return index;
}

}  // namespace ecg::data
