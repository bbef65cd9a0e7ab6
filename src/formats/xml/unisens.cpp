// Unisens: a folder whose header, unisens.xml, tells of the files beside it. Signals are binary or
// tables of numbers, all channels of a file side by side; value = (count - baseline) * lsbValue.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/formats/xml/reader.h"
#include "ecg/record/info_lines.h"
#include "src/formats/xml/document.h"
#include "src/record/blocks.h"
#include "src/record/bytes.h"

namespace ecg::xml {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostChannels = 4096;

enum class Stored { kInt8, kUint8, kInt16, kUint16, kInt32, kUint32, kFloat, kDouble };

std::optional<Stored> StoredAs(std::string_view type) {
  constexpr std::pair<std::string_view, Stored> kTypes[] = {
      {"int8", Stored::kInt8},     {"uint8", Stored::kUint8},  {"int16", Stored::kInt16},
      {"uint16", Stored::kUint16}, {"int32", Stored::kInt32},  {"uint32", Stored::kUint32},
      {"float", Stored::kFloat},   {"double", Stored::kDouble}};
  for (const auto& [name, stored] : kTypes) {
    if (name == type) return stored;
  }
  return {};
}

std::size_t BytesOf(Stored stored) {
  switch (stored) {
    case Stored::kInt8:
    case Stored::kUint8:
      return 1;
    case Stored::kInt16:
    case Stored::kUint16:
      return 2;
    case Stored::kDouble:
      return 8;
    default:
      return 4;
  }
}

double ValueAt(const char* p, Stored stored, bool big_endian) {
  switch (stored) {
    case Stored::kInt8:
      return record::Load<std::int8_t>(p);
    case Stored::kUint8:
      return record::Load<std::uint8_t>(p);
    case Stored::kInt16:
      return record::Load<std::int16_t>(p, big_endian);
    case Stored::kUint16:
      return record::Load<std::uint16_t>(p, big_endian);
    case Stored::kInt32:
      return record::Load<std::int32_t>(p, big_endian);
    case Stored::kUint32:
      return record::Load<std::uint32_t>(p, big_endian);
    case Stored::kFloat:
      return static_cast<double>(record::Load<float>(p, big_endian));
    case Stored::kDouble:
      return record::Load<double>(p, big_endian);
  }
  return 0;
}

std::string Attribute(const pugi::xml_node& node, const char* name) {
  return std::string(Trim(node.attribute(name).value()));
}

// A file of signals.
struct Entry {
  fs::path path;
  Stored stored = Stored::kInt16;
  bool table = false;  // else binary
  bool big_endian = false;
  char separator = ';';
  bool decimal_comma = false;
  double baseline = 0;
  std::size_t channels = 0, samples = 0;
  std::size_t first_signal = 0;  // of the recording, the others follow

  std::size_t frame_bytes() const { return channels * BytesOf(stored); }
};

class UnisensFile : public record::SignalFile {
 public:
  UnisensFile(const fs::path& path, const record::OpenOptions& told) : SignalFile(path, told) {}

  Status Start() {
    const auto document = Load(path());
    if (!document.ok()) return document.error();
    const pugi::xml_node root = (*document)->document_element();
    info_.format = "Unisens";
    info_.name = fs::absolute(path()).parent_path().filename().string();
    const std::string start = Attribute(root, "timestampStart");
    info_.acquisition.date = ParseDate(start.substr(0, 10));
    if (start.size() > 11) info_.acquisition.time = ParseTime(start.substr(11, 8));
    ReadPerson(Child(root, "customAttributes"));
    for (const pugi::xml_node& node : Children(root, "signalEntry")) {
      has_ecg_ = has_ecg_ || Attribute(node, "contentClass") == "ECG";
    }
    for (const pugi::xml_node& node : Children(root, "signalEntry")) {
      if (const Status read = ReadEntry(node); !read.ok()) return read;
    }
    return SetUp(std::move(found_));
  }

  Result<std::vector<fs::path>> Files() const override {
    std::vector<fs::path> files = {path()};
    for (const Entry& entry : entries_) files.push_back(entry.path);
    return files;
  }

