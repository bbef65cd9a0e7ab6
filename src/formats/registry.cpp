#include "ecg/formats/registry.h"

#include <algorithm>
#include <system_error>
#include <unordered_set>
#include <utility>

#include "ecg/core/ending.h"
#include "ecg/core/file.h"
#include "ecg/core/folder.h"
#include "ecg/core/memory_budget.h"
#include "ecg/core/near_miss.h"
#include "ecg/core/text.h"
#include "ecg/formats/contec/reader.h"
#include "ecg/formats/dicom/reader.h"
#include "ecg/formats/edf/reader.h"
#include "ecg/formats/gdf/reader.h"
#include "ecg/formats/hdf5/reader.h"
#include "ecg/formats/ishne/reader.h"
#include "ecg/formats/matlab/reader.h"
#include "ecg/formats/memory.h"
#include "ecg/formats/numpy/reader.h"
#include "ecg/formats/scp/reader.h"
#include "ecg/formats/text/reader.h"
#include "ecg/formats/wav/reader.h"
#include "ecg/formats/wfdb/reader.h"
#include "ecg/formats/xml/reader.h"
#include "ecg/record/leads.h"
#include "ecg/record/reader.h"

namespace ecg::formats {
namespace {

namespace fs = std::filesystem;
using record::Recognition;
using record::RecordReader;

bool HasEndingOf(std::string_view name, const RecordReader& reader) {
  const std::vector<std::string_view> endings = reader.endings();
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return HasEndingInAnyCase(name, ending); });
}

// The reader that a name alone tells of; asked of every file of a folder.
const RecordReader* Owner(std::string_view name) {
  static const std::vector<std::pair<std::string_view, const RecordReader*>> owned = [] {
    std::vector<std::pair<std::string_view, const RecordReader*>> found;
    for (const RecordReader* reader : Readers()) {
      if (!reader->OwnsEndings()) continue;
      for (const std::string_view ending : reader->endings()) found.emplace_back(ending, reader);
    }
    return found;
  }();
  for (const auto& [ending, reader] : owned) {
    if (HasEndingInAnyCase(name, ending)) return reader;
  }
  return nullptr;
}

// How a file begins; empty where it cannot be read, or is a pipe or a device, which may be without
// end.
std::string BeginOf(const fs::path& path) {
  const Result<InputFile> file = InputFile::Open(path);
  if (!file.ok()) return {};
  std::string begin(RecordReader::kBytesToRecognise, '\0');
  const Result<std::size_t> got = file->ReadAt(0, begin.data(), begin.size());
  begin.resize(got.ok() ? *got : 0);
  return begin;
}

// The readers that a file may be for: the one that is certain, or all that find it likely.
std::vector<const RecordReader*> Candidates(std::string_view begin) {
  std::vector<const RecordReader*> likely;
  for (const RecordReader* reader : Readers()) {
    const Recognition recognised = reader->Recognises(begin);
    if (recognised == Recognition::kCertain) return {reader};
    if (recognised == Recognition::kLikely) likely.push_back(reader);
  }
  return likely;
}

std::vector<std::string> NamesOf(const std::vector<const RecordReader*>& readers) {
  std::vector<std::string> names;
  for (const RecordReader* reader : readers) names.emplace_back(reader->name());
  return names;
}

Result<const RecordReader*> ReaderByName(const std::string& name) {
  for (const RecordReader* reader : Readers()) {
    if (ToLower(reader->name()) == ToLower(name)) return reader;
  }
  return UsageError("this build reads no " + name + ", but " + Join(NamesOf(Readers()), ", "), {},
                    0, "format");
}

Error NoRecording(const fs::path& path) {
  return InputError("is no recording of a kind that is read: " + Join(NamesOf(Readers()), ", "),
                    path.string());
}

Result<std::unique_ptr<record::RecordFile>> OpenBy(const RecordReader& reader, const fs::path& path,
                                                   const record::OpenOptions& told) {
  return WithinMemory(path.string(), [&] { return reader.Open(path, told); });
}

// The recording of its name that a file may belong to, as WFDB's signal files do; null where there
// is none.
struct Beside {
  const RecordReader* reader = nullptr;
  fs::path header;
};
Beside FindBeside(const fs::path& path) {
  std::error_code ignored;
  for (const RecordReader* reader : Readers()) {
    if (!reader->OwnsEndings()) continue;
    for (const std::string_view ending : reader->endings()) {
      fs::path header = path;
      header.replace_extension(std::string(ending));
      if (fs::exists(header, ignored)) return {reader, header};
    }
  }
  return {};
}

