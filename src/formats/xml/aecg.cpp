// HL7 annotated ECG (aECG, 2004): series and derived series of sequences, digits with origin and
// scale.
#include <array>
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
using Content = XmlReader::Content;

std::optional<double> Attribute(const pugi::xml_node& node, const char* name) {
  const auto number = ParseDecimal(node.attribute(name).value());
  return number && std::isfinite(*number) ? number : std::nullopt;
}

// Seconds in a unit of time; 0 for others.
double SecondsIn(const std::string& unit) {
  if (unit == "s") return 1;
  if (unit == "ms") return 1e-3;
  return unit == "us" ? 1e-6 : 0;
}

// "MDC_ECG_LEAD_V1" -> "V1".
std::string LeadOf(std::string code) {
  constexpr std::string_view kPrefix = "MDC_ECG_LEAD_";
  if (code.compare(0, kPrefix.size(), kPrefix) == 0) code.erase(0, kPrefix.size());
  return code;
}

std::optional<Problem> ReadTime(const pugi::xml_node& value, record::SignalInfo& common) {
  const pugi::xml_node increment = Child(value, "increment");
  const auto step = Attribute(increment, "value");
  const double seconds = SecondsIn(increment.attribute("unit").value());
  if (!step || seconds == 0 || !(*step > 0)) {
    return Problem{"increment", "is no step of time in s, ms or us"};
  }
  const double rate = 1 / (*step * seconds), whole = std::round(rate);
  common.sampling_rate = std::abs(rate - whole) < 1e-6 * rate ? whole : rate;
  return {};
}

std::optional<Problem> ReadLead(const pugi::xml_node& sequence, const record::SignalInfo& common,
                                Content& content) {
  const pugi::xml_node value = Child(sequence, "value");
  const pugi::xml_node scale = Child(value, "scale"), origin = Child(value, "origin");
  record::SignalInfo signal = common;
  signal.label = LeadOf(Child(sequence, "code").attribute("code").value());
  signal.units = scale.attribute("unit").value();
  const auto step = Attribute(scale, "value");
  if (!step || *step == 0) return Problem{"scale", "is no number"};
  signal.step = *step;
  Result<std::vector<float>> digits = ParseNumbers(Child(value, "digits").text().get());
  if (!digits.ok()) return Problem{"digits", digits.error().message};
  const double zero = Attribute(origin, "value").value_or(0);
  if (zero != 0) {
    const double from = record::MillivoltsIn(origin.attribute("unit").value());
    const double to = record::MillivoltsIn(signal.units) * *step;
    if (from == 0 || to == 0) return Problem{"origin", "is no voltage"};
    for (float& digit : *digits) digit += static_cast<float>(zero * from / to);
  }
  content.signals.push_back(std::move(signal));
  content.values.push_back(std::move(*digits));
  return {};
}

std::optional<Problem> ReadSet(const pugi::xml_node& set, const std::string& kind,
                               Content& content) {
  record::SignalInfo common;
  common.kind = kind;
  std::vector<pugi::xml_node> leads;
  for (const pugi::xml_node& component : Children(set, "component")) {
    const pugi::xml_node sequence = Child(component, "sequence");
    const std::string_view code = Child(sequence, "code").attribute("code").value();
    if (code.substr(0, 5) == "TIME_") {
      if (auto problem = ReadTime(Child(sequence, "value"), common)) return problem;
    } else if (code.substr(0, 9) == "MDC_ECG_L") {
      leads.push_back(sequence);
    }
  }
  for (const pugi::xml_node& lead : leads) {
    if (auto problem = ReadLead(lead, common, content)) return problem;
  }
  return {};
}

// Which quantity an annotation gives, by its code of ISO/IEEE 11073-10102, or of a vendor who has
// none there.
std::optional<record::Quantity> QuantityOf(std::string_view code) {
  using record::Quantity;
  struct Known {
    std::string_view code;
    Quantity quantity;
  };
  constexpr std::array<Known, 16> kKnown = {{{"MDC_ECG_HEART_RATE", Quantity::kHeartRate},
                                             {"MDC_ECG_TIME_PD_RR", Quantity::kRr},
                                             {"MDC_ECG_TIME_PD_P", Quantity::kP},
                                             {"MDC_ECG_TIME_PD_PR", Quantity::kPr},
                                             {"MDC_ECG_TIME_PD_QRS", Quantity::kQrs},
                                             {"MDC_ECG_TIME_PD_QT", Quantity::kQt},
                                             {"MDC_ECG_TIME_PD_QTc", Quantity::kQtc},
                                             {"MDC_ECG_TIME_PD_QTcB", Quantity::kQtcBazett},
                                             {"MDC_ECG_TIME_PD_QTcF", Quantity::kQtcFridericia},
                                             {"MINDRAY_ECG_TIME_PD_QTcH", Quantity::kQtcHodges},
                                             {"MDC_ECG_ANGLE_P_FRONT", Quantity::kPAxis},
                                             {"MDC_ECG_ANGLE_QRS_FRONT", Quantity::kQrsAxis},
                                             {"MDC_ECG_ANGLE_T_FRONT", Quantity::kTAxis},
                                             {"MINDRAY_ECG_P_AXIS", Quantity::kPAxis},
                                             {"MINDRAY_ECG_QRS_AXIS", Quantity::kQrsAxis},
                                             {"MINDRAY_ECG_T_AXIS", Quantity::kTAxis}}};
  for (const Known& known : kKnown) {
    if (known.code == code) return known.quantity;
  }
  return {};
}

