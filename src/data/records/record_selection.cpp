#include "ecg/data/records/record_selection.h"

#include <algorithm>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/core/text_encoding.h"
#include "ecg/formats/registry.h"

namespace ecg::data {
namespace {

namespace fs = std::filesystem;

// With the ending of the recording that is there; of a missing one that of the first reader, so
// that it is missed by its full name.
std::string WithEnding(const fs::path& folder, const fs::path& path) {
  if (formats::ReaderByEnding(path) != nullptr) return path.string();
  const std::string found = formats::PathOf((folder / path).string()).filename().string();
  const std::string name = path.filename().string();
  return path.string() + (found == name ? std::string(formats::Readers().front()->ending())
                                        : found.substr(name.size()));
}

Result<std::vector<std::string>> ReadList(const fs::path& folder, const fs::path& list) {
  const Result<std::string> text = ReadText(list);
  if (!text.ok()) return text.error();
  std::vector<std::string> paths;
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
    paths.push_back(WithEnding(folder, path));
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  if (paths.empty()) return InputError("names no record", list.string());
  return paths;
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

Result<std::vector<RecordPath>> SelectRecords(const fs::path& folder,
                                              const RecordSelection& selection) {
  const Result<std::vector<std::string>> all =
      selection.list.empty() ? formats::ListRecords(folder) : ReadList(folder, selection.list);
  if (!all.ok()) return all.error();
  std::vector<RecordPath> share;
  for (std::size_t i = selection.shard.index - 1; i < all->size(); i += selection.shard.count) {
    share.push_back({folder / (*all)[i], formats::WithoutEnding((*all)[i])});
  }
  return share;
}

}  // namespace ecg::data
