#include "ecg/report/holter_page.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/report/ecg_paper.h"
#include "ecg/report/figure.h"
#include "ecg/report/page.h"
#include "ecg/report/table.h"
#include "src/report/duration_text.h"
#include "src/report/holter_figures.h"

namespace ecg::report {
namespace {

using dsp::BeatType;
using dsp::Episode;
using dsp::EpisodeKind;
using dsp::LongBeat;
using dsp::RhythmMinute;

constexpr double kMinute = 60, kDay = 86400;
constexpr std::size_t kMostRows = 500;     // episodes in the table
constexpr std::size_t kMostStrips = 6;     // of a kind
constexpr double kStripSeconds = 10;       // as EcgPaperSvg draws them
constexpr double kBeforeEpisode = 3;       // s of its strip
constexpr std::size_t kMostPoints = 4000;  // of the figure of successive intervals
constexpr double kLongestInterval = 3;     // s, in that figure

std::size_t Count(const std::vector<LongBeat>& beats, BeatType type) {
  return static_cast<std::size_t>(std::count_if(
      beats.begin(), beats.end(), [type](const LongBeat& beat) { return beat.type == type; }));
}

double SecondsOf(const std::vector<dsp::Span>& spans) {
  double seconds = 0;
  for (const dsp::Span& span : spans) seconds += span.Length();
  return seconds;
}

// Episodes of one kind, as one line of the summary needs them.
struct OfKind {
  std::size_t count = 0;
  double seconds = 0;
  const Episode* longest = nullptr;
  const Episode* fastest = nullptr;
};

OfKind Summarise(const std::vector<Episode>& episodes, EpisodeKind kind) {
  OfKind all;
  for (const Episode& episode : episodes) {
    if (episode.kind != kind) continue;
    ++all.count;
    all.seconds += episode.span.Length();
    if (all.longest == nullptr || episode.span.Length() > all.longest->span.Length()) {
      all.longest = &episode;
    }
    if (all.fastest == nullptr || episode.rate > all.fastest->rate) all.fastest = &episode;
  }
  return all;
}

const Episode* Find(const std::vector<Episode>& episodes, EpisodeKind kind) {
  const auto found = std::find_if(episodes.begin(), episodes.end(),
                                  [kind](const Episode& episode) { return episode.kind == kind; });
  return found == episodes.end() ? nullptr : &*found;
}

// Over all minutes that can be read, by their beats' time.
double MeanRate(const HolterReport& report) {
  double sum = 0;
  std::size_t count = 0;
  for (const RhythmMinute& minute : report.answer.minutes) {
    if (!std::isfinite(minute.rate)) continue;
    sum += minute.rate;
    ++count;
  }
  return count > 0 ? sum / static_cast<double>(count) : std::nan("");
}

std::string RateText(double rate) {
  return std::isfinite(rate) ? Cell(rate, 0).text + "/min" : "-";
}

std::string At(const HolterReport& report, double seconds) {
  return ClockText(report.record->info(), seconds);
}

std::string ShareText(double part, double whole) {
  return whole > 0 ? Cell(100 * part / whole, 1).text + " %" : "-";
}

// What is told of a kind of episodes: how many, how long, which stands out.
std::string InWords(const HolterReport& report, EpisodeKind kind) {
  const OfKind all = Summarise(report.answer.episodes, kind);
  if (all.count == 0) return "none";
  std::string text = std::to_string(all.count);
  if (kind == EpisodeKind::kFibrillation) {
    text += ", " + DurationText(all.seconds) + " in all (" +
            ShareText(all.seconds, DurationOf(report.record->info())) + ")";
  }
  const std::string at = " at " + At(report, all.longest->span.from);
  if (kind == EpisodeKind::kPause || kind == EpisodeKind::kFibrillation) {
    return text + "; the longest " + DurationText(all.longest->span.Length()) + at;
  }
  return text + "; the longest of " + Counted(all.longest->beats, "beat") + at + ", the fastest " +
         RateText(all.fastest->rate);
}

Html Summary(const HolterReport& report) {
  const infer::LongAnswer& answer = report.answer;
  const double beats = static_cast<double>(answer.beats.size());
  Table table;
  table.caption = "In all";
  table.columns = {{"what", false, {}}, {"found", false, {}}};
  const auto add = [&](const char* what, std::string found) {
    table.rows.push_back({Cell(what), Cell(std::move(found))});
  };
  const auto beats_of = [&](BeatType type) {
    const std::size_t count = Count(answer.beats, type);
    return std::to_string(count) + " (" + ShareText(static_cast<double>(count), beats) + ")";
  };
  const auto extreme = [&](EpisodeKind kind) {
    const Episode* minute = Find(answer.episodes, kind);
    return minute == nullptr ? "-"
                             : RateText(minute->rate) + " at " + At(report, minute->span.from);
  };
  add("heartbeats", std::to_string(answer.beats.size()));
  add("mean rate", RateText(MeanRate(report)));
  add("slowest minute", extreme(EpisodeKind::kSlowestMinute));
  add("fastest minute", extreme(EpisodeKind::kFastestMinute));
  add("ventricular beats", beats_of(BeatType::kVentricular));
  add("premature atrial beats", beats_of(BeatType::kAtrialPremature));
  if (Count(answer.beats, BeatType::kPaced) > 0) add("paced beats", beats_of(BeatType::kPaced));
  add("atrial fibrillation", InWords(report, EpisodeKind::kFibrillation));
  add("pauses above 2 s", InWords(report, EpisodeKind::kPause));
  add("runs of 3 ventricular beats or more", InWords(report, EpisodeKind::kVentricularRun));
  add("runs of 3 atrial beats or more", InWords(report, EpisodeKind::kAtrialRun));
  add("variability of normal intervals",
      std::isfinite(answer.variability.sdnn)
          ? "SDNN " + Cell(1000 * answer.variability.sdnn, 0).text + " ms, RMSSD " +
                Cell(1000 * answer.variability.rmssd, 0).text + " ms"
          : "-");
  const double unreadable = SecondsOf(answer.unreadable);
  add("not readable", unreadable > 0
                          ? DurationText(unreadable) + " (" +
                                ShareText(unreadable, DurationOf(report.record->info())) + ")"
                          : "none");
  return TableHtml(table);
}

Html DaySection(const HolterReport& report) {
  return Element("div",
                 {{"class", "scroll"},
                  {"tabindex", "0"},
                  {"role", "region"},
                  {"aria-label", "The course of the recording"}},
                 DayFigure(report)) +
         Element("p", {{"class", "note"}},
                 "The line is the mean rate of each minute, the field around it the least and the "
                 "most of four beats in a row. Brief episodes are drawn wider than they are.");
}

Html HoursTable(const HolterReport& report) {
  constexpr std::size_t kHour = 60;  // minutes
  Table table;
  table.caption = "Hours";
  table.columns = {{"hour from", false, {}},
                   {"mean rate", true, "a minute"},
                   {"least", true, "of four beats in a row"},
                   {"most", true, "of four beats in a row"},
                   {"beats", true, {}},
                   {"ventricular", true, {}},
                   {"atrial", true, {}},
                   {"pauses", true, {}},
                   {"runs", true, "of three ectopic beats or more"},
                   {"fibrillation, min", true, {}}};
  const auto& minutes = report.answer.minutes;
  for (std::size_t first = 0; first < minutes.size(); first += kHour) {
    RhythmMinute sum;
    sum.rate = 0;
    double least = std::nan(""), most = std::nan("");
    std::size_t known = 0;
    for (std::size_t i = first; i < std::min(first + kHour, minutes.size()); ++i) {
      sum.beats += minutes[i].beats;
      sum.ventricular += minutes[i].ventricular;
      sum.atrial += minutes[i].atrial;
      least = std::fmin(least, minutes[i].least);
      most = std::fmax(most, minutes[i].most);
      if (!std::isfinite(minutes[i].rate)) continue;
      sum.rate += minutes[i].rate;
      ++known;
    }
    const double from = static_cast<double>(first) * kMinute;
    const double to = from + static_cast<double>(kHour) * kMinute;
    std::size_t pauses = 0, runs = 0;
    double fibrillation = 0;
    for (const Episode& episode : report.answer.episodes) {
      const bool begins = episode.span.from >= from && episode.span.from < to;
      if (episode.kind == EpisodeKind::kPause) pauses += begins ? 1 : 0;
      if (episode.kind == EpisodeKind::kAtrialRun || episode.kind == EpisodeKind::kVentricularRun) {
        runs += begins ? 1 : 0;
      }
      if (episode.kind != EpisodeKind::kFibrillation) continue;
      fibrillation +=
          std::max(0.0, std::min(to, episode.span.to) - std::max(from, episode.span.from));
    }
    const auto number = [](std::size_t count) { return Cell(static_cast<double>(count), 0); };
    std::vector<Cell> row = {At(report, from)};
    row.front().value = from;
    row.emplace_back(known > 0 ? sum.rate / static_cast<double>(known) : std::nan(""), 0);
    row.emplace_back(least, 0);
    row.emplace_back(most, 0);
    for (const std::size_t count : {sum.beats, sum.ventricular, sum.atrial, pauses, runs}) {
      row.push_back(number(count));
    }
    row.emplace_back(fibrillation / kMinute, 1);
    table.rows.push_back(std::move(row));
  }
  return TableHtml(table);
}

// The episodes whose strips are shown: of each kind the first and the longest, then the fastest.
std::vector<const Episode*> Chosen(const std::vector<Episode>& episodes) {
  std::map<EpisodeKind, std::vector<const Episode*>> by_kind;
  for (const Episode& episode : episodes) by_kind[episode.kind].push_back(&episode);
  std::vector<const Episode*> chosen;
  for (auto& [kind, all] : by_kind) {
    if (all.size() > kMostStrips) {
      std::stable_sort(all.begin() + 1, all.end(), [](const Episode* a, const Episode* b) {
        return a->span.Length() > b->span.Length();
      });
      all.resize(kMostStrips);
      std::sort(all.begin(), all.end(),
                [](const Episode* a, const Episode* b) { return a->span.from < b->span.from; });
    }
    chosen.insert(chosen.end(), all.begin(), all.end());
  }
  return chosen;
}

std::string StripId(std::size_t number) { return "strip-" + std::to_string(number + 1); }

std::string Name(const Episode& episode) { return dsp::EpisodeNames().NameOf(episode.kind); }

std::string EpisodeText(const HolterReport& report, const Episode& episode) {
  std::string text = Name(episode) + ", " + At(report, episode.span.from);
  if (episode.kind == EpisodeKind::kSlowestMinute || episode.kind == EpisodeKind::kFastestMinute) {
    return text + ", " + RateText(episode.rate);
  }
  text += ", " + DurationText(episode.span.Length());
  if (episode.beats > 0) text += ", " + Counted(episode.beats, "beat");
  if (episode.kind != EpisodeKind::kPause) text += ", " + RateText(episode.rate);
  return text;
}

Html EpisodesTable(const HolterReport& report, const std::vector<const Episode*>& chosen) {
  Table table;
  table.caption = "All episodes";
  table.columns = {{"episode", false, {}},
                   {"begins", false, {}},
                   {"lasts", true, {}},
                   {"beats", true, {}},
                   {"rate", true, "beats a minute"},
                   {"strip", false, "below"}};
  for (const Episode& episode : report.answer.episodes) {
    if (table.rows.size() == kMostRows) break;
    std::vector<Cell> row = {Name(episode), At(report, episode.span.from)};
    row.back().value = episode.span.from;
    row.emplace_back(DurationText(episode.span.Length()));
    row.back().value = episode.span.Length();
    row.push_back(episode.beats > 0 ? Cell(static_cast<double>(episode.beats), 0) : Cell());
    row.emplace_back(episode.kind == EpisodeKind::kPause ? std::nan("") : episode.rate, 0);
    const auto strip = std::find(chosen.begin(), chosen.end(), &episode);
    row.emplace_back(strip == chosen.end() ? std::string()
                                           : std::to_string(strip - chosen.begin() + 1));
    table.rows.push_back(std::move(row));
  }
  Html html = TableHtml(table, /*filtered=*/true);
  if (report.answer.episodes.size() > kMostRows) {
    html += Element("p", {{"class", "note"}},
                    "The first " + std::to_string(kMostRows) + " of " +
                        Counted(report.answer.episodes.size(), "episode") + ".");
  }
  return html;
}

const char* MarkOf(BeatType type) {
  switch (type) {
    case BeatType::kAtrialPremature:
      return "A";
    case BeatType::kVentricular:
      return "V";
    case BeatType::kPaced:
      return "/";
    case BeatType::kNormal:
      break;
  }
  return "N";
}

// Seconds from `from` on of the leads that were looked at, as a recording of their own.
record::EcgRecord StripOf(const HolterReport& report, double from) {
  const record::EcgInfo& info = report.record->info();
  record::EcgRecord strip;
  strip.info.sampling_rate = info.sampling_rate;
  const auto begin = static_cast<std::size_t>(from * info.sampling_rate);
  const auto wanted = static_cast<std::size_t>(kStripSeconds * info.sampling_rate);
  const std::size_t end = std::min(info.samples, begin + wanted);
  record::EcgRecord read = report.record->Read(begin, end).value();
  for (std::size_t k = 0; k < read.info.leads.size(); ++k) {
    if (!Contains(report.answer.leads, read.info.leads[k])) continue;
    strip.info.leads.push_back(read.info.leads[k]);
    strip.leads.push_back(std::move(read.leads[k]));
  }
  strip.info.samples = end - begin;
  return strip;
}

Html StripHtml(const HolterReport& report, const Episode& episode, std::size_t number) {
  const double latest = std::max(0.0, DurationOf(report.record->info()) - kStripSeconds);
  const double from = std::clamp(episode.span.from - kBeforeEpisode, 0.0, latest);
  const record::EcgRecord strip = StripOf(report, from);
  PaperOptions options;
  options.layout = PaperLayout::kAllLeads;
  options.id = "s" + std::to_string(number + 1);
  for (const LongBeat& beat : report.answer.beats) {
    if (beat.at < from || beat.at >= from + kStripSeconds) continue;
    options.marks.push_back({beat.at - from, MarkOf(beat.type), true});
  }
  const Result<std::string> svg = EcgPaperSvg(strip, options);
  const std::string title = std::to_string(number + 1) + ". " + EpisodeText(report, episode) +
                            ". From " + At(report, from) + ".";
  return Element("figure", {{"id", StripId(number)}},
                 Element("figcaption", {}, title) + Element("div", {{"class", "viewer show-beats"}},
                                                            Element("div",
                                                                    {{"class", "sheet"},
                                                                     {"role", "img"},
                                                                     {"aria-label", title},
                                                                     {"data-sheet", "episode"},
                                                                     {"data-title", title}},
                                                                    Html::Drawing(*svg)))) +
         Html::Literal("\n");
}

// Each interval beside the next one: a cloud for each rhythm, without order in fibrillation.
Html IntervalsFigure(const HolterReport& report) {
  const auto& beats = report.answer.beats;
  Figure figure;
  figure.title = "Successive intervals";
  figure.about = "Each interval between two beats (across) beside the next one (up), in seconds";
  figure.x.title = "interval, s";
  figure.y.title = "next interval, s";
  figure.x.low = figure.y.low = 0;
  figure.x.high = figure.y.high = 2;
  figure.square = figure.diagonal = true;
  Series plain{"normal beats", Series::Kind::kPoints, {}, {}, {}, {}};
  Series ectopic{"with an ectopic beat", Series::Kind::kPoints, {}, {}, {}, {}};
  const std::size_t step = std::max<std::size_t>(beats.size() / kMostPoints, 1);
  for (std::size_t i = 1; i + 1 < beats.size(); i += step) {
    const double interval = beats[i].at - beats[i - 1].at, next = beats[i + 1].at - beats[i].at;
    if (interval > kLongestInterval || next > kLongestInterval) continue;
    if (interval > *figure.x.high || next > *figure.y.high) continue;
    bool normal = true;
    for (std::size_t k = i - 1; k <= i + 1; ++k) {
      normal = normal && beats[k].type == BeatType::kNormal;
    }
    Series& series = normal ? plain : ectopic;
    series.x.push_back(interval);
    series.y.push_back(next);
  }
  figure.series = {std::move(plain), std::move(ectopic)};
  return FigureHtml(figure);
}

Html FindingsHtml(const HolterReport& report) {
  const infer::LongAnswer& answer = report.answer;
  if (!answer.model_error.empty()) {
    return Element("p", {{"class", "warning"}},
                   "The model says nothing of this recording: " + answer.model_error);
  }
  Table table;
  table.caption = Counted(answer.windows_read, "window") + " of the network's length";
  table.columns = {
      {"class", false, {}}, {"in words", false, {}},           {"windows", true, "that have it"},
      {"share", true, {}},  {"highest probability", true, {}}, {"at", false, {}}};
  std::vector<const infer::LongFinding*> findings;
  for (const infer::LongFinding& finding : answer.findings) findings.push_back(&finding);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const auto* a, const auto* b) { return a->windows > b->windows; });
  for (const infer::LongFinding* finding : findings) {
    const double share =
        static_cast<double>(finding->windows) / static_cast<double>(answer.windows_read);
    std::vector<Cell> row = {finding->abbreviation, finding->name};
    row.emplace_back(static_cast<double>(finding->windows), 0);
    row.emplace_back(100 * share, 1);
    row.back().text += " %";
    row.back().bar = share;
    row.emplace_back(finding->strongest, 3);
    row.emplace_back(At(report, finding->at));
    row.back().value = finding->at;
    table.rows.push_back(std::move(row));
  }
  return Element("p", {}, report.model) + TableHtml(table) +
         Element("p", {{"class", "note"}},
                 "The network was trained on recordings at rest, most of ten seconds: what it says "
                 "of a recording of a day is no diagnosis of any of its moments.");
}

