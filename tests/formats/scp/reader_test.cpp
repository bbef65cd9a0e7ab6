#include "ecg/formats/scp/reader.h"

#include <gtest/gtest.h>

#include "tests/formats/reader_kit.h"
#include "tests/formats/scp/scp_file.h"

namespace ecg::scp {
namespace {

using ecg::test::ErrorOf;
using ecg::test::ReadBytes;

std::vector<float> Counts(const std::vector<float>& lead, float millivolts) {
  std::vector<float> counts;
  for (const float value : lead) counts.push_back(value / millivolts);
  return counts;
}

TEST(Scp, DecodesTheStandardTableAndDifferences) {
  const auto record = ReadBytes(Reader(), test::Standard());
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.leads, (std::vector<std::string>{"I", "aVR"}));
  EXPECT_EQ(record->info.sampling_rate, 500);
  const std::vector<float> expected = {1, 0, 0, 9, 309};
  ASSERT_EQ(record->info.samples, 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_FLOAT_EQ(record->leads[0][i], 0.005F * expected[i]);
  EXPECT_EQ(record->info.sex, record::Sex::kFemale);
  EXPECT_EQ(record->info.age, 49);
  EXPECT_EQ(record->info.acquisition.Start(), "2002-11-22 09:10:00.000");
}

TEST(Scp, ReadsStatementsInUtf8) {
  const auto record = ReadBytes(Reader(), test::Standard());
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->info.statements, std::vector<std::string>{"h\xC3\xB6g P"});
}

TEST(Scp, KnowsWhatWasMeasured) {
  const auto record = ReadBytes(Reader(), test::Standard());
  ASSERT_TRUE(record.ok());
  const record::StatedMeasurements& measured = record->info.measured;
  using record::Quantity;
  EXPECT_EQ(measured.Of(Quantity::kRr), 731);
  EXPECT_NEAR(*measured.Of(Quantity::kHeartRate), 82.08, 0.01);
  EXPECT_EQ(measured.Of(Quantity::kP), 102);
  EXPECT_EQ(measured.Of(Quantity::kPr), 177);
  EXPECT_EQ(measured.Of(Quantity::kQrs), 100);
  EXPECT_EQ(measured.Of(Quantity::kQt), 343);
  EXPECT_EQ(measured.Of(Quantity::kPAxis), 64);
  EXPECT_EQ(measured.Of(Quantity::kQrsAxis), -49);
  EXPECT_FALSE(measured.Of(Quantity::kTAxis)) << "29999";
}

TEST(Scp, AddsReferenceBeatsWhereTheyWereTakenOff) {
  const auto record = ReadBytes(Reader(), test::Subtracted());
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  const std::vector<float> counts = Counts(record->leads[0], 0.001F);
  const std::vector<float> expected = {1, 11, 21, 31, 1, 11, 21, 31};
  ASSERT_EQ(counts.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_FLOAT_EQ(counts[i], expected[i]) << i;
  ASSERT_EQ(record->other_waveforms.size(), 1U);
  EXPECT_FLOAT_EQ(record->other_waveforms[0].samples[0][2], 0.03F);
}

// Outside the zone (samples 8 to 11) one mean stands for four samples: on a ramp the line between
// means is the ramp itself, and level before the first and behind the last middle.
TEST(Scp, ReadsBimodalCompression) {
  const auto record = ReadBytes(Reader(), test::Bimodal());
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.sampling_rate, 500);
  const std::vector<float> counts = Counts(record->leads[0], 0.001F);
  const std::vector<float> expected = {6,  6,  8,  12, 16, 20, 22, 22, 32, 36, 1040,
                                       44, 54, 54, 56, 60, 64, 68, 71, 73, 75, 77};
  ASSERT_EQ(counts.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_FLOAT_EQ(counts[i], expected[i]) << i;
}

TEST(Scp, SaysWhichRatesOfBimodalCompressionItDoesNotKnow) {
  std::string bytes = test::Bimodal();
  const std::string of_means = test::Number(8000, 2);
  bytes.replace(bytes.rfind(of_means), 2, test::Number(7000, 2));
  EXPECT_NE(ErrorOf(Reader(), bytes).find("no whole fraction"), std::string::npos);
}

TEST(Scp, ReadsSecondDifferencesOfTablesOfTheFile) {
  // Two tables: in the first, 0 gives 5 and 1 leads to the second, where 0 gives -2.
  using test::Number;
  const auto code = [](int keeps, int value, int prefix) {
    return std::string("\1\1", 2) + Number(static_cast<std::uint64_t>(keeps), 1) +
           Number(static_cast<std::uint64_t>(value), 2) +
           Number(static_cast<std::uint64_t>(prefix), 4);
  };
  const std::string tables =
      Number(2, 2) + Number(2, 2) + code(1, 5, 0) + code(0, 2, 1) + Number(1, 2) + code(1, -2, 0);
  const std::string bytes = test::File({{2, tables},
                                        {3, test::LeadsOf({3}, 4)},
                                        {6, test::Wave(1000, 1000, 2, {std::string("\x20", 1)})}});
  const auto record = ReadBytes(Reader(), bytes);
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  // 5, 5, then -2 and -2 as second differences: 3, -1.
  const std::vector<float> expected = {5, 5, 3, -1};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_FLOAT_EQ(record->leads[0][i], 0.001F * expected[i]);
}

TEST(Scp, SaysWhereALeadHasFewerSamples) {
  const auto record =
      ReadBytes(Reader(), test::File({{3, test::LeadsOf({1}, 100)},
                                      {6, test::Wave(1000, 2000, 0, {test::Samples({1, 2, 3})})}}));
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.samples, 3U);
  EXPECT_NE(record->warnings.at(0).find("3 samples of 100"), std::string::npos);
}

TEST(Scp, RefusesWhatIsMissingOrCutOff) {
  const std::string wave = test::Wave(1000, 2000, 0, {test::Samples({1, 2, 3})});
  EXPECT_NE(ErrorOf(Reader(), test::File({{6, wave}})).find("section 3"), std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), test::File({{3, test::LeadsOf({1}, 3)}})).find("section 6"),
            std::string::npos);
  std::string bytes = test::Standard();
  bytes.resize(bytes.size() - 40);
  EXPECT_NE(ErrorOf(Reader(), bytes).find("beyond the end"), std::string::npos);
  EXPECT_NE(ErrorOf(Reader(), "nothing").find("section 0"), std::string::npos);
  std::string bimodal = wave;
  bimodal[5] = 1;
  EXPECT_NE(
      ErrorOf(Reader(), test::File({{3, test::LeadsOf({1}, 3)}, {6, bimodal}})).find("bimodal"),
      std::string::npos);
}

TEST(Scp, DamagedFilesAreReadOrRefused) {
  ecg::test::ExpectDamagedAreReadOrRefused(
      Reader(), {test::Standard(), test::Subtracted(), test::Bimodal()}, false);
}

}  // namespace
}  // namespace ecg::scp
