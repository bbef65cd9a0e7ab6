#include "ecg/formats/dicom/reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/record/info_lines.h"
#include "ecg/record/leads.h"
#include "ecg/record/signal_file.h"
#include "src/formats/dicom/dataset.h"
#include "src/record/bytes.h"

namespace ecg::dicom {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{1} << 30;
// What begins the class of every waveform object.
constexpr std::string_view kWaveformClass = "1.2.840.10008.5.1.4.1.1.9.";

// One multiplex group: its samples frame by frame.
struct Group {
  std::size_t channels = 0, frames = 0;
  std::size_t bytes = 2;  // of a sample
  bool is_signed = true;
  std::optional<std::int64_t> padding;
  std::string_view data;
};

struct Channel {
  std::size_t group = 0, index = 0;
  double baseline = 0;  // in counts
};

// Which quantity a coded concept is, by what its code means: the codes are of several systems.
std::optional<record::Quantity> QuantityOf(const std::string& meaning) {
  using record::Quantity;
  struct Known {
    std::string_view meaning;
    Quantity quantity;
  };
  constexpr std::array<Known, 10> kKnown = {{{"ventricular heart rate", Quantity::kHeartRate},
                                             {"rr interval", Quantity::kRr},
                                             {"p duration", Quantity::kP},
                                             {"pr interval", Quantity::kPr},
                                             {"qrs duration", Quantity::kQrs},
                                             {"qt interval", Quantity::kQt},
                                             {"qtc interval", Quantity::kQtc},
                                             {"p axis", Quantity::kPAxis},
                                             {"qrs axis", Quantity::kQrsAxis},
                                             {"t axis", Quantity::kTAxis}}};
  const std::string lower = ToLower(meaning);
  for (const Known& known : kKnown) {
    if (known.meaning == lower) return known.quantity;
  }
  return {};
}

// A number of an annotation, in the unit that it has with it.
void ReadMeasurement(const Dataset& note, record::StatedMeasurements& measured) {
  const std::vector<Dataset>& concepts = ItemsOf(note, 0x0040A043);
  const std::vector<Dataset>& units = ItemsOf(note, 0x004008EA);
  auto number = DecimalOf(note, 0x0040A30A);
  if (concepts.empty() || !number) return;
  if (!units.empty() && TextOf(units.front(), 0x00080100) == "s") *number *= 1000;
  const auto quantity = QuantityOf(TextOf(concepts.front(), 0x00080104));
  if (quantity) measured.Set(*quantity, number);
}

class DicomFile : public record::SignalFile {
 public:
  DicomFile(const fs::path& path, const record::OpenOptions& told) : SignalFile(path, told) {}

  Status Start() {
    Result<std::string> bytes = ReadFile(path(), kMostBytes);
    if (!bytes.ok()) return bytes.error();
    bytes_ = std::move(*bytes);
    const Result<File> file = Parse(bytes_, path().string());
    if (!file.ok()) return file.error();
    big_endian_ = file->big_endian;
    info_.format = "DICOM";
    ReadPerson(file->elements);
    const std::vector<Dataset>& groups = ItemsOf(file->elements, 0x54000100);
    if (groups.empty()) return Fail("holds no waveform", "(5400,0100)");
    std::vector<record::SignalInfo> signals;
    for (const Dataset& group : groups) {
      if (const Status read = ReadGroup(group, signals); !read.ok()) return read;
    }
    return SetUp(std::move(signals));
  }

 protected:
  Status Decode(const std::vector<record::SignalScale>& scales,
                std::vector<std::vector<float>>& out, std::vector<std::string>&) const override {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      if (scales[i].factor == 0) continue;
      const Channel& channel = channels_[i];
      const Group& group = groups_[channel.group];
      const char* from = group.data.data() + channel.index * group.bytes;
      out[i].resize(group.frames);
      for (std::size_t k = 0; k < group.frames; ++k, from += group.channels * group.bytes) {
        const std::int64_t sample = SampleAt(group, from);
        out[i][k] = group.padding == sample
                        ? std::numeric_limits<float>::quiet_NaN()
                        : scales[i].Apply(static_cast<double>(sample) + channel.baseline);
      }
    }
    return {};
  }

