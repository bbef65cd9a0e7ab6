#include "ecg/formats/describe.h"

#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/matlab.h"
#include "ecg/record/reader.h"
#include "src/formats/wfdb/describe.h"

namespace ecg::formats {
namespace {

bool IsAnythingTold(const record::OpenOptions& told) {
  return !told.format.empty() || !told.units.empty() || told.sampling_rate != 0 ||
         !told.leads.empty() || !told.array.empty();
}

}  // namespace

Result<Json> Describe(const std::filesystem::path& path, const record::ReadOptions& options,
                      const record::OpenOptions& told) {
  if (wfdb::HasMatlabName(path.filename().string()) && !IsAnythingTold(told)) {
    Result<Json> matrices = wfdb::DescribeMatlab(path);
    if (matrices.ok() || !IsRecording(path)) return matrices;
  }
  if (!told.format.empty() || IsRecording(path)) {
    const auto file = Open(path, told);
    if (!file.ok()) return file.error();
    return (*file)->Describe(options);
  }
  return wfdb::DescribeAnnotations(path);
}

}  // namespace ecg::formats