 protected:
  Status Decode(const std::vector<record::SignalScale>& scales,
                std::vector<std::vector<float>>& out, std::vector<std::string>&) const override {
    for (const Entry& entry : entries_) {
      // A table is checked as a whole, whichever leads are wanted.
      bool voltage = false;
      for (std::size_t c = 0; c < entry.channels; ++c) {
        const std::size_t i = entry.first_signal + c;
        voltage = voltage || record::MillivoltsIn(signals()[i].units) != 0;
        if (scales[i].factor != 0) out[i].reserve(entry.samples);
      }
      if (!voltage) continue;
      const Status decoded =
          entry.table ? DecodeTable(entry, scales, out) : DecodeBinary(entry, scales, out);
      if (!decoded.ok()) return decoded;
    }
    return {};
  }

 private:
  void ReadPerson(const pugi::xml_node& attributes) {
    for (const pugi::xml_node& attribute : Children(attributes, "customAttribute")) {
      const std::string key = ToLower(Attribute(attribute, "key"));
      const std::string value = Attribute(attribute, "value");
      if (key == "age" && !info_.age) info_.age = record::ParseAge(value);
      if ((key == "sex" || key == "gender") && !info_.sex) info_.sex = record::ParseSex(value);
    }
  }

  // A number that an attribute may hold.
  Result<double> NumberOf(const pugi::xml_node& node, const char* name, double otherwise) const {
    const std::string text = Attribute(node, name);
    if (text.empty()) return otherwise;
    const auto number = ParseDecimal(text);
    if (!number || !std::isfinite(*number)) return Fail("is no number", name);
    return *number;
  }

  Status ReadEntry(const pugi::xml_node& node) {
    const std::string id = Attribute(node, "id");
    // Of the folder alone, whatever a header made by others may name.
    if (id.empty() || fs::path(id).filename() != id || id == "." || id == "..") {
      return Fail("is no name of a file", "signalEntry id");
    }
    Entry entry;
    entry.path = path().parent_path() / id;
    const std::vector<pugi::xml_node> channels = Children(node, "channel");
    if (channels.empty() || channels.size() > kMostChannels - found_.size()) {
      return Fail("has no channel, or too many", id);
    }
    entry.channels = channels.size();
    entry.first_signal = found_.size();
    const Result<double> rate = NumberOf(node, "sampleRate", 0);
    if (!rate.ok()) return rate.error();
    const Result<double> step = NumberOf(node, "lsbValue", 1);
    if (!step.ok()) return step.error();
    const Result<double> baseline = NumberOf(node, "baseline", 0);
    if (!baseline.ok()) return baseline.error();
    entry.baseline = *baseline;
    const auto stored = StoredAs(Attribute(node, "dataType"));
    if (!stored) return Fail("is no type that is read, of " + id, "dataType");
    entry.stored = *stored;
    if (const Status layout = ReadLayout(node, id, entry); !layout.ok()) return layout;

    record::SignalInfo signal;
    signal.sampling_rate = *rate;
    signal.step = *step;
    signal.samples = entry.samples;
    // Integers without the value of one of them are counts of something.
    const bool counts = entry.stored != Stored::kFloat && entry.stored != Stored::kDouble &&
                        node.attribute("lsbValue").empty();
    if (!counts) signal.units = Attribute(node, "unit");
    const std::string content = Attribute(node, "contentClass");
    // Voltages of something else are no leads of the ECG.
    if (has_ecg_ && content != "ECG" && record::MillivoltsIn(signal.units) != 0) {
      signal.kind = content.empty() ? "other" : ToLower(content);
    }
    for (const pugi::xml_node& channel : channels) {
      signal.label = Attribute(channel, "name");
      found_.push_back(signal);
    }
    entries_.push_back(std::move(entry));
    return {};
  }

