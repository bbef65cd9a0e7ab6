#include "ecg/report/wave_report.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ecg::report {
namespace {

dsp::Wave Peak(int sample) { return {dsp::kMissing, sample, dsp::kMissing}; }

// A reference of beats alone says nothing of P and T, however many were found.
TEST(WaveReport, SaysNothingOfWavesThatNobodyMarked) {
  dsp::Waves reference, detected;
  reference[1] = {Peak(1000), Peak(2000)};
  detected[0] = {Peak(1900)};
  detected[1] = {Peak(1000), Peak(2000)};
  detected[2] = {Peak(1150)};
  const AllWaveFigures figures = score::SumUp({score::CompareWaves(reference, detected, 500)});
  const Json json = WaveJson(figures);
  for (const char* name : {"P", "T"}) {
    EXPECT_EQ(json[name]["reference"], 0) << name;
    EXPECT_EQ(json[name]["detected"], 1) << name;
    for (const char* share : {"sensitivity", "positive_predictivity"}) {
      EXPECT_TRUE(json[name][share]["value"].is_null()) << name << share;
      EXPECT_TRUE(json[name][share]["interval"][0].is_null()) << name << share;
    }
  }
  EXPECT_EQ(json["QRS"]["positive_predictivity"]["value"], 1.0);
  const std::string text = WaveReport(figures);
  EXPECT_EQ(text.find("0.0000"), std::string::npos) << text;
  EXPECT_NE(text.find("1.0000 (1.0000-1.0000)"), std::string::npos) << text;
}

// One recording of several where P is marked makes those of the others count, as in fibrillation.
TEST(WaveReport, CountsWhatIsFoundWhereOtherRecordingsHaveMarks) {
  dsp::Waves with_p, without_p, detected;
  with_p[0] = {Peak(900)};
  with_p[1] = without_p[1] = {Peak(1000), Peak(2000)};
  detected[0] = {Peak(900), Peak(1900)};
  detected[1] = with_p[1];
  const std::vector<score::WaveTallies> recordings = {
      score::CompareWaves(with_p, {detected[0], detected[1], {}}, 500),
      score::CompareWaves(without_p, {detected[0], detected[1], {}}, 500)};
  const Json json = WaveJson(score::SumUp(recordings));
  EXPECT_EQ(json["P"]["detected"],
            3);  // what lies before the first mark of a recording is not seen
  EXPECT_DOUBLE_EQ(json["P"]["positive_predictivity"]["value"].get<double>(), 1.0 / 3);
}

}  // namespace
}  // namespace ecg::report
