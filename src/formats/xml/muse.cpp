// GE MUSE: <RestingECG> with waveforms of type Rhythm and Median, in either order. Leads are base64
// of 16-bit counts, whose size the file tells.
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/formats/xml/reader.h"
#include "ecg/record/info_lines.h"
#include "src/formats/xml/document.h"

namespace ecg::xml {
namespace {

using Problem = XmlReader::Problem;

std::optional<Problem> ReadLead(const pugi::xml_node& lead, const record::SignalInfo& common,
                                XmlReader::Content& content) {
  record::SignalInfo signal = common;
  signal.label = Text(lead, "LeadID");
  if (signal.label.empty()) return Problem{"LeadID", "not said"};
  const auto units = Number(lead, "LeadAmplitudeUnitsPerBit");
  if (!units) return Problem{"LeadAmplitudeUnitsPerBit", "is no number"};
  signal.step = *units;
  signal.units = Text(lead, "LeadAmplitudeUnits");
  if (const auto size = Number(lead, "LeadSampleSize"); size && *size != 2) {
    return Problem{"LeadSampleSize", "only samples of 2 bytes are read"};
  }
  const Result<std::string> bytes = DecodeBase64(At(lead, "WaveFormData").text().get());
  if (!bytes.ok()) return Problem{"WaveFormData", bytes.error().message};
  std::vector<float> samples = Samples16(*bytes);
  const auto count = Number(lead, "LeadSampleCountTotal");
  if (count && static_cast<double>(samples.size()) != *count) {
    return Problem{"LeadSampleCountTotal",
                   "does not fit the " + Counted(samples.size(), "sample") + " of WaveFormData"};
  }
  if (const auto baseline = Number(lead, "FirstSampleBaseline"); baseline && *baseline != 0) {
    for (float& sample : samples) sample -= static_cast<float>(*baseline);
  }
  content.signals.push_back(std::move(signal));
  content.values.push_back(std::move(samples));
  return {};
}

std::optional<Problem> ReadWaveform(const pugi::xml_node& waveform, XmlReader::Content& content) {
  record::SignalInfo common;
  const std::string type = ToLower(Text(waveform, "WaveformType"));
  if (type != "rhythm") common.kind = type.empty() ? "untyped" : type;
  const auto base = Number(waveform, "SampleBase");
  if (!base) return Problem{"SampleBase", "is no number"};
  const double exponent = Number(waveform, "SampleExponent").value_or(0);
  common.sampling_rate = *base * std::pow(10, exponent);
  if (common.kind.empty()) {
    std::vector<std::string> filters;
    for (const char* filter : {"HighPassFilter", "LowPassFilter", "ACFilter"}) {
      const std::string value = Text(waveform, filter);
      if (!value.empty()) filters.push_back(std::string(filter) + " " + value);
    }
    content.info.acquisition.filters = Join(filters, ", ");
  }
  for (const pugi::xml_node& lead : Children(waveform, "LeadData")) {
    if (auto problem = ReadLead(lead, common, content)) return problem;
  }
  return {};
}

void ReadPerson(const pugi::xml_node& root, record::EcgInfo& info) {
  const pugi::xml_node person = Child(root, "PatientDemographics");
  const std::string age = Text(person, "PatientAge");
  if (!age.empty()) info.age = record::ParseAge(age + " " + Text(person, "AgeUnits"));
  info.sex = record::ParseSex(Text(person, "Gender"));
  const pugi::xml_node test = Child(root, "TestDemographics");
  record::Acquisition& made = info.acquisition;
  made.date = ParseDate(Text(test, "AcquisitionDate"), /*american=*/true);
  made.time = ParseTime(Text(test, "AcquisitionTime"));
  made.device = Text(test, "AcquisitionDevice");
  const auto birth = ParseDate(Text(person, "DateofBirth"), /*american=*/true);
  if (!info.age && birth && made.date) info.age = record::AgeBetween(*birth, *made.date);
}

// Statements end where ENDSLINE says so.
void ReadStatements(const pugi::xml_node& diagnosis, record::EcgInfo& info) {
  std::string line;
  for (const pugi::xml_node& statement : Children(diagnosis, "DiagnosisStatement")) {
    const std::string text = Text(statement, "StmtText");
    if (!text.empty()) line += (line.empty() ? "" : " ") + text;
    bool ends = Children(statement, "StmtFlag").empty();
    for (const pugi::xml_node& flag : Children(statement, "StmtFlag")) {
      ends = ends || std::string_view(flag.text().get()) == "ENDSLINE";
    }
    if (!ends || line.empty()) continue;
    info.statements.push_back(std::exchange(line, {}));
  }
  if (!line.empty()) info.statements.push_back(line);
}

// As a physician has left them; what the recorder had measured before stands apart.
void ReadMeasurements(const pugi::xml_node& measured, record::StatedMeasurements& stated) {
  using record::Quantity;
  stated.Set(Quantity::kHeartRate, Number(measured, "VentricularRate"));
  stated.Set(Quantity::kPr, Number(measured, "PRInterval"));
  stated.Set(Quantity::kQrs, Number(measured, "QRSDuration"));
  stated.Set(Quantity::kQt, Number(measured, "QTInterval"));
  stated.Set(Quantity::kQtc, Number(measured, "QTCorrected"));
  stated.Set(Quantity::kQtcFridericia, Number(measured, "QTcFrederica"));
  stated.Set(Quantity::kPAxis, Number(measured, "PAxis"));
  stated.Set(Quantity::kQrsAxis, Number(measured, "RAxis"));
  stated.Set(Quantity::kTAxis, Number(measured, "TAxis"));
}

std::optional<Problem> Read(const pugi::xml_document& document, XmlReader::Content& content) {
  const pugi::xml_node root = Child(document, "RestingECG");
  if (!root) return Problem{"RestingECG", "missing"};
  ReadPerson(root, content.info);
  ReadMeasurements(Child(root, "RestingECGMeasurements"), content.info.measured);
  ReadStatements(Child(root, "Diagnosis"), content.info);
  for (const pugi::xml_node& waveform : Children(root, "Waveform")) {
    if (auto problem = ReadWaveform(waveform, content)) return problem;
  }
  return {};
}

}  // namespace

const record::RecordReader& MuseReader() {
  static const XmlReader reader("MUSE", "GE MUSE XML: rhythm and median", "RestingECG", Read);
  return reader;
}

}  // namespace ecg::xml
