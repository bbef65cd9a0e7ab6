#include "ecg/formats/xml/reader.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/formats/reader_kit.h"
#include "tests/formats/xml/documents.h"

namespace ecg::xml {
namespace {

using ecg::test::ErrorOf;
using ecg::test::ReadBytes;

TEST(Muse, ReadsRhythmAndMedianInEitherOrder) {
  const std::string rhythm = test::MuseWaveform("Rhythm", {"I", "II", "V1"}, {100, -100, 50});
  const std::string median = test::MuseWaveform("Median", {"I"}, {1, 2});
  for (const std::string& waveforms : {rhythm + median, median + rhythm}) {
    const auto record = ReadBytes(MuseReader(), test::Muse(waveforms));
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    EXPECT_EQ(record->info.leads, (std::vector<std::string>{"I", "II", "V1"}));
    EXPECT_EQ(record->info.sampling_rate, 500);
    EXPECT_FLOAT_EQ(record->leads[2][1], -0.488F);
    ASSERT_EQ(record->other_waveforms.size(), 1U);
    EXPECT_EQ(record->other_waveforms[0].kind, "median");
    EXPECT_FLOAT_EQ(record->other_waveforms[0].samples[0][1], 0.00976F);
    EXPECT_TRUE(record->warnings.empty());
  }
}

TEST(Muse, KnowsPersonTimeAndStatements) {
  const auto record =
      ReadBytes(MuseReader(), test::Muse(test::MuseWaveform("Rhythm", {"I"}, {1, 2})));
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.age, 52);
  EXPECT_EQ(record->info.sex, record::Sex::kMale);
  EXPECT_EQ(record->info.acquisition.Start(), "2019-03-21 11:02:33.000");
  EXPECT_EQ(record->info.statements, (std::vector<std::string>{"Sinus rhythm", "with PVCs"}));
  const record::StatedMeasurements& measured = record->info.measured;
  EXPECT_EQ(measured.Of(record::Quantity::kHeartRate), 61);
  EXPECT_EQ(measured.Of(record::Quantity::kPr), 164) << "as it was left, not as it was first";
  EXPECT_EQ(measured.Of(record::Quantity::kQrsAxis), -31);
  EXPECT_FALSE(measured.Of(record::Quantity::kQtc));
}

TEST(Muse, RefusesWhatDoesNotFit) {
  std::string text = test::Muse(test::MuseWaveform("Rhythm", {"I"}, {1, 2}));
  const auto without = [&](const std::string& word, const std::string& other) {
    std::string changed = text;
    return changed.replace(changed.find(word), word.size(), other);
  };
  EXPECT_NE(ErrorOf(MuseReader(), without("4.88", "x")).find("UnitsPerBit"), std::string::npos);
  EXPECT_NE(ErrorOf(MuseReader(), without("Total>2<", "Total>3<")).find("SampleCount"),
            std::string::npos);
  EXPECT_NE(ErrorOf(MuseReader(), without("Base>500", "Base>")).find("SampleBase"),
            std::string::npos);
  EXPECT_NE(ErrorOf(MuseReader(), without(">\n ", ">\n?")).find("base64"), std::string::npos);
  EXPECT_NE(ErrorOf(MuseReader(), without("Rhythm", "Median")).find("no rhythm"),
            std::string::npos);
  EXPECT_NE(ErrorOf(MuseReader(), text.substr(0, 900)).find("no sound XML"), std::string::npos);
  const std::string refused = ErrorOf(MuseReader(), without("</PatientLastName>", "</Doe>"));
  EXPECT_EQ(refused.find("Doe"), std::string::npos) << "no name in an error: " << refused;
}

TEST(Sierra, UnpacksChannelsAndRebuildsLimbLeads) {
  std::vector<std::string> channels;
  const std::vector<int> one = {10, 20, -30, 300}, two = {30, 31, 50, -200};
  channels.push_back(test::XliChannel(one));
  channels.push_back(test::XliChannel(two));
  for (int k = 0; k < 10; ++k) channels.push_back(test::XliChannel({k, 0, 0, 0}));
  const auto record = ReadBytes(SierraReader(), test::Sierra(channels));
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  ASSERT_EQ(record->leads.size(), 12U);
  const auto count = [&](std::size_t lead, std::size_t i) {
    return record->leads[lead][i] / 0.005F;
  };
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_FLOAT_EQ(count(0, i), static_cast<float>(one[i]));
    EXPECT_FLOAT_EQ(count(1, i), static_cast<float>(two[i]));
    EXPECT_FLOAT_EQ(count(2, i), static_cast<float>(two[i] - one[i]));
  }
  EXPECT_FLOAT_EQ(count(3, 1), -25) << "half a count is rounded down";
  EXPECT_FLOAT_EQ(count(4, 1), 4);
  EXPECT_FLOAT_EQ(count(5, 1), 21);
  EXPECT_FLOAT_EQ(count(7, 0), 5);
  EXPECT_EQ(record->info.age, 50);
  EXPECT_EQ(record->info.sex, record::Sex::kFemale);
  EXPECT_EQ(record->info.statements, std::vector<std::string>{"Sinus bradycardia [rate< 50]"});
  EXPECT_EQ(record->info.measured.Of(record::Quantity::kRr), 1250);
  EXPECT_EQ(record->info.measured.Of(record::Quantity::kPr), 151);
  EXPECT_EQ(record->info.measured.Of(record::Quantity::kQtcBazett), 412);
  EXPECT_FALSE(record->info.measured.Of(record::Quantity::kQrsAxis));
}

