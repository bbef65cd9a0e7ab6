#include "ecg/formats/describe.h"

#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/matlab.h"
#include "ecg/record/reader.h"
#include "src/formats/wfdb/describe.h"

namespace ecg::formats {

Result<Json> Describe(const std::filesystem::path& path, const record::ReadOptions& options,
                      const record::OpenOptions& told) {
  const bool matrices = wfdb::HasMatlabName(path.filename().string()) && told.format.empty() &&
                        told.sampling_rate == 0;
  if (matrices) return wfdb::DescribeMatlab(path);
  if (!told.format.empty() || IsRecording(path)) {
    const auto file = Open(path, told);
    if (!file.ok()) return file.error();
    return (*file)->Describe(options);
  }
  return wfdb::DescribeAnnotations(path);
}

}  // namespace ecg::formats
