#include "ecg/formats/describe.h"

#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/matlab.h"
#include "ecg/record/reader.h"
#include "src/formats/wfdb/describe.h"

namespace ecg::formats {

Result<Json> Describe(const std::filesystem::path& path, const record::ReadOptions& options) {
  if (const record::RecordReader* reader = ReaderByEnding(path)) {
    const auto file = reader->Open(path);
    if (!file.ok()) return file.error();
    return (*file)->Describe(options);
  }
  if (wfdb::HasMatlabName(path.filename().string())) return wfdb::DescribeMatlab(path);
  return wfdb::DescribeAnnotations(path);
}

}  // namespace ecg::formats