TEST(Sierra, ReadsPlainChannels) {
  const std::vector<std::string> channels(12, test::Samples16({1, 2, 3}));
  const auto record = ReadBytes(SierraReader(), test::Sierra(channels, false));
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.samples, 3U);
  EXPECT_FLOAT_EQ(record->leads[11][2], 0.015F);
}

TEST(Sierra, LeavesOutAPulseOfCalibration) {
  std::vector<std::string> channels;
  for (int k = 0; k < 12; ++k) {
    std::vector<int> samples;
    for (int i = 0; i < 1000; ++i)
      samples.push_back(i < 600 ? i * k + 1 : i >= 800 && i < 900 ? 200 : 0);
    channels.push_back(test::Samples16(samples));
  }
  const auto record = ReadBytes(SierraReader(), test::Sierra(channels, false));
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.samples, 600U);
  ASSERT_EQ(record->warnings.size(), 1U);
  EXPECT_NE(record->warnings[0].find("calibration"), std::string::npos);
}

TEST(Sierra, RefusesWhatIsCutOff) {
  std::vector<std::string> channels(12, test::XliChannel({1, 2, 3}));
  channels.resize(7);
  EXPECT_NE(ErrorOf(SierraReader(), test::Sierra(channels)).find("too few channels"),
            std::string::npos);
  channels.back().pop_back();
  EXPECT_NE(ErrorOf(SierraReader(), test::Sierra(channels)).find("cut off"), std::string::npos);
}

TEST(Aecg, ReadsDigitsWithOriginAndScale) {
  const auto record = ReadBytes(AecgReader(), test::Aecg());
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.leads, (std::vector<std::string>{"I", "aVR"}));
  EXPECT_EQ(record->info.sampling_rate, 500);
  EXPECT_FLOAT_EQ(record->leads[0][2], -0.0075F);
  EXPECT_FLOAT_EQ(record->leads[1][1], 0.0175F);
  ASSERT_EQ(record->other_waveforms.size(), 1U);
  EXPECT_FLOAT_EQ(record->other_waveforms[0].samples[0][1], 0.0225F);
  EXPECT_EQ(record->info.age, 49);
  EXPECT_EQ(record->info.statements,
            (std::vector<std::string>{"Normal ECG", "MDC_ECG_RHY_SINUS_RHY"}));
  EXPECT_EQ(record->info.measured.Of(record::Quantity::kPr), 148) << "not one beat's";
}

