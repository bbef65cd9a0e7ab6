#include "src/apps/jobs/record_journal.h"

#include <optional>
#include <string_view>
#include <utility>

#include "ecg/core/checksum.h"
#include "ecg/core/file.h"
#include "ecg/core/folder.h"
#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "ecg/formats/registry.h"
#include "ecg/record/content.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

constexpr char kEnding[] = ".journal";

// Nothing where the line is none of ours.
std::optional<std::pair<std::string, JournalEntry>> Parse(std::string_view line,
                                                          const std::string& file) {
  const Result<JsonDocument> parsed = ParseJson(line, file);
  if (!parsed.ok() || !parsed->root.is_object()) return std::nullopt;
  const Json& json = parsed->root;
  const auto text = [](const Json& from, const char* key) {
    const auto at = from.find(key);
    return at != from.end() && at->is_string() ? at->get<std::string>() : std::string();
  };
  JournalEntry entry{text(json, "recording"), text(json, "asked"), {}};
  const auto files = json.find("files");
  if (files == json.end() || !files->is_object()) return std::nullopt;
  for (const auto& [ending, digest] : files->items())
    entry.files[ending] = text(*files, ending.c_str());
  return std::pair(text(json, "record"), std::move(entry));
}

Status Read(const fs::path& path, JournalEntries& entries) {
  const Result<std::string> bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.error();
  for (const std::string_view line : SplitLines(*bytes)) {
    auto entry = Parse(line, path.string());
    if (entry) entries[std::move(entry->first)] = std::move(entry->second);
  }
  return {};
}

std::string Format(const std::string& record, const JournalEntry& entry) {
  Json json = {{"record", record}, {"recording", entry.recording}, {"files", entry.files}};
  if (!entry.asked.empty()) json["asked"] = entry.asked;
  return DumpJsonLine(json);
}

bool Holds(const fs::path& file, const std::string& digest) {
  const Result<std::string> bytes = ReadFile(file);
  return bytes.ok() && Sha256(*bytes) == digest;
}

bool IsOf(const fs::path& recording, const record::OpenOptions& told, const std::string& digest) {
  const auto file = formats::Open(recording, told);
  if (!file.ok()) return false;
  const Result<Sha256Digest> content = record::ContentOf(**file);
  return content.ok() && Hexadecimal(*content) == digest;
}

}  // namespace

std::string RecordJournal::NameOf(const std::string& tool, const data::Shard& shard) {
  return tool + shard.Suffix() + kEnding;
}

Result<JournalEntries> RecordJournal::ReadAll(const fs::path& folder, const std::string& tool) {
  const Result<std::vector<std::string>> names = ListFiles(folder, kEnding, /*recursive=*/false);
  if (!names.ok()) return names.error();
  JournalEntries entries;
  for (const std::string& name : *names) {
    if (name.rfind(tool, 0) != 0) continue;
    if (const Status read = Read(folder / name, entries); !read.ok()) return read.error();
  }
  return entries;
}

Result<std::set<std::string>> RecordJournal::FilesOf(const fs::path& folder,
                                                     const std::string& tool) {
  const Result<std::vector<std::string>> names = ListFiles(folder, kEnding, /*recursive=*/false);
  if (!names.ok()) return names.error();
  std::set<std::string> files;
  for (const std::string& name : *names) {
    if (name.rfind(tool, 0) != 0) continue;
    JournalEntries entries;
    if (const Status read = Read(folder / name, entries); !read.ok()) return read.error();
    for (const auto& [record, entry] : entries) {
      for (const auto& [ending, digest] : entry.files) files.insert(record + ending);
    }
  }
  return files;
}

Result<RecordJournal> RecordJournal::Open(const fs::path& folder, const std::string& tool,
                                          const data::Shard& shard) {
  fs::path path = folder / NameOf(tool, shard);
  Result<LineLog> log = LineLog::Open(path);
  if (!log.ok()) return log.error();
  return RecordJournal(std::move(*log), std::move(path));
}

Status RecordJournal::Add(const std::string& record, const JournalEntry& entry) {
  return log_.Add(Format(record, entry));
}

Status RecordJournal::Tidy() {
  JournalEntries entries;
  if (const Status read = Read(path_, entries); !read.ok()) {
    return OutputError("of what was written is no longer there as it was: " + read.error().message,
                       path_.string());
  }
  std::string text;
  for (const auto& [record, entry] : entries) text += Format(record, entry) + '\n';
  return WriteFileAtomic(path_, text);
}

void AddTold(const record::OpenOptions& told, Json& asked) {
  if (!told.format.empty()) asked["format"] = told.format;
  if (!told.units.empty()) asked["units"] = told.units;
  if (told.zero != 0) asked["zero"] = told.zero;
  if (told.sampling_rate != 0) asked["rate"] = told.sampling_rate;
  if (!told.leads.empty()) asked["leads"] = told.leads;
  if (!told.array.empty()) asked["array"] = told.array;
}

bool StillHolds(const JournalEntry& entry, const fs::path& recording,
                const record::OpenOptions& told, const fs::path& without_ending,
                const std::vector<std::string>& endings, const std::string& asked) {
  if (entry.asked != asked) return false;
  for (const std::string& ending : endings) {
    const auto file = entry.files.find(ending);
    if (file == entry.files.end() || !Holds(without_ending.string() + ending, file->second)) {
      return false;
    }
  }
  return IsOf(recording, told, entry.recording);
}

}  // namespace ecg::jobs
