#include "src/report/paper_layout.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "ecg/challenge/challenge.h"
#include "ecg/record/ecg_record.h"
#include "src/report/row_spacing.h"
#include "src/report/svg_text.h"

namespace ecg::report {
namespace {

constexpr double kGrid = 5;           // base lines and rows keep to its lines
constexpr double kFooter = 5;         // at the lower end of the paper
constexpr double kNamesHeight = 4.5;  // of the names of marks, in two lines
constexpr double kNamesAbove = 14.5;  // they stand so far above a base line, or higher up
constexpr double kNamesHighest = 30;
constexpr std::size_t kColumnLeads = 3;  // from above
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

// The leads by column. Three leads or fewer have time for a row each.
std::vector<std::vector<std::size_t>> ColumnsOf(const record::EcgInfo& info, PaperLayout layout) {
  const std::map<std::size_t, std::size_t> leads = LeadsByPlace(info);
  const bool one = layout == PaperLayout::kAllLeads || leads.size() <= kColumnLeads;
  std::vector<std::vector<std::size_t>> columns;
  std::size_t last = 0;
  for (const auto& [place, lead] : leads) {
    const std::size_t column = one ? 0 : place / kColumnLeads;
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
  const double length = static_cast<double>(record.info.samples) / record.info.sampling_rate;
  const double shown = std::min(kPaperSeconds, length - options.start);
  const double room = kPaperSeconds / static_cast<double>(columns.size());
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
    strip.room = kPaperSeconds * kMmPerSecond;
    strips.push_back(strip);
  }
  // Marks get their names where a lead runs over the whole page.
  (columns.size() > 1 ? strips.back() : strips.front()).marks_named = true;
  return strips;
}

float MedianOf(const float* begin, const float* end) {
  std::vector<float> valid;
  std::copy_if(begin, end, std::back_inserter(valid), [](float mv) { return std::isfinite(mv); });
  if (valid.empty()) return 0;
  const auto middle = valid.begin() + static_cast<std::ptrdiff_t>(valid.size() / 2);
  std::nth_element(valid.begin(), middle, valid.end());
  return *middle;
}

std::vector<TracePoint> TraceOf(const record::EcgRecord& record, const Strip& strip) {
  // What is far off the paper is not worth a number of its own.
  constexpr double kFar = 1e5;
  const double rate = record.info.sampling_rate;
  const auto first =
      std::min(static_cast<std::size_t>(std::llround(strip.from * rate)), record.info.samples);
  const auto wanted = static_cast<std::size_t>(std::llround(strip.seconds * rate));
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

void AddReach(const Strip& strip, RowReach* reach) {
  const auto bin = [&](const TracePoint& point) {
    const double x = strip.left + point.x * kPaperUnit;
    return std::min(static_cast<std::size_t>(x), reach->size() - 1);
  };
  for (std::size_t i = 0; i < strip.trace.size(); ++i) {
    const TracePoint& point = strip.trace[i];
    const TracePoint& before = point.joined ? strip.trace[i - 1] : point;
    for (std::size_t x = bin(before); x <= bin(point); ++x) {
      (*reach)[x].up = std::max((*reach)[x].up, -std::min(point.y, before.y) * kPaperUnit);
      (*reach)[x].down = std::max((*reach)[x].down, std::max(point.y, before.y) * kPaperUnit);
    }
  }
}

bool IsFree(const Page& page, const std::vector<RowReach>& rows, const Box& box) {
  const auto first = static_cast<std::size_t>(box.left);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t x = first; x < rows[row].size() && static_cast<double>(x) < box.right; ++x) {
      if (page.rows[row] - rows[row][x].up < box.bottom + kClearance &&
          page.rows[row] + rows[row][x].down > box.top - kClearance) {
        return false;
      }
    }
  }
  return true;
}

// Where no trace runs, near the strip's start: above the base line if possible, below it, or a
// little later. Where there is no such place, the first of these.
void PlaceName(const Page& page, const std::vector<RowReach>& rows, Strip* strip) {
  constexpr double kCapital = 0.73 * kLeadTextSize;
  const double width = TextWidth(strip->name) * kLeadTextSize;
  const auto place = [&](double left, double below) {
    const double bottom = page.rows[strip->row] + below;
    return Box{left, bottom - kCapital, left + width, bottom};
  };
  const double first = strip->left + 1;
  for (double left = first; left <= strip->left + strip->room / 2; left += 3) {
    for (const double below : {-8.0, -5.0, -11.0, 8.0, 11.0}) {
      strip->name_place = place(left, below);
      if (IsFree(page, rows, strip->name_place)) return;
    }
  }
  strip->name_place = place(first, -8);
  strip->name_on_trace = true;
}

}  // namespace

Page LayOutPage(const record::EcgRecord& record, const PaperOptions& options, std::size_t rhythm) {
  Page page;
  page.width = 2 * kPaperMargin + kPulseWidth + kPaperSeconds * kMmPerSecond;
  page.caption =
      WrapText(options.caption, (page.width - 2 * kPaperMargin) / kCaptionTextSize, kCaptionLines);
  page.caption_height = kGridSquare * (1 + static_cast<double>(page.caption.size()));
  page.strips = StripsOf(record, options, rhythm);
  std::size_t row_count = 0;
  for (const Strip& strip : page.strips) row_count = std::max(row_count, strip.row + 1);
  std::vector<RowReach> rows(row_count, RowReach(static_cast<std::size_t>(page.width)));
  for (Strip& strip : page.strips) {
    strip.name = CutText(record.info.leads[strip.lead], (strip.room - 1) / kLeadTextSize);
    strip.trace = TraceOf(record, strip);
    AddReach(strip, &rows[strip.row]);
  }
  const double row_height = options.layout == PaperLayout::kThreeByFour ? 35 : 25;
  page.marks_above = row_height / 2 - 4;
  page.marks_below = row_height / 2 - 2;
  std::vector<double> least(row_count + 1, row_height);
  least.front() = row_height / 2 + kPaperMargin;
  least.back() = row_height / 2;
  std::vector<RowReach> rows_with_names = rows;
  for (const Strip& strip : page.strips) {
    if (!strip.marks_named || options.marks.empty()) continue;
    page.names_above =
        std::clamp(HighestReach(rows[strip.row]) + kClearance, kNamesAbove, kNamesHighest);
    const double up = page.names_above + kNamesHeight;
    for (Reach& reach : rows_with_names[strip.row]) reach.up = up;
    least[strip.row] = std::max(least[strip.row], up);
  }
  page.height = page.caption_height;
  for (const double distance : RowDistances(rows_with_names, least)) {
    page.height += distance;
    page.rows.push_back(page.height);
  }
  page.rows.pop_back();  // the paper's lower end
  page.height += kFooterHeight;
  for (Strip& strip : page.strips) PlaceName(page, rows, &strip);
  return page;
}

}  // namespace ecg::report
