#include "ecg/apps/jobs/output_folder.h"

#include <algorithm>
#include <iterator>
#include <system_error>

#include "ecg/core/file.h"
#include "ecg/core/text.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

struct NamedFile {
  std::string name;
  std::string id;
};

Error Collision(const std::string& a, const std::string& b, const std::string& name) {
  return InputError("the records " + a + " and " + b + " would both be written to " + name);
}

}  // namespace

Result<OutputFolder> OutputFolder::Create(fs::path folder, const std::vector<File>& files,
                                          const data::Shard& shard) {
  std::vector<NamedFile> named;
  named.reserve(files.size());
  for (const File& file : files) named.push_back({file.id + file.ending, file.id});
  const auto by_name = [](const NamedFile& a, const NamedFile& b) { return a.name < b.name; };
  std::sort(named.begin(), named.end(), by_name);
  const auto find = [&](const std::string& name) {
    const auto at = std::lower_bound(named.begin(), named.end(), NamedFile{name, {}}, by_name);
    return at != named.end() && at->name == name ? &*at : nullptr;
  };
  for (std::size_t i = 0; i < named.size(); ++i) {
    const auto& [name, id] = named[i];
    if (i > 0 && named[i - 1].name == name) return Collision(named[i - 1].id, id, name);
    for (std::size_t at = name.find('/'); at != std::string::npos; at = name.find('/', at + 1)) {
      const std::string parent = name.substr(0, at);
      if (const NamedFile* file = find(parent)) return Collision(file->id, id, parent);
    }
  }
  std::vector<std::string> lists(std::begin(data::kFailedListNames),
                                 std::end(data::kFailedListNames));
  if (!shard.IsAll()) {
    lists = {std::string(data::kFailedListPrefix) + "-" + std::to_string(shard.index) + "-of-" +
             std::to_string(shard.count) + ".csv"};
  }
  const auto list = std::find_if(lists.begin(), lists.end(),
                                 [&](const std::string& name) { return find(name) == nullptr; });
  if (list == lists.end()) {
    return InputError("records are called as the lists of failures: " + Join(lists, ", "),
                      folder.string());
  }
  if (Status status = CreateFolder(folder); !status.ok()) return status.error();
  OutputFolder output;
  output.folder_ = std::move(folder);
  output.failed_list_ = *list;
  return output;
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
