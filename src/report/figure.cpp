#include "ecg/report/figure.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "ecg/core/text.h"
#include "src/report/figure_scale.h"
#include "src/report/plot.h"
#include "src/report/svg_text.h"
#include "src/report/xml.h"

namespace ecg::report {
namespace {

constexpr double kWidth = 480;
constexpr double kHeight = 300;
constexpr double kSquare = 400;
constexpr double kLeft = 58;
constexpr double kRight = 14;
constexpr double kTop = 12;
constexpr double kBottom = 48;
constexpr std::size_t kColours = 8;      // of series, in page.css
constexpr std::size_t kTableRows = 200;  // of a figure's values

// Of a drawing that is read without our style sheet: those of the light page.
constexpr const char* kColour[kColours] = {"#0b6e75", "#c2410c", "#5b4db7", "#a3245f",
                                           "#3f7d20", "#1d5fa8", "#8a6100", "#5f6b76"};

struct Canvas {
  double width = kWidth;
  double height = kHeight;
  Scale x;
  Scale y;
};

Canvas CanvasOf(const Figure& figure) {
  const double width = figure.square ? kSquare : kWidth;
  const double height = figure.square ? kSquare - kLeft - kRight + kTop + kBottom : kHeight;
  return {width, height, ScaleOfX(figure, kLeft, width - kRight),
          ScaleOfY(figure, height - kBottom, kTop)};
}

std::string Point(double x, double y) { return SvgNumber(x) + " " + SvgNumber(y); }

struct Place {
  double x = 0;
  double y = 0;
};

// Runs of points that are joined. Of more points than columns the lowest and highest stay.
std::vector<std::vector<Place>> Runs(const Canvas& canvas, const std::vector<double>& x,
                                     const std::vector<double>& y) {
  std::vector<std::vector<Place>> runs;
  bool joined = false;
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    const Place place = {canvas.x.At(x[i]), canvas.y.At(y[i])};
    if (!std::isfinite(place.x) || !std::isfinite(place.y)) {
      joined = false;
      continue;
    }
    if (!joined) runs.emplace_back();
    joined = true;
    std::vector<Place>& run = runs.back();
    const std::size_t count = run.size();
    const auto column = [](const Place& p) { return std::floor(p.x * 2); };
    // Four points of a column are enough: its first, its lowest, its highest, its last.
    if (x.size() > 4 * static_cast<std::size_t>(canvas.width) && count >= 4 &&
        column(run[count - 4]) == column(place)) {
      Place& low = run[count - 3];
      Place& high = run[count - 2];
      const Place last = run[count - 1];
      if (low.y > high.y) std::swap(low, high);
      if (last.y < low.y) low = last;
      if (last.y > high.y) high = last;
      run[count - 1] = place;
      continue;
    }
    run.push_back(place);
  }
  return runs;
}

std::string PathOf(const std::vector<std::vector<Place>>& runs, bool steps) {
  std::string d;
  for (const std::vector<Place>& run : runs) {
    for (std::size_t i = 0; i < run.size(); ++i) {
      if (i > 0 && steps) d += "H" + SvgNumber(run[i].x);
      d += (i == 0 ? "M" : "L") + Point(run[i].x, run[i].y);
    }
    // One point alone is a dot: ends of lines are round.
    if (run.size() == 1) d += "h0";
  }
  return d;
}

std::string BandPath(const Canvas& canvas, const Series& series) {
  std::string d;
  std::vector<Place> below;
  const auto close = [&] {
    for (auto place = below.rbegin(); place != below.rend(); ++place) {
      d += "L" + Point(place->x, place->y);
    }
    if (!below.empty()) d += "Z";
    below.clear();
  };
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    const double x = canvas.x.At(series.x[i]);
    const double low = canvas.y.At(series.low[i]);
    const double high = canvas.y.At(series.high[i]);
    if (!std::isfinite(x) || !std::isfinite(low) || !std::isfinite(high)) {
      close();
      continue;
    }
    d += (below.empty() ? "M" : "L") + Point(x, high);
    below.push_back({x, low});
  }
  close();
  return d;
}

