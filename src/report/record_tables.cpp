#include "src/report/record_tables.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ecg/challenge/contradictions.h"
#include "ecg/core/text.h"
#include "ecg/dsp/measure/normal_limits.h"
#include "ecg/infer/measurement.h"
#include "ecg/report/table.h"
#include "ecg/score/logit_map.h"
#include "src/report/figure_text.h"
#include "src/report/svg_text.h"

namespace ecg::report {
namespace {

// How far beyond its threshold a class is, to say what is told first; NaN where none is known.
double StrengthOf(const infer::RecordAnswer& answer, std::size_t k) {
  const double probability = static_cast<double>(answer.probabilities[k]);
  const double threshold = k < answer.thresholds.size() ? answer.thresholds[k] : 0.5;
  return score::Logit(probability) - score::Logit(threshold);
}

bool IsFound(const infer::RecordAnswer& answer, std::size_t k) {
  return k < answer.decisions.size() && answer.decisions[k] != 0;
}

// The probability as a bar, the threshold as a line across it.
Html ProbabilityBar(double probability, double threshold, bool found) {
  constexpr double kWidth = 100;
  std::string svg =
      "<svg class=\"probability\" viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" "
      "aria-hidden=\"true\"><rect class=\"track\" y=\"3\" width=\"100\" height=\"6\"/>"
      "<rect class=\"";
  svg += found ? "value found" : "value";
  svg += "\" y=\"3\" height=\"6\" width=\"" +
         SvgNumber(kWidth * std::clamp(probability, 0.0, 1.0)) + "\"/>";
  if (std::isfinite(threshold)) {
    const double x = kWidth * std::clamp(threshold, 0.0, 1.0);
    svg += "<path class=\"threshold\" d=\"M" + SvgNumber(x) + " 0V12\"/>";
  }
  return Html::Drawing(svg + "</svg>");
}

// By what a class was decided, in words.
std::string DecidedBy(const infer::RecordAnswer& answer, std::size_t k) {
  if (k < answer.defined.size() && answer.defined[k] != 0) return "measurement";
  if (k >= answer.thresholds.size() || !std::isfinite(answer.thresholds[k])) return "";
  const bool above = static_cast<double>(answer.probabilities[k]) >= answer.thresholds[k];
  return above == IsFound(answer, k) ? "threshold" : "other classes";
}

struct MeasuredName {
  const char* name;
  const char* words;
  const char* unit;
};
constexpr std::array<MeasuredName, 13> kNames = {{
    {"heart_rate_bpm", "Heart rate", "1/min"},
    {"rr_ms", "RR interval", "ms"},
    {"p_ms", "P wave", "ms"},
    {"pr_ms", "PR interval", "ms"},
    {"qrs_ms", "QRS complex", "ms"},
    {"qt_ms", "QT interval", "ms"},
    {"qtc_bazett_ms", "QTc, Bazett", "ms"},
    {"qtc_fridericia_ms", "QTc, Fridericia", "ms"},
    {"qtc_framingham_ms", "QTc, Framingham", "ms"},
    {"qtc_hodges_ms", "QTc, Hodges", "ms"},
    {"p_axis_degrees", "P axis", "\xC2\xB0"},
    {"qrs_axis_degrees", "QRS axis", "\xC2\xB0"},
    {"t_axis_degrees", "T axis", "\xC2\xB0"},
}};

std::string LimitsText(const dsp::NormalLimits& limits) {
  const std::string low = infer::FormatCell(limits.low, 0);
  const std::string high = infer::FormatCell(limits.high, 0);
  if (low.empty()) return (limits.high_is_abnormal ? "below " : "up to ") + high;
  return low + " to " + (limits.high_is_abnormal ? "below " : "") + high;
}

int VerdictOf(double value, const dsp::NormalLimits& limits) {
  if (value < limits.low) return -1;
  return (limits.high_is_abnormal ? value >= limits.high : value > limits.high) ? 1 : 0;
}

// Beyond which limit a value lies, by a sign and a word.
Cell VerdictCell(int verdict) {
  Cell cell("normal");
  cell.tone = Tone::kGood;
  if (verdict != 0) {
    cell.text = verdict < 0 ? "\xE2\x86\x93 below" : "\xE2\x86\x91 above";
    cell.tone = Tone::kBad;
  }
  return cell;
}

std::optional<char> LetterOf(const std::optional<record::Sex>& sex) {
  if (!sex) return std::nullopt;
  return *sex == record::Sex::kMale ? 'M' : 'F';
}

}  // namespace

std::string Seconds(double seconds) {
  return FigureText(seconds < 1000 ? "%.4g" : "%.0f", seconds) + " s";
}

std::string PartLine(const RecordReport& report) {
  const record::EcgInfo& info = report.record->info;
  const double to = report.part->from + static_cast<double>(info.samples) / info.sampling_rate;
  return "Looked at: " + Seconds(report.part->from) + " to " + Seconds(to) + " of " +
         Seconds(report.part->length) +
         (report.model && !report.model->of_part ? "; the model's answer is from all of it" : "");
}

std::string PersonLine(const record::EcgInfo& info) {
  std::string line;
  if (info.age) line = FormatDouble(*info.age) + " years";
  if (info.sex) line += (line.empty() ? "" : ", ") + std::string(record::NameOf(*info.sex));
  return line;
}

std::vector<std::string> LabelsOf(const record::EcgInfo& info) {
  std::vector<std::string> labels;
  for (const std::string& list : info.dx) {
    challenge::ForEachDx(list, challenge::Classes2021(), [&](const challenge::DxEntry& entry) {
      labels.emplace_back(entry.diagnosis != nullptr
                              ? entry.diagnosis->name + " (" + entry.diagnosis->code + ")"
                              : std::string(entry.text));
    });
  }
  return labels;
}

std::vector<std::string> FindingsOf(const ModelAnswer& model) {
  const infer::RecordAnswer& answer = model.answer;
  if (answer.decisions.size() != model.classes.size()) return {};
  std::vector<double> strength;
  for (std::size_t k = 0; k < answer.decisions.size(); ++k) {
    strength.push_back(StrengthOf(answer, k));
  }
  const std::vector<std::uint8_t> told =
      challenge::WithoutContradictions(answer.decisions, strength, model.classes);
  std::vector<std::string> names;
  for (std::size_t k = 0; k < told.size(); ++k) {
    if (told[k] != 0) names.push_back(model.classes[k].name);
  }
  return names;
}

Html FoundHtml(const ModelAnswer& model) {
  const std::vector<std::string> names = FindingsOf(model);
  return Element("p", {},
                 names.empty() ? "Nothing is found." : "Found: " + Join(names, ", ") + ".");
}

std::vector<ClassRow> ClassRowsOf(const ModelAnswer& model) {
  const infer::RecordAnswer& answer = model.answer;
  std::vector<ClassRow> rows;
  for (std::size_t k = 0; k < answer.probabilities.size(); ++k) {
    rows.push_back({k, IsFound(answer, k), static_cast<double>(answer.probabilities[k]),
                    k < answer.thresholds.size() ? answer.thresholds[k] : std::nan(""),
                    DecidedBy(answer, k)});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const ClassRow& a, const ClassRow& b) {
    return a.found != b.found ? a.found : a.probability > b.probability;
  });
  return rows;
}