TEST(Schiller, ReadsRhythms) {
  const auto record = ReadBytes(SchillerReader(), test::Schiller());
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.leads, (std::vector<std::string>{"I", "aVL"}));
  EXPECT_FLOAT_EQ(record->leads[0][2], -0.006F);
  EXPECT_EQ(record->info.measured.Of(record::Quantity::kPr), 174);
  EXPECT_EQ(record->info.measured.Of(record::Quantity::kQrsAxis), 0);
  EXPECT_EQ(record->info.age, 70);
  EXPECT_EQ(record->info.sex, record::Sex::kFemale);
}

TEST(Fhir, ReadsJsonAndXmlAlike) {
  const auto json = ReadBytes(FhirReader(), test::FhirJson());
  ASSERT_TRUE(json.ok()) << json.error().ToString();
  EXPECT_EQ(json->info.leads, std::vector<std::string>{"II"});
  EXPECT_EQ(json->info.sampling_rate, 250);
  EXPECT_FLOAT_EQ(json->leads[0][1], 0.005F) << "10 - 2 * 2.5 uV";
  EXPECT_TRUE(std::isnan(json->leads[0][2]));
  const auto xml = ReadBytes(FhirReader(), test::FhirXml());
  ASSERT_TRUE(xml.ok()) << xml.error().ToString();
  EXPECT_FLOAT_EQ(xml->leads[0][2], 1.5F);
}

TEST(Fhir, AnOriginWithoutUnitIsTheSampleOfNoVoltage) {
  record::OpenOptions told;
  told.units = "uV";
  const auto record = ReadBytes(FhirReader(), test::FhirJson("{\"value\": 2}"), told);
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_FLOAT_EQ(record->leads[0][0], -0.0025F);
  EXPECT_NE(record->warnings.at(0).find("origin"), std::string::npos);
}

TEST(Fhir, ErrorsShowNothingOfThePatient) {
  std::string text = test::FhirJson();
  text.replace(text.find("Doe\""), 4, "Doe");
  const std::string error = ErrorOf(FhirReader(), text);
  EXPECT_NE(error.find("no sound JSON"), std::string::npos) << error;
  EXPECT_EQ(error.find("Doe"), std::string::npos) << error;
}

TEST(Xml, EachKnowsItsOwnByTheRootAlone) {
  const std::string muse = test::Muse(""), aecg = test::Aecg(), schiller = test::Schiller();
  EXPECT_EQ(MuseReader().Recognises(muse), record::Recognition::kCertain);
  EXPECT_EQ(AecgReader().Recognises(aecg), record::Recognition::kCertain);
  EXPECT_EQ(SchillerReader().Recognises(schiller), record::Recognition::kCertain);
  EXPECT_EQ(SierraReader().Recognises(muse), record::Recognition::kNo);
  EXPECT_EQ(MuseReader().Recognises("<html>RestingECG</html>"), record::Recognition::kNo);
  EXPECT_EQ(MuseReader().Recognises(""), record::Recognition::kNo);
  std::string wide = "\xFF\xFE";
  for (const char c : test::Sierra({}, false)) wide += std::string{c, '\0'};
  EXPECT_EQ(SierraReader().Recognises(wide.substr(0, 4096)), record::Recognition::kCertain);
}

TEST(Xml, DamagedFilesAreReadOrRefused) {
  const std::string rhythm = test::MuseWaveform("Rhythm", {"I", "II"}, std::vector<int>(50, 7));
  const std::string median = test::MuseWaveform("Median", {"I"}, {1, 2});
  using ecg::test::ExpectDamagedAreReadOrRefused;
  ExpectDamagedAreReadOrRefused(MuseReader(), {test::Muse(rhythm + median)}, true);
  std::vector<std::string> channels(12, test::XliChannel({1, 2, 3, 5, 8, 13, 21, 34}));
  ExpectDamagedAreReadOrRefused(SierraReader(),
                                {test::Sierra(channels), test::Sierra(channels, false)}, true);
  ExpectDamagedAreReadOrRefused(AecgReader(), {test::Aecg()}, true);
  ExpectDamagedAreReadOrRefused(SchillerReader(), {test::Schiller()}, true);
  ExpectDamagedAreReadOrRefused(FhirReader(), {test::FhirJson(), test::FhirXml()}, true);
}

}  // namespace
}  // namespace ecg::xml
