#include "ecg/report/folder_page.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/report/page.h"
#include "ecg/report/score_page.h"
#include "ecg/report/table.h"
#include "ecg/score/paired.h"

namespace ecg::report {
namespace {

constexpr std::size_t kRowsAChunk = 10000;
constexpr std::size_t kThumbsAChunk = 100;
constexpr std::size_t kSignalsAChunk = 20;
constexpr std::size_t kWorst = 9;  // mistakes that are drawn

double UncertaintyOf(const FolderRow& row) {
  double sum = 0;
  for (const float p : row.probabilities)
    sum += static_cast<double>(p) * (1 - static_cast<double>(p));
  return row.probabilities.empty() ? 0 : sum / static_cast<double>(row.probabilities.size());
}

// How much the labels surprise: the largest -log of the probability that a class was given; 0
// without labels or prediction.
struct Surprise {
  double loss = 0;
  std::size_t k = 0;
};
Surprise SurpriseOf(const FolderRow& row) {
  Surprise most;
  if (row.labels.empty() || row.probabilities.empty()) return most;
  for (std::size_t k = 0; k < row.labels.size(); ++k) {
    if ((row.labels[k] != 0) == (row.decisions[k] != 0)) continue;
    const double p = static_cast<double>(row.probabilities[k]);
    const double loss = -std::log(std::max(row.labels[k] != 0 ? p : 1 - p, 1e-9));
    if (loss > most.loss) most = {loss, k};
  }
  return most;
}

std::vector<std::size_t> DoubtfulFirst(const std::vector<FolderRow>& rows) {
  std::vector<double> uncertainty;
  for (const FolderRow& row : rows) uncertainty.push_back(UncertaintyOf(row));
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto rank = [&](std::size_t i) {
    return !rows[i].failure.empty() ? 0 : !rows[i].flags.empty() ? 1 : 2;
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    return uncertainty[a] > uncertainty[b];
  });
  return order;
}

Json SetOf(const std::vector<std::uint8_t>& marks) {
  Json set = Json::array();
  for (std::size_t k = 0; k < marks.size(); ++k) {
    if (marks[k] != 0) set.push_back(k);
  }
  return set;
}

double Rounded(double value, double scale) { return std::round(value * scale) / scale; }

// Of the classes of a set.
Json ProbabilitiesOf(const Json& set, const std::vector<float>& probabilities) {
  Json of_set = Json::array();
  for (const Json& k : set) {
    of_set.push_back(Rounded(static_cast<double>(probabilities[k.get<std::size_t>()]), 1000));
  }
  return of_set;
}

Json AllOf(const std::vector<float>& probabilities) {
  Json all = Json::array();
  for (const float p : probabilities) all.push_back(Rounded(static_cast<double>(p), 1000));
  return all;
}

// A list a column, as large tables are read fastest.
Json RowsJson(const FolderReport& report, const std::vector<std::size_t>& order, std::size_t begin,
              std::size_t end) {
  Json json = {{"record", Json::array()}, {"found", Json::array()}, {"p", Json::array()},
               {"doubt", Json::array()},  {"flags", Json::array()}, {"age", Json::array()},
               {"sex", Json::array()},    {"page", Json::array()},  {"labels", Json::array()},
               {"wrong", Json::array()}};
  if (!report.compared_with.empty()) json["other"] = json["other_p"] = Json::array();
  for (std::size_t i = begin; i < end; ++i) {
    const FolderRow& row = report.rows[order[i]];
    Json found = SetOf(row.decisions);
    Json probabilities = ProbabilitiesOf(found, row.probabilities);
    if (!report.compared_with.empty()) {
      Json other = row.other_decisions.empty() ? Json() : SetOf(row.other_decisions);
      json["other_p"].push_back(ProbabilitiesOf(other, row.other_probabilities));
      json["other"].push_back(std::move(other));
    }
    json["record"].push_back(row.record);
    json["found"].push_back(std::move(found));
    json["p"].push_back(std::move(probabilities));
    json["doubt"].push_back(row.failure.empty() ? Rounded(UncertaintyOf(row), 10000) : -1);
    json["flags"].push_back(row.failure.empty() ? row.flags : row.failure);
    json["age"].push_back(row.age);
    json["sex"].push_back(row.sex);
    json["page"].push_back(row.page.empty() ? "" : FileLink(row.page));
    json["labels"].push_back(row.labels.empty() ? Json() : SetOf(row.labels));
    json["wrong"].push_back(Rounded(SurpriseOf(row).loss, 100));
  }
  return json;
}

// What a row shows when it is opened.
Json SignalJson(const FolderRow& row, const std::optional<Preview>& preview) {
  Json json = {{"p", AllOf(row.probabilities)},
               {"signal", preview ? PreviewJson(*preview, false) : Json()}};
  if (!row.other_probabilities.empty()) json["q"] = AllOf(row.other_probabilities);
  return json;
}

Json ThumbJson(const std::optional<Preview>& preview) {
  return preview ? PreviewJson(*preview, true) : Json();
}

// Pictures, asked for once, go to both kinds of chunks.
class Pictures {
 public:
  Pictures(const FolderReport& report, const ChunkWriter* write) : report_(report), write_(write) {}

