#include "ecg/data/peak_annotations.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace ecg::data