// By content, and by the ending where that leaves several: see registry.h.
Result<std::unique_ptr<record::RecordFile>> OpenRecognised(const fs::path& path,
                                                           record::OpenOptions told) {
  std::vector<const RecordReader*> candidates = Candidates(BeginOf(path));
  if (candidates.empty() || candidates.front()->ServesHeaders()) {
    const Beside beside = FindBeside(path);
    if (beside.reader != nullptr) return OpenBy(*beside.reader, beside.header, told);
  }
  if (candidates.empty()) return NoRecording(path);
  if (candidates.size() > 1) {
    const std::vector<std::string> names = NamesOf(candidates);
    const auto others = [&](const RecordReader* reader) {
      return !HasEndingOf(path.filename().string(), *reader);
    };
    candidates.erase(std::remove_if(candidates.begin(), candidates.end(), others),
                     candidates.end());
    if (candidates.size() != 1) {
      return InputError("may be " + Join(names, " or ") + "; --format tells which", path.string());
    }
    told.by_ending = true;
  }
  return OpenBy(*candidates.front(), path, told);
}

// Puts the files of a folder into a listing.
class Sorter {
 public:
  explicit Sorter(const fs::path& folder) : folder_(folder) {}

  Listing Sort(std::vector<std::string> files) {
    const auto first_unknown = std::stable_partition(
        files.begin(), files.end(), [](const std::string& file) { return Owner(file) != nullptr; });
    const auto known = static_cast<std::size_t>(first_unknown - files.begin());
    if (known == files.size()) return {std::move(files), {}, {}};
    stems_.reserve(files.size());
    for (std::size_t i = 0; i < known; ++i) stems_.insert(Stem(files[i]));
    std::unordered_set<std::string_view>
        folders;  // of Unisens, whose files are all one recording's
    for (const std::string& file : files) {
      if (NameOf(file) == xml::kUnisensName) folders.insert(FolderOf(file));
    }
    std::vector<std::size_t> recordings, rest;
    for (std::size_t i = known; i < files.size(); ++i) {
      if (stems_.count(Stem(files[i])) != 0) continue;
      if (NameOf(files[i]) != xml::kUnisensName && folders.count(FolderOf(files[i])) != 0) continue;
      (IsRecording(folder_ / files[i]) ? recordings : rest).push_back(i);
    }
    for (const std::size_t i : recordings) stems_.insert(Stem(files[i]));
    CountOthers(files, rest);
    for (std::size_t i = 0; i < known; ++i) listing_.records.push_back(std::move(files[i]));
    for (const std::size_t i : recordings) listing_.records.push_back(std::move(files[i]));
    if (!recordings.empty()) std::sort(listing_.records.begin(), listing_.records.end());
    return std::move(listing_);
  }

 private:
  static std::string_view FolderOf(std::string_view file) {
    const std::size_t slash = file.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : file.substr(0, slash);
  }

  static std::string_view NameOf(std::string_view file) { return file.substr(file.rfind('/') + 1); }

  static std::string_view Stem(std::string_view file) {
    const std::size_t dot = file.rfind('.');
    const std::size_t slash = file.rfind('/');
    const bool has_ending =
        dot != std::string_view::npos && (slash == std::string_view::npos || dot > slash);
    return has_ending ? file.substr(0, dot) : file;
  }

  // What lies beside a recording of its name is its own, as annotations are.
  void CountOthers(const std::vector<std::string>& files, const std::vector<std::size_t>& rest) {
    for (const std::size_t i : rest) {
      const std::string_view stem = Stem(files[i]);
      if (stems_.count(stem) != 0) continue;
      const std::string ending =
          files[i].size() > stem.size() ? files[i].substr(stem.size() + 1) : "";
      ++listing_.passed_over[ending.empty() ? "without an ending" : ToLower(ending)];
    }
  }

  const fs::path& folder_;
  Listing listing_;
  std::unordered_set<std::string_view> stems_;  // of recordings
};

}  // namespace

const std::vector<const RecordReader*>& Readers() {
  static const std::vector<const RecordReader*> readers = {
      &wfdb::Reader(),      &edf::Reader(),         &gdf::Reader(),     &xml::MuseReader(),
      &xml::SierraReader(), &xml::AecgReader(),     &scp::Reader(),     &dicom::Reader(),
      &ishne::Reader(),     &xml::SchillerReader(), &xml::FhirReader(), &xml::UnisensReader(),
      &contec::Reader(),    &numpy::Reader(),       &matlab::Reader(),  &hdf5::Reader(),
      &wav::Reader(),       &text::Reader()};
  return readers;
}

