#include "ecg/data/record_selection.h"

#include <algorithm>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/folder.h"
#include "ecg/core/text.h"

namespace ecg::data {
namespace {

namespace fs = std::filesystem;

constexpr char kHeader[] = ".hea";

Result<std::vector<std::string>> ReadList(const fs::path& list) {
  const Result<std::string> text = ReadFile(list);
  if (!text.ok()) return text.error();
  std::vector<std::string> headers;
  std::size_t number = 0;
  for (const std::string_view line : SplitLines(*text)) {
    ++number;
    const std::string_view name = Trim(line);
    if (name.empty() || name.front() == '#') continue;
    const fs::path path = fs::path(name).lexically_normal();
    if (path.is_absolute() || path.filename().empty() || *path.begin() == "..") {
      return InputError("is no path of a record below the input folder: " + std::string(name),
                        list.string(), number);
    }
    headers.push_back(path.string());
    if (ToLower(path.extension().string()) != kHeader) headers.back() += kHeader;
  }
  std::sort(headers.begin(), headers.end());
  headers.erase(std::unique(headers.begin(), headers.end()), headers.end());
  if (headers.empty()) return InputError("names no record", list.string());
  return headers;
}

}  // namespace

Result<Shard> Shard::Parse(std::string_view text) {
  const std::vector<std::string_view> parts = Split(text, '/');
  if (parts.size() == 2) {
    const auto index = ParseInt(parts[0]);
    const auto count = ParseInt(parts[1]);
    if (index && count && 1 <= *index && *index <= *count) {
      return Shard{static_cast<std::size_t>(*index), static_cast<std::size_t>(*count)};
    }
  }
  return UsageError("must be as in 2/8, the second of eight shares: " + std::string(text));
}

Result<std::vector<std::string>> SelectHeaders(const fs::path& folder,
                                               const RecordSelection& selection) {
  Result<std::vector<std::string>> all = selection.list.empty()
                                             ? ListFiles(folder, kHeader, /*recursive=*/true)
                                             : ReadList(selection.list);
  if (!all.ok()) return all;
  if (all->empty()) return InputError("holds no .hea file", folder.string());
  if (selection.shard.IsAll()) return all;
  std::vector<std::string> share;
  for (std::size_t i = selection.shard.index - 1; i < all->size(); i += selection.shard.count) {
    share.push_back(std::move((*all)[i]));
  }
  return share;
}

}  // namespace ecg::data
