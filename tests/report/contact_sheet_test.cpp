#include "ecg/report/contact_sheet.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "src/report/paper_layout.h"

namespace ecg::report {
namespace {

record::EcgRecord MakeRecord(double mv) {
  record::EcgRecord record;
  record.info.name = "A0001";
  record.info.sampling_rate = 500;
  record.info.samples = 5000;
  record.info.leads = {"I", "II", "III", "aVR", "aVL", "aVF", "V1"};
  record.leads.assign(record.info.leads.size(), std::vector<float>(5000));
  for (std::vector<float>& lead : record.leads) {
    for (std::size_t i = 0; i < 5000; ++i) {
      lead[i] = static_cast<float>(mv * std::sin(0.05 * static_cast<double>(i)));
    }
  }
  return record;
}

SheetPicture Picture(const std::string& name, const record::EcgRecord& record,
                     const SheetOptions& options = {}) {
  SheetPicture picture;
  picture.name = name;
  picture.page = PaperForSheet(record, options).value();
  return picture;
}

std::size_t Count(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

TEST(ContactSheet, NamesRecordingsAndMarksWhatIsDoubtful) {
  SheetPicture doubtful = Picture("two", MakeRecord(0.5));
  doubtful.doubt = "V1 flat";
  SheetPicture failed;
  failed.name = "three";
  failed.failure = "is no recording";
  SheetOptions options;
  options.title = "all of them";
  const std::string svg =
      SheetSvg(options, {Picture("one", MakeRecord(0.5)), doubtful, failed}, 2, 7);
  for (const char* text : {"all of them", "Sheet 2 of 7", ">one<", ">two<", "Doubtful: V1 flat",
                           ">three<", "Not drawn: is no recording", "mm/s"}) {
    EXPECT_NE(svg.find(text), std::string::npos) << text;
  }
  EXPECT_EQ(Count(svg, "Doubtful"), 1U);
  // Frames of what is doubtful and of what failed, and their words.
  EXPECT_EQ(Count(svg, "stroke=\"#a61e1e\""), 2U);
  EXPECT_EQ(Count(svg, "drawn at"), 0U);
  // Seven leads and a rhythm strip, twice.
  EXPECT_EQ(Count(svg, "class=\"trace\""), 2U * (8 + 4));
}

TEST(ContactSheet, WhatIsTooTallIsSmallerAndSaysSo) {
  const std::string svg = SheetSvg({}, {Picture("tall", MakeRecord(6))}, 1, 1);
  EXPECT_NE(svg.find(">drawn at 8"), std::string::npos);
}

TEST(ContactSheet, MarkupInNamesIsInert) {
  SheetPicture picture = Picture("<script>alert(1)</script>", MakeRecord(0.5));
  picture.about = "\"><img src=x onerror=alert(2)>";
  picture.doubt = "</text><script>";
  SheetOptions options;
  options.title = "<b>";
  const std::string svg = SheetSvg(options, {picture}, 1, 1);
  for (const char* markup : {"<script", "<img", "<b>"}) {
    EXPECT_EQ(svg.find(markup), std::string::npos) << markup;
  }
}

// A spike of one sample is the first thing to be lost where every tenth sample is drawn.
TEST(ContactSheet, FewerPointsKeepEveryPeak) {
  record::EcgRecord record = MakeRecord(0);
  record.leads[1][1234] = 2;
  record.leads[1][2345] = -1;
  record.leads[1][3000] = std::nanf("");
  const auto page = PaperForSheet(record, {}).value();
  const Strip& rhythm = page->strips.back();
  int highest = 0, lowest = 0;
  std::size_t gaps = 0;
  for (std::size_t i = 0; i < rhythm.trace.size(); ++i) {
    highest = std::min(highest, rhythm.trace[i].y);
    lowest = std::max(lowest, rhythm.trace[i].y);
    if (i > 0 && !rhythm.trace[i].joined) ++gaps;
    if (i > 0) {
      EXPECT_GT(rhythm.trace[i].x, rhythm.trace[i - 1].x);
    }
  }
  EXPECT_EQ(highest, -2000);
  EXPECT_EQ(lowest, 1000);
  EXPECT_EQ(gaps, 1U);
  EXPECT_LT(rhythm.trace.size(), 2500U);
}

TEST(ContactSheet, MoreColumnsHoldMorePictures) {
  SheetOptions options;
  std::size_t last = 0;
  for (int columns = 1; columns <= 6; ++columns) {
    options.columns = columns;
    EXPECT_GT(PicturesASheet(options), last);
    last = PicturesASheet(options);
  }
  options.columns = 1;
  options.layout = PaperLayout::kAllLeads;
  EXPECT_EQ(PicturesASheet(options), 1U);
}

TEST(ContactSheet, APdfHasAPageASheet) {
  std::string pdf;
  SheetsPdf sheets([&](std::string_view bytes) { pdf += bytes; });
  for (std::size_t number = 1; number <= 3; ++number) {
    ASSERT_TRUE(sheets.Add({}, {Picture("one", MakeRecord(0.5))}, number, 3).ok());
  }
  ASSERT_TRUE(sheets.Finish().ok());
  EXPECT_EQ(pdf.rfind("%PDF-", 0), 0U);
  EXPECT_NE(pdf.find("%%EOF"), std::string::npos);
  EXPECT_EQ(Count(pdf, "/MediaBox"), 3U);
  EXPECT_FALSE(SheetPng({}, {}, 1, 1, 1e6).ok());
  EXPECT_EQ(SheetPng({}, {}, 1, 1, 50).value().substr(1, 3), "PNG");
}

TEST(ContactSheet, WhatCannotBeDrawnIsAnError) {
  SheetOptions options;
  options.start = 11;
  EXPECT_FALSE(PaperForSheet(MakeRecord(1), options).ok());
  options = {};
  options.rhythm_lead = "V9";
  EXPECT_FALSE(PaperForSheet(MakeRecord(1), options).ok());
}

}  // namespace
}  // namespace ecg::report
