// Philips Sierra ECG (<restingecgdata>), 1.03 to 1.04.02: twelve leads in one base64 text, mostly
// compressed; III, aVR, aVL and aVF then stand as what I and II do not tell of them.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/formats/xml/reader.h"
#include "ecg/record/info_lines.h"
#include "src/formats/xml/document.h"
#include "src/formats/xml/xli.h"

namespace ecg::xml {
namespace {

using Problem = XmlReader::Problem;
using Content = XmlReader::Content;
using Channels = std::vector<std::vector<std::int32_t>>;

constexpr std::size_t kMostSamples = std::size_t{1} << 24;  // in all channels
constexpr double kMostSeconds = 3600;

// Half of a sum, rounded down.
std::int32_t Half(std::int32_t sum) { return (sum - (sum < 0 ? 1 : 0)) / 2; }

std::optional<Problem> RebuildLimbLeads(Channels& leads) {
  for (std::size_t k = 1; k < 6; ++k) {
    if (leads[k].size() != leads[0].size()) {
      return Problem{"parsedwaveforms", "limb leads of different lengths"};
    }
  }
  for (std::size_t i = 0; i < leads[0].size(); ++i) {
    const std::int32_t one = leads[0][i], two = leads[1][i];
    const std::int32_t three = two - one - leads[2][i];
    leads[2][i] = three;
    leads[3][i] = -leads[3][i] - Half(one + two);
    leads[4][i] = Half(one - three) - leads[4][i];
    leads[5][i] = Half(two + three) - leads[5][i];
  }
  return {};
}

// The samples of uncompressed leads, one lead after the other.
Channels SplitPlain(const std::string& bytes, std::size_t leads) {
  const std::vector<float> samples = Samples16(bytes);
  const std::size_t count = samples.size() / leads;
  Channels channels(leads);
  for (std::size_t k = 0; k < leads; ++k) {
    for (std::size_t i = 0; i < count; ++i) {
      channels[k].push_back(static_cast<std::int32_t>(samples[k * count + i]));
    }
  }
  return channels;
}

// A pulse of calibration may follow the rhythm: samples that are the same in all chest leads, as of
// no heart, for a fifth of a second and more. Gives how many there are at the end.
std::size_t CalibrationSamples(const Channels& leads, double rate) {
  if (leads.size() < 12) return 0;
  std::size_t alike = leads[6].size();
  for (std::size_t k = 7; k < 12; ++k) {
    if (leads[k].size() != leads[6].size()) return 0;
    const auto differs = std::mismatch(leads[6].rbegin(), leads[6].rend(), leads[k].rbegin());
    alike = std::min(alike, static_cast<std::size_t>(differs.first - leads[6].rbegin()));
  }
  if (static_cast<double>(alike) < rate / 5) return 0;
  const auto begin = leads[6].end() - static_cast<std::ptrdiff_t>(alike);
  const auto [low, high] = std::minmax_element(begin, leads[6].end());
  return *high > *low && alike < leads[6].size() ? alike : 0;
}

std::vector<std::string> LeadNames(const pugi::xml_node& waveforms) {
  std::vector<std::string> names;
  for (const std::string_view name : SplitWords(waveforms.attribute("leadlabels").value())) {
    names.emplace_back(name);
  }
  if (!names.empty()) return names;
  return {"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"};
}

std::optional<Problem> ReadRhythm(const pugi::xml_node& root, Content& content) {
  const pugi::xml_node waveforms = At(root, "waveforms/parsedwaveforms");
  if (!waveforms) return Problem{"parsedwaveforms", "missing"};
  const pugi::xml_node said = At(root, "dataacquisition/signalcharacteristics");
  const auto rate = Number(said, "samplingrate");
  auto resolution = Number(said, "resolution");
  if (!resolution) resolution = Number(said, "signalresolution");
  if (!rate || !(*rate > 0 && *rate < 1e5)) return Problem{"samplingrate", "is no rate"};
  if (!resolution || !(*resolution > 0)) return Problem{"resolution", "is no number"};
  if (const auto bits = Number(said, "bitspersample"); bits && *bits != 16) {
    return Problem{"bitspersample", "only samples of 16 bits are read"};
  }
  const std::string encoding = waveforms.attribute("dataencoding").value();
  if (encoding != "Base64") return Problem{"dataencoding", "only Base64 is read"};
  const Result<std::string> bytes = DecodeBase64(waveforms.text().get());
  if (!bytes.ok()) return Problem{"parsedwaveforms", bytes.error().message};
  std::string method = waveforms.attribute("compression").value();
  if (method.empty()) method = waveforms.attribute("compressmethod").value();
  if (std::string_view(waveforms.attribute("compressflag").value()) == "False") method.clear();
  const std::vector<std::string> names = LeadNames(waveforms);
  Channels leads;
  if (method == "XLI") {
    Result<Channels> unpacked = DecodeXli(*bytes, kMostSamples);
    if (!unpacked.ok()) return Problem{"parsedwaveforms", unpacked.error().message};
    leads = std::move(*unpacked);
    if (leads.size() < names.size()) return Problem{"parsedwaveforms", "has too few channels"};
    leads.resize(names.size());
    const std::vector<std::string> limb = {"I", "II", "III", "aVR", "aVL", "aVF"};
    if (names.size() < 6 || !std::equal(limb.begin(), limb.end(), names.begin())) {
      return Problem{"leadlabels", "does not begin with the limb leads"};
    }
    if (auto problem = RebuildLimbLeads(leads)) return problem;
  } else if (method.empty() || method == "Uncompressed") {
    leads = SplitPlain(*bytes, names.size());
  } else {
    return Problem{"compression", "not read: " + method};
  }
  const auto duration = ParseDecimal(waveforms.attribute("durationperchannel").value());
  std::size_t most = std::numeric_limits<std::size_t>::max();
  if (duration && *duration > 0 && *duration < kMostSeconds * 1000) {
    most = static_cast<std::size_t>(std::lround(*duration / 1000 * *rate));
  }
  for (auto& lead : leads) lead.resize(std::min(lead.size(), most));
  if (const std::size_t pulse = CalibrationSamples(leads, *rate); pulse > 0) {
    content.warnings.push_back("ends in a pulse of calibration, left out: " +
                               Counted(pulse, "sample"));
    for (auto& lead : leads) lead.resize(lead.size() - pulse);
  }
  for (std::size_t k = 0; k < names.size(); ++k) {
    record::SignalInfo signal;
    signal.label = names[k];
    signal.units = "uV";
    signal.step = *resolution;
    signal.sampling_rate = *rate;
    content.signals.push_back(std::move(signal));
    content.values.emplace_back(leads[k].begin(), leads[k].end());
  }
  return {};
}

std::optional<Problem> ReadBeats(const pugi::xml_node& root, Content& content) {
  const pugi::xml_node beats = At(root, "waveforms/repbeats");
  const auto rate = ParseDecimal(beats.attribute("samplespersec").value());
  const auto resolution = ParseDecimal(beats.attribute("resolution").value());
  const bool plain = std::string_view(beats.attribute("dataencoding").value()) == "Base64";
  if (!beats || !rate || !resolution || !plain || !(*rate > 0)) return {};
  for (const pugi::xml_node& beat : Children(beats, "repbeat")) {
    const Result<std::string> bytes = DecodeBase64(Child(beat, "waveform").text().get());
    if (!bytes.ok()) return Problem{"repbeat", bytes.error().message};
    record::SignalInfo signal;
    signal.label = beat.attribute("leadname").value();
    signal.units = "uV";
    signal.step = *resolution;
    signal.sampling_rate = *rate;
    signal.kind = "median";
    content.signals.push_back(std::move(signal));
    content.values.push_back(Samples16(*bytes));
    for (float& value : content.values.back()) {
      constexpr float kNone = 32767;
      if (value == kNone) value = std::numeric_limits<float>::quiet_NaN();
    }
  }
  return {};
}

void ReadPerson(const pugi::xml_node& root, record::EcgInfo& info) {
  const pugi::xml_node person = At(root, "patient/generalpatientdata");
  const pugi::xml_node made = Child(root, "dataacquisition");
  info.sex = record::ParseSex(Text(person, "sex"));
  info.acquisition.date = ParseDate(made.attribute("date").value());
  info.acquisition.time = ParseTime(made.attribute("time").value());
  info.acquisition.device = Text(made, "machine");
  const std::string years = Text(person, "age/years");
  if (!years.empty()) info.age = record::ParseAge(years);
  const auto birth = ParseDate(Text(person, "age/dateofbirth"));
  if (!info.age && birth && info.acquisition.date) {
    info.age = record::AgeBetween(*birth, *info.acquisition.date);
  }
  for (const pugi::xml_node& interpretation :
       Children(Child(root, "interpretations"), "interpretation")) {
    for (const pugi::xml_node& statement : Children(interpretation, "statement")) {
      std::string said = Text(statement, "leftstatement");
      const std::string right = Text(statement, "rightstatement");
      if (said.empty()) continue;
      if (!right.empty()) said.append(" [").append(right).append("]");
      info.statements.push_back(std::move(said));
    }
  }
}

// By the names of newer files, "print", or of older ones, "meanprint".
void ReadMeasurements(const pugi::xml_node& measured, record::StatedMeasurements& stated) {
  using record::Quantity;
  stated.Set(Quantity::kHeartRate, Number(measured, "heartrate"));
  stated.Set(Quantity::kHeartRate, Number(measured, "meanventrate"));
  stated.Set(Quantity::kRr, Number(measured, "rrint"));
  stated.Set(Quantity::kP, Number(measured, "pdur"));
  stated.Set(Quantity::kPr, Number(measured, "print"));
  stated.Set(Quantity::kPr, Number(measured, "meanprint"));
  stated.Set(Quantity::kQrs, Number(measured, "qrsdur"));
  stated.Set(Quantity::kQrs, Number(measured, "meanqrsdur"));
  stated.Set(Quantity::kQt, Number(measured, "qtint"));
  stated.Set(Quantity::kQt, Number(measured, "meanqtint"));
  stated.Set(Quantity::kQtc, Number(measured, "meanqtc"));
  stated.Set(Quantity::kQtcBazett, Number(measured, "qtcb"));
  stated.Set(Quantity::kQtcFridericia, Number(measured, "qtcf"));
  stated.Set(Quantity::kPAxis, Number(measured, "pfrontaxis"));
  stated.Set(Quantity::kQrsAxis, Number(measured, "qrsfrontaxis"));
  stated.Set(Quantity::kTAxis, Number(measured, "tfrontaxis"));
}

// Those that the interpretation goes by come before those of the program that measures.
void ReadAllMeasurements(const pugi::xml_node& root, record::StatedMeasurements& stated) {
  for (const pugi::xml_node& interpretation :
       Children(Child(root, "interpretations"), "interpretation")) {
    ReadMeasurements(Child(interpretation, "globalmeasurements"), stated);
    ReadMeasurements(Child(interpretation, "interpretationmeasurements"), stated);
  }
  ReadMeasurements(At(root, "internalmeasurements/crossleadmeasurements"), stated);
  ReadMeasurements(At(root, "measurements/globalmeasurements"), stated);
}

std::optional<Problem> Read(const pugi::xml_document& document, Content& content) {
  const pugi::xml_node root = Child(document, "restingecgdata");
  if (!root) return Problem{"restingecgdata", "missing"};
  ReadPerson(root, content.info);
  ReadAllMeasurements(root, content.info.measured);
  if (auto problem = ReadRhythm(root, content)) return problem;
  return ReadBeats(root, content);
}

}  // namespace

const record::RecordReader& SierraReader() {
  static const XmlReader reader("Sierra", "Philips Sierra ECG XML, also compressed",
                                "restingecgdata", Read);
  return reader;
}

}  // namespace ecg::xml