  void Add(std::size_t row) {
    const std::optional<Preview> preview = report_.preview ? report_.preview(row) : std::nullopt;
    if (preview) any_ = true;
    signals_.push_back(SignalJson(report_.rows[row], preview));
    thumbs_.push_back(ThumbJson(preview));
    if (write_ == nullptr) return;
    if (signals_.size() == kSignalsAChunk) Flush("signals", &signals_, &signal_chunks_);
    if (thumbs_.size() == kThumbsAChunk) Flush("thumbs", &thumbs_, &thumb_chunks_);
  }
  void Finish() {
    if (write_ == nullptr) return;
    if (!signals_.empty()) Flush("signals", &signals_, &signal_chunks_);
    if (!thumbs_.empty()) Flush("thumbs", &thumbs_, &thumb_chunks_);
  }
  const Json& signals() const { return signals_; }
  const Json& thumbs() const { return thumbs_; }
  bool any() const { return any_; }

 private:
  void Flush(const std::string& kind, Json* waiting, std::size_t* chunks) {
    const std::string name = kind + "-" + std::to_string((*chunks)++);
    (*write_)(name + ".js", ChunkScript(name, *waiting));
    *waiting = Json::array();
  }

  const FolderReport& report_;
  const ChunkWriter* write_;
  Json signals_ = Json::array();
  Json thumbs_ = Json::array();
  std::size_t signal_chunks_ = 0;
  std::size_t thumb_chunks_ = 0;
  bool any_ = false;
};

Json ClassesJson(const std::vector<challenge::DiagnosisClass>& classes) {
  Json json = Json::array();
  for (const challenge::DiagnosisClass& one : classes) {
    json.push_back({{"short", one.abbreviation}, {"name", one.name}});
  }
  return json;
}

// The table as far as it is without our script: its first rows.
Html TableFrame(const FolderReport& report, const std::vector<std::size_t>& order) {
  constexpr std::size_t kPlainRows = 100;
  const bool compared = !report.compared_with.empty();
  Html rows;
  for (std::size_t i = 0; i < std::min(order.size(), kPlainRows); ++i) {
    const FolderRow& row = report.rows[order[i]];
    const auto found = [&](const std::vector<std::uint8_t>& decisions) {
      std::vector<std::string> names;
      for (std::size_t k = 0; k < decisions.size(); ++k) {
        if (decisions[k] != 0) names.push_back(report.classes[k].abbreviation);
      }
      return Element("td", {}, Join(names, ", "));
    };
    Html name = Html::Text(row.record);
    if (!row.page.empty()) name = Element("a", {{"href", FileLink(row.page)}}, name);
    rows += Element("tr", {},
                    Element("th", {{"scope", "row"}}, name) + found(row.decisions) +
                        (compared ? found(row.other_decisions) : Html()) +
                        Element("td", {}, row.failure.empty() ? row.flags : row.failure)) +
            Html::Literal("\n");
  }
  Html head;
  for (const char* title : {"recording", "found", "others", "remarks"}) {
    if (!compared && title == std::string("others")) continue;
    head += Element("th", {{"scope", "col"}}, title);
  }
  return Element(
      "div", {{"id", "records-table"}},
      Element("table", {},
              Element("thead", {}, Element("tr", {}, head)) + Element("tbody", {}, rows)));
}

// How often two answers to the same recordings find a class: both, one of them, and with labels who
// is right where they differ.
struct Pairing {
  std::uint64_t both = 0, here = 0, there = 0;    // recordings
  std::uint64_t here_right = 0, there_right = 0;  // of those with labels on which they differ
};

std::vector<Pairing> PairingsOf(const FolderReport& report, std::size_t* paired,
                                std::size_t* differ) {
  std::vector<Pairing> pairings(report.classes.size());
  for (const FolderRow& row : report.rows) {
    if (row.decisions.empty() || row.other_decisions.empty()) continue;
    ++*paired;
    if (row.decisions != row.other_decisions) ++*differ;
    for (std::size_t k = 0; k < pairings.size(); ++k) {
      const bool here = row.decisions[k] != 0, there = row.other_decisions[k] != 0;
      Pairing& of = pairings[k];
      of.both += here && there ? 1 : 0;
      of.here += here && !there ? 1 : 0;
      of.there += there && !here ? 1 : 0;
      if (here == there || row.labels.empty()) continue;
      ++((row.labels[k] != 0) == here ? of.here_right : of.there_right);
    }
  }
  return pairings;
}

Html ComparedHtml(const FolderReport& report) {
  std::size_t paired = 0, differ = 0;
  const std::vector<Pairing> pairings = PairingsOf(report, &paired, &differ);
  const bool labelled = report.score.has_value();
  Table table;
  table.caption = "Of " + Counted(paired, "recording") + " with both answers " +
                  std::to_string(differ) + " differ; by class";
  table.columns = {
      {"class", false, {}},
      {"name", false, {}},
      {"both", true, "recordings in which both find it"},
      {"these alone", true, {}},
      {"the others alone", true, {}},
      {"p", true, "McNemar's test, exact: small where the sides differ beyond chance"}};
  if (labelled) {
    table.columns.push_back({"these right", true, "of those on which they differ"});
    table.columns.push_back({"the others right", true, "of those on which they differ"});
  }
  const auto count = [](std::uint64_t n) { return Cell(static_cast<double>(n), 0); };
  for (std::size_t k = 0; k < pairings.size(); ++k) {
    const Pairing& of = pairings[k];
    if (of.both + of.here + of.there == 0) continue;
    std::vector<Cell> row = {report.classes[k].abbreviation,
                             report.classes[k].name,
                             count(of.both),
                             count(of.here),
                             count(of.there),
                             Cell(score::McNemar(of.here, of.there), 3)};
    if (labelled) row.insert(row.end(), {count(of.here_right), count(of.there_right)});
    table.rows.push_back(std::move(row));
  }
  return Element("p", {}, "The others: " + report.compared_with) + TableHtml(table);
}

Html WorstHtml(const FolderReport& report) {
  std::vector<std::size_t> order(report.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<Surprise> surprises;
  for (const FolderRow& row : report.rows) surprises.push_back(SurpriseOf(row));
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return surprises[a].loss > surprises[b].loss;
  });
  Html out;
  for (std::size_t i = 0; i < std::min(kWorst, order.size()); ++i) {
    const FolderRow& row = report.rows[order[i]];
    const Surprise& surprise = surprises[order[i]];
    if (surprise.loss == 0) break;
    const bool missed = row.labels[surprise.k] != 0;
    const std::string words = row.record + ": " + report.classes[surprise.k].name +
                              (missed ? " missed" : " not labelled") + ", probability " +
                              Cell(static_cast<double>(row.probabilities[surprise.k]), 3).text;
    const std::optional<Preview> preview = report.preview ? report.preview(order[i]) : std::nullopt;
    Html picture;
    if (preview && !preview->leads.empty()) {
      const std::string lead = preview->leads[preview->main];
      picture = Html::Drawing(PreviewSvg(*preview, preview->main, words + ", lead " + lead));
    }
    Html caption = Html::Text(words);
    if (!row.page.empty()) caption = Element("a", {{"href", FileLink(row.page)}}, caption);
    out += Element("figure", {{"class", "mistake"}}, Element("figcaption", {}, caption) + picture);
  }
  if (out.empty()) return Element("p", {}, "No decision differs from its label.");
  return Element("p", {{"class", "note"}},
                 "Where probabilities and labels disagree most. Either may be wrong.") +
         out;
}

}  // namespace