Html ScoreHtml(const HolterReport& report) {
  const score::RhythmScore& scored = *report.scored;
  const double days = DurationOf(report.record->info()) / kDay;
  Table episodes;
  episodes.caption = "Episodes, against " + report.scored_by;
  episodes.columns = {{"episode", false, {}},
                      {"annotated", true, {}},
                      {"found", true, "those that any detection overlaps"},
                      {"sensitivity", true, {}},
                      {"detected", true, {}},
                      {"false alarms", true, "detections that overlap none"},
                      {"false alarms a day", true, {}},
                      {"of the time found", true, {}},
                      {"of the found time right", true, {}}};
  for (const auto& [kind, tally] : scored.episodes) {
    std::vector<Cell> row = {dsp::EpisodeNames().NameOf(kind)};
    row.emplace_back(static_cast<double>(tally.reference), 0);
    row.emplace_back(static_cast<double>(tally.found), 0);
    row.emplace_back(tally.Sensitivity(), 3);
    row.emplace_back(static_cast<double>(tally.detected), 0);
    row.emplace_back(static_cast<double>(tally.false_alarms), 0);
    row.emplace_back(static_cast<double>(tally.false_alarms) / days, 2);
    row.emplace_back(tally.TimeSensitivity(), 3);
    row.emplace_back(tally.TimePredictivity(), 3);
    episodes.rows.push_back(std::move(row));
  }
  Table beats;
  beats.caption = "Beats, within 150 ms";
  beats.columns = {{"beats", false, {}},   {"annotated", true, {}},
                   {"found", true, {}},    {"sensitivity", true, {}},
                   {"detected", true, {}}, {"positive predictivity", true, {}}};
  const auto add = [&](const char* name, const score::BeatTally& tally) {
    beats.rows.push_back({Cell(name), Cell(static_cast<double>(tally.reference), 0),
                          Cell(static_cast<double>(tally.found), 0), Cell(tally.Sensitivity(), 4),
                          Cell(static_cast<double>(tally.detected), 0),
                          Cell(tally.PositivePredictivity(), 4)});
  };
  add("all", scored.beats);
  add("ventricular", scored.ventricular);
  add("premature atrial", scored.atrial);
  Html html = TableHtml(episodes) + TableHtml(beats);
  if (scored.missed.empty()) return html;
  Html missed;
  for (const Episode& episode : scored.missed) {
    missed += Element("li", {}, EpisodeText(report, episode));
  }
  return html + Element("p", {}, "Not found:") + Element("ul", {}, missed);
}