 private:
  std::int64_t SampleAt(const Group& group, const char* p) const {
    if (group.bytes == 1) {
      return group.is_signed ? std::int64_t{record::Load<std::int8_t>(p)}
                             : std::int64_t{record::Load<std::uint8_t>(p)};
    }
    if (group.bytes == 2) {
      return group.is_signed ? std::int64_t{record::Load<std::int16_t>(p, big_endian_)}
                             : std::int64_t{record::Load<std::uint16_t>(p, big_endian_)};
    }
    return group.is_signed ? std::int64_t{record::Load<std::int32_t>(p, big_endian_)}
                           : std::int64_t{record::Load<std::uint32_t>(p, big_endian_)};
  }

  template <typename T>
  std::optional<T> NumberOf(const Dataset& dataset, Tag tag) const {
    return record::LoadAt<T>(ValueOf(dataset, tag), 0, big_endian_);
  }

  Status ReadGroup(const Dataset& dataset, std::vector<record::SignalInfo>& signals) {
    Group group;
    const auto channels = NumberOf<std::uint16_t>(dataset, 0x003A0005);
    const auto frames = NumberOf<std::uint32_t>(dataset, 0x003A0010);
    const auto rate = DecimalOf(dataset, 0x003A001A);
    const auto bits = NumberOf<std::uint16_t>(dataset, 0x54001004);
    if (!channels || *channels == 0 || !frames || !rate || !bits) {
      return Fail("does not say channels, samples, rate and bits", "(5400,0100)");
    }
    const std::string kind = TextOf(dataset, 0x54001006);
    constexpr std::array<std::string_view, 6> kKinds = {"SB", "UB", "SS", "US", "SL", "UL"};
    const bool known = std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
    group.bytes = *bits / std::size_t{8};
    if (!known || *bits % 8 != 0 || (group.bytes != 1 && group.bytes != 2 && group.bytes != 4)) {
      return Fail("samples of " + std::to_string(*bits) + " bits as " + kind + " are not read",
                  "(5400,1006)");
    }
    group.is_signed = kind.front() == 'S';
    group.channels = *channels;
    group.frames = *frames;
    group.data = ValueOf(dataset, 0x54001010);
    if (group.data.size() / group.bytes / group.channels < group.frames) {
      return Fail("is shorter than its samples", "(5400,1010)");
    }
    const std::string_view padding = ValueOf(dataset, 0x5400100A);
    if (padding.size() >= group.bytes) group.padding = SampleAt(group, padding.data());
    // Some writers state 0 and pad with the lowest number, which is no voltage anyway.
    if (group.is_signed && group.padding.value_or(0) == 0) {
      group.padding = -(std::int64_t{1} << (8 * group.bytes - 1));
    }
    groups_.push_back(group);
    const std::vector<Dataset>& definitions = ItemsOf(dataset, 0x003A0200);
    if (definitions.size() != group.channels) {
      return Fail("defines " + Counted(definitions.size(), "channel") + " of " +
                      std::to_string(group.channels),
                  "(003A,0200)");
    }
    const std::string label = ToLower(TextOf(dataset, 0x003A0020));
    const bool median = label.find("median") != std::string::npos ||
                        label.find("template") != std::string::npos ||
                        TextOf(dataset, 0x003A0004) == "DERIVED";
    for (std::size_t k = 0; k < definitions.size(); ++k) {
      record::SignalInfo signal;
      signal.kind = median ? "median" : "";
      signal.sampling_rate = *rate;
      signal.samples = group.frames;
      if (const Status read = ReadChannel(definitions[k], k, signal); !read.ok()) return read;
      signals.push_back(std::move(signal));
    }
    return {};
  }

  Status ReadChannel(const Dataset& definition, std::size_t index, record::SignalInfo& signal) {
    Channel channel{groups_.size() - 1, index, 0};
    const std::vector<Dataset>& source = ItemsOf(definition, 0x003A0208);
    if (!source.empty()) signal.label = LeadOf(source.front());
    if (signal.label.empty()) signal.label = TextOf(definition, 0x003A0203);
    const std::string field = "(003A,0210) of " + record::CanonicalLead(signal.label);
    const auto sensitivity = DecimalOf(definition, 0x003A0210);
    if (sensitivity) {
      const std::vector<Dataset>& units = ItemsOf(definition, 0x003A0211);
      signal.units = units.empty() ? "uV" : TextOf(units.front(), 0x00080100);
      signal.step = *sensitivity * DecimalOf(definition, 0x003A0212).value_or(1);
      channel.baseline = DecimalOf(definition, 0x003A0213).value_or(0);
      if (signal.step == 0) return Fail("is 0", field);
      // By the standard an offset in units; some programs take it for counts.
      if (channel.baseline != 0) Warn("is taken for an offset in " + signal.units, "(003A,0213)");
      channel.baseline /= signal.step;
    }
    channels_.push_back(channel);
    return {};
  }

