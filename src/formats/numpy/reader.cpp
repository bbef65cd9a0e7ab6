#include "ecg/formats/numpy/reader.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/record/array_file.h"
#include "src/formats/numpy/npy.h"
#include "src/formats/numpy/sidecar.h"
#include "src/formats/numpy/zip.h"

namespace ecg::numpy {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kZipMagic = "PK\x03\x04";

Error CutOff(const std::string& file) {
  return InputError("has fewer values than its shape says", file, 0, "array");
}

// The value of an array of one.
void AddNumber(const NpyHeader& header, std::string_view data, record::NamedArray& array) {
  if (header.count() != 1 || data.size() < header.bytes) return;
  array.number = static_cast<double>(NpyValues(header, data).front());
}

Result<record::NamedArray> FromNpy(const fs::path& path) {
  const Result<InputFile> file = InputFile::Open(path);
  if (!file.ok()) return file.error();
  std::string begin(kMostHeaderBytes, '\0');
  const Result<std::size_t> got = file->ReadAt(0, begin.data(), begin.size());
  if (!got.ok()) return got.error();
  begin.resize(*got);
  const Result<NpyHeader> header = ParseNpyHeader(begin, path.string());
  if (!header.ok()) return header.error();
  if (file->size() < header->data_offset ||
      file->size() - header->data_offset < header->data_bytes()) {
    return CutOff(path.string());
  }
  record::NamedArray array;
  array.name = "array";
  array.shape = header->shape;
  array.load = [path, header = *header]() -> Result<std::vector<float>> {
    const Result<InputFile> again = InputFile::Open(path);
    if (!again.ok()) return again.error();
    std::string data(header.data_bytes(), '\0');
    const Result<std::size_t> count = again->ReadAt(header.data_offset, data.data(), data.size());
    if (!count.ok()) return count.error();
    if (*count != data.size()) return CutOff(path.string());
    return NpyValues(header, data);
  };
  return array;
}

Result<std::vector<record::NamedArray>> FromNpz(const fs::path& path) {
  Result<std::string> bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.error();
  const auto archive = std::make_shared<const std::string>(std::move(*bytes));
  const std::string file = path.string();
  const Result<std::vector<ZipEntry>> entries = ListZip(*archive, file);
  if (!entries.ok()) return entries.error();
  std::vector<record::NamedArray> arrays;
  for (const ZipEntry& entry : *entries) {
    const Result<std::string> begin = ReadZip(*archive, entry, kMostHeaderBytes, file);
    if (!begin.ok()) return begin.error();
    const Result<NpyHeader> header = ParseNpyHeader(*begin, file);
    if (!header.ok()) continue;  // texts and objects too stand beside numbers
    record::NamedArray array;
    array.name = entry.name.substr(0, entry.name.rfind(".npy"));
    array.shape = header->shape;
    AddNumber(*header, std::string_view(*begin).substr(header->data_offset), array);
    array.load = [archive, entry, file, header = *header]() -> Result<std::vector<float>> {
      const std::size_t count = header.data_offset + header.data_bytes();
      const Result<std::string> data = ReadZip(*archive, entry, count, file);
      if (!data.ok()) return data.error();
      if (data->size() < count) return CutOff(file);
      return NpyValues(header, std::string_view(*data).substr(header.data_offset));
    };
    arrays.push_back(std::move(array));
  }
  return arrays;
}

class NumpyReader : public record::RecordReader {
 public:
  std::string_view name() const override { return "NumPy"; }
  std::string_view description() const override { return "arrays of NumPy, and archives of such"; }
  std::vector<std::string_view> endings() const override { return {".npy", ".npz"}; }

  record::Recognition Recognises(std::string_view begin) const override {
    if (begin.substr(0, kNpyMagic.size()) == kNpyMagic) return record::Recognition::kCertain;
    // A zip archive of something: of arrays, if its first file is one.
    const bool zip = begin.substr(0, kZipMagic.size()) == kZipMagic;
    return zip && begin.substr(0, 300).find(".npy") != std::string_view::npos
               ? record::Recognition::kCertain
               : record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path,
                                                   const record::OpenOptions& told) const override {
    const Result<InputFile> file = InputFile::Open(path);
    if (!file.ok()) return file.error();
    char begin[2] = {};
    const Result<std::size_t> got = file->ReadAt(0, begin, 2);
    if (!got.ok()) return got.error();
    std::vector<record::NamedArray> arrays;
    if (std::string_view(begin, 2) == kZipMagic.substr(0, 2)) {
      Result<std::vector<record::NamedArray>> found = FromNpz(path);
      if (!found.ok()) return found.error();
      arrays = std::move(*found);
    } else {
      Result<record::NamedArray> array = FromNpy(path);
      if (!array.ok()) return array.error();
      arrays.push_back(std::move(*array));
    }
    fs::path beside = path;
    beside.replace_extension(kSidecarEnding);
    record::ArraysSaid said;
    if (auto found = ReadSidecar(beside)) {
      said = std::move(*found);
      said.files.push_back(std::move(beside));
    }
    said.info.format = "NumPy";
    return record::OpenArrays(path, told, std::move(said), std::move(arrays));
  }
};

}  // namespace

const record::RecordReader& Reader() {
  static const NumpyReader reader;
  return reader;
}

}  // namespace ecg::numpy
