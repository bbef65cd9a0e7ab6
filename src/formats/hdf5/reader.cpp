#include "ecg/formats/hdf5/reader.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "ecg/core/text.h"
#include "ecg/record/array_file.h"
#include "src/formats/hdf5/dataset.h"
#include "src/formats/hdf5/objects.h"
#include "src/formats/hdf5/source.h"

namespace ecg::hdf5 {
namespace {

namespace fs = std::filesystem;
using record::NamedArray;

constexpr std::size_t kMostObjects = 65536;
constexpr int kMostDepth = 32;
constexpr std::size_t kMostTexts = 1024, kMostTextBytes = 65536;
// The layout of CODE, CODE-15% and CODE-test: [recordings][4096][12].
constexpr std::size_t kCodeSamples = 4096, kCodeLeads = 12;

// A dataset with its path.
struct Found {
  std::string path;
  Dataset dataset;
};

std::string LastPart(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::size_t LongAxes(const Dataset& dataset) {
  return static_cast<std::size_t>(std::count_if(dataset.shape.begin(), dataset.shape.end(),
                                                [](std::size_t axis) { return axis > 1; }));
}

// All that a file holds and that may be of use.
class Walker {
 public:
  explicit Walker(Source& source) : source_(source) {}

  Status Walk() { return WalkObject(source_.root(), "", 0); }

  std::vector<Found> datasets;
  std::vector<NamedArray> said;  // numbers and texts that are attributes, or datasets of one

 private:
  Status WalkObject(std::uint64_t address, const std::string& path, int depth) {
    if (!seen_.insert(address).second) return {};  // by another name
    if (seen_.size() > kMostObjects || depth > kMostDepth) {
      return source_.Fail("group", "too many objects, or nested too deeply");
    }
    const Result<std::vector<Message>> messages = ReadMessages(source_, address);
    if (!messages.ok()) return messages.error();
    const std::string units = ReadAttributes(path, *messages);
    Result<std::optional<Dataset>> dataset = ParseDataset(source_, *messages);
    if (!dataset.ok()) return dataset.error();
    if (*dataset) {
      AddDataset(path, std::move(**dataset), units);
      return {};
    }
    const Result<std::vector<Link>> links = ReadLinks(source_, *messages);
    if (!links.ok()) return links.error();
    for (const Link& link : *links) {
      // MATLAB's own.
      if (link.name.empty() || link.name.front() == '#') continue;
      const Status read = WalkObject(link.address, path + "/" + link.name, depth + 1);
      if (!read.ok()) return read;
    }
    return {};
  }

  // Returns the units that they say.
  std::string ReadAttributes(const std::string& path, const std::vector<Message>& messages) {
    std::string units;
    is_matlab_text_ = false;
    for (const Message& message : messages) {
      if (message.kind != kAttributeMessage) continue;
      const std::optional<Attribute> attribute = ParseAttribute(source_, message);
      if (!attribute) continue;
      NamedArray array;
      array.name = path + "/" + attribute->name;
      std::replace(array.name.begin(), array.name.end(), ' ', '_');
      if (!Read(*attribute, attribute->data, array)) continue;
      const bool text = array.texts.size() == 1;
      if (text && attribute->name == "MATLAB_class") is_matlab_text_ = array.texts[0] == "char";
      if (text && (attribute->name == "units" || attribute->name == "unit")) {
        units = array.texts[0];
      }
      said.push_back(std::move(array));
    }
    return units;
  }

  // A number or texts.
  bool Read(const Values& values, std::string_view bytes, NamedArray& array) {
    if (values.type.is_text()) {
      if (values.count > kMostTexts || values.bytes() > kMostTextBytes) return false;
      Result<std::vector<std::string>> texts = ToTexts(source_, bytes, values);
      if (!texts.ok()) return false;
      array.texts = std::move(*texts);
      return true;
    }
    if (values.count != 1 || !values.type.is_number()) return false;
    array.number = ToNumber(bytes, values.type);
    return true;
  }

  void AddDataset(const std::string& path, Dataset dataset, const std::string& units) {
    const bool text = dataset.type.is_text() || is_matlab_text_;
    if ((text || dataset.count == 1) && dataset.bytes() <= kMostTextBytes && dataset.count > 0) {
      const std::size_t all = dataset.shape.empty() ? 1 : dataset.shape[0];
      const Result<std::string> bytes = LoadBytes(source_, dataset, 0, all);
      NamedArray array;
      array.name = path;
      const bool read = bytes.ok() && (is_matlab_text_ ? ReadMatlabText(dataset, *bytes, array)
                                                       : Read(dataset, *bytes, array));
      if (read) said.push_back(std::move(array));
      return;
    }
    if (!dataset.type.is_number()) return;
    if (!units.empty()) units_.emplace_back(path, units);
    datasets.push_back({path, std::move(dataset)});
  }

  // Characters are numbers of 16 bits there, [columns][rows].
  static bool ReadMatlabText(const Dataset& dataset, std::string_view bytes, NamedArray& array) {
    if (dataset.type.bytes != 2 || dataset.shape.size() != 2 || dataset.shape[1] > kMostTexts) {
      return false;
    }
    const std::vector<float> units = ToFloats(bytes, dataset.type);
    array.texts.resize(dataset.shape[1]);
    for (std::size_t i = 0; i < units.size(); ++i) {
      const bool ascii = units[i] > 0 && units[i] < 128;
      array.texts[i % dataset.shape[1]] += ascii ? static_cast<char>(units[i]) : '?';
    }
    for (std::string& text : array.texts) text = std::string(Trim(text));
    return true;
  }

 public:
  std::string UnitsOf(const std::string& path) const {
    for (const auto& [of, units] : units_) {
      if (of == path) return units;
    }
    return {};
  }

 private:
  Source& source_;
  std::unordered_set<std::uint64_t> seen_;
  std::vector<std::pair<std::string, std::string>> units_;  // by path
  bool is_matlab_text_ = false;                             // the object whose attributes were read
};

// "tracings[5]": a recording of an array that holds several.
struct Told {
  std::string array;
  std::optional<std::size_t> index;
};

Told ParseTold(const std::string& text) {
  const std::size_t open = text.rfind('[');
  if (open == std::string::npos || text.back() != ']') return {text, {}};
  const auto index = ParseInt(std::string_view(text).substr(open + 1, text.size() - open - 2));
  if (!index || *index < 0) return {text, {}};
  return {text.substr(0, open), static_cast<std::size_t>(*index)};
}

bool IsTold(const std::string& path, const std::string& told) {
  return path == told || ToLower(LastPart(path)) == ToLower(told);
}

NamedArray ToArray(const fs::path& file, const Found& found, const std::string& units) {
  NamedArray array;
  array.name = found.path;
  array.shape = found.dataset.shape;
  array.units = units;
  array.load = [file, dataset = found.dataset]() -> Result<std::vector<float>> {
    Result<Source> source = Source::Open(file);
    if (!source.ok()) return source.error();
    const Result<std::string> bytes =
        LoadBytes(*source, dataset, 0, dataset.shape.empty() ? 1 : dataset.shape[0]);
    if (!bytes.ok()) return bytes.error();
    return ToFloats(*bytes, dataset.type);
  };
  return array;
}

// One index of the first axis.
NamedArray ToArray(const fs::path& file, const Found& found, const std::string& units,
                   std::size_t index) {
  NamedArray array = ToArray(file, found, units);
  array.name += "[" + std::to_string(index) + "]";
  array.shape.erase(array.shape.begin());
  array.load = [file, dataset = found.dataset, index]() -> Result<std::vector<float>> {
    Result<Source> source = Source::Open(file);
    if (!source.ok()) return source.error();
    const Result<std::string> bytes = LoadBytes(*source, dataset, index, 1);
    if (!bytes.ok()) return bytes.error();
    return ToFloats(*bytes, dataset.type);
  };
  return array;
}

// The leads of CODE, which its files do not name.
void NameLeadsOfCode(const std::vector<Found>& datasets, const record::OpenOptions& told,
                     record::ArraysSaid& said) {
  const Told array = ParseTold(told.array);
  for (const Found& found : datasets) {
    const std::vector<std::size_t>& shape = found.dataset.shape;
    const bool code = LastPart(found.path) == "tracings" && shape.size() == 3 &&
                      shape[1] == kCodeSamples && shape[2] == kCodeLeads;
    if (!code || !told.leads.empty()) continue;
    if (!array.array.empty() && !IsTold(found.path, array.array)) continue;
    said.leads = {"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"};
    said.warnings.push_back(found.path +
                            " is taken for the layout of CODE, whose leads are I, II, "
                            "III, aVR, aVL, aVF, V1-V6");
  }
}

Result<std::vector<NamedArray>> ToArrays(const Source& source, const fs::path& path,
                                         const record::OpenOptions& told, Walker& walker) {
  std::vector<NamedArray> arrays = std::move(walker.said);
  const Told array = ParseTold(told.array);
  for (const Found& found : walker.datasets) {
    const std::string units = walker.UnitsOf(found.path);
    const bool several = LongAxes(found.dataset) > 2 && found.dataset.shape.size() == 3;
    const bool meant = array.array.empty()
                           ? walker.datasets.size() == 1 || LastPart(found.path) == "tracings"
                           : IsTold(found.path, array.array);
    if (several && meant && !array.index) {
      return source.Fail("array", "holds " + Counted(found.dataset.shape[0], "recording") + " in " +
                                      found.path + "; --array " + found.path + "[0] tells which");
    }
    if (array.index && meant && found.dataset.shape.size() >= 2) {
      if (*array.index >= found.dataset.shape[0]) {
        return source.Fail("array", found.path + " holds " +
                                        Counted(found.dataset.shape[0], "recording") + ", from 0");
      }
      arrays.push_back(ToArray(path, found, units, *array.index));
      continue;
    }
    arrays.push_back(ToArray(path, found, units));
  }
  return arrays;
}

class Hdf5Reader : public record::RecordReader {
 public:
  std::string_view name() const override { return "HDF5"; }
  std::string_view description() const override {
    return "arrays of HDF5 and MATLAB 7.3; --array /path[0] is one of several recordings";
  }
  std::vector<std::string_view> endings() const override {
    return {".h5", ".hdf5", ".hdf", ".mat"};
  }

  record::Recognition Recognises(std::string_view begin) const override {
    for (std::size_t at = 0; at < begin.size();
         at = std::max<std::size_t>(kFirstUserBlock, 2 * at)) {
      if (begin.substr(at, kSignature.size()) == kSignature) return record::Recognition::kCertain;
    }
    return record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path,
                                                   const record::OpenOptions& told) const override {
    Result<Source> source = Source::Open(path);
    if (!source.ok()) return source.error();
    Walker walker(*source);
    if (const Status walked = walker.Walk(); !walked.ok()) return walked.error();
    record::ArraysSaid said;
    said.info.format = "HDF5";
    NameLeadsOfCode(walker.datasets, told, said);
    Result<std::vector<NamedArray>> arrays = ToArrays(*source, path, told, walker);
    if (!arrays.ok()) return arrays.error();
    return record::OpenArrays(path, told, std::move(said), std::move(*arrays));
  }
};

}  // namespace

const record::RecordReader& Reader() {
  static const Hdf5Reader reader;
  return reader;
}

}  // namespace ecg::hdf5
