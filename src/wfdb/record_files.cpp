#include <set>

#include "ecg/wfdb/record.h"

namespace ecg::wfdb {
namespace {

void AddSignalFiles(const Header& header, const std::filesystem::path& folder,
                    std::set<std::filesystem::path>& files) {
  for (const SignalHeader& signal : header.signals) {
    if (signal.format != Format::kNull) files.insert(folder / signal.file);
  }
}

}  // namespace

Result<std::vector<std::filesystem::path>> FilesOfRecord(const std::filesystem::path& header) {
  const Result<Header> master = ReadHeader(header);
  if (!master.ok()) return master.error();
  const std::filesystem::path folder = header.parent_path();
  std::set<std::filesystem::path> files;
  AddSignalFiles(*master, folder, files);
  for (const SegmentHeader& segment : master->segments) {
    const std::filesystem::path path = folder / (segment.name + ".hea");
    if (segment.name == "~" || !files.insert(path).second) continue;
    const Result<Header> part = ReadHeader(path);
    if (!part.ok()) return part.error();
    AddSignalFiles(*part, folder, files);
  }
  files.erase(header);
  std::vector<std::filesystem::path> all = {header};
  all.insert(all.end(), files.begin(), files.end());
  return all;
}

}  // namespace ecg::wfdb
