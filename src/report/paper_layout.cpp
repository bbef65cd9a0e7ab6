#include "src/report/paper_layout.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "ecg/challenge/challenge.h"
#include "ecg/record/ecg_record.h"
#include "src/report/row_spacing.h"
#include "src/report/svg_text.h"
#include "src/report/trace_cut.h"

namespace ecg::report {
namespace {

constexpr double kCapitals = 0.73;    // height of a font's capitals, of its size
constexpr double kMarksHighest = 25;  // a trace that is taller runs through the names of its marks
constexpr std::size_t kMostColumns = 5;  // as for 15 leads
constexpr std::size_t kCaptionLines = 3;

// The record's leads by place: the standard ones have 0 to 11, all others follow in their order.
std::map<std::size_t, std::size_t> LeadsByPlace(const record::EcgInfo& info) {
  const std::vector<std::string>& standard = challenge::LeadSets().front().leads;
  std::map<std::size_t, std::size_t> leads;
  std::size_t others = standard.size();
  for (std::size_t lead = 0; lead < info.leads.size(); ++lead) {
    const auto found = std::find(standard.begin(), standard.end(), info.leads[lead]);
    const auto place = static_cast<std::size_t>(found - standard.begin());
    const bool taken = found == standard.end() || leads.count(place) > 0;
    leads.emplace(taken ? others++ : place, lead);
  }
  return leads;
}

// The leads by column. As many as one column holds have time for a row each.
std::vector<std::vector<std::size_t>> ColumnsOf(const record::EcgInfo& info, PaperLayout layout) {
  const std::map<std::size_t, std::size_t> leads = LeadsByPlace(info);
  const std::size_t column_leads = layout == PaperLayout::kSixByTwo ? 6 : 3;
  const bool one = layout == PaperLayout::kAllLeads || leads.size() <= column_leads;
  std::vector<std::vector<std::size_t>> columns;
  std::size_t last = 0;
  for (const auto& [place, lead] : leads) {
    const std::size_t column = one ? 0 : place / column_leads;
    if (columns.empty() || column != last) columns.emplace_back();
    columns.back().push_back(lead);
    last = column;
  }
  if (columns.size() > kMostColumns) columns.resize(kMostColumns);
  return columns;
}

// Columns follow each other in time; where each has room for all the time that there is, each
// shows it all.
std::vector<Strip> StripsOf(const record::EcgRecord& record, const PaperOptions& options,
                            std::size_t rhythm) {
  const auto columns = ColumnsOf(record.info, options.layout);
  const double shown = std::min(options.seconds, LengthOf(record.info, options) - options.start);
  const double room = options.seconds / static_cast<double>(columns.size());
  const bool all = shown <= room;
  const double seconds = all ? shown : shown / static_cast<double>(columns.size());
  const double left = kPaperMargin + kPulseWidth;
  std::vector<Strip> strips;
  std::size_t rows = 0;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const double pitch = static_cast<double>(c) * (all ? room : seconds);
    for (std::size_t row = 0; row < columns[c].size(); ++row) {
      Strip strip;
      strip.lead = columns[c][row];
      strip.row = row;
      strip.left = left + pitch * kMmPerSecond;
      strip.from = options.start + (all ? 0 : pitch);
      strip.seconds = seconds;
      strip.room = (all ? room : seconds) * kMmPerSecond;
      strips.push_back(strip);
    }
    rows = std::max(rows, columns[c].size());
  }
  if (columns.size() > 1) {
    Strip strip;
    strip.lead = rhythm;
    strip.row = rows;
    strip.left = left;
    strip.from = options.start;
    strip.seconds = shown;
    strip.room = options.seconds * kMmPerSecond;
    strips.push_back(strip);
  }
  // Marks get their names where a lead runs over the whole page.
  (columns.size() > 1 ? strips.back() : strips.front()).marks_named = true;
  return strips;
}

// The rhythm strip shows one that has been shown, or would be left out without it.
std::size_t LeadsLeftOut(const record::EcgInfo& info, const std::vector<Strip>& strips) {
  std::set<std::size_t> shown;
  for (const Strip& strip : strips) shown.insert(strip.lead);
  return info.leads.size() - shown.size();
}

float MedianOf(const float* begin, const float* end) {
  std::vector<float> valid;
  std::copy_if(begin, end, std::back_inserter(valid), [](float mv) { return std::isfinite(mv); });
  if (valid.empty()) return 0;
  const auto middle = valid.begin() + static_cast<std::ptrdiff_t>(valid.size() / 2);
  std::nth_element(valid.begin(), middle, valid.end());
  return *middle;
}

std::vector<TracePoint> TraceOf(const record::EcgRecord& record, const PaperOptions& options,
                                const Strip& strip) {
  // What is far off the paper is not worth a number of its own.
  constexpr double kFar = 1e5;
  const double rate = record.info.sampling_rate;
  const auto sample_at = [rate](double seconds) {
    return static_cast<std::size_t>(std::llround(seconds * rate));
  };
  const std::size_t begin = options.part ? sample_at(options.part->from) : 0;
  const std::size_t first =
      std::min(std::max(sample_at(strip.from), begin) - begin, record.info.samples);
  const std::size_t wanted = sample_at(strip.seconds);
  const std::size_t count = std::min(wanted, record.info.samples - first);
  const float* mv = record.Lead(strip.lead) + first;
  const float median = MedianOf(mv, mv + count);
  std::vector<TracePoint> trace;
  bool joined = false;
  for (std::size_t i = 0; i < count; ++i) {
    if (std::isfinite(mv[i])) {
      const double right = static_cast<double>(i) / rate * kMmPerSecond / kPaperUnit;
      const double up = static_cast<double>(mv[i] - median) * kMmPerMv / kPaperUnit;
      trace.push_back({static_cast<int>(std::lround(right)),
                       -static_cast<int>(std::lround(std::clamp(up, -kFar, kFar))), joined});
    }
    joined = std::isfinite(mv[i]);
  }
  return trace;
}

// How far a strip reaches: of its trace alone. Bins of a millimetre of the page.
RowReach ReachOf(const Strip& strip, std::size_t bins) {
  RowReach reach(bins);
  const auto bin = [&](const TracePoint& point) {
    const double x = strip.left + point.x * kPaperUnit;
    return std::min(static_cast<std::size_t>(x), bins - 1);
  };
  for (std::size_t i = 0; i < strip.trace.size(); ++i) {
    const TracePoint& point = strip.trace[i];
    const TracePoint& before = point.joined ? strip.trace[i - 1] : point;
    for (std::size_t x = bin(before); x <= bin(point); ++x) {
      reach[x].up = std::max(reach[x].up, -std::min(point.y, before.y) * kPaperUnit);
      reach[x].down = std::max(reach[x].down, std::max(point.y, before.y) * kPaperUnit);
    }
  }
  return reach;
}

void Widen(const RowReach& by, RowReach* reach) {
  for (std::size_t x = 0; x < by.size(); ++x) {
    (*reach)[x].up = std::max((*reach)[x].up, by[x].up);
    (*reach)[x].down = std::max((*reach)[x].down, by[x].down);
  }
}

// The highest of a strip's trace between two places of the page, no lower than the base line.
double HighestWithin(const Strip& strip, double from, double to) {
  const auto unit = [&](double x) { return static_cast<int>((x - strip.left) / kPaperUnit); };
  const auto before = [](const TracePoint& point, int x) { return point.x < x; };
  const auto begin = strip.trace.begin();
  auto first = std::lower_bound(begin, strip.trace.end(), unit(from), before);
  auto last = std::lower_bound(first, strip.trace.end(), unit(to), before);
  // The lines to the points on both sides, too.
  if (first != begin) --first;
  if (last != strip.trace.end()) ++last;
  int lowest = 0;
  for (auto point = first; point != last; ++point) lowest = std::min(lowest, point->y);
  return std::min(-lowest * kPaperUnit, kMarksHighest);
}

bool Overlap(const Box& a, const Box& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

// The place of a mark's name in millimetres right and above, on the trace or up to two lines
// higher, moved aside by about a letter; none where all is taken. `taken` have their top above
// their bottom in numbers too.
std::optional<Box> PlaceMarkName(const Strip& strip, double page_width, double x,
                                 const std::string& name, const std::vector<Box>& taken) {
  constexpr double kLine = 2.3;
  const double width = TextWidth(name) * kMarkTextSize;
  const double most = page_width - width - 0.1;
  for (const double line : {0.0, 1.0, 2.0}) {
    for (const double aside : {0.0, -1.2, 1.2, -2.0, 2.0}) {
      const double left = std::clamp(x - width / 2 + aside, strip.left, most);
      const double base = HighestWithin(strip, left - 0.3, left + width + 0.3) + kClearance +
                          kTick + 0.5 + line * kLine;
      const Box box = {left, base, left + width, base + kCapitals * kMarkTextSize + 0.1};
      const auto overlaps = [&](const Box& other) { return Overlap(box, other); };
      if (std::none_of(taken.begin(), taken.end(), overlaps)) return box;
    }
  }
  return std::nullopt;
}

// Names go to their marks in order, those of Q and S last: they have the least room, beside R.
void PlaceMarks(const std::vector<PaperMark>& marks, double page_width, Strip* strip) {
  constexpr double kLongest = 20;
  std::vector<const PaperMark*> order;
  for (const PaperMark& mark : marks) {
    const double at = mark.seconds - strip->from;
    if (at >= 0 && at < strip->seconds) order.push_back(&mark);
  }
  std::stable_partition(order.begin(), order.end(), [](const PaperMark* mark) {
    return mark->label != "Q" && mark->label != "S";
  });
  std::vector<Box> taken;
  for (const PaperMark* mark : order) {
    PlacedMark placed;
    placed.beat = mark->beat;
    placed.x = strip->left + (mark->seconds - strip->from) * kMmPerSecond;
    placed.foot = HighestWithin(*strip, placed.x - 0.3, placed.x + 0.3) + kClearance;
    if (strip->marks_named && !mark->label.empty()) {
      const std::string name = CutText(mark->label, kLongest / kMarkTextSize);
      const std::optional<Box> box = PlaceMarkName(*strip, page_width, placed.x, name, taken);
      if (box) {
        placed.name = name;
        placed.name_left = box->left;
        placed.name_base = box->top;
        taken.push_back(*box);
      }
    }
    strip->marks.push_back(std::move(placed));
  }
}

// How far marks reach above the base line.
RowReach ReachOfMarks(const Strip& strip, std::size_t bins) {
  RowReach reach(bins);
  const auto raise = [&](double from, double to, double up) {
    for (auto x = static_cast<std::size_t>(from); x < bins && static_cast<double>(x) < to; ++x) {
      reach[x].up = std::max(reach[x].up, up);
    }
  };
  for (const PlacedMark& mark : strip.marks) {
    raise(mark.x - 0.1, mark.x + 0.1, mark.foot + kTick);
    if (mark.name.empty()) continue;
    raise(mark.name_left, mark.name_left + TextWidth(mark.name) * kMarkTextSize,
          mark.name_base + kCapitals * kMarkTextSize);
  }
  return reach;
}

// Millimetres on both sides of a box that are its own.
struct Sides {
  double left = 0;
  double right = 0;
};

// The vertical gap between a box with its sides and what a strip draws there; 0 or less where they
// touch, infinite where the strip lies elsewhere.
double GapTo(const Strip& strip, double baseline, const RowReach& reach, const Box& box,
             const Sides& sides) {
  double gap = std::numeric_limits<double>::infinity();
  const double left = std::max(box.left - sides.left, strip.left);
  const double right = std::min(box.right + sides.right, strip.left + strip.seconds * kMmPerSecond);
  for (auto x = static_cast<std::size_t>(left); x < reach.size() && static_cast<double>(x) < right;
       ++x) {
    const double above = baseline - reach[x].up - box.bottom;
    const double below = box.top - baseline - reach[x].down;
    gap = std::min(gap, std::max(above, below));
  }
  return gap;
}

// Of a strip's name, from the page's left edge and below the strip's base line.
Box NameBox(const PaperPage& page, const Strip& strip, double left, double below) {
  const double bottom = page.rows[strip.row] + below;
  return {left, bottom - kCapitals * page.name_size, left + TextWidth(strip.name) * page.name_size,
          bottom};
}

struct Gaps {
  double own = 0;
  double others = 0;  // the least
};
Gaps GapsOf(const PaperPage& page, const std::vector<RowReach>& reaches, const Strip& strip,
            const Box& box, const Sides& own_sides) {
  constexpr Sides kOthers = {1.5, 1.5};
  Gaps gaps = {0, std::numeric_limits<double>::infinity()};
  for (std::size_t i = 0; i < page.strips.size(); ++i) {
    const Strip& there = page.strips[i];
    const bool own = &there == &strip;
    const double gap =
        GapTo(there, page.rows[there.row], reaches[i], box, own ? own_sides : kOthers);
    if (own) {
      gaps.own = gap;
    } else {
      gaps.others = std::min(gaps.others, gap);
    }
  }
  return gaps;
}

// Where no trace runs and the strip's own is the nearest, or others are far; nothing where there is
// no such place. In this order: near the strip's start above the base line, near it below, later.
std::optional<Box> FreePlace(const PaperPage& page, const std::vector<RowReach>& reaches,
                             const Strip& strip, const Sides& own_sides) {
  constexpr double kNear = 12;
  constexpr double kFar = 5;  // nobody takes the name for that of a trace so far away
  const double first = strip.left + 1;
  const double middle = strip.left + strip.room / 2;
  const std::vector<double> above = {-8, -5, -3, -11, -14};
  const std::vector<double> beneath = {6, 8, 11};
  for (const double last : {std::min(first + kNear, middle), middle}) {
    for (const std::vector<double>& side : {above, beneath}) {
      for (double left = first; left <= last; left += 3) {
        for (const double below : side) {
          const Box box = NameBox(page, strip, left, below);
          const Gaps gaps = GapsOf(page, reaches, strip, box, own_sides);
          const double apart = std::clamp(gaps.own, kClearance, kFar);
          if (gaps.own >= kClearance && gaps.others >= apart) return box;
        }
      }
    }
  }
  return std::nullopt;
}

// Where it is free, if need be close beside the strip's own trace; else at the start on that trace,
// as far from others as can be.
void PlaceName(const PaperPage& page, const std::vector<RowReach>& reaches, Strip* strip) {
  // A text is reckoned as rather too wide, so that there is some room on its right already.
  for (const Sides& own_sides : {Sides{0.7, 0}, Sides{}}) {
    const std::optional<Box> box = FreePlace(page, reaches, *strip, own_sides);
    if (!box) continue;
    strip->name_place = *box;
    return;
  }
  strip->name_on_trace = true;
  double best = -std::numeric_limits<double>::infinity();
  for (const double below : {-3.0, -1.0, -5.0, 3.5}) {
    const Box box = NameBox(page, *strip, strip->left + 1, below);
    const double gap = GapsOf(page, reaches, *strip, box, Sides{}).others;
    if (gap <= best) continue;
    best = gap;
    strip->name_place = box;
  }
}

// Whether it is too tall to be of a heart, as one in a wrong unit is.
bool IsOffScale(const Strip& strip) {
  constexpr double kOffScale = 70;
  return std::any_of(strip.trace.begin(), strip.trace.end(), [](const TracePoint& point) {
    return std::abs(point.y) * kPaperUnit > kOffScale;
  });
}

// Cuts off what would run off the paper or, of what is off scale, out of its row, and tells whether
// there was something.
bool CutToPaper(const PaperPage& page, bool off_scale, Strip* strip) {
  const std::size_t row = strip->row;
  const double base = page.rows[row];
  const bool first = row == 0, last = row + 1 == page.rows.size();
  double top = page.caption_height, bottom = page.height - kFooterHeight;
  if (off_scale && !first) top = (page.rows[row - 1] + base) / 2;
  if (off_scale && !last) bottom = (base + page.rows[row + 1]) / 2;
  const auto units = [&](double y) {
    return static_cast<int>(std::lround((y - base) / kPaperUnit));
  };
  return CutTrace(units(top), units(bottom), &strip->trace);
}

}  // namespace

double LengthOf(const record::EcgInfo& info, const PaperOptions& options) {
  if (options.part) return options.part->length;
  return static_cast<double>(info.samples) / info.sampling_rate;
}

PaperPage LayOutPage(const record::EcgRecord& record, const PaperOptions& options,
                     std::size_t rhythm) {
  PaperPage page;
  page.name_size = options.name_size;
  page.width = 2 * kPaperMargin + kPulseWidth + options.seconds * kMmPerSecond;
  page.caption =
      WrapText(options.caption, (page.width - 2 * kPaperMargin) / kCaptionTextSize, kCaptionLines);
  page.caption_height = kGridSquare * (1 + static_cast<double>(page.caption.size()));
  page.strips = StripsOf(record, options, rhythm);
  page.leads_left_out = LeadsLeftOut(record.info, page.strips);
  const auto bins = static_cast<std::size_t>(page.width);
  std::size_t row_count = 0;
  for (const Strip& strip : page.strips) row_count = std::max(row_count, strip.row + 1);
  const double row_height = options.layout == PaperLayout::kThreeByFour ? 35 : 25;
  page.shade_above = row_height / 2 - 4;
  page.shade_below = row_height / 2 - 2;
  std::vector<double> least(row_count + 1, row_height);
  least.front() = row_height / 2 + kPaperMargin;
  least.back() = row_height / 2;
  std::vector<RowReach> rows(row_count, RowReach(bins));
  std::vector<RowReach> reaches;  // of the strips
  std::vector<bool> off_scale;    // [strips]
  for (Strip& strip : page.strips) {
    strip.trace = TraceOf(record, options, strip);
    PlaceMarks(options.marks, page.width, &strip);
    reaches.push_back(ReachOf(strip, bins));
    const RowReach marks = ReachOfMarks(strip, bins);
    least[strip.row] = std::max(least[strip.row], HighestReach(marks) + kClearance);
    Widen(marks, &reaches.back());
    off_scale.push_back(IsOffScale(strip));
    // What does not fit anyway gets no room.
    Widen(off_scale.back() ? marks : reaches.back(), &rows[strip.row]);
  }
  page.height = page.caption_height;
  for (const double distance : RowDistances(rows, least)) {
    page.height += distance;
    page.rows.push_back(page.height);
  }
  page.rows.pop_back();  // the paper's lower end
  page.height += kFooterHeight;
  for (std::size_t i = 0; i < page.strips.size(); ++i) {
    Strip& strip = page.strips[i];
    const bool empty = strip.trace.empty();
    const bool cut = CutToPaper(page, off_scale[i], &strip);
    if (cut) {
      reaches[i] = ReachOf(strip, bins);
      Widen(ReachOfMarks(strip, bins), &reaches[i]);
    }
    // What is not there would look like a fault of the drawing.
    const std::string name = record.info.leads[strip.lead] + (empty ? ": no signal"
                                                              : cut ? ": off scale"
                                                                    : "");
    strip.name = CutText(name, (strip.room - 1) / page.name_size);
  }
  for (Strip& strip : page.strips) PlaceName(page, reaches, &strip);
  return page;
}

}  // namespace ecg::report