Html ClassesHtml(const ModelAnswer& model) {
  const infer::RecordAnswer& answer = model.answer;
  const bool spreads = std::any_of(answer.spread.begin(), answer.spread.end(),
                                   [](float spread) { return spread > 0; });
  Html head;
  for (const char* title : {"diagnosis", "decision", "probability", "0 to 1", "threshold"}) {
    const bool number = std::string(title) == "probability" || std::string(title) == "threshold";
    head += Element(
        "th",
        number ? Attributes{{"scope", "col"}, {"class", "number"}} : Attributes{{"scope", "col"}},
        title);
  }
  if (spreads) head += Element("th", {{"scope", "col"}, {"class", "number"}}, "members differ by");
  for (const char* title : {"decided by", "class"})
    head += Element("th", {{"scope", "col"}}, title);
  Html rows;
  for (const ClassRow& row : ClassRowsOf(model)) {
    const std::size_t k = row.index;
    const auto number = [](double value) {
      return Element("td", {{"class", "number"}, {"data-value", FormatDouble(value)}},
                     infer::FormatCell(value, 3));
    };
    Html cells = Element("th", {{"scope", "row"}}, model.classes[k].name) +
                 Element("td", {{"data-value", row.found ? "1" : "0"}},
                         row.found ? Element("span", {{"class", "tag found"}}, "found") : Html()) +
                 number(row.probability) +
                 Element("td", {{"data-value", FormatDouble(row.probability)}, {"class", "bar"}},
                         ProbabilityBar(row.probability, row.threshold, row.found)) +
                 number(row.threshold);
    if (spreads) cells += number(static_cast<double>(answer.spread[k]));
    rows += Element("tr", row.found ? Attributes{{"class", "found"}} : Attributes{},
                    cells + Element("td", {}, row.decided_by) +
                        Element("td", {}, model.classes[k].abbreviation)) +
            Html::Literal("\n");
  }
  return Element(
      "div",
      {{"class", "scroll"},
       {"tabindex", "0"},
       {"role", "region"},
       {"aria-label", "Diagnoses with their probabilities"}},
      Element("table", {{"class", "sortable classes"}},
              Element("thead", {}, Element("tr", {}, head)) + Element("tbody", {}, rows)));
}