  // A lead by its code of SCP-ECG or MDC, or by what the code means: "Lead I (Einthoven)".
  static std::string LeadOf(const Dataset& source) {
    std::string meaning = TextOf(source, 0x00080104);
    meaning = meaning.substr(0, meaning.find(" ("));
    const std::string name = record::CanonicalLead(meaning);
    if (record::IsStandardLead(name)) return name;
    const std::string code = TextOf(source, 0x00080100);
    constexpr std::string_view kScp = "5.6.3-9-";
    constexpr std::array<std::pair<int, const char*>, 12> kCodes = {{{1, "I"},
                                                                     {2, "II"},
                                                                     {61, "III"},
                                                                     {62, "aVR"},
                                                                     {63, "aVL"},
                                                                     {64, "aVF"},
                                                                     {3, "V1"},
                                                                     {4, "V2"},
                                                                     {5, "V3"},
                                                                     {6, "V4"},
                                                                     {7, "V5"},
                                                                     {8, "V6"}}};
    if (code.compare(0, kScp.size(), kScp) == 0) {
      const auto number = ParseInt(std::string_view(code).substr(kScp.size()));
      for (const auto& [known, lead] : kCodes) {
        if (number && *number == known) return lead;
      }
    }
    return meaning;
  }

  void ReadPerson(const Dataset& elements) {
    info_.sex = record::ParseSex(TextOf(elements, 0x00100040));
    info_.age = record::ParseAge(TextOf(elements, 0x00101010));
    std::string when = TextOf(elements, 0x0008002A);
    if (when.empty()) when = TextOf(elements, 0x00080020) + TextOf(elements, 0x00080030);
    info_.acquisition.date = DateOf(when);
    const std::string birth = TextOf(elements, 0x00100030);
    if (const auto born = DateOf(birth); born && !info_.age && info_.acquisition.date) {
      info_.age = record::AgeBetween(*born, *info_.acquisition.date);
    }
    if (when.size() >= 14) {
      const auto clock = ParseInt(std::string_view(when).substr(8, 6));
      if (clock && *clock >= 0 && *clock < 240000) {
        const std::int64_t hours = *clock / 10000, minutes = *clock / 100 % 100;
        info_.acquisition.time = static_cast<double>(hours * 3600 + minutes * 60 + *clock % 100);
      }
    }
    info_.acquisition.device = TextOf(elements, 0x00081090);
    for (const Dataset& note : ItemsOf(elements, 0x0040B020)) {
      const std::string text = record::FixedText(ValueOf(note, 0x00700006));
      if (!text.empty()) info_.statements.push_back(text);
      ReadMeasurement(note, info_.measured);
    }
  }

  static std::optional<record::Date> DateOf(const std::string& text) {
    if (text.size() < 8) return {};
    const auto number = ParseInt(std::string_view(text).substr(0, 8));
    if (!number || *number < 0) return {};
    const int date = static_cast<int>(*number);
    return record::MakeDate(date / 10000, date / 100 % 100, date % 100);
  }

  std::string bytes_;  // of the file
  bool big_endian_ = false;
  std::vector<Group> groups_;
  std::vector<Channel> channels_;
};

class DicomReader : public record::RecordReader {
 public:
  std::string_view name() const override { return "DICOM"; }
  std::string_view description() const override {
    return "DICOM waveforms: rhythm and median, with or without preamble";
  }
  std::vector<std::string_view> endings() const override { return {".dcm"}; }

  // Objects say their class near the beginning, so that pictures are told from waveforms.
  record::Recognition Recognises(std::string_view begin) const override {
    const bool marked = begin.size() > 132 && begin.substr(128, 4) == "DICM";
    const auto group = record::LoadAt<std::uint16_t>(begin, 0);
    const auto element = record::LoadAt<std::uint16_t>(begin, 2);
    const bool bare = group && element && (*group == 2 || *group == 8) && *element <= 0x60;
    const bool waveform = begin.find(kWaveformClass) != std::string_view::npos;
    if (!marked && !bare) return record::Recognition::kNo;
    return waveform ? record::Recognition::kCertain : record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path,
                                                   const record::OpenOptions& told) const override {
    return record::OpenStarted<DicomFile>(path, told);
  }
};

}  // namespace

const record::RecordReader& Reader() {
  static const DicomReader reader;
  return reader;
}

}  // namespace ecg::dicom