std::string Attribute(const char* name, const std::string& value) {
  return std::string(" ") + name + "=\"" + EscapeXml(value) + "\"";
}

// The class is the page's word for the colour, the rest what stands alone.
std::string Stroked(const std::string& d, const std::string& look, const std::string& colour,
                    double width) {
  return "<path class=\"" + look + "\" d=\"" + d + "\" fill=\"none\" stroke=\"" + colour +
         "\" stroke-width=\"" + SvgNumber(width) +
         "\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>\n";
}

std::string Words(double x, double y, const char* anchor, const char* look,
                  const std::string& text) {
  return "<text class=\"" + std::string(look) + "\" x=\"" + SvgNumber(x) + "\" y=\"" +
         SvgNumber(y) + "\" text-anchor=\"" + anchor + "\" fill=\"#444\">" + EscapeXml(text) +
         "</text>\n";
}

std::string DrawAxes(const Figure& figure, const Canvas& canvas) {
  const double bottom = canvas.height - kBottom;
  const double right = canvas.width - kRight;
  std::string grid;
  std::string words;
  for (const double tick : canvas.y.Ticks(5)) {
    const double y = canvas.y.At(tick);
    grid += "M" + Point(kLeft, y) + "H" + SvgNumber(right);
    words += Words(kLeft - 6, y + 4, "end", "tick", canvas.y.Label(tick));
  }
  for (const double tick : canvas.x.Ticks(6)) {
    const double x = canvas.x.At(tick);
    grid += "M" + Point(x, kTop) + "V" + SvgNumber(bottom);
    words += Words(x, bottom + 17, "middle", "tick", canvas.x.Label(tick));
  }
  words += Words((kLeft + right) / 2, canvas.height - 8, "middle", "axis", figure.x.title);
  words += "<text class=\"axis\" transform=\"translate(14 " + SvgNumber((kTop + bottom) / 2) +
           ") rotate(-90)\" text-anchor=\"middle\" fill=\"#444\">" + EscapeXml(figure.y.title) +
           "</text>\n";
  return Stroked(grid, "grid", "#ddd", 1) + words;
}

std::string DrawGuides(const Figure& figure, const Canvas& canvas) {
  std::string out;
  if (figure.diagonal) {
    const double low = std::max(canvas.x.low(), canvas.y.low());
    const double high = std::min(canvas.x.high(), canvas.y.high());
    out += Stroked("M" + Point(canvas.x.At(low), canvas.y.At(low)) + "L" +
                       Point(canvas.x.At(high), canvas.y.At(high)),
                   "guide", "#888", 1);
  }
  for (const Guide& guide : figure.guides) {
    const double x = canvas.x.At(guide.x);
    if (!std::isfinite(x) || x < kLeft || x > canvas.width - kRight) continue;
    out += Stroked("M" + Point(x, kTop) + "V" + SvgNumber(canvas.height - kBottom), "guide", "#888",
                   1);
    const bool left = x > canvas.width / 2;
    out += Words(x + (left ? -4 : 4), kTop + 11, left ? "end" : "start", "tick", guide.label);
  }
  return out;
}

// How wide a bar is: most of the smallest distance between two.
double BarWidth(const Canvas& canvas, const Series& series) {
  double least = (canvas.width - kLeft - kRight) / 4;
  for (std::size_t i = 1; i < series.x.size(); ++i) {
    const double apart = std::abs(canvas.x.At(series.x[i]) - canvas.x.At(series.x[i - 1]));
    if (apart > 0) least = std::min(least, apart);
  }
  return 0.8 * least;
}

