#include "ecg/record/array_file.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/record/info_lines.h"
#include "ecg/record/signal_file.h"

namespace ecg::record {
namespace {

// The last part of "/a/b" or "header.freq", in lower case.
std::string LastName(std::string_view name) {
  const std::size_t mark = name.find_last_of("/.");
  return ToLower(mark == std::string_view::npos ? name : name.substr(mark + 1));
}

bool IsOneOf(const std::string& name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::size_t Count(const NamedArray& array) {
  std::size_t count = 1;
  for (const std::size_t axis : array.shape) count *= axis;
  return count;
}

std::string ShapeInWords(const NamedArray& array) {
  std::vector<std::string> axes;
  for (const std::size_t axis : array.shape) axes.push_back(std::to_string(axis));
  return array.name + " [" + Join(axes, "][") + "]";
}

constexpr std::size_t kMostLeads = 1024;

// As [rows][columns].
struct Matrix {
  std::size_t rows = 1, columns = 1;
  bool leads_in_columns = false;

  std::size_t leads() const { return leads_in_columns ? columns : rows; }
  std::size_t samples() const { return leads_in_columns ? rows : columns; }
};

class ArrayFile : public SignalFile {
 public:
  ArrayFile(const std::filesystem::path& path, const OpenOptions& told) : SignalFile(path, told) {}

  Status Start(ArraysSaid said, std::vector<NamedArray> arrays) {
    info_ = std::move(said.info);
    for (std::string& warning : said.warnings) Warn(std::move(warning), "array");
    const Result<std::size_t> chosen = Choose(arrays);
    if (!chosen.ok()) return chosen.error();
    ReadOthers(arrays, said);
    files_ = std::move(said.files);
    if (const Status read = ReadScales(arrays, *chosen); !read.ok()) return read;
    array_ = std::move(arrays[*chosen]);
    const std::vector<std::string> told = ExpandLeads(options().leads);
    if (const Status shaped = Shape(said.leads.empty() ? told.size() : said.leads.size());
        !shaped.ok()) {
      return shaped;
    }
    DropScalesOfOthers();
    std::vector<SignalInfo> signals(matrix_.leads());
    for (std::size_t i = 0; i < signals.size(); ++i) {
      if (said.leads.size() == signals.size()) signals[i].label = said.leads[i];
      signals[i].units = array_.units.empty() ? said.units : array_.units;
      signals[i].sampling_rate = said.sampling_rate;
      signals[i].samples = matrix_.samples();
      if (!gains_.empty()) signals[i].step = 1 / static_cast<double>(gains_[i]);
    }
    return SetUp(std::move(signals));
  }

  Result<std::vector<std::filesystem::path>> Files() const override {
    std::vector<std::filesystem::path> files = {path()};
    files.insert(files.end(), files_.begin(), files_.end());
    return files;
  }

 protected:
  Status Decode(const std::vector<SignalScale>& scales, std::vector<std::vector<float>>& out,
                std::vector<std::string>&) const override {
    const Result<std::vector<float>> values = array_.load();
    if (!values.ok()) return values.error();
    const std::size_t lead_step = matrix_.leads_in_columns ? 1 : matrix_.columns;
    const std::size_t sample_step = matrix_.leads_in_columns ? matrix_.columns : 1;
    for (std::size_t i = 0; i < matrix_.leads(); ++i) {
      if (scales[i].factor == 0) continue;
      const double zero = zeros_.empty() ? 0 : static_cast<double>(zeros_[i]);
      out[i].resize(matrix_.samples());
      for (std::size_t k = 0; k < out[i].size(); ++k) {
        const float value = (*values)[i * lead_step + k * sample_step];
        out[i][k] = scales[i].Apply(static_cast<double>(value) - zero);
      }
    }
    return {};
  }

 private:
  Result<std::size_t> Choose(const std::vector<NamedArray>& arrays) const {
    std::vector<std::size_t> large, usual;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < arrays.size(); ++i) {
      const NamedArray& array = arrays[i];
      if (!options().array.empty() && array.load &&
          (array.name == options().array || LastName(array.name) == ToLower(options().array))) {
        return i;
      }
      if (!array.load || Count(array) < kLeastValues) continue;
      large.push_back(i);
      names.push_back(ShapeInWords(array));
      if (IsOneOf(LastName(array.name),
                  {"val", "ecg", "ecg_data", "data", "signal", "signals", "tracings", "feats"})) {
        usual.push_back(i);
      }
    }
    if (!options().array.empty()) {
      return Fail("holds no " + options().array + ", but " + Join(names, ", "), "array");
    }
    if (large.size() == 1) return large.front();
    if (usual.size() == 1) return usual.front();
    if (large.empty()) return Fail("holds no array of signals", "array");
    constexpr std::size_t kShown = 10;
    if (names.size() > kShown) names.resize(kShown);
    return Fail("may be any of " + Join(names, ", ") + "; --array tells which", "array");
  }

  // What small arrays say.
  void ReadOthers(const std::vector<NamedArray>& arrays, ArraysSaid& said) {
    for (const NamedArray& array : arrays) {
      const std::string name = LastName(array.name);
      if (array.number && said.sampling_rate == 0 && *array.number > 0 &&
          IsOneOf(name, {"fs", "freq", "frequency", "sampling_rate", "sample_rate", "samplerate",
                         "samplingrate", "sfreq", "sampling_frequency", "curr_sample_rate"})) {
        said.sampling_rate = *array.number;
      } else if (array.number && name == "age" && !info_.age) {
        info_.age = ParseAge(FormatDouble(*array.number));
      } else if (name == "sex" || name == "gender") {
        if (!info_.sex && !array.texts.empty()) info_.sex = ParseSex(array.texts.front());
      } else if (array.texts.empty()) {
        continue;
      } else if (IsOneOf(name, {"units", "unit"}) && said.units.empty()) {
        const bool alike =
            std::all_of(array.texts.begin(), array.texts.end(),
                        [&](const std::string& text) { return text == array.texts.front(); });
        if (alike) said.units = array.texts.front();
      } else if (IsOneOf(name, {"desc", "leads", "lead_names", "labels"}) && said.leads.empty()) {
        said.leads = array.texts;
      }
    }
  }

  // Counts a unit, and the count that stands for 0, of each lead.
  Status ReadScales(const std::vector<NamedArray>& arrays, std::size_t chosen) {
    for (std::size_t i = 0; i < arrays.size(); ++i) {
      const std::string name = LastName(arrays[i].name);
      std::vector<float>* scales = name == "gain" ? &gains_ : name == "adczero" ? &zeros_ : nullptr;
      if (i == chosen || scales == nullptr || !scales->empty() || !arrays[i].load) continue;
      if (Count(arrays[i]) > kMostLeads) continue;
      Result<std::vector<float>> values = arrays[i].load();
      if (!values.ok()) return values.error();
      *scales = std::move(*values);
    }
    return {};
  }

  // What is not one for each lead, or no gain, is said of something else.
  void DropScalesOfOthers() {
    const bool sound = std::all_of(gains_.begin(), gains_.end(),
                                   [](float gain) { return gain > 0 && std::isfinite(gain); });
    if (gains_.size() == matrix_.leads() && sound) {
      if (zeros_.size() != gains_.size()) zeros_.clear();
      return;
    }
    if (!gains_.empty()) Warn("is not one for each lead, and is passed over", "gain");
    gains_.clear();
    zeros_.clear();
  }

  Status Shape(std::size_t leads) {
    std::vector<std::size_t> axes;
    for (const std::size_t axis : array_.shape) {
      if (axis != 1) axes.push_back(axis);
    }
    if (axes.empty() || axes.size() > 2) {
      return Fail("is no recording: " + ShapeInWords(array_), "array");
    }
    matrix_.columns = axes.back();
    if (axes.size() == 1) {
      // Of [1][n] the axes are plain, too.
      if (Count(array_) == 0) return Fail("is empty: " + ShapeInWords(array_), "array");
      return {};
    }
    matrix_.rows = axes.front();
    if (Count(array_) == 0) return Fail("is empty: " + ShapeInWords(array_), "array");
    const bool rows_fit = matrix_.rows == leads, columns_fit = matrix_.columns == leads;
    if (rows_fit != columns_fit) {
      matrix_.leads_in_columns = columns_fit;
      return {};
    }
    if (matrix_.rows == matrix_.columns) {
      return Fail("does not tell leads from samples: " + ShapeInWords(array_), "array");
    }
    matrix_.leads_in_columns = matrix_.columns < matrix_.rows;
    if (matrix_.leads() > kMostLeads) {
      return Fail("has too many leads: " + ShapeInWords(array_), "array");
    }
    Warn("of " + ShapeInWords(array_) + " the shorter axis is taken for the leads", "array");
    return {};
  }

  std::vector<std::filesystem::path> files_;
  NamedArray array_;
  Matrix matrix_;
  std::vector<float> gains_, zeros_;  // [leads], or empty
};

}  // namespace

Result<std::unique_ptr<RecordFile>> OpenArrays(const std::filesystem::path& path,
                                               const OpenOptions& told, ArraysSaid said,
                                               std::vector<NamedArray> arrays) {
  auto file = std::make_unique<ArrayFile>(path, told);
  if (const Status started = file->Start(std::move(said), std::move(arrays)); !started.ok()) {
    return started.error();
  }
  return std::unique_ptr<RecordFile>(std::move(file));
}

}  // namespace ecg::record
