// Where everything of a recording stands on ECG paper. In millimetres from the upper left corner of
// the page.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/record/ecg_record.h"
#include "ecg/report/ecg_paper.h"

namespace ecg::report {

inline constexpr double kMmPerSecond = 25;
inline constexpr double kMmPerMv = 10;
inline constexpr double kPaperUnit = 0.01;  // mm; traces are whole numbers of it
inline constexpr double kPaperMargin = 5;   // around the paper, and before the calibration pulse
inline constexpr double kPulseWidth = 10;   // kept for the pulse at the start of each row
inline constexpr double kFooterHeight = 5;  // below the paper
inline constexpr double kCaptionTextSize = 4;
inline constexpr double kMarkTextSize = 2.4;
inline constexpr double kTick = 1.5;  // length of a mark's

// A sample in units of kPaperUnit: to the right of its strip's start, below its base line.
struct TracePoint {
  int x = 0;
  int y = 0;
  bool joined = false;  // to the point before
};

struct Box {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
};

// A tick and its name. Millimetres above the base line but for `x` and `name_left`.
struct PlacedMark {
  double x = 0;
  double foot = 0;
  std::string name;  // empty: none, or no room for it
  double name_left = 0;
  double name_base = 0;
  bool beat = false;  // see PaperMark
};

// One lead over one stretch of time.
struct Strip {
  std::size_t lead = 0;  // position in the record
  std::size_t row = 0;
  double left = 0;
  double from = 0;     // s from the start of the record
  double seconds = 0;  // shown
  double room = 0;     // to the next column's start
  bool marks_named = false;
  std::string name;
  Box name_place;
  bool name_on_trace = false;  // there was no place without
  std::vector<TracePoint> trace;
  std::vector<PlacedMark> marks;
};

struct PaperPage {
  double width = 0;
  double height = 0;
  double caption_height = 0;
  double name_size = 0;              // of leads' names
  std::vector<std::string> caption;  // lines
  std::vector<double> rows;          // their base lines
  std::size_t leads_left_out = 0;    // there was no column for them
  double shade_above = 0;            // shades reach so far above each base line
  double shade_below = 0;            // and below it
  std::vector<Strip> strips;
};

// Of the record or, where it is a part, of the longer one, s.
double LengthOf(const record::EcgInfo& info, const PaperOptions& options);

// `record` has leads and samples, options.start lies in it, `rhythm` is the lead of the strip below
// columns. Rows grow apart where tall complexes need it, as far as the page may grow; traces stay
// in them as EcgPaperSvg says.
PaperPage LayOutPage(const record::EcgRecord& record, const PaperOptions& options,
                     std::size_t rhythm);

}  // namespace ecg::report
