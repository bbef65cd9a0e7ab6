#include "ecg/report/agreement_report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace ecg::report {
namespace {

using record::Quantity;

score::AllMeasuredTwice Pairs() {
  score::AllMeasuredTwice pairs;
  pairs[static_cast<std::size_t>(Quantity::kPr)] = {
      {"A<1>", 160, 150}, {"B", 170, 168}, {"C", 180, 184}};
  pairs[static_cast<std::size_t>(Quantity::kQrsAxis)] = {{"A<1>", -170, 170}};
  return pairs;
}

TEST(AgreementReport, HasARowForEachQuantityThatIsStated) {
  const std::string text = AgreementReport(Pairs());
  EXPECT_NE(text.find("pr_ms"), std::string::npos) << text;
  EXPECT_NE(text.find("+2.7"), std::string::npos) << text;
  EXPECT_NE(text.find("qrs_axis_degrees  1            -"), std::string::npos) << text;
  EXPECT_EQ(text.find("qt_ms"), std::string::npos) << text;
}

TEST(AgreementJson, HasFiguresAndRecordings) {
  const Json json = AgreementJson(Pairs());
  EXPECT_EQ(json.size(), 2u);
  EXPECT_EQ(json["pr_ms"]["count"], 3);
  EXPECT_NEAR(json["pr_ms"]["bias"].get<double>(), 8.0 / 3, 1e-12);
  EXPECT_EQ(json["pr_ms"]["recordings"][2]["stated"], 184);
  EXPECT_EQ(json["qrs_axis_degrees"]["bias"], 20);
  EXPECT_TRUE(json["qrs_axis_degrees"]["sd"].is_null());
  EXPECT_TRUE(json["qrs_axis_degrees"]["upper_limit_interval"][1].is_null());
}

std::size_t CountOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(AgreementPicture, HasAPointARecording) {
  const std::string svg = AgreementPicture(Pairs());
  EXPECT_EQ(CountOf(svg, "<circle"), 4u);
  EXPECT_EQ(CountOf(svg, "A&lt;1&gt;: own"), 2u) << "names are escaped";
  EXPECT_NE(svg.find("width=\"190.00mm\" height=\"70.00mm\""), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST(AgreementPicture, IsWholeWhateverThereIs) {
  score::AllMeasuredTwice pairs;
  EXPECT_NE(AgreementPicture(pairs).find("</svg>"), std::string::npos);
  pairs[0] = {{"A", 60, 60}, {"B", 60, 60}};
  EXPECT_EQ(AgreementPicture(pairs).find("nan"), std::string::npos) << "all alike";
  pairs[0] = {{"A", 60, 60}, {"B", 60, 60 + 1e-13}};
  EXPECT_NE(AgreementPicture(pairs).find("</svg>"), std::string::npos) << "nearly alike";
}

}  // namespace
}  // namespace ecg::report
