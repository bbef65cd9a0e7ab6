#include "ecg/formats/edf/reader.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/record/info_lines.h"
#include "ecg/record/signal_file.h"
#include "src/formats/edf/annotations.h"
#include "src/formats/edf/header.h"
#include "src/record/blocks.h"
#include "src/record/bytes.h"

namespace ecg::edf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxStatements = 1000;

class EdfFile : public record::SignalFile {
 public:
  EdfFile(const fs::path& path, const record::OpenOptions& told) : SignalFile(path, told) {}

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
    info_.format = "EDF";
    info_.age = header_.age;
    info_.sex = header_.sex;
    info_.patient_id = header_.patient_code;
    info_.acquisition = header_.acquisition;
    if (const Status read = ReadAnnotations(*file); !read.ok()) return read;
    return ListSignals();
  }

  // Where data records touch, a sample's place is known.
  bool ReadsStretches() const override { return starts_.empty(); }

 protected:
  Status Decode(const std::vector<record::SignalScale>& scales,
                std::vector<std::vector<float>>& out, std::vector<std::string>&) const override {
    const Result<InputFile> file = InputFile::Open(path());
    if (!file.ok()) return file.error();
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      if (scales[i].factor == 0) continue;
      // Of data records that touch, every sample is written anyway.
      if (starts_.empty()) {
        out[i].resize(signals()[i].samples);
      } else {
        out[i].assign(signals()[i].samples, std::numeric_limits<float>::quiet_NaN());
      }
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

  Status DecodeStretch(const std::vector<record::SignalScale>& scales, std::size_t from,
                       std::size_t to, std::vector<std::vector<float>>& out) const override {
    const auto kept = std::find_if(scales.begin(), scales.end(),
                                   [](const record::SignalScale& s) { return s.factor != 0; });
    if (kept == scales.end() || from == to) return {};
    const Result<InputFile> file = InputFile::Open(path());
    if (!file.ok()) return file.error();
    const auto shown = static_cast<std::size_t>(kept - scales.begin());
    const std::size_t samples = header_.signals[shown_[shown]].samples;  // of a data record
    const std::uint64_t begin = from / samples, end = (to - 1) / samples + 1;
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (scales[i].factor != 0) out[i].reserve((end - begin) * samples);
    }
    const Result<bool> whole = record::ReadInBlocks(
        *file, header_.header_bytes + begin * header_.record_bytes, header_.record_bytes,
        end - begin, [&](std::uint64_t, std::uint64_t count, const char* block) {
          for (std::uint64_t r = 0; r < count; ++r) {
            for (std::size_t i = 0; i < shown_.size(); ++i) {
              if (scales[i].factor == 0) continue;
              out[i].resize(out[i].size() + samples);
              DecodeSamples(i, block + r * header_.record_bytes, samples, scales[i],
                            out[i].data() + out[i].size() - samples);
            }
          }
        });
    if (!whole.ok()) return whole.error();
    if (!*whole) return Fail("became shorter while it was read");
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (scales[i].factor == 0) continue;
      const auto skipped = static_cast<std::ptrdiff_t>(from - begin * samples);
      out[i].erase(out[i].begin(), out[i].begin() + skipped);
      out[i].resize(to - from);
    }
    return {};
  }

 private:
  // Texts of annotations, and of discontinuous files when each data record begins.
  Status ReadAnnotations(const InputFile& file) {
    std::vector<double> onsets;
    for (const Signal& signal : header_.signals) {
      if (!signal.annotations) continue;
      std::string bytes(signal.samples * header_.sample_bytes, '\0');
      const bool first_signal = onsets.empty();
      for (std::uint64_t r = 0; r < header_.records; ++r) {
        const Result<std::size_t> got =
            file.ReadAt(header_.header_bytes + r * header_.record_bytes + signal.begin,
                        bytes.data(), bytes.size());
        if (!got.ok()) return got.error();
        const std::vector<TimedTexts> lists = ParseAnnotations(bytes);
        for (const TimedTexts& timed : lists) {
          for (const std::string& text : timed.texts) {
            if (record::ReadInfoLine(record::SplitInfoLine(text), info_)) continue;
            if (info_.statements.size() < kMaxStatements) info_.statements.push_back(text);
          }
        }
        if (!first_signal || !header_.discontinuous) continue;
        if (lists.empty()) return Fail("a data record does not say when it begins", "annotations");
        onsets.push_back(lists.front().onset);
      }
    }
    return PlaceRecords(onsets);
  }

  // Where each data record stands, in durations of one: a discontinuous file has gaps.
  Status PlaceRecords(const std::vector<double>& onsets) {
    if (!header_.discontinuous || header_.record_seconds == 0) return {};
    if (onsets.empty()) return Fail("a discontinuous file without annotations", "annotations");
    for (const double onset : onsets) {
      const double start = (onset - onsets.front()) / header_.record_seconds;
      const bool after = starts_.empty() || start > starts_.back() + 1 - 1e-6;
      if (!after || !(start >= 0 && start < 1e9)) {
        return Fail("data records overlap", "annotations");
      }
      starts_.push_back(start);
    }
    return {};
  }

  Status ListSignals() {
    std::vector<record::SignalInfo> signals;
    const double records =
        starts_.empty() ? static_cast<double>(header_.records) : starts_.back() + 1;
    for (std::size_t i = 0; i < header_.signals.size(); ++i) {
      const Signal& signal = header_.signals[i];
      if (signal.annotations || signal.samples == 0) continue;
      if (header_.record_seconds == 0) {
        return Fail("0, but there are signals", "duration of a data record");
      }
      record::SignalInfo info;
      info.label = signal.label;
      info.units = signal.scaled ? signal.units : "of no scale";
      info.sampling_rate = static_cast<double>(signal.samples) / header_.record_seconds;
      const double samples = std::round(records * static_cast<double>(signal.samples));
      if (!(samples < 1e12)) return Fail("too many samples", "number of data records");
      info.samples = static_cast<std::size_t>(samples);
      if (info_.acquisition.filters.empty()) info_.acquisition.filters = signal.prefilter;
      signals.push_back(std::move(info));
      shown_.push_back(i);
    }
    if (signals.empty()) return Fail("holds annotations alone, no signal");
    return SetUp(std::move(signals));
  }

  void DecodeRecord(std::uint64_t record, const char* bytes,
                    const std::vector<record::SignalScale>& scales,
                    std::vector<std::vector<float>>& out) const {
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      if (scales[i].factor == 0) continue;
      const Signal& signal = header_.signals[shown_[i]];
      const double start = starts_.empty() ? static_cast<double>(record) : starts_[record];
      const auto at =
          static_cast<std::size_t>(std::round(start * static_cast<double>(signal.samples)));
      const std::size_t count =
          std::min(signal.samples, out[i].size() - std::min(at, out[i].size()));
      DecodeSamples(i, bytes, count, scales[i], out[i].data() + at);
    }
  }

  // The first `count` samples that a data record holds of a signal.
  void DecodeSamples(std::size_t shown, const char* bytes, std::size_t count,
                     const record::SignalScale& scale, float* out) const {
    const Signal& signal = header_.signals[shown_[shown]];
    const char* from = bytes + signal.begin;
    for (std::size_t k = 0; k < count; ++k, from += header_.sample_bytes) {
      const std::int32_t digital =
          header_.sample_bytes == 2 ? record::Load<std::int16_t>(from) : record::LoadInt24(from);
      out[k] = scale.Apply(digital * signal.factor + signal.offset);
    }
  }

  Header header_;
  std::vector<std::size_t> shown_;  // of the header's signals, those that hold samples
  std::vector<double> starts_;      // of data records that do not touch, in durations of one
};

class EdfReader : public record::RecordReader {
 public:
  std::string_view name() const override { return "EDF"; }
  std::string_view description() const override {
    return "EDF, EDF+, BDF, BDF+: signals of several rates, gaps, annotations";
  }
  std::vector<std::string_view> endings() const override { return {".edf", ".bdf"}; }

  record::Recognition Recognises(std::string_view begin) const override {
    if (begin.size() < 256) return record::Recognition::kNo;
    const std::string_view version = begin.substr(0, 8);
    const bool known = version == "0       " || version ==
                                                    "\xFF"
                                                    "BIOSEMI";
    return known ? record::Recognition::kCertain : record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path,
                                                   const record::OpenOptions& told) const override {
    return record::OpenStarted<EdfFile>(path, told);
  }
};

}  // namespace

const record::RecordReader& Reader() {
  static const EdfReader reader;
  return reader;
}

}  // namespace ecg::edf
