#include "ecg/formats/contec/reader.h"

#include <limits>
#include <string>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/record/signal_file.h"
#include "src/record/bytes.h"

namespace ecg::contec {
namespace {

namespace fs = std::filesystem;

// What the recorder always does: frames of eight series of 16 bits, 800 a second, 5 uV a count.
constexpr std::size_t kHeaderBytes = 43, kFooterBytes = 37, kSeries = 8, kFrameBytes = 16;
constexpr double kRate = 800;
constexpr int kZero = 2048, kNoElectrode = 0x6800;
constexpr const char* kNames[kSeries] = {"II", "III", "V1", "V2", "V3", "V4", "V5", "V6"};
constexpr std::size_t kMostBytes = std::size_t{1} << 28;
constexpr std::size_t kTimeOffset = 10, kAgeOffset = 41;

// "2020-11-16 21:44:39" behind the number of the case.
bool HasTime(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes) return false;
  const std::string_view form = "dddd-dd-dd dd:dd:dd";
  for (std::size_t i = 0; i < form.size(); ++i) {
    const char c = bytes[kTimeOffset + i];
    if (form[i] == 'd' ? (c < '0' || c > '9') : c != form[i]) return false;
  }
  return bytes[kTimeOffset + form.size()] == '\0';
}

int Digits(std::string_view bytes, std::size_t at, std::size_t count) {
  return static_cast<int>(ParseInt(bytes.substr(kTimeOffset + at, count)).value_or(0));
}

Result<std::unique_ptr<record::RecordFile>> OpenContec(const fs::path& path,
                                                       const record::OpenOptions& told) {
  const Result<std::string> bytes = ReadFile(path, kMostBytes);
  if (!bytes.ok()) return bytes.error();
  const auto fail = [&](const char* message) {
    return InputError(message, path.string(), 0, "header");
  };
  if (!HasTime(*bytes)) return fail("holds no time where an ECG90A writes it");
  if (bytes->size() < kHeaderBytes + kFooterBytes + kFrameBytes) return fail("holds no samples");
  record::EcgInfo info;
  info.format = "Contec";
  info.acquisition.date =
      record::MakeDate(Digits(*bytes, 0, 4), Digits(*bytes, 5, 2), Digits(*bytes, 8, 2));
  info.acquisition.time =
      Digits(*bytes, 11, 2) * 3600 + Digits(*bytes, 14, 2) * 60 + Digits(*bytes, 17, 2);
  info.acquisition.device = "ECG90A";
  // 0 stands for no age; which number is which sex is not known but for 255, none.
  const auto age = static_cast<unsigned char>((*bytes)[kAgeOffset]);
  if (age > 0 && age <= 130) info.age = age;
  const std::size_t data = bytes->size() - kHeaderBytes - kFooterBytes;
  const std::size_t frames = data / kFrameBytes;
  std::vector<std::string> warnings;
  if (data % kFrameBytes != 0) warnings.push_back("the last frame is cut off");
  std::vector<record::SignalInfo> signals;
  record::HeldFile::Values values(kSeries);
  for (std::size_t k = 0; k < kSeries; ++k) {
    signals.push_back({kNames[k], "uV", 5, kRate, frames, ""});
    values[k].reserve(frames);
    for (std::size_t i = 0; i < frames; ++i) {
      const int sample =
          record::Load<std::uint16_t>(bytes->data() + kHeaderBytes + i * kFrameBytes + 2 * k);
      values[k].push_back(sample == kNoElectrode ? std::numeric_limits<float>::quiet_NaN()
                                                 : static_cast<float>(sample - kZero));
    }
  }
  return record::HeldFile::Make(path, told, std::move(info), std::move(signals), std::move(values),
                                std::move(warnings));
}

class ContecReader : public record::RecordReader {
 public:
  std::string_view name() const override { return "Contec"; }
  std::string_view description() const override { return "files of Contec's ECG90A"; }
  std::vector<std::string_view> endings() const override { return {".ecg"}; }

  record::Recognition Recognises(std::string_view begin) const override {
    return HasTime(begin) ? record::Recognition::kCertain : record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path,
                                                   const record::OpenOptions& told) const override {
    return OpenContec(path, told);
  }
};

}  // namespace

const record::RecordReader& Reader() {
  static const ContecReader reader;
  return reader;
}

}  // namespace ecg::contec
