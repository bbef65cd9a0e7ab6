#include "ecg/data/labels/peak_annotations.h"

#include <gtest/gtest.h>

#include <utility>

namespace ecg::data {
namespace {

TEST(PeakAnnotations, CountInTheRecordsOwnFrames) {
  const wfdb::AnnotationFile file = AnnotationsOf({{100, dsp::PeakType::kP},
                                                   {130, dsp::PeakType::kQ},
                                                   {140, dsp::PeakType::kR},
                                                   {150, dsp::PeakType::kS},
                                                   {220, dsp::PeakType::kT}},
                                                  250, 1000);
  const auto bytes = wfdb::FormatAnnotations(file);
  ASSERT_TRUE(bytes.ok());
  const auto read = wfdb::ParseAnnotations(*bytes, "A0001.peaks").value().annotations;
  ASSERT_EQ(read.size(), 5u);
  const std::int64_t samples[] = {400, 520, 560, 600, 880};
  const char* symbols[] = {"p", "\"", "N", "\"", "t"};
  for (std::size_t k = 0; k < 5; ++k) {
    EXPECT_EQ(read[k].sample, samples[k]);
    EXPECT_EQ(wfdb::AnnotationSymbol(read[k].type), symbols[k]);
  }
  EXPECT_EQ(read[1].aux, "Q");
  EXPECT_EQ(read[3].aux, "S");
}

TEST(PeakAnnotations, WavesComeBackWithTheirBounds) {
  std::vector<dsp::Beat> beats(2);
  beats[0] = {{10, 20, 30}, {40, 50, 60}, 45, 55, {80, 100, 120}};
  beats[1].qrs = {240, 250, 260};
  const dsp::Waves waves = WavesOf(AnnotationsOf(beats), 2);
  ASSERT_EQ(waves[0].size(), 1u);
  ASSERT_EQ(waves[1].size(), 2u);
  ASSERT_EQ(waves[2].size(), 1u);
  EXPECT_EQ(waves[0][0].onset, 20);
  EXPECT_EQ(waves[0][0].peak, 40);
  EXPECT_EQ(waves[0][0].offset, 60);
  EXPECT_EQ(waves[1][0].onset, 80);
  EXPECT_EQ(waves[1][0].offset, 120);
  EXPECT_EQ(waves[1][1].peak, 500);
  EXPECT_EQ(waves[2][0].offset, 240);

  // Marks of others: beats of every kind without bounds, rhythm changes between.
  wfdb::AnnotationFile file;
  for (const auto& [sample, symbol] : {std::pair<int, const char*>{5, "+"},
                                       {10, "V"},
                                       {20, "A"},
                                       {30, ")"},
                                       {35, "("},
                                       {38, "~"},
                                       {40, "/"},
                                       {60, "t"},
                                       {70, ")"},
                                       {-8, "N"}}) {
    file.annotations.emplace_back();
    file.annotations.back().sample = sample;
    file.annotations.back().type = *wfdb::AnnotationType(symbol);
  }
  const dsp::Waves others = WavesOf(file);
  ASSERT_EQ(others[1].size(), 3u);
  EXPECT_EQ(others[1][0].offset, dsp::kMissing);
  EXPECT_EQ(others[1][1].offset, 30);
  EXPECT_EQ(others[1][2].onset, 35);
  EXPECT_EQ(others[1][2].offset, dsp::kMissing);
  ASSERT_EQ(others[2].size(), 1u);
  EXPECT_EQ(others[2][0].onset, dsp::kMissing);
  EXPECT_EQ(others[2][0].offset, 70);
}

TEST(PeakAnnotations, NameTheTypesOfBeats) {
  std::vector<dsp::Beat> beats(4);
  for (int b = 0; b < 4; ++b) beats[static_cast<std::size_t>(b)].qrs.peak = 100 * (b + 1);
  beats[1].p.peak = 180;
  const wfdb::AnnotationFile file =
      AnnotationsOf(beats, {dsp::BeatType::kNormal, dsp::BeatType::kAtrialPremature,
                            dsp::BeatType::kVentricular, dsp::BeatType::kPaced});
  std::string symbols;
  for (const wfdb::Annotation& annotation : file.annotations) {
    symbols += wfdb::AnnotationSymbol(annotation.type);
  }
  EXPECT_EQ(symbols, "NpAV/");
}

}  // namespace
}  // namespace ecg::data
