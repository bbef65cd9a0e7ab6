#include "ecg/report/record_page.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "ecg/challenge/contradictions.h"
#include "ecg/core/ending.h"
#include "ecg/core/text.h"
#include "ecg/report/page.h"
#include "src/report/median_beat.h"
#include "src/report/record_tables.h"

namespace ecg::report {
namespace {

constexpr double kPageSeconds = 10;
// Of the strip that is scrolled: so many samples of all leads make about five megabytes.
constexpr double kStripSamples = 600000;
constexpr double kLongestStrip = 3600;  // s

struct Sheet {
  const char* name;
  const char* title;
  PaperLayout layout;
  double seconds;
};

double SecondsOf(const record::EcgInfo& info) {
  return static_cast<double>(info.samples) / info.sampling_rate;
}

// Of the recording as a whole.
double LengthOf(const RecordReport& report) {
  return report.part ? report.part->length : SecondsOf(report.record->info);
}

// Where the record begins in it.
double BeginOf(const RecordReport& report) { return report.part ? report.part->from : 0; }

// Where what the model was asked about begins in it.
double AskedFrom(const RecordReport& report) { return report.model->of_part ? BeginOf(report) : 0; }

// How much of a record longer than a page, of which so many seconds are left, is drawn as one
// strip; 0: none.
double StripSeconds(const record::EcgInfo& info, double rest) {
  if (rest <= kPageSeconds * 1.01) return 0;
  const double most = kStripSamples / info.sampling_rate / static_cast<double>(info.leads.size());
  const double shown = std::min({rest, std::floor(most), kLongestStrip});
  return shown > kPageSeconds ? shown : 0;
}

double StripSeconds(const RecordReport& report) {
  const record::EcgInfo& info = report.record->info;
  return StripSeconds(info, BeginOf(report) + SecondsOf(info) - report.start);
}

std::vector<Sheet> SheetsOf(const RecordReport& report) {
  const record::EcgInfo& info = report.record->info;
  std::vector<Sheet> sheets;
  if (info.leads.size() > 3) {
    sheets.push_back({"3x4", "3 \xC3\x97 4", PaperLayout::kThreeByFour, kPageSeconds});
    sheets.push_back({"6x2", "6 \xC3\x97 2", PaperLayout::kSixByTwo, kPageSeconds});
  }
  sheets.push_back({"rows", "Row a lead", PaperLayout::kAllLeads, kPageSeconds});
  const double strip = StripSeconds(report);
  if (strip > 0) sheets.push_back({"strip", "Scroll", PaperLayout::kAllLeads, strip});
  return sheets;
}

PaperOptions PaperOf(const RecordReport& report) {
  PaperOptions paper;
  paper.start = report.start;
  paper.part = report.part;
  paper.caption = PatientLine(report.record->info);
  if (report.identify) {
    for (const std::string& more :
         {report.record->info.patient_id, report.record->info.acquisition.Start()}) {
      if (!more.empty()) paper.caption += ", " + more;
    }
  }
  if (report.measured) AddBeats(*report.measured, BeginOf(report), &paper);
  if (report.model) {
    for (const infer::Explanation& explanation : report.model->answer.explanations) {
      AddEvidence(explanation, report.model->explained_leads, AskedFrom(report),
                  infer::kExplanationBin, &paper);
    }
  }
  return paper;
}

// What lies within a stretch of time alone: a day has a hundred thousand beats.
template <typename Item, typename From, typename To>
void KeepWithin(double begin, double end, From from, To to, std::vector<Item>* items) {
  const auto outside = [&](const Item& item) { return to(item) < begin || from(item) > end; };
  items->erase(std::remove_if(items->begin(), items->end(), outside), items->end());
}

PaperOptions Within(PaperOptions paper) {
  const double begin = paper.start;
  const double end = paper.start + paper.seconds;
  const auto at = [](const PaperMark& mark) { return mark.seconds; };
  KeepWithin(begin, end, at, at, &paper.marks);
  const auto from = [](const auto& stretch) { return stretch.from; };
  const auto to = [](const auto& stretch) { return stretch.to; };
  KeepWithin(begin, end, from, to, &paper.waves);
  KeepWithin(begin, end, from, to, &paper.shades);
  return paper;
}

Result<Html> PaperHtml(const RecordReport& report) {
  const record::EcgInfo& info = report.record->info;
  PaperOptions paper = PaperOf(report);
  Html sheets;
  for (const Sheet& sheet : SheetsOf(report)) {
    paper.layout = sheet.layout;
    paper.seconds = sheet.seconds;
    paper.id = std::string("s") + sheet.name + "-";
    const Result<std::string> svg = EcgPaperSvg(*report.record, Within(paper));
    if (!svg.ok()) return svg.error();
    Attributes attributes = {
        {"class", "sheet"},
        {"role", "img"},
        {"aria-label", "ECG of " + info.name + ", " + sheet.title + ": " + Join(info.leads, ", ")},
        {"data-sheet", sheet.name},
        {"data-title", sheet.title}};
    if (!sheets.empty()) attributes.emplace_back("hidden", "");
    sheets += Element("div", attributes, Html::Drawing(*svg)) + Html::Literal("\n");
  }
  std::string note = "25 mm/s, 10 mm/mV; printed at 100 % this is true to scale.";
  const double length = LengthOf(report);
  const double strip = StripSeconds(report);
  if (length > report.start + std::max(strip, kPageSeconds) + 0.5) {
    note += " Drawn: " + Seconds(report.start) + " to " +
            Seconds(report.start + std::max(strip, kPageSeconds)) + " of " + Seconds(length) + ".";
  }
  return Element("div", {{"class", "viewer"}}, sheets) +
         Element("p", {{"class", "note unprinted"}}, note);
}

// As in "500 Hz, 10 s, 12 leads, WFDB".
std::string RecordingLine(const RecordReport& report) {
  const record::EcgInfo& info = report.record->info;
  return FormatDouble(info.sampling_rate) + " Hz, " + Seconds(LengthOf(report)) + ", " +
         Counted(info.leads.size(), "lead") + " (" + Join(info.leads, ", ") + "), " + info.format;
}

Html WarningsHtml(const RecordReport& report) {
  Html out;
  for (const std::string& flag : report.flags) {
    out += Element("p", {{"class", "warning"}}, "Doubtful: " + flag);
  }
  std::vector<std::string> warnings = report.record->warnings;
  for (const std::string& lead : report.record->unread_leads) {
    warnings.push_back("not read: " + lead);
  }
  for (const std::string& warning : warnings) {
    out += Element("p", {{"class", "warning"}}, warning);
  }
  return out;
}

// As in "Rx: Unknown", which the challenge's headers have.
bool SaysNothing(const std::string& statement) {
  constexpr std::string_view kUnknown = ": Unknown";
  return HasEnding(statement, kUnknown);
}

// What people or the recorder have said of it, in their words.
Html StatementsHtml(const record::EcgInfo& info) {
  Html items;
  for (const std::string& label : LabelsOf(info)) items += Element("li", {}, label);
  for (const std::string& statement : info.statements) {
    if (!SaysNothing(statement)) items += Element("li", {}, statement);
  }
  if (items.empty()) return {};
  return Element("h3", {}, "Said in the file") + Element("ul", {}, items);
}

Html AnswerHtml(const RecordReport& report) {
  const ModelAnswer& model = *report.model;
  if (model.answer.unclassifiable) {
    return Element("p", {{"class", "warning"}},
                   "The model says nothing: " + infer::NotClassifiable(model.answer).message);
  }
  Html out = FoundHtml(model) + ClassesHtml(model);
  if (!model.answer.explanations.empty()) out += EvidenceHtml(model, AskedFrom(report));
  return out + Element("p", {{"class", "note"}}, ModelLine(model));
}

// What matters first: findings, or why there are none.
Html Summary(const RecordReport& report) {
  const dsp::RecordQuality* quality = report.quality ? &*report.quality : nullptr;
  Html out;
  if (report.model && !report.model->answer.unclassifiable) {
    for (const std::string& name : FindingsOf(*report.model)) {
      out += Element("span", {{"class", "tag found"}}, name) + Html::Literal(" ");
    }
    if (out.empty()) out = Element("span", {{"class", "tag"}}, "nothing found");
  }
  if (quality != nullptr) {
    out += Element("span", {{"class", quality->acceptable() ? "tag good" : "tag doubtful"}},
                   quality->acceptable() ? "quality acceptable" : "quality doubtful");
  }
  return out;
}

}  // namespace

double BytesOfRecordPage(const record::EcgInfo& info) {
  return 4 * BytesToDraw(info, kPageSeconds) +
         2 * BytesToDraw(info, std::max(StripSeconds(info, SecondsOf(info)), kPageSeconds));
}

std::string PatientLine(const record::EcgInfo& info) {
  std::string line = info.name;
  if (info.age) line += ", " + FormatDouble(*info.age) + " years";
  if (info.sex) line += *info.sex == record::Sex::kMale ? ", male" : ", female";
  const challenge::ClassSet& classes = challenge::Classes2021();
  const char* separator = ": ";
  for (const std::string& list : info.dx) {
    challenge::ForEachDx(list, classes, [&](const challenge::DxEntry& entry) {
      line += separator;
      if (entry.index) {
        line += classes[*entry.index].abbreviation;
      } else {
        line += entry.diagnosis != nullptr ? entry.diagnosis->abbreviation : entry.text;
      }
      separator = ", ";
    });
  }
  return line;
}

Result<std::string> RecordPage(const RecordReport& report) {
  const record::EcgInfo& info = report.record->info;
  Page page("Recording", info.name);
  page.PrintLandscape();
  const std::string person = PersonLine(info);
  page.AddLead(Html::Text((person.empty() ? "" : person + "; ") + RecordingLine(report)));
  if (report.part) page.AddLead(Html::Text(PartLine(report)));
  if (report.identify) {
    for (const std::string& more : {info.patient_id, info.acquisition.Start()}) {
      if (!more.empty()) page.AddLead(Html::Text(more));
    }
  }
  if (!report.back.empty()) {
    page.AddLead(
        Element("a", {{"href", FileLink(report.back)}, {"class", "unprinted"}}, "All recordings"));
  }
  if (Html summary = Summary(report); !summary.empty()) page.AddLead(std::move(summary));
  Result<Html> paper = PaperHtml(report);
  if (!paper.ok()) return paper.error();
  page.AddSection("ecg", "ECG", std::move(*paper));
  if (report.model) page.AddSection("diagnoses", "Diagnoses", AnswerHtml(report));
  if (report.measured) {
    const Html beat = MedianBeatHtml(*report.measured);
    page.AddSection("measurements", "Measurements",
                    Element("div", {{"class", "columns"}},
                            Element("div", {}, MeasurementsHtml(*report.measured, info)) +
                                Element("div", {}, Element("h3", {}, "Median beat") + beat)) +
                        AmplitudesHtml(*report.measured));
  }
  Html about;
  if (report.quality) about += Element("div", {}, QualityHtml(*report.quality));
  about += Element("div", {}, WarningsHtml(report) + StatementsHtml(info));
  page.AddSection("recording", "Quality and remarks",
                  Element("div", {{"class", "columns"}}, about));
  return page.Document();
}

}  // namespace ecg::report
