#include "ecg/data/record_index.h"

#include <algorithm>
#include <optional>

#include "ecg/challenge/challenge.h"
#include "ecg/core/parallel.h"

namespace ecg::data {
namespace {

namespace fs = std::filesystem;

// The header files below a folder, relative to it and sorted.
Result<std::vector<fs::path>> FindHeaders(const fs::path& folder) {
  std::vector<fs::path> headers;
  std::error_code error;
  fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error);
  if (error) return InputError("cannot read folder: " + error.message(), folder.string());
  for (; it != fs::recursive_directory_iterator(); it.increment(error)) {
    const fs::path& path = it->path();
    std::error_code ignored;
    if (path.filename().string().front() == '.') {
      if (it->is_directory(ignored)) it.disable_recursion_pending();
    } else if (path.extension() == ".hea" && !it->is_directory(ignored)) {
      headers.push_back(path.lexically_relative(folder));
    }
  }
  // A failing increment ends the loop.
  if (error) return InputError("cannot read folder: " + error.message(), folder.string());
  std::sort(headers.begin(), headers.end());
  return headers;
}

}  // namespace

Result<RecordIndex> ScanFolder(const fs::path& folder, int threads) {
  const Result<std::vector<fs::path>> headers = FindHeaders(folder);
  if (!headers.ok()) return headers.error();
  if (headers->empty()) return InputError("holds no .hea file", folder.string());
  std::vector<std::optional<Result<wfdb::EcgInfo>>> infos(headers->size());
  ParallelFor(infos.size(), threads,
              [&](std::size_t i) { infos[i] = wfdb::ReadEcgInfo(folder / (*headers)[i]); });
  RecordIndex index;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    fs::path id = (*headers)[i];
    id.replace_extension();
    Result<wfdb::EcgInfo>& info = *infos[i];
    if (!info.ok()) {
      index.failed.push_back({id.generic_string(), info.error()});
      continue;
    }
    const std::string source = challenge::SourceOfRecord(info->name);
    index.records.push_back(
        {folder / (*headers)[i], id.generic_string(), source, std::move(info).value()});
  }
  return index;
}

}  // namespace ecg::data
