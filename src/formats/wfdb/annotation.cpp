#include "ecg/formats/wfdb/annotation.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"

namespace ecg::wfdb {
namespace {

// The upper six bits of a word: an annotation's type, or one of these.
constexpr unsigned kSkip = 59;  // a long interval follows; the next annotation's
constexpr unsigned kNumber = 60;
constexpr unsigned kSubtype = 61;
constexpr unsigned kChannel = 62;
constexpr unsigned kAux = 63;  // so many bytes of text follow, and one more where that is odd

constexpr int kMaxType = 49;
constexpr std::int64_t kMaxInterval = 0x3ff;
constexpr std::size_t kMaxAux = 255;
constexpr std::string_view kResolution = "## time resolution:";

constexpr std::array<std::string_view, kMaxType + 1> kSymbols = {
    "",  "N", "L", "R", "a", "V",  "F", "J", "A", "S", "E", "j", "/", "Q", "~", "",  "|",
    "",  "s", "T", "*", "D", "\"", "=", "p", "B", "^", "t", "+", "u", "?", "!", "[", "]",
    "e", "n", "@", "x", "f", "(",  ")", "r", "",  "",  "",  "",  "",  "",  "",  ""};

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}

  Result<AnnotationFile> Read() {
    result_.annotations.reserve(std::min(bytes_.size() / 2, kMaxAnnotations));
    while (!error_ && bytes_.size() - position_ >= 2) {
      const unsigned word = Word();
      if (word == 0) {
        ended_ = true;
        break;
      }
      Take(word >> 10, word & 0x3ff);
    }
    if (error_) return std::move(*error_);
    TakeResolution();
    return std::move(result_);
  }

  // Whether Read came to the end mark, and what stands behind it.
  bool ended() const { return ended_; }
  std::string_view rest() const { return bytes_.substr(position_); }

 private:
  unsigned Word() {
    const auto low = static_cast<std::uint8_t>(bytes_[position_]);
    const auto high = static_cast<std::uint8_t>(bytes_[position_ + 1]);
    position_ += 2;
    return static_cast<unsigned>(low | high << 8);
  }

  void Take(unsigned code, unsigned data) {
    switch (code) {
      case kSkip:
        return Skip();
      case kNumber:
        number_ = static_cast<std::int8_t>(data & 0xff);
        if (Annotation* last = Last()) last->number = number_;
        return;
      case kSubtype:
        if (Annotation* last = Last()) last->subtype = static_cast<std::int8_t>(data & 0xff);
        return;
      case kChannel:
        channel_ = static_cast<int>(data & 0xff);
        if (Annotation* last = Last()) last->channel = channel_;
        return;
      case kAux:
        return Aux(data);
      default:
        return Add(code, data);
    }
  }

  // The annotation that a modifier belongs to.
  Annotation* Last() {
    if (!result_.annotations.empty()) return &result_.annotations.back();
    Fail("expected an annotation before what modifies it");
    return nullptr;
  }

  // The high word comes first.
  void Skip() {
    if (bytes_.size() - position_ < 4) return Fail("ends within a long interval");
    const unsigned high = Word(), low = Word();
    Advance(static_cast<std::int32_t>(high << 16 | low));
  }

  void Aux(unsigned length) {
    const std::size_t padded = length + length % 2;
    if (bytes_.size() - position_ < padded) return Fail("ends within a text");
    if (Annotation* last = Last()) last->aux = std::string(bytes_.substr(position_, length));
    position_ += padded;
  }

  void Add(unsigned type, unsigned interval) {
    if (result_.annotations.size() == kMaxAnnotations) {
      return Fail("more than " + std::to_string(kMaxAnnotations) + " annotations");
    }
    Advance(interval);
    Annotation annotation;
    annotation.sample = sample_;
    annotation.type = static_cast<int>(type);
    annotation.channel = channel_;
    annotation.number = number_;
    result_.annotations.push_back(std::move(annotation));
  }

  // At most 2^31 for every two bytes of a file of less than 2^31 bytes: no overflow.
  void Advance(std::int64_t interval) { sample_ += interval; }

  void Fail(std::string message) {
    error_ = InputError("byte " + std::to_string(position_) + ": " + std::move(message), file_);
  }

  // A note at sample 0 may give the ticks per second.
  void TakeResolution() {
    std::vector<Annotation>& annotations = result_.annotations;
    if (annotations.empty() || annotations[0].type != kNote || annotations[0].sample != 0) return;
    std::string_view aux = annotations[0].aux;
    if (aux.compare(0, kResolution.size(), kResolution) != 0) return;
    aux.remove_prefix(kResolution.size());
    aux = aux.substr(0, aux.find('\0'));
    const auto frequency = ParseDouble(Trim(aux));
    if (!frequency || !(*frequency > 0)) return;
    result_.frequency = *frequency;
    annotations.erase(annotations.begin());
  }

  std::string_view bytes_;
  const std::string& file_;
  std::size_t position_ = 0;
  bool ended_ = false;
  std::int64_t sample_ = 0;
  int channel_ = 0, number_ = 0;
  AnnotationFile result_;
  std::optional<Error> error_;
};

// With the ends of lines, and the NULs that some programs end a text with.
bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= ' ' || c == '\0' || (c >= '\t' && c <= '\r');
  });
}

