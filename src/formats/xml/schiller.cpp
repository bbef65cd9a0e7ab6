// Schiller EDI: waves of types ECG_RHYTHMS and ECG_AVERAGES, numbers with commas between them.
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "ecg/formats/xml/reader.h"
#include "ecg/record/info_lines.h"
#include "src/formats/xml/document.h"

namespace ecg::xml {
namespace {

using Problem = XmlReader::Problem;

std::optional<Problem> ReadWave(const pugi::xml_node& wave, XmlReader::Content& content) {
  record::SignalInfo common;
  const std::string type = Text(wave, "type");
  if (type == "ECG_AVERAGES") common.kind = "median";
  if (!common.kind.empty() || type == "ECG_RHYTHMS") {
    const auto rate = Number(wave, "resolution/samplerate/value");
    if (!rate) return Problem{"samplerate", "is no number"};
    // 500 with exponent 1, in files whose rate is 500 by their own count of samples.
    common.sampling_rate = *rate;
    const auto step = Number(wave, "resolution/yres/unitperbit");
    if (!step) return Problem{"unitperbit", "is no number"};
    common.step = *step;
    common.units = Text(wave, "resolution/yres/units");
    for (const pugi::xml_node& channel : Children(wave, "channel")) {
      record::SignalInfo signal = common;
      signal.label = Text(channel, "name");
      const std::string layout = Text(channel, "datastype");
      if (!layout.empty() && layout != "COMMASEPARATE") {
        return Problem{"datastype", "not read: " + layout};
      }
      Result<std::vector<float>> values = ParseNumbers(At(channel, "data").text().get());
      if (!values.ok()) return Problem{"data", values.error().message};
      content.signals.push_back(std::move(signal));
      content.values.push_back(std::move(*values));
    }
  }
  return {};
}

// Which quantity an annotation is; PQ is what others call PR.
std::optional<record::Quantity> QuantityOf(const std::string& name) {
  using record::Quantity;
  if (name == "HR") return Quantity::kHeartRate;
  if (name == "RR") return Quantity::kRr;
  if (name == "P") return Quantity::kP;
  if (name == "PQ") return Quantity::kPr;
  if (name == "QRS") return Quantity::kQrs;
  if (name == "QT") return Quantity::kQt;
  if (name == "QTC") return Quantity::kQtc;
  if (name == "AXIS_P") return Quantity::kPAxis;
  if (name == "AXIS_QRS") return Quantity::kQrsAxis;
  if (name == "AXIS_T") return Quantity::kTAxis;
  return {};
}

void ReadMeasurements(const pugi::xml_node& event, record::StatedMeasurements& stated) {
  for (const pugi::xml_node& annotation : Children(event, "annotation_global")) {
    const auto quantity = QuantityOf(Text(annotation, "name"));
    if (quantity) stated.Set(*quantity, Number(annotation, "value"));
  }
}

std::optional<Problem> Read(const pugi::xml_document& document, XmlReader::Content& content) {
  const pugi::xml_node root = document.document_element();
  record::EcgInfo& info = content.info;
  info.sex = record::ParseSex(Text(root, "patdata/gender"));
  info.acquisition.date = ParseDate(Text(root, "examdescript/startdatetime/date"));
  info.acquisition.time = ParseTime(Text(root, "examdescript/startdatetime/time"));
  info.acquisition.device = Text(root, "examdescript/aquiringdevice/hardware/model");
  const auto birth = ParseDate(Text(root, "patdata/birthdate"));
  if (birth && info.acquisition.date) {
    info.age = record::AgeBetween(*birth, *info.acquisition.date);
  }
  for (const pugi::xml_node& event : Children(Child(root, "eventdata"), "event")) {
    ReadMeasurements(event, info.measured);
    for (const pugi::xml_node& wave : Children(event, "wavedata")) {
      if (auto problem = ReadWave(wave, content)) return problem;
    }
  }
  return {};
}

}  // namespace

const record::RecordReader& SchillerReader() {
  static const XmlReader reader("Schiller", "Schiller EDI XML: rhythm and averages", "SchillerEDI",
                                Read);
  return reader;
}

}  // namespace ecg::xml