std::string DrawBars(const Canvas& canvas, const Series& series, const std::string& colour,
                     const std::string& number) {
  const double width = BarWidth(canvas, series);
  const double zero = canvas.y.At(std::max(canvas.y.low(), 0.0));
  std::string d;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    const double x = canvas.x.At(series.x[i]);
    const double y = canvas.y.At(series.y[i]);
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    d += "M" + Point(x - width / 2, zero) + "V" + SvgNumber(y) + "h" + SvgNumber(width) + "V" +
         SvgNumber(zero) + "Z";
  }
  return "<path class=\"fill" + number + "\" d=\"" + d + "\" fill=\"" + colour + "\"/>\n";
}

std::string DrawPoints(const Canvas& canvas, const Series& series, const std::string& colour,
                       const std::string& number) {
  std::string dots;
  std::string whiskers;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    const double x = canvas.x.At(series.x[i]);
    const double y = canvas.y.At(series.y[i]);
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    dots += "M" + Point(x, y) + "h0";
    if (series.low.size() != series.x.size()) continue;
    const double low = canvas.y.At(series.low[i]);
    const double high = canvas.y.At(series.high[i]);
    if (std::isfinite(low) && std::isfinite(high)) {
      whiskers += "M" + Point(x, low) + "V" + SvgNumber(high);
    }
  }
  return (whiskers.empty() ? "" : Stroked(whiskers, "line" + number, colour, 1.2)) +
         Stroked(dots, "line" + number, colour, 6);
}

std::string DrawSeries(const Canvas& canvas, const Series& series, std::size_t index) {
  const std::string number = std::to_string(index % kColours);
  const std::string colour = kColour[index % kColours];
  if (series.kind == Series::Kind::kBars) return DrawBars(canvas, series, colour, number);
  if (series.kind == Series::Kind::kPoints) return DrawPoints(canvas, series, colour, number);
  std::string out;
  if (!series.low.empty() && series.low.size() == series.x.size() &&
      series.high.size() == series.x.size()) {
    out += "<path class=\"fill" + number + "\" d=\"" + BandPath(canvas, series) + "\" fill=\"" +
           colour + "\" fill-opacity=\"0.18\"/>\n";
  }
  return out +
         Stroked(PathOf(Runs(canvas, series.x, series.y), series.kind == Series::Kind::kSteps),
                 "line" + number, colour, 2);
}

// A text with as many digits as mean something in a figure.
Cell Figures(double value) {
  Cell cell;
  if (!std::isfinite(value)) return cell;
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  cell.text = text;
  cell.value = value;
  return cell;
}