// Statements and measurements, wherever an annotation holds them; but what was measured in one beat
// alone is no measurement of the recording.
class AnnotationWalker : public pugi::xml_tree_walker {
 public:
  explicit AnnotationWalker(record::EcgInfo& info) : info_(info) {}

  bool for_each(pugi::xml_node& node) override {
    if (LocalName(node) != "annotation") return true;
    const std::string_view code = CodeOf(node);
    constexpr std::string_view kStatement = "MDC_ECG_INTERPRETATION_";
    if (code == "MDC_ECG_RHY") {
      Say(Rhythm(Child(node, "value")));
    } else if (code.substr(0, kStatement.size()) == kStatement) {
      Say(Text(node, "value"));
    } else if (const auto quantity = QuantityOf(code); quantity && !IsOfABeat(node)) {
      Measure(*quantity, Child(node, "value"));
    }
    return true;
  }

 private:
  static std::string_view CodeOf(const pugi::xml_node& annotation) {
    return Child(annotation, "code").attribute("code").value();
  }

  static bool IsOfABeat(const pugi::xml_node& annotation) {
    return CodeOf(annotation.parent().parent()) == "MDC_ECG_BEAT";
  }

  // In words, or else by its code.
  static std::string Rhythm(const pugi::xml_node& value) {
    const std::string words = value.attribute("displayName").value();
    return words.empty() ? value.attribute("code").value() : words;
  }

  void Say(std::string text) {
    if (!text.empty()) info_.statements.push_back(std::move(text));
  }

  void Measure(record::Quantity quantity, const pugi::xml_node& value) {
    auto number = Attribute(value, "value");
    const double seconds = SecondsIn(value.attribute("unit").value());
    if (number && seconds > 0) *number *= seconds * 1000;
    info_.measured.Set(quantity, number);
  }

  record::EcgInfo& info_;
};

std::optional<Problem> ReadSeries(const pugi::xml_node& series, const std::string& kind,
                                  Content& content) {
  for (const pugi::xml_node& component : Children(series, "component")) {
    const pugi::xml_node set = Child(component, "sequenceSet");
    if (!set) continue;
    if (auto problem = ReadSet(set, kind, content)) return problem;
  }
  return {};
}

void ReadPerson(const pugi::xml_node& root, record::EcgInfo& info) {
  const pugi::xml_node person =
      At(root,
         "componentOf/timepointEvent/componentOf/subjectAssignment/subject/trialSubject/"
         "subjectDemographicPerson");
  info.sex = record::ParseSex(Child(person, "administrativeGenderCode").attribute("code").value());
  std::string when = At(root, "effectiveTime/low").attribute("value").value();
  if (when.empty()) when = At(root, "effectiveTime/center").attribute("value").value();
  info.acquisition.date = ParseDate(when);
  if (when.size() >= 12) info.acquisition.time = ParseTime(std::string_view(when).substr(8));
  const auto birth = ParseDate(Child(person, "birthTime").attribute("value").value());
  if (birth && info.acquisition.date) {
    info.age = record::AgeBetween(*birth, *info.acquisition.date);
  }
}

std::optional<Problem> Read(const pugi::xml_document& document, Content& content) {
  const pugi::xml_node root = Child(document, "AnnotatedECG");
  if (!root) return Problem{"AnnotatedECG", "missing"};
  ReadPerson(root, content.info);
  bool first = true;
  for (const pugi::xml_node& component : Children(root, "component")) {
    const pugi::xml_node series = Child(component, "series");
    if (!series) continue;
    const std::string_view code = Child(series, "code").attribute("code").value();
    const bool rhythm = code == "RHYTHM" || code.empty();
    if (rhythm && !first) content.warnings.push_back("further rhythms are passed over");
    if (auto problem = ReadSeries(series, rhythm && first ? "" : "other", content)) return problem;
    first = first && !rhythm;
    if (content.info.acquisition.device.empty()) {
      content.info.acquisition.device =
          Text(series, "author/seriesAuthor/manufacturedSeriesDevice/manufacturerModelName");
    }
    for (const pugi::xml_node& derivation : Children(series, "derivation")) {
      const pugi::xml_node derived = Child(derivation, "derivedSeries");
      if (auto problem = ReadSeries(derived, "median", content)) return problem;
    }
  }
  AnnotationWalker walker(content.info);
  pugi::xml_node top = root;
  top.traverse(walker);
  return {};
}

}  // namespace

const record::RecordReader& AecgReader() {
  static const XmlReader reader("aECG", "HL7 annotated ECG: rhythm and representative beats",
                                "AnnotatedECG", Read);
  return reader;
}

}  // namespace ecg::xml