Html EvidenceHtml(const ModelAnswer& model, double from) {
  Html items;
  for (const infer::Explanation& explanation : model.answer.explanations) {
    Html moments;
    for (const infer::Moment& moment : explanation.moments) {
      const std::string share = FigureText("%.0f", 100 * moment.share);
      moments += Element("li", {},
                         moment.lead + ", " + FigureText("%.2f", from + moment.from) + " to " +
                             FigureText("%.2f", from + moment.to) + " s" +
                             (share == "0" ? "" : ": " + share + " % of the evidence"));
    }
    items += Element("div", {},
                     Element("h3", {},
                             explanation.abbreviation + " " +
                                 FigureText("%.2f", static_cast<double>(explanation.probability))) +
                         Element("button",
                                 {{"type", "button"},
                                  {"class", "unprinted"},
                                  {"data-evidence", explanation.abbreviation}},
                                 "Shade it on the ECG") +
                         Element("ol", {}, moments));
  }
  return Element("h3", {}, "What carried each decision") +
         Element("div", {{"class", "columns narrow"}}, items);
}

std::string ModelLine(const ModelAnswer& model) {
  std::string line = "Model: " + model.model;
  if (!model.point.name.empty()) {
    line += "; decides as \"" + model.point.name + "\"";
    if (!model.point.about.empty()) line += " (" + model.point.about + ")";
  }
  const infer::RecordAnswer& answer = model.answer;
  if (answer.by_specialists) line += "; its specialists have answered";
  if (!answer.unused_leads.empty()) line += "; not used: " + Join(answer.unused_leads, ", ");
  return line + ".";
}

std::string BeatsLine(const infer::Measured& measured) {
  const dsp::Measurements& values = measured.values;
  const std::vector<infer::Measurement> all = infer::MeasurementsOf(values);
  const auto count = [&](const std::string& name) {
    for (const infer::Measurement& one : all) {
      if (name == one.name && std::isfinite(one.value)) return one.value;
    }
    return 0.0;
  };
  std::string line = Counted(values.beats, "beat");
  for (const auto& [name, words] :
       {std::pair("atrial_premature_beats", "early of usual shape"),
        std::pair("ventricular_beats", "ventricular"), std::pair("paced_beats", "paced")}) {
    if (count(name) > 0) line += ", " + infer::FormatCell(count(name), 0) + " " + words;
  }
  return line + ".";
}