  Status ReadLayout(const pugi::xml_node& node, const std::string& id, Entry& entry) const {
    if (const pugi::xml_node binary = Child(node, "binFileFormat")) {
      entry.big_endian = Attribute(binary, "endianess") == "BIG";
      const Result<InputFile> file = InputFile::Open(entry.path);
      if (!file.ok()) return file.error();
      entry.samples = file->size() / entry.frame_bytes();
      return {};
    }
    const pugi::xml_node table = Child(node, "csvFileFormat");
    if (!table) return Fail("is no kind of file that is read, of " + id, "file format");
    entry.table = true;
    const std::string separator = table.attribute("separator").value();
    if (separator == "\\t") {
      entry.separator = '\t';
    } else if (!separator.empty()) {
      entry.separator = separator.front();
    }
    entry.decimal_comma = Attribute(table, "decimalSeparator") == ",";
    const Result<std::string> text = ReadFile(entry.path, kMostBytes);
    if (!text.ok()) return text.error();
    entry.samples = static_cast<std::size_t>(std::count(text->begin(), text->end(), '\n'));
    if (!text->empty() && text->back() != '\n') ++entry.samples;
    return {};
  }

  Status DecodeBinary(const Entry& entry, const std::vector<record::SignalScale>& scales,
                      std::vector<std::vector<float>>& out) const {
    const Result<InputFile> file = InputFile::Open(entry.path);
    if (!file.ok()) return file.error();
    const std::size_t frame = entry.frame_bytes();
    const Result<bool> whole = record::ReadInBlocks(
        *file, 0, frame, entry.samples,
        [&](std::uint64_t /*first*/, std::uint64_t frames, const char* block) {
          for (std::size_t c = 0; c < entry.channels; ++c) {
            const std::size_t i = entry.first_signal + c;
            if (scales[i].factor == 0) continue;
            for (std::size_t at = c * BytesOf(entry.stored); at < frames * frame; at += frame) {
              const double count = ValueAt(block + at, entry.stored, entry.big_endian);
              out[i].push_back(scales[i].Apply(count - entry.baseline));
            }
          }
        });
    if (!whole.ok()) return whole.error();
    return *whole ? Status() : Fail("became shorter while it was read");
  }

  Status DecodeTable(const Entry& entry, const std::vector<record::SignalScale>& scales,
                     std::vector<std::vector<float>>& out) const {
    const Result<std::string> text = ReadFile(entry.path, kMostBytes);
    if (!text.ok()) return text.error();
    std::size_t number = 0;
    for (const std::string_view line : SplitLines(*text)) {
      if (++number > entry.samples) return Fail("became longer while it was read");
      const std::vector<std::string_view> cells = Split(line, entry.separator);
      for (std::size_t c = 0; c < entry.channels; ++c) {
        const std::size_t i = entry.first_signal + c;
        const auto count = c >= cells.size()     ? std::nullopt
                           : entry.decimal_comma ? ParseDecimal(Trim(cells[c]))
                                                 : ParseDouble(Trim(cells[c]));
        if (!count) {
          return InputError("holds what is no number", entry.path.string(), number,
                            "column " + std::to_string(c + 1));
        }
        if (scales[i].factor == 0) continue;
        out[i].push_back(scales[i].Apply(*count - entry.baseline));
      }
    }
    return number == entry.samples ? Status() : Fail("became shorter while it was read");
  }

  std::vector<Entry> entries_;
  std::vector<record::SignalInfo> found_;  // while the header is read
  bool has_ecg_ = false;
};

class UnisensReaderOfFolders : public record::RecordReader {
 public:
  std::string_view name() const override { return "Unisens"; }
  std::string_view description() const override {
    return "Unisens: unisens.xml and the signals beside it, binary or in tables";
  }
  std::vector<std::string_view> endings() const override { return {".xml"}; }

  record::Recognition Recognises(std::string_view begin) const override {
    return HasRoot(begin, "unisens") ? record::Recognition::kCertain : record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path,
                                                   const record::OpenOptions& told) const override {
    return record::OpenStarted<UnisensFile>(path, told);
  }
};

}  // namespace

const record::RecordReader& UnisensReader() {
  static const UnisensReaderOfFolders reader;
  return reader;
}

}  // namespace ecg::xml