std::string ReadersInWords() {
  std::string text;
  for (const RecordReader* reader : Readers()) {
    std::vector<std::string> endings;
    for (const std::string_view ending : reader->endings()) endings.emplace_back(ending);
    std::string line(reader->name());
    line.resize(std::max<std::size_t>(line.size() + 1, 10), ' ');
    line += Join(endings, " ");
    line.resize(std::max<std::size_t>(line.size() + 1, 32), ' ');
    text += line + std::string(reader->description()) + "\n";
  }
  return text;
}

const RecordReader* ReaderByEnding(const fs::path& path) {
  const std::string name = path.filename().string();
  for (const RecordReader* reader : Readers()) {
    if (HasEndingOf(name, *reader)) return reader;
  }
  return nullptr;
}

Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path,
                                                 const record::OpenOptions& told) {
  if (!told.format.empty()) {
    const Result<const RecordReader*> reader = ReaderByName(told.format);
    if (!reader.ok()) return reader.error();
    return OpenBy(**reader, path, told);
  }
  if (const RecordReader* reader = Owner(path.filename().string()))
    return OpenBy(*reader, path, told);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return InputError("no such file" + NearMiss(path), path.string());
  }
  return OpenRecognised(path, told);
}

Result<record::EcgRecord> ReadEcg(const fs::path& path, const record::ReadOptions& options,
                                  const record::OpenOptions& told) {
  const auto file = Open(path, told);
  if (!file.ok()) return file.error();
  const auto memory =
      TakeMemory(**file, path, ToBytes(record::BytesToRead((*file)->info(), options.leads)));
  if (!memory.ok()) return memory.error();
  record::EcgRecord record;
  if (const Status read = (*file)->Read(options, record); !read.ok()) return read.error();
  return record;
}

Result<record::EcgInfo> ReadEcgInfo(const fs::path& path, const record::OpenOptions& told) {
  const auto file = Open(path, told);
  if (!file.ok()) return file.error();
  return (*file)->info();
}

bool IsRecording(const fs::path& path) {
  const std::string name = path.filename().string();
  if (Owner(name) != nullptr) return true;
  const std::string begin = BeginOf(path);
  for (const RecordReader* reader : Readers()) {
    const Recognition recognised = reader->Recognises(begin);
    if (recognised == Recognition::kCertain) return true;
    const bool may_tell = !reader->OwnsEndings() && HasEndingOf(name, *reader);
    if (recognised == Recognition::kLikely && may_tell) return true;
  }
  return false;
}

fs::path PathOf(const std::string& name) {
  std::error_code ignored;
  if (fs::exists(name, ignored)) return name;
  for (const RecordReader* reader : Readers()) {
    for (const std::string_view ending : reader->endings()) {
      const fs::path path = name + std::string(ending);
      if (fs::exists(path, ignored)) return path;
    }
  }
  return name;
}

std::string WithoutEnding(const std::string& path) {
  for (const RecordReader* reader : Readers()) {
    for (const std::string_view ending : reader->endings()) {
      if (HasEndingInAnyCase(path, ending)) return path.substr(0, path.size() - ending.size());
    }
  }
  return path;
}

std::string Listing::PassedOver() const {
  std::vector<std::pair<std::string, std::size_t>> kinds(passed_over.begin(), passed_over.end());
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::size_t files = 0;
  std::vector<std::string> words;
  constexpr std::size_t kNamed = 8;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    files += kinds[i].second;
    if (i < kNamed) words.push_back(std::to_string(kinds[i].second) + " " + kinds[i].first);
  }
  if (files == 0) return {};
  if (kinds.size() > kNamed) words.emplace_back("...");
  return Counted(files, "file") + " of other kinds " + (files == 1 ? "was" : "were") +
         " passed over: " + Join(words, ", ");
}

Result<Listing> ListRecords(const fs::path& folder, const record::OpenOptions& told) {
  std::vector<UnreadableFolder> unreadable;
  Result<std::vector<std::string>> files = ListFiles(folder, "", /*recursive=*/true, &unreadable);
  if (!files.ok()) return files.error();
  Listing listing;
  if (told.format.empty()) {
    listing = Sorter(folder).Sort(std::move(*files));
  } else {
    const Result<const RecordReader*> reader = ReaderByName(told.format);
    if (!reader.ok()) return reader.error();
    for (std::string& file : *files) {
      if (HasEndingOf(file, **reader)) listing.records.push_back(std::move(file));
    }
  }
  listing.unreadable = std::move(unreadable);
  if (!listing.records.empty() || !listing.unreadable.empty()) return listing;
  const std::string others = listing.PassedOver();
  return InputError("holds no recording" + (others.empty() ? "" : "; " + others) +
                        "; kinds that are read: " + Join(NamesOf(Readers()), ", "),
                    folder.string());
}

}  // namespace ecg::formats
