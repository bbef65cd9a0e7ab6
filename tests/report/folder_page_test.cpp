#include "ecg/report/folder_page.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "ecg/challenge/challenge.h"
#include "src/report/base64.h"

namespace ecg::report {
namespace {

constexpr char kEvil[] = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'";

record::EcgRecord Spikes() {
  record::EcgRecord record;
  record.info.sampling_rate = 500;
  record.info.samples = 6000;
  record.info.leads = {"I", "II"};
  record.leads.assign(2, std::vector<float>(6000, 0.5F));
  for (std::size_t i = 0; i < 6000; i += 400) {
    for (std::size_t k = 0; k < 20 && i + k < 6000; ++k) record.leads[1][i + k] = 3.5F;
  }
  record.leads[0][1000] = std::nanf("");
  return record;
}

TEST(Preview, ComesBackAsItWas) {
  const Preview preview = MakePreview(Spikes());
  EXPECT_EQ(preview.sampling_rate, 100);
  EXPECT_EQ(preview.main, 1u);
  ASSERT_EQ(preview.steps[0].size(), 1000u);  // ten of twelve seconds
  const std::vector<double> flat = PreviewLead(preview, 0);
  EXPECT_NEAR(flat[10], 0, 0.006);  // against its median
  EXPECT_TRUE(std::isnan(flat[200]));
  EXPECT_NEAR(flat[201], 0, 0.006);
  // 3 mV up within a sample are made up for within three.
  const std::vector<double> spikes = PreviewLead(preview, 1);
  EXPECT_NEAR(spikes[80], 1.27, 0.006);
  EXPECT_NEAR(spikes[82], 3, 0.006);
  EXPECT_NEAR(spikes[100], 0, 0.006);
  const Json json = PreviewJson(preview, true);
  EXPECT_EQ(json.at("leads"), Json({"II"}));
  EXPECT_EQ(json.at("steps").get<std::string>().size(), 1336u);  // of 1000 bytes
}

TEST(Preview, OfNothingIsNothing) {
  EXPECT_TRUE(PreviewJson(MakePreview(record::EcgRecord()), false).is_null());
  EXPECT_NE(PreviewSvg(Preview(), 0, "none").find("</svg>"), std::string::npos);
}

TEST(Base64, IsThatOfTheStandard) {
  EXPECT_EQ(Base64(""), "");
  EXPECT_EQ(Base64("f"), "Zg==");
  EXPECT_EQ(Base64("fo"), "Zm8=");
  EXPECT_EQ(Base64("foobar"), "Zm9vYmFy");
}

FolderReport MakeFolder(std::size_t rows) {
  FolderReport report;
  report.title = "all";
  report.classes = challenge::Classes2021().classes();
  for (std::size_t i = 0; i < rows; ++i) {
    FolderRow& row = report.rows.emplace_back();
    row.record = "A" + std::to_string(i);
    row.decisions.assign(26, 0);
    row.probabilities.assign(26, static_cast<float>(i) / static_cast<float>(2 * rows));
    row.decisions[i % 26] = 1;
  }
  return report;
}

Json DataOf(const std::string& page, const std::string& id) {
  const std::string tag = "<script type=\"application/json\" id=\"" + id + "\">";
  const std::size_t begin = page.find(tag);
  if (begin == std::string::npos) return nullptr;
  const std::size_t end = page.find("</script>", begin);
  return Json::parse(page.substr(begin + tag.size(), end - begin - tag.size()));
}

TEST(FolderPage, ShowsWhatIsDoubtfulFirst) {
  FolderReport report = MakeFolder(5);
  report.rows[1].failure = "no such file";
  report.rows[1].decisions.clear();
  report.rows[1].probabilities.clear();
  report.rows[2].flags = "V1 flat";
  const std::string page = FolderPage(report, "all_files", [](const auto&, const auto&) {
    ADD_FAILURE() << "few rows need no chunks";
  });
  const Json rows = DataOf(page, "rows");
  // What failed, what is flagged, then by p (1 - p).
  EXPECT_EQ(rows.at("record"), Json({"A1", "A2", "A4", "A3", "A0"}));
  EXPECT_EQ(rows.at("doubt")[0], -1);
  EXPECT_EQ(rows.at("found")[2], Json({4}));
  EXPECT_TRUE(rows.at("labels")[0].is_null());
}

// Two answers to the same recordings: what differs is told in rows and counted by class.
TEST(FolderPage, SetsTwoAnswersSideBySide) {
  FolderReport report = MakeFolder(4);
  EXPECT_FALSE(DataOf(FolderPage(report, "x", {}), "rows").contains("other"));
  report.compared_with = "two leads";
  for (std::size_t i = 0; i < 3; ++i) {
    FolderRow& row = report.rows[i];
    row.other_decisions = row.decisions;
    row.other_probabilities.assign(26, 0.25F);
  }
  report.rows[1].other_decisions[1] = 0;
  report.rows[1].other_decisions[5] = 1;
  report.rows[1].labels.assign(26, 0);
  report.rows[1].labels[5] = 1;
  const std::string page = FolderPage(report, "x", {});
  const Json rows = DataOf(page, "rows");
  ASSERT_EQ(rows.at("record"), Json({"A3", "A2", "A1", "A0"}));
  EXPECT_TRUE(rows.at("other")[0].is_null());
  EXPECT_EQ(rows.at("other")[1], rows.at("found")[1]);
  EXPECT_EQ(rows.at("other")[2], Json({5}));
  EXPECT_EQ(rows.at("other_p")[2], Json({0.25}));
  EXPECT_EQ(DataOf(page, "signals")[2].at("q")[0], 0.25);
  EXPECT_FALSE(DataOf(page, "signals")[0].contains("q"));
  EXPECT_TRUE(DataOf(page, "folder").at("compared").get<bool>());
  EXPECT_NE(page.find("Of 3 recordings with both answers 1 differ"), std::string::npos);
  EXPECT_NE(page.find("The others: two leads"), std::string::npos);
}

TEST(FolderPage, ManyRowsLieInChunksBesideIt) {
  FolderReport report = MakeFolder(kRowsInPage + 1);
  const Preview preview = MakePreview(Spikes());
  report.preview = [&](std::size_t) { return preview; };
  std::map<std::string, std::string> chunks;
  const std::string page =
      FolderPage(report, "all files",
                 [&](const std::string& name, const std::string& text) { chunks[name] = text; });
  const Json folder = DataOf(page, "folder");
  EXPECT_EQ(folder.at("files"), "./all%20files");
  EXPECT_EQ(folder.at("rows"), kRowsInPage + 1);
  EXPECT_TRUE(DataOf(page, "rows").is_null());
  EXPECT_EQ(chunks.count("rows-0.js"), 1u);
  EXPECT_EQ(chunks.count("signals-100.js"), 1u);
  EXPECT_EQ(chunks.count("thumbs-20.js"), 1u);
  EXPECT_EQ(chunks["rows-0.js"].rfind("ecgChunk(\"rows-0\",", 0), 0u);
  EXPECT_LT(page.size(), 200000u);
}

TEST(FolderPage, MarkupInNamesAndRemarksIsInert) {
  FolderReport report = MakeFolder(3);
  report.title = kEvil;
  report.about = {kEvil};
  report.rows[0].record = report.rows[0].flags = report.rows[0].sex = report.rows[0].age = kEvil;
  report.rows[0].page = kEvil;
  report.rows[1].failure = kEvil;
  report.compared_with = kEvil;
  const std::string page = FolderPage(report, kEvil, [](const auto&, const auto&) {});
  std::size_t scripts = 0;
  for (std::size_t at = page.find("<script"); at != std::string::npos;
       at = page.find("<script", at + 1)) {
    ++scripts;
  }
  EXPECT_EQ(scripts, 4u);  // folder, rows, signals and our own
  EXPECT_EQ(page.find("<img"), std::string::npos);
}

TEST(FolderPage, AnEmptyFolderSaysSo) {
  EXPECT_NE(FolderPage(MakeFolder(0), "x", {}).find("There is no prediction."), std::string::npos);
}

}  // namespace
}  // namespace ecg::report
