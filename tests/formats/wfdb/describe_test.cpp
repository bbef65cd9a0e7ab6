
#include "ecg/formats/describe.h"

#include "ecg/formats/wfdb/annotation.h"
#include "ecg/formats/wfdb/write.h"
#include "ecg/record/reader.h"
#include "tests/formats/wfdb/memory.h"
#include "tests/formats/wfdb/pack.h"
#include "tests/support.h"

namespace ecg::wfdb {
namespace {

TEST(Describe, TellsWhatARecordHolds) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.dat", test::Pack(Format::kInt16, {100, -32768, 300, -200}));
  test::WriteText(folder / "r.hea",
                  "r 2 100 2 12:00:01.5 01/02/2003\nr.dat 16 1000/mV 16 0 100 400 0 AVR\n"
                  "r.dat 16 100/mV 16 0 -32768 32568 0 V1\n#Age: 50\n#Sex: F\n#Dx: 1,2\n");
  const Result<Json> json = formats::Describe(folder / "r.hea", {}, {}, /*identify=*/true);
  ASSERT_TRUE(json.ok()) << json.error().ToString();
  EXPECT_EQ(json->at("frames"), 2);
  EXPECT_EQ(json->at("seconds"), 0.02);
  EXPECT_EQ(json->at("start"), "2003-02-01 12:00:01.500");
  EXPECT_EQ(json->at("checks"), "passed") << json->at("warnings");
  EXPECT_EQ(json->at("sex"), "female");
  EXPECT_EQ(json->at("dx"), Json({"1", "2"}));
  const Json& first = json->at("signals").at(0);
  EXPECT_EQ(first.at("lead"), "aVR");
  EXPECT_EQ(first.at("mean"), 0.2);
  const Json& second = json->at("signals").at(1);
  EXPECT_EQ(second.at("invalid"), 1);
  EXPECT_EQ(second.at("max"), -2);
}

TEST(Describe, TellsWhoAndWhenOnlyWhereAsked) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.dat", test::Pack(Format::kInt16, {1, 2}));
  test::WriteText(folder / "r.hea",
                  "r 1 100 2 12:00:01.5 01/02/2003\nr.dat 16 1000/mV 16 0 1 3 0 I\n#Age: 50\n"
                  "#Patient ID: P123\n#Name: Jane Roe\n#admitted on 12-MAR-2003\n#calm\n");
  const Json plain = formats::Describe(folder / "r.hea").value();
  EXPECT_FALSE(plain.contains("start"));
  EXPECT_FALSE(plain.contains("patient_id"));
  EXPECT_EQ(plain.at("info"), Json({"Age: 50", "calm"}));
  EXPECT_EQ(plain.at("withheld_lines"), 3);
  EXPECT_EQ(plain.at("age"), 50);
  const Json all = formats::Describe(folder / "r.hea", {}, {}, /*identify=*/true).value();
  EXPECT_EQ(all.at("start"), "2003-02-01 12:00:01.500");
  EXPECT_EQ(all.at("patient_id"), "P123");
  EXPECT_EQ(all.at("info").size(), 5U);
}

TEST(Describe, TellsOfFailedChecks) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.dat", test::Pack(Format::kInt16, {1, 2}));
  test::WriteText(folder / "r.hea", "r 1 100 2\nr.dat 16 1000/mV 16 0 1 4 0 I\n");
  EXPECT_EQ(formats::Describe(folder / "r.hea")->at("checks"), "failed");
  EXPECT_EQ(formats::Describe(folder / "r.hea")->at("warnings").size(), 1U);
  record::ReadOptions strict;
  strict.strict = true;
  EXPECT_FALSE(formats::Describe(folder / "r.hea", strict).ok());
  test::WriteText(folder / "r.hea", "r 1 100 2\nr.dat 16 1000/mV\n");
  EXPECT_EQ(formats::Describe(folder / "r.hea")->at("checks"), "none");
}

#ifndef ECG_SANITIZED

TEST(Describe, KeepsNoSamples) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.dat", std::string(16 << 20, '\1'));
  test::WriteText(folder / "r.hea", "r 2 100 4194304\nr.dat 16 1000/mV\nr.dat 16 1000/mV\n");
  EXPECT_LT(test::PeakMegabytes([&] {
              EXPECT_EQ(formats::Describe(folder / "r.hea")->at("signals").at(1).at("samples"),
                        4194304);
            }),
            4);
}

#endif

TEST(Describe, TellsOfAnnotations) {
  const ecg::test::TemporaryFolder folder;
  ASSERT_TRUE(
      WriteAnnotations(folder / "r.atr", {0, {{5, 1, 0, 0, 0, ""}, {9, 1, 0, 0, 0, ""}}}).ok());
  const Result<Json> json = formats::Describe(folder / "r.atr");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->at("types"), Json({{"N", 2}}));
  EXPECT_EQ(json->at("last_sample"), 9);
  EXPECT_FALSE(formats::Describe(folder / "none.mat").ok());
  test::WriteText(folder / "table.csv", "record,dx\nA0001,164889003\n");
  EXPECT_NE(formats::Describe(folder / "table.csv").error().message.find("neither a recording"),
            std::string::npos);
}

}  // namespace
}  // namespace ecg::wfdb