std::vector<MeasurementRow> MeasurementRowsOf(const infer::Measured& measured,
                                              const record::EcgInfo& info) {
  std::vector<MeasurementRow> rows;
  const std::vector<infer::Measurement> all = infer::MeasurementsOf(measured.values);
  for (const MeasuredName& name : kNames) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const infer::Measurement& one) {
      return std::string(name.name) == one.name;
    });
    if (found == all.end() || !std::isfinite(found->value)) continue;
    MeasurementRow& row = rows.emplace_back();
    row.name = name.words;
    row.number = found->value;
    row.decimals = found->decimals;
    row.value = Cell(found->value, found->decimals).text;
    row.unit = name.unit;
    const dsp::NormalLimits* limits =
        dsp::FindNormalLimits(name.name, info.age, LetterOf(info.sex));
    if (limits == nullptr) continue;
    row.limits = LimitsText(*limits);
    row.source = limits->source;
    row.verdict = VerdictOf(found->value, *limits);
  }
  return rows;
}

Html MeasurementsHtml(const infer::Measured& measured, const record::EcgInfo& info) {
  Table table;
  table.caption = BeatsLine(measured);
  table.columns = {{"measurement", false, {}}, {"value", true, {}}, {"", false, {}},
                   {"normal", true, {}},       {"", false, {}},     {"limits from", false, {}}};
  table.columns[2].title = "unit";
  table.columns[4].title = "verdict";
  for (const MeasurementRow& one : MeasurementRowsOf(measured, info)) {
    std::vector<Cell> row = {one.name, Cell(one.number, one.decimals), one.unit};
    if (one.limits.empty()) {
      row.resize(6);
    } else {
      row.insert(row.end(), {one.limits, VerdictCell(one.verdict), one.source});
    }
    table.rows.push_back(std::move(row));
  }
  Html out = TableHtml(table);
  if (info.age && *info.age < 18) {
    out += Element("p", {{"class", "note"}},
                   "Limits of adults are not applied below 18 years; where a child's are not "
                   "known to us, there is no verdict.");
  } else if (!info.age || !info.sex) {
    out +=
        Element("p", {{"class", "note"}},
                "Age or sex is not stated: limits are those of adults, of both sexes the wider.");
  }
  return out;
}

Html AmplitudesHtml(const infer::Measured& measured) {
  if (measured.values.leads.empty()) return {};
  Table table;
  table.caption =
      "Amplitudes of the median beat in mV, against the level before the QRS complex; "
      "ST 60 ms after its end";
  table.columns = {{"lead", false, {}}, {"P", true, {}},  {"Q", true, {}}, {"R", true, {}},
                   {"S", true, {}},     {"ST", true, {}}, {"T", true, {}}};
  for (std::size_t lead = 0; lead < measured.values.leads.size(); ++lead) {
    const dsp::Amplitudes& at = measured.values.leads[lead];
    std::vector<Cell> row = {measured.measured_leads[lead]};
    for (const double value : {at.p, at.q, at.r, at.s, at.st, at.t}) row.emplace_back(value, 2);
    table.rows.push_back(std::move(row));
  }
  return Element("details", {}, Element("summary", {}, "Amplitudes by lead") + TableHtml(table));
}

Html QualityHtml(const dsp::RecordQuality& quality) {
  Table table;
  table.caption = "Quality " + infer::FormatCell(quality.quality, 2) +
                  (quality.acceptable() ? ": people would call it acceptable to interpret"
                                        : ": people would rather not interpret it");
  table.columns = {{"lead", false, {}}, {"quality", true, {}}, {"faults", false, {}}};
  for (const dsp::LeadQuality& lead : quality.leads) {
    std::vector<std::string> faults;
    for (const dsp::Fault fault : lead.faults) faults.push_back(dsp::FaultNames().NameOf(fault));
    std::vector<Cell> row = {lead.lead, Cell(lead.quality, 2), Join(faults, ", ")};
    row[1].bar = lead.quality;
    row[2].tone = faults.empty() ? Tone::kPlain : Tone::kDoubtful;
    table.rows.push_back(std::move(row));
  }
  return TableHtml(table);
}

}  // namespace ecg::report
