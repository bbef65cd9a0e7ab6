// FHIR Observations with SampledData (a component a lead), in XML and in JSON, which say the same.
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "ecg/formats/xml/reader.h"
#include "src/formats/xml/document.h"

namespace ecg::xml {
namespace {

using Problem = XmlReader::Problem;
using Content = XmlReader::Content;

// A lead, in the words of the standard.
struct Sampled {
  std::string lead;
  std::optional<double> origin, factor, period, dimensions;  // period in ms
  std::string unit, data;
};

// "MDC_ECG_ELEC_POTL_V1" -> "V1".
std::string LeadOf(std::string name) {
  for (const std::string_view prefix : {"MDC_ECG_ELEC_POTL_", "MDC_ECG_LEAD_"}) {
    if (name.compare(0, prefix.size(), prefix) == 0) return name.substr(prefix.size());
  }
  return name;
}

// E, U and L stand for what could not be measured.
std::optional<std::vector<float>> ParseData(const std::string& data) {
  std::vector<float> values;
  for (const std::string_view line : SplitLines(data)) {
    for (const std::string_view word : SplitWords(line)) {
      const auto number = ParseDouble(word);
      if (!number && word != "E" && word != "U" && word != "L") return {};
      values.push_back(number ? static_cast<float>(*number)
                              : std::numeric_limits<float>::quiet_NaN());
    }
  }
  return values;
}

std::optional<Problem> AddLead(const Sampled& sampled, Content& content) {
  const std::string field = "SampledData of " + sampled.lead;
  if (!sampled.period || !(*sampled.period > 0)) return Problem{field, "says no period"};
  if (sampled.dimensions.value_or(1) != 1) return Problem{field, "of several dimensions"};
  auto values = ParseData(sampled.data);
  if (!values) return Problem{field, "holds what is no number"};
  record::SignalInfo signal;
  signal.label = sampled.lead;
  signal.units = sampled.unit;
  signal.sampling_rate = 1000 / *sampled.period;
  signal.step = sampled.factor.value_or(1);
  if (!(std::abs(signal.step) > 0)) return Problem{field, "says a factor of 0"};
  // A value is origin + factor * sample, where the origin is a quantity.
  double origin = sampled.origin.value_or(0) / signal.step;
  if (signal.units.empty() && origin != 0) {
    content.warnings.push_back(sampled.lead +
                               ": origin: has no unit, is taken for the sample of 0 V");
    origin = -*sampled.origin;
  }
  for (float& value : *values) value = static_cast<float>(static_cast<double>(value) + origin);
  content.signals.push_back(std::move(signal));
  content.values.push_back(std::move(*values));
  return {};
}

void SetTime(const std::string& when, record::EcgInfo& info) {
  info.acquisition.date = ParseDate(when);
  if (when.size() > 18) info.acquisition.time = ParseTime(std::string_view(when).substr(11, 8));
}

// As XML.

std::string Value(const pugi::xml_node& node, std::string_view way) {
  return At(node, way).attribute("value").value();
}

std::optional<Problem> ReadComponent(const pugi::xml_node& component, Content& content) {
  const pugi::xml_node data = Child(component, "valueSampledData");
  if (!data) return {};
  Sampled sampled;
  sampled.lead = LeadOf(Value(component, "code/coding/display"));
  sampled.origin = ParseDouble(Value(data, "origin/value"));
  sampled.unit = Value(data, "origin/unit");
  if (sampled.unit.empty()) sampled.unit = Value(data, "origin/code");
  sampled.factor = ParseDouble(Value(data, "factor"));
  sampled.period = ParseDouble(Value(data, "period"));
  if (!sampled.period && Value(data, "intervalUnit") == "ms") {
    sampled.period = ParseDouble(Value(data, "interval"));
  }
  sampled.dimensions = ParseDouble(Value(data, "dimensions"));
  sampled.data = Value(data, "data");
  return AddLead(sampled, content);
}

std::optional<Problem> Read(const pugi::xml_document& document, Content& content) {
  const pugi::xml_node root = Child(document, "Observation");
  if (!root) return Problem{"Observation", "missing"};
  SetTime(Value(root, "effectiveDateTime"), content.info);
  if (auto problem = ReadComponent(root, content)) return problem;
  for (const pugi::xml_node& component : Children(root, "component")) {
    if (auto problem = ReadComponent(component, content)) return problem;
  }
  return {};
}

// As JSON.

const Json& Member(const Json& json, const char* name) {
  static const Json none;
  if (!json.is_object()) return none;
  const auto found = json.find(name);
  return found == json.end() ? none : *found;
}

std::string TextOf(const Json& json) { return json.is_string() ? json.get<std::string>() : ""; }

std::optional<double> NumberOf(const Json& json) {
  if (!json.is_number()) return {};
  return json.get<double>();
}

std::optional<Problem> ReadComponent(const Json& component, Content& content) {
  const Json& data = Member(component, "valueSampledData");
  if (!data.is_object()) return {};
  Sampled sampled;
  const Json& coding = Member(Member(component, "code"), "coding");
  if (coding.is_array() && !coding.empty()) {
    sampled.lead = LeadOf(TextOf(Member(coding.front(), "display")));
  }
  const Json& origin = Member(data, "origin");
  sampled.origin = NumberOf(Member(origin, "value"));
  sampled.unit = TextOf(Member(origin, "unit"));
  if (sampled.unit.empty()) sampled.unit = TextOf(Member(origin, "code"));
  sampled.factor = NumberOf(Member(data, "factor"));
  sampled.period = NumberOf(Member(data, "period"));
  if (!sampled.period && TextOf(Member(data, "intervalUnit")) == "ms") {
    sampled.period = NumberOf(Member(data, "interval"));
  }
  sampled.dimensions = NumberOf(Member(data, "dimensions"));
  sampled.data = TextOf(Member(data, "data"));
  return AddLead(sampled, content);
}

std::optional<Problem> Read(const Json& root, Content& content) {
  if (TextOf(Member(root, "resourceType")) != "Observation") {
    return Problem{"resourceType", "is no Observation"};
  }
  SetTime(TextOf(Member(root, "effectiveDateTime")), content.info);
  if (auto problem = ReadComponent(root, content)) return problem;
  const Json& components = Member(root, "component");
  if (!components.is_array()) return {};
  for (const Json& component : components) {
    if (auto problem = ReadComponent(component, content)) return problem;
  }
  return {};
}

class FhirFormat : public XmlReader {
 public:
  FhirFormat()
      : XmlReader("FHIR", "FHIR Observations with SampledData, JSON and XML", "Observation", Read) {
  }

