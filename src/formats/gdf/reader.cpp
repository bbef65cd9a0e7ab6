#include "ecg/formats/gdf/reader.h"

#include <cstdint>
#include <string>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/record/signal_file.h"
#include "src/formats/gdf/header.h"
#include "src/record/blocks.h"
#include "src/record/bytes.h"

namespace ecg::gdf {
namespace {

namespace fs = std::filesystem;
using record::Load;

double ValueAt(const char* p, SampleType type) {
  switch (type) {
    case SampleType::kInt8:
      return Load<std::int8_t>(p);
    case SampleType::kUint8:
      return Load<std::uint8_t>(p);
    case SampleType::kInt16:
      return Load<std::int16_t>(p);
    case SampleType::kUint16:
      return Load<std::uint16_t>(p);
    case SampleType::kInt24:
      return record::LoadInt24(p);
    case SampleType::kUint24:
      return record::LoadUint24(p);
    case SampleType::kInt32:
      return Load<std::int32_t>(p);
    case SampleType::kUint32:
      return Load<std::uint32_t>(p);
    case SampleType::kInt64:
      return static_cast<double>(Load<std::int64_t>(p));
    case SampleType::kUint64:
      return static_cast<double>(Load<std::uint64_t>(p));
    case SampleType::kFloat32:
      return static_cast<double>(Load<float>(p));
    case SampleType::kFloat64:
      return Load<double>(p);
  }
  return 0;
}

class GdfFile : public record::SignalFile {
 public:
  GdfFile(const fs::path& path, const record::OpenOptions& told) : SignalFile(path, told) {}

  Status Start() {
    Result<InputFile> file = InputFile::Open(path());
    if (!file.ok()) return file.error();
    Result<Header> header = ReadHeader(*file);
    if (!header.ok()) return header.error();
    header_ = std::move(*header);
    if (header_.stated_records >= 0 &&
        header_.records != static_cast<std::uint64_t>(header_.stated_records)) {
      Warn("of " + std::to_string(header_.stated_records) + ", " + std::to_string(header_.records) +
               " are there whole",
           "number of data records");
    }
    info_.format = "GDF";
    info_.age = header_.age;
    info_.sex = header_.sex;
    info_.acquisition = header_.acquisition;
    std::vector<record::SignalInfo> signals;
    for (std::size_t i = 0; i < header_.channels.size(); ++i) {
      const Channel& channel = header_.channels[i];
      if (channel.samples == 0) continue;
      record::SignalInfo info;
      info.label = channel.label;
      info.units = channel.scaled ? channel.units : "of no scale";
      info.sampling_rate = static_cast<double>(channel.samples) / header_.record_seconds;
      info.samples = header_.records * channel.samples;
      if (info_.acquisition.filters.empty()) info_.acquisition.filters = channel.prefilter;
      signals.push_back(std::move(info));
      shown_.push_back(i);
    }
    return SetUp(std::move(signals));
  }

 protected:
  Status Decode(const std::vector<record::SignalScale>& scales,
                std::vector<std::vector<float>>& out, std::vector<std::string>&) const override {
    const Result<InputFile> file = InputFile::Open(path());
    if (!file.ok()) return file.error();
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      if (scales[i].factor != 0) out[i].resize(signals()[i].samples);
    }
    const Result<bool> whole = record::ReadInBlocks(
        *file, header_.header_bytes, header_.record_bytes, header_.records,
        [&](std::uint64_t first, std::uint64_t count, const char* block) {
          for (std::uint64_t r = 0; r < count; ++r) {
            DecodeRecord(first + r, block + r * header_.record_bytes, scales, out);
          }
        });
    if (!whole.ok()) return whole.error();
    return *whole ? Status() : Fail("became shorter while it was read");
  }

 private:
  void DecodeRecord(std::uint64_t record, const char* bytes,
                    const std::vector<record::SignalScale>& scales,
                    std::vector<std::vector<float>>& out) const {
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      if (scales[i].factor == 0) continue;
      const Channel& channel = header_.channels[shown_[i]];
      const std::size_t step = BytesOf(channel.type);
      const char* from = bytes + channel.begin;
      float* to = out[i].data() + record * channel.samples;
      for (std::size_t k = 0; k < channel.samples; ++k, from += step) {
        to[k] = scales[i].Apply(ValueAt(from, channel.type) * channel.factor + channel.offset);
      }
    }
  }

  Header header_;
  std::vector<std::size_t> shown_;  // of the header's channels, those that hold samples
};

class GdfReader : public record::RecordReader {
 public:
  std::string_view name() const override { return "GDF"; }
  std::string_view description() const override {
    return "GDF, versions 1 and 2: signals of several rates";
  }
  std::vector<std::string_view> endings() const override { return {".gdf"}; }

  record::Recognition Recognises(std::string_view begin) const override {
    const bool gdf = begin.size() >= 256 && begin.substr(0, 4) == "GDF " && begin[5] == '.';
    return gdf ? record::Recognition::kCertain : record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path,
                                                   const record::OpenOptions& told) const override {
    return record::OpenStarted<GdfFile>(path, told);
  }
};

}  // namespace

const record::RecordReader& Reader() {
  static const GdfReader reader;
  return reader;
}

}  // namespace ecg::gdf