void AddLead(const HolterReport& report, Page& page) {
  const record::EcgInfo& info = report.record->info();
  std::string who;
  if (info.age) who += FormatDouble(*info.age) + " years, ";
  if (info.sex) who += std::string(record::NameOf(*info.sex)) + ", ";
  page.AddLead(Html::Text(
      who + DurationText(DurationOf(info)) + " of " + Join(report.answer.leads, ", ") + " at " +
      FormatDouble(info.sampling_rate) + " Hz, " +
      (info.acquisition.time ? "from " + At(report, 0) + ". Times are those of the clock."
                             : "Times count from the start.")));
  page.AddLead(Html::Text(
      report.model.empty() ? "No model was asked: fibrillation is told by its irregular "
                             "intervals alone."
                           : "Beats, rates and runs are measured; fibrillation is where intervals "
                             "are irregular and the model finds it: " +
                                 report.model));
}

}  // namespace

std::string HolterPage(const HolterReport& report) {
  Page page("Long recording", report.record->info().name);
  page.PrintLandscape();  // a strip is as long as that
  AddLead(report, page);
  page.AddSection(
      "summary", "Summary",
      Element("div", {{"class", "columns"}}, Summary(report) + IntervalsFigure(report)));
  page.AddSection("day", "Course", DaySection(report));
  const std::vector<const Episode*> chosen = Chosen(report.answer.episodes);
  page.AddSection("episodes", "Episodes", EpisodesTable(report, chosen));
  Html strips;
  for (std::size_t i = 0; i < chosen.size(); ++i) strips += StripHtml(report, *chosen[i], i);
  if (!strips.empty()) page.AddSection("strips", "Strips", strips);
  if (report.scored) page.AddSection("score", "Against annotations", ScoreHtml(report));
  page.AddSection("hours", "Hour by hour", HoursTable(report));
  if (!report.model.empty()) {
    page.AddSection("findings", "What the model finds", FindingsHtml(report));
  }
  Html hours;
  for (const Html& hour : FullDisclosure(report)) hours += hour;
  page.AddSection("disclosure", "Full disclosure",
                  Element("p", {{"class", "note"}},
                          report.answer.leads.front() +
                              ", a minute a row, without its baseline. Shaded: fibrillation. Ticks "
                              "below: ventricular and premature atrial beats.") +
                      hours);
  return page.Document();
}

