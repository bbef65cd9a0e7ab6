#include "ecg/formats/text/reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "ecg/core/text.h"
#include "tests/formats/reader_kit.h"

namespace ecg::text {
namespace {

using ecg::test::ErrorOf;
using ecg::test::ReadBytes;

std::string Rows(int count, const std::function<std::string(int)>& row) {
  std::string text;
  for (int i = 0; i < count; ++i) text += row(i) + "\n";
  return text;
}

record::OpenOptions Told(double rate, const std::string& units,
                         const std::vector<std::string>& leads) {
  record::OpenOptions told;
  told.sampling_rate = rate;
  told.units = units;
  told.leads = leads;
  return told;
}

TEST(Text, FindsTimeNamesAndUnitsInTheTable) {
  const std::string text = "Time (s),Lead II (uV),V1 [mV]\r\n" + Rows(100, [](int i) {
                             return FormatDouble(i * 0.002) + "," + std::to_string(i) + ",0.5\r";
                           });
  EXPECT_EQ(Reader().Recognises(text), record::Recognition::kLikely);
  const auto record = ReadBytes(Reader(), text);
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.sampling_rate, 500);
  EXPECT_EQ(record->info.leads, (std::vector<std::string>{"II", "V1"}));
  EXPECT_FLOAT_EQ(record->leads[0][99], 0.099F);
  EXPECT_FLOAT_EQ(record->leads[1][99], 0.5F);
  EXPECT_TRUE(record->warnings.empty()) << record->warnings.front();
}

TEST(Text, ReadsDecimalCommasAndQuotes) {
  const std::string text = "\"I\";\"II\"\n" + Rows(60, [](int i) {
                             return "0," + std::to_string(i + 10) + ";\"-1,5\"";
                           });
  const auto record = ReadBytes(Reader(), text, Told(250, "mV", {}));
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_FLOAT_EQ(record->leads[0][5], 0.15F);
  EXPECT_FLOAT_EQ(record->leads[1][0], -1.5F);
}

TEST(Text, ReadsWhatRdsampPrints) {
  const std::string text =
      "'Elapsed time','MLII','V5'\n'hh:mm:ss.mmm','mV','mV'\n" + Rows(361, [](int i) {
        char time[32];
        std::snprintf(time, sizeof(time), "'0:%06.3f'", i / 360.0);
        return std::string(time) + ",-0.145,-0.065";
      });
  const auto record = ReadBytes(Reader(), text);
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.sampling_rate, 360);
  EXPECT_EQ(record->info.leads, (std::vector<std::string>{"MLII", "V5"}));
  EXPECT_FLOAT_EQ(record->leads[0][7], -0.145F);
}

TEST(Text, SaysWhatItInfers) {
  const std::string text =
      Rows(80, [](int i) { return std::to_string(i) + "\t" + std::to_string(i % 7) + "\t1\t"; });
  const auto record = ReadBytes(Reader(), text, Told(500, "uV", {"I", "II"}));
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->leads.size(), 2U) << "the first column counts";
  ASSERT_EQ(record->warnings.size(), 1U);
  EXPECT_NE(record->warnings[0].find("even steps"), std::string::npos);
}

TEST(Text, AsksForAllThatIsMissingAtOnce) {
  const std::string text = Rows(80, [](int i) { return std::to_string(i % 9) + ",1"; });
  const std::string error = ErrorOf(Reader(), text);
  for (const char* option : {"--units", "--rate", "--lead-names"}) {
    EXPECT_NE(error.find(option), std::string::npos) << error;
  }
  EXPECT_NE(ErrorOf(Reader(), text, Told(500, "uV", {"I", "II", "V1"})).find("3 leads were told"),
            std::string::npos);
}

TEST(Text, ReadsRowsAsLeads) {
  std::string text;
  for (int lead = 0; lead < 12; ++lead) {
    for (int i = 0; i < 400; ++i) text += (i > 0 ? "," : "") + std::to_string(lead * 1000 + i);
    text += "\n";
  }
  EXPECT_EQ(Reader().Recognises(text.substr(0, 4096)), record::Recognition::kLikely);
  const auto record =
      ReadBytes(Reader(), text, Told(500, "uV", {"I", "II", "III", "aVR", "aVL", "aVF", "V1-V6"}));
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_FLOAT_EQ(record->leads[11][399], 11.399F);
}

TEST(Text, EmptyCellsAreNoSamples) {
  const std::string text = "I,II\n" + Rows(60, [](int i) { return i == 3 ? ",1" : "2,1"; });
  const auto record = ReadBytes(Reader(), text, Told(500, "mV", {}));
  ASSERT_TRUE(record.ok());
  EXPECT_TRUE(std::isnan(record->leads[0][3]));
}

TEST(Text, ReadsComments) {
  const std::string text =
      "# Sampling Rate (Hz):= 1000.00\n# Labels:= ECG\n# Age: 64\n# Sex: F\n"
      "# Units: uV\n" +
      Rows(60, [](int) { return "2044.0"; });
  const auto record = ReadBytes(Reader(), text);
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.sampling_rate, 1000);
  EXPECT_EQ(record->info.age, 64);
  EXPECT_EQ(record->info.sex, record::Sex::kFemale);
  EXPECT_FLOAT_EQ(record->leads[0][0], 2.044F);
}

TEST(Text, IsNotTakenInByOtherTables) {
  for (const std::string& text :
       {std::string("record,AF,SB\n") +
            Rows(80, [](int i) { return "A" + std::to_string(i) + ",1,0"; }),
        std::string("#A0001\n270492004,164889003\n1,0\n0.7,0.1\n"), std::string("{\"a\": 1}\n"),
        std::string("A0001\nA0002\n"), std::string(4096, '\0'),
        Rows(30, [](int i) { return std::to_string(i); })}) {
    EXPECT_EQ(Reader().Recognises(text), record::Recognition::kNo) << text.substr(0, 40);
  }
}

TEST(Text, ErrorsNameThePlace) {
  const std::string good = Rows(60, [](int) { return "1,2"; });
  EXPECT_NE(ErrorOf(Reader(), "I,II\n" + good + "1,x\n").find("column 2: is no number"),
            std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), good + "1\n").find("1 cell instead of 2"), std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), "a\nb\nc\nd\n").find("neither numbers"), std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), "").find("no line of numbers"), std::string::npos);
}

TEST(Text, DamagedFilesAreReadOrRefused) {
  const std::string table = "Time (s),II (uV),V1 (mV)\n" + Rows(100, [](int i) {
                              return FormatDouble(i * 0.002) + "," + std::to_string(i) + ",0.5";
                            });
  const std::string opensignals =
      "# OpenSignals Text File Format\n# {\"00:07\": {\"column\": [\"nSeq\", \"A1\"], \"label\": "
      "[\"A1\"], \"sampling rate\": 1000}}\n# EndOfHeader\n" +
      Rows(60, [](int i) { return std::to_string(i % 16) + "\t" + std::to_string(i) + "\t"; });
  ecg::test::ExpectDamagedAreReadOrRefused(Reader(), {table, opensignals}, true,
                                           Told(500, "uV", {}));
}

}  // namespace
}  // namespace ecg::text
