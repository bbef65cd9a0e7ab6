#include "ecg/report/figure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "src/report/figure_scale.h"

namespace ecg::report {
namespace {

TEST(Scale, NamesRoundValues) {
  const Scale scale(0, 1, false, 0, 100);
  EXPECT_EQ(scale.At(0.25), 25);
  const std::vector<double> ticks = scale.Ticks(5);
  ASSERT_EQ(ticks.size(), 6u);
  EXPECT_EQ(scale.Label(ticks[3]), "0.6");
  EXPECT_EQ(scale.Label(ticks[0]), "0");
}

TEST(Scale, LogarithmicValuesAreApartByFactors) {
  const Scale scale(0.001, 1, true, 0, 300);
  EXPECT_NEAR(scale.At(0.01), 100, 1e-9);
  EXPECT_TRUE(std::isnan(scale.At(0)));
  EXPECT_EQ(scale.Label(scale.Ticks(4).front()), "0.001");
}

TEST(Scale, ASingleValueAndNoValueHaveOneToo) {
  Figure figure;
  EXPECT_LT(ScaleOfX(figure, 0, 1).low(), ScaleOfX(figure, 0, 1).high());
  figure.series = {{"a", Series::Kind::kLine, {3}, {7}, {}, {}}};
  EXPECT_LT(ScaleOfY(figure, 1, 0).low(), 7);
  EXPECT_GT(ScaleOfY(figure, 1, 0).high(), 7);
  EXPECT_NE(FigureSvg(figure).find("</svg>"), std::string::npos);
}

TEST(Figure, AGapStaysAGap) {
  Figure figure;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  figure.series = {{"a", Series::Kind::kLine, {0, 1, 2, 3}, {1, 2, nan, 4}, {}, {}}};
  const std::string svg = FigureSvg(figure);
  const std::size_t line = svg.find("class=\"line0\"");
  const std::string path = svg.substr(line, svg.find("/>", line) - line);
  EXPECT_EQ(std::count(path.begin(), path.end(), 'M'), 2);
}

// The lowest and the highest of a hundred thousand points stay, in a drawing of bounded size.
TEST(Figure, ThinsOutAndKeepsPeaks) {
  Figure figure;
  Series series;
  series.name = "a";
  for (int i = 0; i < 100000; ++i) {
    series.x.push_back(i);
    series.y.push_back(i == 54321 ? 1000 : i == 12345 ? -1000 : std::sin(i));
  }
  figure.series = {series};
  const std::string svg = FigureSvg(figure);
  EXPECT_LT(svg.size(), 100000u);
  EXPECT_NE(svg.find(" 12.00"), std::string::npos);   // the top
  EXPECT_NE(svg.find(" 252.00"), std::string::npos);  // the bottom
}

TEST(Figure, IsTextToo) {
  Figure figure;
  figure.title = "Loss";
  figure.x.title = "step";
  figure.y.title = "loss";
  figure.series = {{"train", Series::Kind::kLine, {0, 1, 2}, {3, 2, 1}, {}, {}}};
  const std::string text = FigureText(figure, 40);
  EXPECT_EQ(text.rfind("Loss\n  train (loss by step)\n", 0), 0u);
}

TEST(Matrix, IsTextAndHtml) {
  Matrix matrix;
  matrix.title = "Confusion";
  matrix.row_title = "label";
  matrix.column_title = "decision";
  matrix.rows = {"AF", "NSR"};
  matrix.columns = {"AF", "NSR"};
  matrix.values = {{5, 0}, {std::nan(""), 10}};
  EXPECT_NE(MatrixText(matrix).find("AF"), std::string::npos);
  const std::string html = MatrixHtml(matrix).markup();
  EXPECT_NE(html.find("<td class=\"shade6\">10</td>"), std::string::npos);
  EXPECT_NE(html.find("<td class=\"shade0\">0</td>"), std::string::npos);
  EXPECT_NE(html.find("<td class=\"shade0\"></td>"), std::string::npos);
}

}  // namespace
}  // namespace ecg::report