Table ValuesOf(const Figure& figure) {
  Table table;
  table.caption = figure.title;
  table.columns = {{"series", false, {}}, {figure.x.title, true, {}}, {figure.y.title, true, {}}};
  const auto has_band = [](const Series& series) { return !series.low.empty(); };
  const bool band = std::any_of(figure.series.begin(), figure.series.end(), has_band);
  if (band) {
    table.columns.push_back({"low", true, {}});
    table.columns.push_back({"high", true, {}});
  }
  std::size_t points = 0;
  for (const Series& series : figure.series) points += series.x.size();
  const std::size_t step = std::max<std::size_t>((points + kTableRows - 1) / kTableRows, 1);
  for (const Series& series : figure.series) {
    for (std::size_t i = 0; i < series.x.size(); i += step) {
      std::vector<Cell> row = {series.name, Figures(series.x[i]), Figures(series.y[i])};
      if (band) {
        row.push_back(i < series.low.size() ? Figures(series.low[i]) : Cell());
        row.push_back(i < series.high.size() ? Figures(series.high[i]) : Cell());
      }
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

Html LegendOf(const Figure& figure) {
  if (figure.series.size() < 2) return {};
  Html items;
  for (std::size_t i = 0; i < figure.series.size(); ++i) {
    const std::string number = std::to_string(i % kColours);
    const Html sign =
        Html::Literal("<svg class=\"key\" viewBox=\"0 0 20 10\" aria-hidden=\"true\">") +
        Element("path", {{"class", "line" + number}, {"d", "M2 5H18"}}, Html()) +
        Html::Literal("</svg>");
    items += Element("li", {}, sign + Html::Text(figure.series[i].name));
  }
  return Element("ul", {{"class", "legend"}}, items);
}

}  // namespace

std::string FigureSvg(const Figure& figure) {
  const Canvas canvas = CanvasOf(figure);
  const std::string size = SvgNumber(canvas.width) + " " + SvgNumber(canvas.height);
  std::string svg =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\"" +
      Attribute("aria-label", figure.about.empty() ? figure.title : figure.about) + " width=\"" +
      SvgNumber(canvas.width) + "\" height=\"" + SvgNumber(canvas.height) + "\" viewBox=\"0 0 " +
      size + "\" font-size=\"12\" font-family=\"system-ui,Helvetica,Arial,sans-serif\">\n" +
      DrawAxes(figure, canvas) + DrawGuides(figure, canvas);
  for (std::size_t i = 0; i < figure.series.size(); ++i) {
    svg += DrawSeries(canvas, figure.series[i], i);
  }
  return svg + "</svg>\n";
}

Html FigureHtml(const Figure& figure) {
  const Html values =
      Element("details", {}, Element("summary", {}, "Values") + TableHtml(ValuesOf(figure)));
  return Element("figure", {{"class", "chart"}},
                 Element("figcaption", {}, figure.title) + Html::Drawing(FigureSvg(figure)) +
                     LegendOf(figure) + values) +
         Html::Literal("\n");
}

std::string FigureText(const Figure& figure, std::size_t width) {
  constexpr std::size_t kLines = 8;
  std::string text = figure.title + "\n";
  for (const Series& series : figure.series) {
    text += PlotText("  " + series.name + " (" + figure.y.title + " by " + figure.x.title + ")",
                     series.y, width, kLines);
  }
  return text;
}

std::string MatrixText(const Matrix& matrix) {
  Table table;
  table.caption = matrix.title;
  table.columns.push_back({matrix.row_title + " \\ " + matrix.column_title, false, {}});
  for (const std::string& column : matrix.columns) table.columns.push_back({column, true, {}});
  for (std::size_t r = 0; r < matrix.rows.size(); ++r) {
    std::vector<Cell> row = {matrix.rows[r]};
    for (const double value : matrix.values[r]) row.emplace_back(value, matrix.decimals);
    table.rows.push_back(std::move(row));
  }
  return TableText(table);
}

Html MatrixHtml(const Matrix& matrix) {
  constexpr int kShades = 6;  // of the style sheet
  double most = 0;
  for (const auto& row : matrix.values) {
    for (const double value : row) most = std::isfinite(value) ? std::max(most, value) : most;
  }
  Html head = Element("th", {{"scope", "col"}}, matrix.row_title + " \\ " + matrix.column_title);
  for (const std::string& column : matrix.columns) {
    head += Element("th", {{"scope", "col"}}, Element("span", {}, column));
  }
  Html body;
  for (std::size_t r = 0; r < matrix.rows.size(); ++r) {
    Html cells = Element("th", {{"scope", "row"}}, matrix.rows[r]);
    for (const double value : matrix.values[r]) {
      const Cell cell(value, matrix.decimals);
      const double share = most > 0 && std::isfinite(value) ? std::max(value, 0.0) / most : 0;
      const int shade = value > 0 ? 1 + static_cast<int>(share * (kShades - 1)) : 0;
      cells += Element("td", {{"class", "shade" + std::to_string(shade)}}, cell.text);
    }
    body += Element("tr", {}, cells) + Html::Literal("\n");
  }
  return Element("div",
                 {{"class", "scroll"},
                  {"tabindex", "0"},
                  {"role", "region"},
                  {"aria-label", matrix.title}},
                 Element("table", {{"class", "matrix"}},
                         Element("caption", {}, matrix.title) +
                             Element("thead", {}, Element("tr", {}, head)) +
                             Element("tbody", {}, body))) +
         Html::Literal("\n");
}

}  // namespace ecg::report