std::string FolderPage(const FolderReport& report, const std::string& files,
                       const ChunkWriter& write) {
  const std::vector<std::size_t> order = DoubtfulFirst(report.rows);
  const bool chunked = report.rows.size() > kRowsInPage;
  Page page("Predictions", report.title);
  for (const std::string& line : report.about) page.AddLead(Html::Text(line));
  Pictures pictures(report, chunked ? &write : nullptr);
  for (const std::size_t row : order) pictures.Add(row);
  pictures.Finish();
  std::size_t row_chunks = 0;
  if (chunked) {
    page.AllowChunks();
    for (std::size_t begin = 0; begin < order.size(); begin += kRowsAChunk) {
      const std::string name = "rows-" + std::to_string(row_chunks++);
      const std::size_t end = std::min(begin + kRowsAChunk, order.size());
      write(name + ".js", ChunkScript(name, RowsJson(report, order, begin, end)));
    }
  }
  page.AddData("folder", {{"title", report.title},
                          {"rows", report.rows.size()},
                          {"classes", ClassesJson(report.classes)},
                          {"pictures", pictures.any()},
                          {"labelled", report.score.has_value()},
                          {"compared", !report.compared_with.empty()},
                          {"files", chunked ? FileLink(files) : ""},
                          {"row_chunks", row_chunks},
                          {"thumbs_a_chunk", kThumbsAChunk},
                          {"signals_a_chunk", kSignalsAChunk}});
  if (!chunked) {
    page.AddData("rows", RowsJson(report, order, 0, order.size()));
    page.AddData("signals", pictures.signals());
  }
  Html records =
      report.rows.empty() ? Element("p", {}, "There is no prediction.") : TableFrame(report, order);
  page.AddSection("records", "Recordings", records);
  if (!report.compared_with.empty()) {
    page.AddSection("pairs", "Side by side", ComparedHtml(report));
  }
  if (report.score) {
    page.AddSection("worst", "Worst mistakes", WorstHtml(report));
    AddScoreSections(*report.score, *report.scored, &page);
  }
  return page.Document();
}

}  // namespace ecg::report