Json HolterJson(const HolterReport& report) {
  const infer::LongAnswer& answer = report.answer;
  Json json;
  json["record"] = report.record->info().name;
  json["seconds"] = DurationOf(report.record->info());
  json["leads"] = answer.leads;
  json["unreadable_seconds"] = SecondsOf(answer.unreadable);
  json["beats"] = {{"all", answer.beats.size()},
                   {"atrial_premature", Count(answer.beats, BeatType::kAtrialPremature)},
                   {"ventricular", Count(answer.beats, BeatType::kVentricular)},
                   {"paced", Count(answer.beats, BeatType::kPaced)}};
  json["mean_rate"] = MeanRate(report);
  json["sdnn_s"] = answer.variability.sdnn;
  json["rmssd_s"] = answer.variability.rmssd;
  json["episodes"] = Json::array();
  for (const Episode& episode : answer.episodes) {
    json["episodes"].push_back({{"kind", Name(episode)},
                                {"from_s", episode.span.from},
                                {"to_s", episode.span.to},
                                {"beats", episode.beats},
                                {"rate", episode.rate}});
  }
  json["model"] = report.model.empty() ? Json() : Json(report.model);
  json["windows"] = answer.windows_read;
  json["classes"] = Json::object();
  for (const infer::LongFinding& finding : answer.findings) {
    json["classes"][finding.abbreviation] = finding.windows;
  }
  if (!report.scored) return json;
  Json& scored = json["scored"] = Json::object();
  for (const auto& [kind, tally] : report.scored->episodes) {
    scored[dsp::EpisodeNames().NameOf(kind)] = {{"annotated", tally.reference},
                                                {"found", tally.found},
                                                {"detected", tally.detected},
                                                {"false_alarms", tally.false_alarms},
                                                {"annotated_seconds", tally.reference_seconds},
                                                {"detected_seconds", tally.detected_seconds},
                                                {"overlapping_seconds", tally.overlapping_seconds}};
  }
  const std::pair<const char*, const score::BeatTally*> kBeats[] = {
      {"beats", &report.scored->beats},
      {"ventricular beats", &report.scored->ventricular},
      {"premature atrial beats", &report.scored->atrial}};
  for (const auto& [name, tally] : kBeats) {
    scored[name] = {
        {"annotated", tally->reference}, {"found", tally->found}, {"detected", tally->detected}};
  }
  return json;
}

double BytesOfHolterPage(const record::EcgInfo& info) {
  // Strips, and the full disclosure as text while the page is put together.
  constexpr double kStrips = 64e6, kOfMinute = 20e3;
  return kStrips + kOfMinute * DurationOf(info) / kMinute;
}

}  // namespace ecg::report