class Writer {
 public:
  Status Add(const Annotation& annotation) {
    if (annotation.type < 1 || annotation.type > kMaxType) return Fail("type", annotation);
    if (annotation.sample < sample_) return Fail("sample", annotation);
    if (annotation.subtype < -128 || annotation.subtype > 127) return Fail("subtype", annotation);
    if (annotation.number < -128 || annotation.number > 127) return Fail("number", annotation);
    if (annotation.channel < 0 || annotation.channel > 255) return Fail("channel", annotation);
    if (annotation.aux.size() > kMaxAux) return Fail("aux", annotation);
    Word(static_cast<unsigned>(annotation.type), TakeInterval(annotation.sample));
    if (annotation.subtype != 0) Word(kSubtype, annotation.subtype);
    if (annotation.channel != channel_) Word(kChannel, annotation.channel);
    if (annotation.number != number_) Word(kNumber, annotation.number);
    channel_ = annotation.channel;
    number_ = annotation.number;
    if (!annotation.aux.empty()) {
      Word(kAux, static_cast<std::int64_t>(annotation.aux.size()));
      bytes_ += annotation.aux;
      if (annotation.aux.size() % 2 == 1) bytes_ += '\0';
    }
    return {};
  }

  std::string Finish() {
    bytes_.append(2, '\0');
    return std::move(bytes_);
  }

 private:
  Status Fail(const char* field, const Annotation& annotation) const {
    return InputError(
        "annotation at sample " + std::to_string(annotation.sample) + " does not fit the format",
        {}, 0, field);
  }

  void Append16(std::uint32_t word) {
    bytes_ += static_cast<char>(word & 0xff);
    bytes_ += static_cast<char>(word >> 8 & 0xff);
  }
  void Word(unsigned code, std::int64_t data) {
    Append16(code << 10 | (static_cast<std::uint32_t>(data) & 0x3ff));
  }

  // The part of the interval that fits beside the type, after skips for the rest.
  std::int64_t TakeInterval(std::int64_t sample) {
    std::int64_t interval = sample - sample_;
    sample_ = sample;
    while (interval > kMaxInterval) {
      const std::int64_t step =
          std::min<std::int64_t>(interval, std::numeric_limits<std::int32_t>::max());
      Word(kSkip, 0);
      Append16(static_cast<std::uint32_t>(step) >> 16);
      Append16(static_cast<std::uint32_t>(step) & 0xffff);
      interval -= step;
    }
    return interval;
  }

  std::string bytes_;
  std::int64_t sample_ = 0;
  int channel_ = 0, number_ = 0;
};

}  // namespace

Result<AnnotationFile> ParseAnnotations(std::string_view bytes, const std::string& file) {
  return Reader(bytes, file).Read();
}

bool IsAnnotationFile(std::string_view bytes) {
  const std::string unnamed;
  Reader reader(bytes, unnamed);
  const Result<AnnotationFile> file = reader.Read();
  if (!file.ok() || !reader.ended()) return false;
  const std::string_view rest = reader.rest();
  if (rest.find_first_not_of('\0') != std::string_view::npos) return false;
  if (file->annotations.empty() && file->frequency == 0) return rest.empty();
  std::int64_t previous = 0;
  for (const Annotation& annotation : file->annotations) {
    if (annotation.type < 1 || annotation.type > kMaxType) return false;
    if (annotation.sample < previous || !IsPrintable(annotation.aux)) return false;
    previous = annotation.sample;
  }
  return true;
}

Result<AnnotationFile> ReadAnnotations(const std::filesystem::path& path) {
  const Result<std::string> bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.error();
  return ParseAnnotations(*bytes, path.string());
}

Result<std::string> FormatAnnotations(const AnnotationFile& annotations) {
  Writer writer;
  if (annotations.frequency > 0) {
    Annotation note;
    note.type = kNote;
    note.aux = std::string(kResolution) + " " + FormatDouble(annotations.frequency);
    if (const Status added = writer.Add(note); !added.ok()) return added.error();
  }
  for (const Annotation& annotation : annotations.annotations) {
    if (const Status added = writer.Add(annotation); !added.ok()) return added.error();
  }
  return writer.Finish();
}

Status WriteAnnotations(const std::filesystem::path& path, const AnnotationFile& annotations) {
  const Result<std::string> bytes = FormatAnnotations(annotations);
  if (!bytes.ok()) return bytes.error();
  return WriteFileAtomic(path, *bytes);
}

bool IsBeat(int type) {
  constexpr std::string_view kBeats = "NLRaVFJASEj/QB?enfr";
  const std::string_view symbol = AnnotationSymbol(type);
  return symbol.size() == 1 && kBeats.find(symbol) != std::string_view::npos;
}

std::string_view AnnotationSymbol(int type) {
  if (type < 0 || type > kMaxType) return {};
  return kSymbols[static_cast<std::size_t>(type)];
}

std::optional<int> AnnotationType(std::string_view symbol) {
  if (symbol.empty()) return {};
  const auto found = std::find(kSymbols.begin(), kSymbols.end(), symbol);
  if (found == kSymbols.end()) return {};
  return static_cast<int>(found - kSymbols.begin());
}

}  // namespace ecg::wfdb
