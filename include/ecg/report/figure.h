// Curves, points, bars and matrices, described once: as SVG, HTML and text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ecg/report/html.h"
#include "ecg/report/table.h"

namespace ecg::report {

struct Series {
  enum class Kind { kLine, kSteps, kPoints, kBars };

  std::string name;
  Kind kind = Kind::kLine;
  std::vector<double> x;
  std::vector<double> y;  // as many; what is not finite leaves a gap
  // Of a band around lines, or of whiskers of points: as many, or none.
  std::vector<double> low;
  std::vector<double> high;
};

struct Axis {
  std::string title;
  std::optional<double> low, high;  // where it does not follow from the values
  bool logarithmic = false;         // values up to 0 are left out
};

// A line across the figure at a place of the x axis.
struct Guide {
  double x = 0;
  std::string label;
};

struct Figure {
  std::string title;
  std::string about;  // what it shows, in words, for whoever does not see it; empty: the title
  Axis x, y;
  std::vector<Series> series;
  std::vector<Guide> guides;
  bool diagonal = false;  // the line y = x
  bool square = false;
};

// An SVG document without scripts, fonts or images from elsewhere, readable alone and in a page.
// Of more points than the figure is wide the lowest and highest of each column stay.
std::string FigureSvg(const Figure& figure);

// The same with its legend, and its values as a table for whoever wants to read them: thinned out
// where there are more than 200 rows.
Html FigureHtml(const Figure& figure);

// A curve a series, `width` characters wide.
std::string FigureText(const Figure& figure, std::size_t width);

// Shares or counts by row and column, as of a confusion matrix: the stronger a field's colour, the
// larger its value.
struct Matrix {
  std::string title;
  std::string row_title, column_title;
  std::vector<std::string> rows, columns;
  std::vector<std::vector<double>> values;  // [rows][columns]; NaN: nothing
  int decimals = 0;
};
std::string MatrixText(const Matrix& matrix);
Html MatrixHtml(const Matrix& matrix);

}  // namespace ecg::report
