#include "ecg/formats/registry.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "ecg/core/folder.h"
#include "ecg/core/memory_budget.h"
#include "ecg/core/near_miss.h"
#include "ecg/core/text.h"
#include "ecg/formats/memory.h"
#include "ecg/formats/wfdb/reader.h"
#include "ecg/record/leads.h"
#include "ecg/record/reader.h"

namespace ecg::formats {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBytesToRecognise = 4096;

bool HasEnding(std::string_view name, std::string_view ending) {
  return name.size() > ending.size() && ToLower(name.substr(name.size() - ending.size())) == ending;
}

// How a file begins; empty where it cannot be read.
std::string BeginOf(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string begin(kBytesToRecognise, '\0');
  stream.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  begin.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, stream.gcount())));
  return begin;
}

std::string Kinds() {
  std::vector<std::string> kinds;
  for (const record::RecordReader* reader : Readers()) {
    kinds.push_back(std::string(reader->name()) + " (" + std::string(reader->ending()) + ")");
  }
  return Join(kinds, ", ");
}

}  // namespace

const std::vector<const record::RecordReader*>& Readers() {
  static const std::vector<const record::RecordReader*> readers = {&wfdb::Reader()};
  return readers;
}

const record::RecordReader* ReaderByEnding(const fs::path& path) {
  const std::string name = path.filename().string();
  for (const record::RecordReader* reader : Readers()) {
    if (HasEnding(name, reader->ending())) return reader;
  }
  return nullptr;
}

Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path) {
  const auto open = [&path](const record::RecordReader& reader) {
    return WithinMemory(path.string(), [&] { return reader.Open(path); });
  };
  if (const record::RecordReader* reader = ReaderByEnding(path)) return open(*reader);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return InputError("no such file" + NearMiss(path), path.string());
  }
  const std::string begin = BeginOf(path);
  for (const record::RecordReader* reader : Readers()) {
    if (reader->Recognises(begin)) return open(*reader);
  }
  return InputError("is no recording of a kind that is read: " + Kinds(), path.string());
}

Result<record::EcgRecord> ReadEcg(const fs::path& path, const record::ReadOptions& options) {
  const auto file = Open(path);
  if (!file.ok()) return file.error();
  const auto memory =
      TakeMemory(**file, path, ToBytes(record::BytesToRead((*file)->info(), options.leads)));
  if (!memory.ok()) return memory.error();
  record::EcgRecord record;
  if (const Status read = (*file)->Read(options, record); !read.ok()) return read.error();
  return record;
}

Result<record::EcgInfo> ReadEcgInfo(const fs::path& path) {
  const auto file = Open(path);
  if (!file.ok()) return file.error();
  return (*file)->info();
}

fs::path PathOf(const std::string& name) {
  std::error_code ignored;
  if (fs::exists(name, ignored)) return name;
  for (const record::RecordReader* reader : Readers()) {
    const fs::path path = name + std::string(reader->ending());
    if (fs::exists(path, ignored)) return path;
  }
  return name;
}

std::string WithoutEnding(const std::string& path) {
  for (const record::RecordReader* reader : Readers()) {
    if (HasEnding(path, reader->ending())) {
      return path.substr(0, path.size() - reader->ending().size());
    }
  }
  return path;
}

Result<std::vector<std::string>> ListRecords(const fs::path& folder) {
  std::vector<std::string> all;
  for (const record::RecordReader* reader : Readers()) {
    Result<std::vector<std::string>> files =
        ListFiles(folder, std::string(reader->ending()), /*recursive=*/true);
    if (!files.ok()) return files.error();
    std::move(files->begin(), files->end(), std::back_inserter(all));
  }
  if (all.empty()) return InputError("holds no recording: " + Kinds(), folder.string());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace ecg::formats
