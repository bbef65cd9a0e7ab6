#include "ecg/formats/wav/reader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/record/signal_file.h"
#include "src/record/bytes.h"

namespace ecg::wav {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{1} << 31;

struct Layout {
  bool is_float = false;
  std::size_t channels = 0, bytes = 0;  // of a sample
  double rate = 0;
  std::string_view data;
};

// A value of full scale is 1.
double ValueAt(const Layout& layout, const char* p) {
  if (layout.is_float) {
    return layout.bytes == 4 ? static_cast<double>(record::Load<float>(p))
                             : record::Load<double>(p);
  }
  switch (layout.bytes) {
    case 1:
      return (record::Load<std::uint8_t>(p) - 128) / 128.0;
    case 2:
      return record::Load<std::int16_t>(p) / 32768.0;
    case 3: {
      const std::string wide{'\0', p[0], p[1], p[2]};
      return record::Load<std::int32_t>(wide.data()) / 2147483648.0;
    }
    default:
      return record::Load<std::int32_t>(p) / 2147483648.0;
  }
}

class WavFile : public record::SignalFile {
 public:
  WavFile(const fs::path& path, const record::OpenOptions& told) : SignalFile(path, told) {}

  Status Start() {
    Result<std::string> bytes = ReadFile(path(), kMostBytes);
    if (!bytes.ok()) return bytes.error();
    bytes_ = std::move(*bytes);
    if (const Status read = ReadChunks(); !read.ok()) return read;
    info_.format = "WAV";
    const std::size_t frames = layout_.data.size() / (layout_.bytes * layout_.channels);
    std::vector<record::SignalInfo> signals(layout_.channels);
    for (record::SignalInfo& signal : signals) {
      signal.sampling_rate = layout_.rate;
      signal.samples = frames;
    }
    return SetUp(std::move(signals));
  }

 protected:
  Status Decode(const std::vector<record::SignalScale>& scales,
                std::vector<std::vector<float>>& out, std::vector<std::string>&) const override {
    for (std::size_t i = 0; i < layout_.channels; ++i) {
      if (scales[i].factor == 0) continue;
      out[i].resize(signals()[i].samples);
      const char* from = layout_.data.data() + i * layout_.bytes;
      for (float& value : out[i]) {
        value = scales[i].Apply(ValueAt(layout_, from));
        from += layout_.bytes * layout_.channels;
      }
    }
    return {};
  }

 private:
  Status ReadChunks() {
    const std::string_view bytes = bytes_;
    if (bytes.substr(0, 4) != "RIFF" || bytes.size() < 12 || bytes.substr(8, 4) != "WAVE") {
      return Fail("is no WAV file", "header");
    }
    for (std::size_t at = 12; at + 8 <= bytes.size();) {
      const std::string_view name = bytes.substr(at, 4);
      const std::size_t size = record::Load<std::uint32_t>(bytes.data() + at + 4);
      const std::string_view chunk = bytes.substr(at + 8, size);
      if (name == "fmt ") {
        if (const Status format = ReadFormat(chunk); !format.ok()) return format;
      } else if (name == "data") {
        if (layout_.channels == 0) return Fail("comes before the format", "data");
        if (chunk.size() < size) Warn("is shorter than it says", "data");
        layout_.data = chunk;
        return {};
      }
      at += 8 + size + size % 2;
    }
    return Fail("missing", "data");
  }

  Status ReadFormat(std::string_view chunk) {
    if (chunk.size() < 16) return Fail("cut off", "format");
    const auto kind = record::Load<std::uint16_t>(chunk.data());
    layout_.channels = record::Load<std::uint16_t>(chunk.data() + 2);
    layout_.rate = record::Load<std::uint32_t>(chunk.data() + 4);
    const auto bits = record::Load<std::uint16_t>(chunk.data() + 14);
    layout_.bytes = bits / std::size_t{8};
    constexpr std::uint16_t kExtensible = 0xFFFE;
    const int real = kind == kExtensible && chunk.size() >= 26
                         ? record::Load<std::uint16_t>(chunk.data() + 24)
                         : kind;
    layout_.is_float = real == 3;
    const bool sized =
        layout_.is_float ? bits == 32 || bits == 64 : bits % 8 == 0 && bits >= 8 && bits <= 32;
    if ((real != 1 && real != 3) || !sized || layout_.channels == 0 || layout_.channels > 256) {
      return Fail("samples of this kind are not read", "format");
    }
    return {};
  }

  std::string bytes_;  // of the file
  Layout layout_;
};

class WavReader : public record::RecordReader {
 public:
  std::string_view name() const override { return "WAV"; }
  std::string_view description() const override {
    return "WAV; --units says what full scale is, as in 5mV";
  }
  std::vector<std::string_view> endings() const override { return {".wav"}; }

  record::Recognition Recognises(std::string_view begin) const override {
    const bool wav =
        begin.size() >= 12 && begin.substr(0, 4) == "RIFF" && begin.substr(8, 4) == "WAVE";
    return wav ? record::Recognition::kCertain : record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path,
                                                   const record::OpenOptions& told) const override {
    return record::OpenStarted<WavFile>(path, told);
  }
};

}  // namespace

const record::RecordReader& Reader() {
  static const WavReader reader;
  return reader;
}

}  // namespace ecg::wav
