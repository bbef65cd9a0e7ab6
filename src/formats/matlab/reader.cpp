#include "ecg/formats/matlab/reader.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/record/array_file.h"
#include "src/formats/matlab/variables.h"
#include "src/record/matlab5.h"

namespace ecg::matlab {
namespace {

class MatlabReader : public record::RecordReader {
 public:
  std::string_view name() const override { return "MATLAB"; }
  std::string_view description() const override { return "arrays of MATLAB, version 5"; }
  std::vector<std::string_view> endings() const override { return {".mat"}; }
  bool ServesHeaders() const override { return true; }

  record::Recognition Recognises(std::string_view begin) const override {
    const bool is_5 = record::HasMatlabText(begin) && begin.substr(7, 2) == "5.";
    return is_5 ? record::Recognition::kCertain : record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const std::filesystem::path& path,
                                                   const record::OpenOptions& told) const override {
    Result<std::string> bytes = ReadFile(path);
    if (!bytes.ok()) return bytes.error();
    Result<std::vector<record::NamedArray>> arrays =
        ReadVariables(std::move(*bytes), path.string());
    if (!arrays.ok()) return arrays.error();
    record::ArraysSaid said;
    said.info.format = "MATLAB";
    return record::OpenArrays(path, told, std::move(said), std::move(*arrays));
  }
};

}  // namespace

const record::RecordReader& Reader() {
  static const MatlabReader reader;
  return reader;
}

}  // namespace ecg::matlab