  std::vector<std::string_view> endings() const override { return {".json", ".xml"}; }

  record::Recognition Recognises(std::string_view begin) const override {
    const std::size_t key = begin.find("\"resourceType\"");
    if (key == std::string_view::npos) return XmlReader::Recognises(begin);
    const std::size_t value = begin.find("\"Observation\"", key);
    // Most observations are no ECGs: then they are no recordings.
    const bool ecg = begin.find("SampledData") != std::string_view::npos ||
                     begin.find("ECG") != std::string_view::npos;
    return value != std::string_view::npos && value < key + 30 && ecg
               ? record::Recognition::kCertain
               : record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const std::filesystem::path& path,
                                                   const record::OpenOptions& told) const override {
    const Result<std::string> bytes = ReadFile(path, kMostBytes);
    if (!bytes.ok()) return bytes.error();
    if (Trim(*bytes).substr(0, 1) != "{") return XmlReader::Open(path, told);
    const Result<JsonDocument> json = ParseJson(*bytes, path.string());
    // Its message may show what stands there.
    if (!json.ok()) return InputError("is no sound JSON", path.string(), json.error().line);
    Content content;
    content.info.format = "FHIR";
    if (const auto problem = Read(json->root, content)) {
      return InputError(problem->message, path.string(), 0, problem->field);
    }
    return Hold(path, told, std::move(content));
  }
};

}  // namespace

const record::RecordReader& FhirReader() {
  static const FhirFormat reader;
  return reader;
}

}  // namespace ecg::xml
