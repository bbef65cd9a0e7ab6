// What ECG paper is drawn with, in millimetres, whatever it becomes.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/record/ecg_record.h"
#include "ecg/report/ecg_paper.h"
#include "src/report/paper_layout.h"

namespace ecg::report {

struct PageSize {
  double width = 0;
  double height = 0;
};

inline constexpr double kTraceWidth = 0.25;

// `look` is the page's word for the colour (see page.css), which counts in a page.
struct PaperFill {
  const char* colour = "#fff";
  double opacity = 1;
  const char* look = "";
};
struct PaperLine {
  const char* colour = "#000";
  double width = 0.25;
  const char* look = "";
};

// A line from a point by moves along the axes.
struct PaperStroke {
  struct Move {
    double x = 0, y = 0;  // one of them is 0
  };
  double x = 0, y = 0;
  std::vector<Move> moves;
};

class PaperPen {
 public:
  virtual ~PaperPen() = default;

  // What belongs together and may be switched off in a page. `name`: which of several.
  virtual void BeginGroup(const char* look, std::string_view name) = 0;
  virtual void EndGroup() = 0;

  // What is drawn until its end has its own origin there, and is so much smaller.
  virtual void BeginInset(double x, double y, double scale) = 0;
  virtual void EndInset() = 0;

  virtual void Rectangle(const Box& box, const PaperFill& fill) = 0;
  virtual void Grid(const Box& box) = 0;
  virtual void Stroke(const std::vector<PaperStroke>& strokes, const PaperLine& line) = 0;
  virtual void Trace(double left, double baseline, const std::vector<TracePoint>& points,
                     double width) = 0;
  // As SvgText.
  virtual void Text(double x, double y, double size, std::string_view text, const char* colour,
                    double rim) = 0;
};

// The page of a record, or why there is none.
Result<PaperPage> LayOut(const record::EcgRecord& record, const PaperOptions& options);

void DrawPaper(const record::EcgInfo& info, const PaperPage& page, const PaperOptions& options,
               PaperPen& pen);

// Of it the calibration pulses, the traces and where leads end; then a lead's name.
void DrawTraces(const PaperPage& page, double width, PaperPen& pen);
void DrawName(const Strip& strip, double size, PaperPen& pen);

inline constexpr const char* kGridFine = "#f7c9c4";
inline constexpr const char* kGridBold = "#eb9a92";

// An SVG document. `id` makes the names of its patterns its own where several stand in a page.
class SvgPen : public PaperPen {
 public:
  SvgPen(const PageSize& page, std::string id);

  void BeginGroup(const char* look, std::string_view name) override;
  void EndGroup() override;
  void BeginInset(double x, double y, double scale) override;
  void EndInset() override;
  void Rectangle(const Box& box, const PaperFill& fill) override;
  void Grid(const Box& box) override;
  void Stroke(const std::vector<PaperStroke>& strokes, const PaperLine& line) override;
  void Trace(double left, double baseline, const std::vector<TracePoint>& points,
             double width) override;
  void Text(double x, double y, double size, std::string_view text, const char* colour,
            double rim) override;

  std::string Finish();

 private:
  const std::string id_;
  std::string svg_;
};

}  // namespace ecg::report
