#include "ecg/formats/ishne/reader.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/record/signal_file.h"
#include "src/record/blocks.h"
#include "src/record/bytes.h"

namespace ecg::ishne {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "ISHNE1.0";
constexpr std::size_t kHeaderBytes = 522, kMostLeads = 12;
constexpr std::int16_t kNone = -32768;  // no sample

std::string LeadName(int code) {
  constexpr std::array<const char*, 20> kNames = {
      "unknown", "generic", "X",  "Y",  "Z",  "I",  "II", "III", "aVR", "aVL",
      "aVF",     "V1",      "V2", "V3", "V4", "V5", "V6", "ES",  "AS",  "AI"};
  const bool known = code >= 0 && code < static_cast<int>(kNames.size());
  return known ? kNames[static_cast<std::size_t>(code)] : "lead of code " + std::to_string(code);
}

class IshneFile : public record::SignalFile {
 public:
  IshneFile(const fs::path& path, const record::OpenOptions& told) : SignalFile(path, told) {}

  Status Start() {
    const Result<InputFile> file = InputFile::Open(path());
    if (!file.ok()) return file.error();
    std::string header(kHeaderBytes, '\0');
    const Result<std::size_t> got = file->ReadAt(0, header.data(), header.size());
    if (!got.ok()) return got.error();
    if (*got < kHeaderBytes || header.substr(0, kMagic.size()) != kMagic) {
      return Fail("is no ISHNE file, or cut off", "header");
    }
    const auto number = [&](std::size_t at) {
      return record::Load<std::int16_t>(header.data() + at);
    };
    info_.format = "ISHNE";
    ReadPerson(header);
    const int leads = number(156);
    if (leads < 1 || leads > static_cast<int>(kMostLeads))
      return Fail("1 to 12", "number of leads");
    leads_ = static_cast<std::size_t>(leads);
    const std::int32_t begin = record::Load<std::int32_t>(header.data() + 22);
    if (begin < static_cast<std::int32_t>(kHeaderBytes) ||
        static_cast<std::uint64_t>(begin) > file->size()) {
      return Fail("lies outside of the file", "offset of the ECG");
    }
    begin_ = static_cast<std::uint64_t>(begin);
    frames_ = static_cast<std::size_t>((file->size() - begin_) / (2 * leads_));
    const std::int32_t stated = record::Load<std::int32_t>(header.data() + 14);
    if (stated > 0 && static_cast<std::size_t>(stated) != frames_) {
      Warn("of " + std::to_string(stated) + " samples a lead, " + std::to_string(frames_) +
               " are there",
           "number of samples");
      frames_ = std::min(frames_, static_cast<std::size_t>(stated));
    }
    std::vector<record::SignalInfo> signals;
    for (std::size_t k = 0; k < leads_; ++k) {
      record::SignalInfo signal;
      signal.label = LeadName(number(158 + 2 * k));
      signal.units = "nV";
      signal.step = number(206 + 2 * k);
      if (!(signal.step > 0)) return Fail("is no size of a count", "amplitude resolution");
      signal.sampling_rate = number(272);
      if (!(signal.sampling_rate > 0)) return Fail("is no rate", "sampling rate");
      signal.samples = frames_;
      signals.push_back(std::move(signal));
    }
    return SetUp(std::move(signals));
  }

  bool ReadsStretches() const override { return true; }

 protected:
  Status Decode(const std::vector<record::SignalScale>& scales,
                std::vector<std::vector<float>>& out, std::vector<std::string>&) const override {
    return DecodeStretch(scales, 0, frames_, out);
  }

  Status DecodeStretch(const std::vector<record::SignalScale>& scales, std::size_t from,
                       std::size_t to, std::vector<std::vector<float>>& out) const override {
    const Result<InputFile> file = InputFile::Open(path());
    if (!file.ok()) return file.error();
    for (std::size_t k = 0; k < leads_; ++k) {
      if (scales[k].factor != 0) out[k].reserve(to - from);
    }
    const Result<bool> whole = record::ReadInBlocks(
        *file, begin_ + 2 * leads_ * from, 2 * leads_, to - from,
        [&](std::uint64_t /*first*/, std::uint64_t count, const char* block) {
          for (std::size_t k = 0; k < leads_; ++k) {
            if (scales[k].factor == 0) continue;
            for (std::size_t i = 0; i < count; ++i) {
              const auto sample = record::Load<std::int16_t>(block + 2 * (i * leads_ + k));
              out[k].push_back(sample == kNone ? std::numeric_limits<float>::quiet_NaN()
                                               : scales[k].Apply(sample));
            }
          }
        });
    if (!whole.ok()) return whole.error();
    return *whole ? Status() : Fail("became shorter while it was read");
  }

 private:
  void ReadPerson(const std::string& header) {
    const auto number = [&](std::size_t at) {
      return int{record::Load<std::int16_t>(header.data() + at)};
    };
    if (number(128) == 1) info_.sex = record::Sex::kMale;
    if (number(128) == 2) info_.sex = record::Sex::kFemale;
    // Day, month, year.
    const auto birth = record::MakeDate(number(136), number(134), number(132));
    info_.acquisition.date = record::MakeDate(number(142), number(140), number(138));
    if (birth && info_.acquisition.date) {
      info_.age = record::AgeBetween(*birth, *info_.acquisition.date);
    }
    const int hour = number(150), minute = number(152), second = number(154);
    if (hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60) {
      info_.acquisition.time = hour * 3600 + minute * 60 + second;
    }
    info_.acquisition.device = record::FixedText(std::string_view(header).substr(232, 40));
  }

  std::size_t leads_ = 0, frames_ = 0;
  std::uint64_t begin_ = 0;
};

class IshneReader : public record::RecordReader {
 public:
  std::string_view name() const override { return "ISHNE"; }
  std::string_view description() const override { return "ISHNE Holter recordings"; }
  std::vector<std::string_view> endings() const override { return {".ecg"}; }

  record::Recognition Recognises(std::string_view begin) const override {
    return begin.substr(0, kMagic.size()) == kMagic ? record::Recognition::kCertain
                                                    : record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path,
                                                   const record::OpenOptions& told) const override {
    return record::OpenStarted<IshneFile>(path, told);
  }
};

}  // namespace

const record::RecordReader& Reader() {
  static const IshneReader reader;
  return reader;
}

}  // namespace ecg::ishne
