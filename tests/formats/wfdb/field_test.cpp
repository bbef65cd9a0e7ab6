// Small files that users of WFDB readers have reported, each with its right results.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "ecg/formats/describe.h"
#include "ecg/formats/registry.h"
#include "tests/support.h"

// Leaves the test with a message where the files are not at hand.
#define ECG_NEED_FIELD(variable, name)                                                         \
  const std::optional<std::filesystem::path> variable##_shared = ::ecg::test::SharedFolder();  \
  if (!variable##_shared || !std::filesystem::exists(*variable##_shared / "field" / (name))) { \
    GTEST_SKIP() << "needs the files of the field: " << (name);                                \
  }                                                                                            \
  const std::filesystem::path variable = *variable##_shared / "field" / (name)

namespace ecg::wfdb {
namespace {

// Of a record that is read without a word: min and max of each signal, physical units.
std::vector<std::pair<double, double>> Ranges(const std::filesystem::path& header) {
  const Result<Json> json = formats::Describe(header);
  EXPECT_TRUE(json.ok()) << (json.ok() ? "" : json.error().ToString());
  std::vector<std::pair<double, double>> ranges;
  if (!json.ok()) return ranges;
  EXPECT_EQ(json->at("checks"), "passed");
  EXPECT_TRUE(json->at("warnings").empty()) << json->at("warnings");
  for (const Json& signal : json->at("signals")) {
    ranges.emplace_back(signal.at("min").get<double>(), signal.at("max").get<double>());
  }
  return ranges;
}

std::string ErrorOf(const std::filesystem::path& path) {
  const Result<Json> json = formats::Describe(path);
  return json.ok() ? "read" : json.error().ToString();
}

// The same two signals as 16, 24 and 8 bits.
TEST(Field, ReadsWhatWfdb2matWrites) {
  ECG_NEED_FIELD(v5, "F07_wfdb2mat_v5");
  ECG_NEED_FIELD(v4, "F08_wfdb2mat_int32_uint8");
  const auto ranges = Ranges(v5 / "rec16m.hea");
  EXPECT_EQ(ranges, (std::vector<std::pair<double, double>>{{-0.266, 0.708}, {-0.365, 2.083}}));
  EXPECT_EQ(Ranges(v4 / "rec24m.hea"), ranges);
  const auto coarse = Ranges(v4 / "rec8m.hea");
  ASSERT_EQ(coarse.size(), ranges.size());
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    EXPECT_NEAR(coarse[i].first, ranges[i].first, 0.02);
    EXPECT_NEAR(coarse[i].second, ranges[i].second, 0.02);
  }
}

TEST(Field, ReadsASegmentThatOccursTwice) {
  ECG_NEED_FIELD(folder, "F09_multi_repeated_segment");
  const Result<Json> json = formats::Describe(folder / "multi.hea");
  ASSERT_TRUE(json.ok()) << json.error().ToString();
  EXPECT_EQ(json->at("frames"), 4500);
  for (const Json& signal : json->at("signals")) EXPECT_EQ(signal.at("invalid"), 180);
}

TEST(Field, ReadsVoltagesInWords) {
  ECG_NEED_FIELD(folder, "F16_units");
  for (const auto& [name, leads] : {std::pair("mVolt.hea", 2U), std::pair("mixed.hea", 12U)}) {
    const Result<record::EcgRecord> record = formats::ReadEcg(folder / name);
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    EXPECT_EQ(record->leads.size(), leads);
    EXPECT_TRUE(record->warnings.empty());
    EXPECT_TRUE(record->unread_leads.empty());
    for (const std::vector<float>& lead : record->leads) EXPECT_LT(lead[0], 1) << "mV";
  }
}

TEST(Field, ReadsHeadersInAnyEncoding) {
  ECG_NEED_FIELD(folder, "F17_encodings");
  EXPECT_EQ(Ranges(folder / "utf16.hea").size(), 2U);
  EXPECT_EQ(Ranges(folder / "cr_only.hea").size(), 2U);
}

TEST(Field, NamesTheFileThatWasMeant) {
  ECG_NEED_FIELD(folder, "F18_file_name_near_miss");
  EXPECT_NE(ErrorOf(folder / "nomat/A0001.hea").find("A0001.mat, A0001.hea lie beside it"),
            std::string::npos);
  EXPECT_NE(ErrorOf(folder / "upper/A0002.HEA").find("A0002.DAT lies beside it"),
            std::string::npos);
  EXPECT_NE(ErrorOf(folder / "upper/A0002").find("A0002.HEA"), std::string::npos);
}

TEST(Field, SaysThatARecordNameHoldsAFolder) {
  ECG_NEED_FIELD(folder, "F19_folder_in_record_name");
  EXPECT_NE(ErrorOf(folder / "00001_medians.hea").find(":1: record name: holds a folder"),
            std::string::npos);
}

}  // namespace
}  // namespace ecg::wfdb
