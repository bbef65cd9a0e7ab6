#include "ecg/data/records/record_selection.h"

#include <algorithm>
#include <iterator>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
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
  return path.string() + (found == name ? std::string(formats::Readers().front()->endings().front())
                                        : found.substr(name.size()));
}

Result<std::vector<std::string>> ReadList(const fs::path& folder, const fs::path& list) {
  const Result<std::string> bytes = ReadFileOrPipe(list);
  if (!bytes.ok()) return bytes.error();
  std::string buffer;
  const Result<std::string_view> text = DecodeText(*bytes, list.string(), buffer);
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

// The names of the recordings below a folder.
Result<std::vector<std::string>> NamesIn(const fs::path& folder, const RecordInputs& inputs,
                                         const std::string& prefix,
                                         std::vector<FailedRecord>* failed) {
  Result<formats::Listing> listing = formats::ListRecords(folder, inputs.told);
  if (!listing.ok()) return listing.error();
  const std::string others = listing->PassedOver();
  if (!others.empty() && inputs.note) inputs.note(folder.string() + ": " + others);
  for (UnreadableFolder& below : listing->unreadable) {
    if (failed == nullptr) return below.error;
    failed->push_back({prefix + below.path, std::move(below.error)});
  }
  return std::move(listing->records);
}

// The recordings below a folder, whose ids begin with `prefix`.
Result<std::vector<RecordPath>> ListFolder(const fs::path& folder, const fs::path& list,
                                           const std::string& prefix, const RecordInputs& inputs,
                                           std::vector<FailedRecord>* failed) {
  const Result<std::vector<std::string>> names =
      list.empty() ? NamesIn(folder, inputs, prefix, failed) : ReadList(folder, list);
  if (!names.ok()) return names.error();
  // A0001.hea beside A0001.edf are two; of A0001.hea and A0001.HEA one is a mistake.
  std::unordered_map<std::string, std::string> name_of;
  std::unordered_set<std::string> shared;
  std::vector<RecordPath> records;
  for (const std::string& name : *names) {
    records.push_back({folder / name, prefix + formats::WithoutEnding(name)});
    const std::string& id = records.back().id;
    if (name_of.emplace(id, ToLower(name)).first->second != ToLower(name)) shared.insert(id);
  }
  for (std::size_t i = 0; i < records.size() && !shared.empty(); ++i) {
    if (shared.count(records[i].id) > 0) records[i].id = prefix + (*names)[i];
  }
  return records;
}

Result<std::vector<RecordPath>> ListAll(const RecordInputs& inputs, const fs::path& list,
                                        std::vector<FailedRecord>* failed) {
  const std::vector<fs::path>& paths = inputs.paths;
  std::error_code ignored;
  if (paths.size() == 1 && fs::is_directory(paths[0], ignored)) {
    return ListFolder(paths[0], list, "", inputs, failed);
  }
  if (!list.empty())
    return UsageError("names records of one folder, not of several inputs", "list");
  std::vector<RecordPath> all;
  for (const fs::path& path : paths) {
    if (!fs::is_directory(path, ignored)) {
      const fs::path file = formats::PathOf(path.string());
      if (!fs::exists(file, ignored))
        return InputError("no such recording or folder", path.string());
      all.push_back({file, formats::WithoutEnding(file.filename().string())});
      continue;
    }
    // "in/" and "." have a name too.
    const fs::path folder = fs::weakly_canonical(path / "", ignored);
    const std::string name =
        (folder.has_filename() ? folder : folder.parent_path()).filename().string();
    Result<std::vector<RecordPath>> records = ListFolder(path, {}, name + "/", inputs, failed);
    if (!records.ok()) return records.error();
    std::move(records->begin(), records->end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(),
            [](const RecordPath& a, const RecordPath& b) { return a.id < b.id; });
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].id != all[i - 1].id) continue;
    return UsageError(all[i - 1].path.string() + " and " + all[i].path.string() +
                      " would both be called " + all[i].id);
  }
  return all;
}

}  // namespace

std::string Shard::Suffix() const {
  if (IsAll()) return {};
  return "-" + std::to_string(index) + "-of-" + std::to_string(count);
}

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

Result<std::vector<RecordPath>> SelectRecords(const RecordInputs& inputs,
                                              const RecordSelection& selection,
                                              std::vector<FailedRecord>* failed) {
  Result<std::vector<RecordPath>> all = ListAll(inputs, selection.list, failed);
  if (!all.ok()) return all.error();
  std::vector<RecordPath> share;
  for (std::size_t i = selection.shard.index - 1; i < all->size(); i += selection.shard.count) {
    share.push_back(std::move((*all)[i]));
  }
  return share;
}

}  // namespace ecg::data
