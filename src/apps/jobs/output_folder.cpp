#include "ecg/apps/jobs/output_folder.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/formats/registry.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;
using RecordFiles = OutputFolder::RecordFiles;

std::string FileOf(const data::RecordPath& record) {
  return (fs::path(record.id).parent_path() / record.path.filename()).generic_string();
}

// The names below the folder that are files, or folders on the way to files, and whose they are.
class Names {
 public:
  explicit Names(const std::vector<std::string>& own) {
    for (const std::string& name : own) files_.emplace(name, name);
  }

  bool IsTaken(const std::string& name) const {
    return files_.count(name) > 0 || folders_.count(name) > 0;
  }

  // Takes the names of a record's files, or none of them.
  Status Take(const RecordFiles& wanted) {
    for (const std::string& ending : wanted.endings) {
      const std::string name = wanted.record.id + ending;
      if (const auto other = files_.find(name); other != files_.end()) {
        return Collision(name, other->second);
      }
      if (const auto other = folders_.find(name); other != folders_.end()) {
        return Collision(name, other->second);
      }
      for (const std::string& parent : ParentsOf(name)) {
        if (const auto other = files_.find(parent); other != files_.end()) {
          return Collision(parent, other->second);
        }
      }
    }
    const std::string owner = FileOf(wanted.record);
    for (const std::string& ending : wanted.endings) {
      const std::string name = wanted.record.id + ending;
      files_.emplace(name, owner);
      for (std::string& parent : ParentsOf(name)) folders_.emplace(std::move(parent), owner);
    }
    return {};
  }

 private:
  static Error Collision(const std::string& name, const std::string& other) {
    return InputError("would be written to " + name + ", which is a file or folder of " + other);
  }

  static std::vector<std::string> ParentsOf(const std::string& name) {
    std::vector<std::string> parents;
    for (std::size_t at = name.find('/'); at != std::string::npos; at = name.find('/', at + 1)) {
      parents.push_back(name.substr(0, at));
    }
    return parents;
  }

  std::unordered_map<std::string, std::string> files_, folders_;
};

bool ById(const RecordFiles& a, const RecordFiles& b) { return a.record.id < b.record.id; }

// Of A.hea and A.HEA the first: it is the one that people mean.
bool HasUsualEnding(const RecordFiles& files) {
  const record::RecordReader* reader = formats::ReaderByEnding(files.record.path);
  if (reader == nullptr) return true;
  const std::vector<std::string_view> usual = reader->endings();
  return std::find(usual.begin(), usual.end(), files.record.path.extension().string()) !=
         usual.end();
}

std::vector<std::string> ListNames(const data::Shard& shard) {
  if (shard.IsAll()) return {std::begin(data::kFailedListNames), std::end(data::kFailedListNames)};
  return {std::string(data::kFailedListPrefix) + shard.Suffix() + ".csv"};
}

// Nothing may be written among the recordings, also where a folder below this one is theirs.
Status CheckFolders(const fs::path& folder, const std::vector<RecordFiles>& records,
                    const data::InputGuard& inputs) {
  std::set<fs::path> folders = {folder};
  for (const RecordFiles& files : records) {
    fs::path below = fs::path(files.record.id).parent_path();
    for (; !below.empty() && folders.insert(folder / below).second; below = below.parent_path()) {
    }
  }
  for (const fs::path& each : folders) {
    if (Status free = inputs.CheckFolder(each); !free.ok()) return free;
  }
  return {};
}

// Whether a folder could not be made because of its name, not for want of room or rights.
bool IsOfTheName(const std::error_code& error) {
  for (const std::errc name :
       {std::errc::not_a_directory, std::errc::file_exists, std::errc::filename_too_long,
        std::errc::too_many_symbolic_link_levels}) {
    if (error == name) return true;
  }
  return false;
}

}  // namespace

Result<OutputFolder> OutputFolder::Create(fs::path folder, std::vector<RecordFiles> records,
                                          const data::InputGuard& inputs,
                                          const std::vector<std::string>& own,
                                          const data::Shard& shard) {
  if (const Status free = CheckFolders(folder, records, inputs); !free.ok()) return free.error();
  OutputFolder output;
  output.folder_ = std::move(folder);
  std::stable_sort(records.begin(), records.end(), ById);
  std::stable_partition(records.begin(), records.end(), HasUsualEnding);
  Names names(own);
  for (RecordFiles& files : records) {
    if (const Status taken = names.Take(files); !taken.ok()) {
      output.refused_.push_back({FileOf(files.record), taken.error()});
    } else {
      output.records_.push_back(std::move(files));
    }
  }
  std::sort(output.records_.begin(), output.records_.end(), ById);
  const std::vector<std::string> lists = ListNames(shard);
  const auto list = std::find_if(lists.begin(), lists.end(), [&](const std::string& name) {
    std::error_code ignored;
    return !names.IsTaken(name) && !fs::is_directory(output.folder_ / name, ignored);
  });
  if (list == lists.end()) {
    return InputError(
        "records or folders are called as the lists of failures: " + Join(lists, ", "),
        output.folder_.string());
  }
  output.failed_list_ = *list;
  if (Status status = CreateFolder(output.folder_); !status.ok()) return status.error();
  return output;
}

Result<fs::path> OutputFolder::Place(const std::string& id, const std::string& ending) const {
  const fs::path path = PathOf(id, ending);
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) {
    Error failure =
        OutputError("cannot create folder: " + error.message(), path.parent_path().string());
    if (!IsOfTheName(error)) throw Exception(std::move(failure));
    return failure;
  }
  const fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::not_found || type == fs::file_type::regular) return path;
  return OutputError(type == fs::file_type::none        ? "cannot be written: " + error.message()
                     : type == fs::file_type::directory ? "is a folder"
                                                        : "is no regular file",
                     path.string());
}

Status OutputFolder::CheckWritten(const std::vector<RecordFiles>& written,
                                  const char* remedy) const {
  std::size_t missing = 0;
  for (const RecordFiles& files : written) {
    for (const std::string& ending : files.endings) {
      std::error_code ignored;
      if (!fs::is_regular_file(PathOf(files.record.id, ending), ignored)) ++missing;
    }
  }
  if (missing == 0) return {};
  return OutputError(Counted(missing, "file") + " of what was written " +
                         (missing == 1 ? "is" : "are") + " no longer there" + remedy,
                     folder_.string());
}

Status OutputFolder::WriteFailed(const std::vector<data::FailedRecord>& failed) const {
  if (failed.empty()) {
    std::error_code ignored;
    fs::remove(failed_list(), ignored);
    return {};
  }
  return WriteFileAtomic(failed_list(), data::FormatFailedList(failed));
}

}  // namespace ecg::jobs
