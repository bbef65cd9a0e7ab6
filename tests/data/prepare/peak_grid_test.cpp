#include "ecg/data/prepare/peak_grid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "ecg/core/random.h"

namespace ecg::data {
namespace {

using dsp::Peak;
using dsp::PeakType;

constexpr std::size_t kStages = 4;

std::vector<Peak> PeaksOf(const std::vector<PeakGrid::Detection>& detections) {
  std::vector<Peak> peaks;
  for (const auto& detection : detections) peaks.push_back(detection.peak);
  return peaks;
}

TEST(PeakGrid, HasTheShapesOfThePaperAndOfItsAuthorsCode) {
  const PeakGrid paper(PeakGridKind::kPaper, kStages);
  EXPECT_EQ(paper.Cells(4992), 312u);
  EXPECT_EQ(paper.slots(), 3u);
  EXPECT_EQ(paper.slot_size(), 7u);
  EXPECT_EQ(paper.Cells(5000), 313u);
  const PeakGrid authors(PeakGridKind::kAuthors, kStages);
  EXPECT_EQ(authors.Cells(4992), 156u);
  EXPECT_EQ(authors.slots(), 5u);
  EXPECT_EQ(authors.slot_size(), 3u);
}

TEST(PeakGrid, WritesConfidencePlaceAndType) {
  const std::vector<Peak> peaks = {{99, PeakType::kP}, {118, PeakType::kR}, {123, PeakType::kS}};
  const PeakGrid paper(PeakGridKind::kPaper, kStages);
  std::vector<float> grid(paper.Size(64), -1);
  EXPECT_EQ(paper.Encode(peaks, 100, 64, grid.data()), 0u);  // the P lies before the window
  std::vector<float> expected(4 * 3 * 7);
  const float r[] = {1, 2.0F / 16, 0, 0, 1, 0, 0};
  const float s[] = {1, 7.0F / 16, 0, 0, 0, 1, 0};
  std::copy(std::begin(r), std::end(r), expected.begin() + 21);
  std::copy(std::begin(s), std::end(s), expected.begin() + 28);
  EXPECT_EQ(grid, expected);

  const PeakGrid authors(PeakGridKind::kAuthors, kStages);
  grid.assign(authors.Size(64), -1);
  authors.Encode(peaks, 100, 64, grid.data());
  EXPECT_EQ((std::vector<float>(grid.begin(), grid.begin() + 9)),
            (std::vector<float>{1, 18.0F / 32, 0.5F, 1, 23.0F / 32, 0.75F, 0, 0, 0}));
}

// Random peaks in random windows against a plain count of who fits.
TEST(PeakGrid, DecodingIsTheExactInverseWherePeaksFit) {
  for (const PeakGridKind kind : {PeakGridKind::kPaper, PeakGridKind::kAuthors}) {
    const PeakGrid grid(kind, kStages);
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      Rng rng({seed});
      const std::size_t start = rng.Below(500);
      const std::size_t window = 100 + rng.Below(900);  // also such that the last cell is cut off
      std::vector<Peak> peaks;
      const std::size_t gap = 1 + rng.Below(60);
      for (std::size_t at = rng.Below(gap); at < 2000; at += 1 + rng.Below(gap)) {
        peaks.push_back({static_cast<std::int32_t>(at), static_cast<PeakType>(rng.Below(5))});
      }
      std::vector<Peak> fits;
      std::size_t left_out = 0;
      std::map<std::size_t, std::size_t> used;
      for (const Peak& peak : peaks) {
        const auto at = static_cast<std::size_t>(peak.sample);
        if (at < start || at >= start + window) continue;
        if (used[(at - start) / grid.cell()]++ < grid.slots()) {
          fits.push_back(peak);
        } else {
          ++left_out;
        }
      }
      std::vector<float> numbers(grid.Size(window));
      EXPECT_EQ(grid.Encode(peaks, start, window, numbers.data()), left_out);
      EXPECT_EQ(PeaksOf(grid.Decode(numbers.data(), start, window, 0.5)), fits);
    }
  }
}

TEST(PeakGrid, DecodesWhatANetworkMightSay) {
  const PeakGrid grid(PeakGridKind::kPaper, kStages);
  std::vector<float> numbers(grid.Size(40));
  const auto set = [&](std::size_t slot, std::vector<float> values) {
    std::copy(values.begin(), values.end(),
              numbers.begin() + static_cast<std::ptrdiff_t>(7 * slot));
  };
  set(0, {0.9F, 0.99F, 0.1F, 0.2F, 0.3F, 0.2F, 0.1F});  // rounds to the next cell's first sample
  set(1, {0.7F, 0.30F, 0.9F, 0.2F, 0.3F, 0.2F, 0.1F});
  set(2, {0.4F, 0.30F, 0.9F, 0.2F, 0.3F, 0.2F, 0.1F});  // not sure enough
  set(6, {0.9F, 0.60F, 0.0F, 0.0F, 0.0F, 0.0F, 0.9F});  // behind the window's end
  set(7, {std::numeric_limits<float>::quiet_NaN(), 0, 0, 0, 0, 0, 0});
  const auto detections = grid.Decode(numbers.data(), 1000, 40, 0.5);
  EXPECT_EQ(PeaksOf(detections), (std::vector<Peak>{{1005, PeakType::kP}, {1016, PeakType::kR}}));
  EXPECT_EQ(detections[0].confidence, 0.7F);
}

TEST(KeepStrongest, KeepsOnePeakOfATypeWhereSeveralAreNear) {
  const std::vector<Peak> kept = KeepStrongest({{{100, PeakType::kR}, 0.6F},
                                                {{104, PeakType::kR}, 0.9F},
                                                {{106, PeakType::kS}, 0.5F},
                                                {{113, PeakType::kR}, 0.7F},
                                                {{114, PeakType::kR}, 0.8F},
                                                {{200, PeakType::kR}, 0.5F}},
                                               10);
  EXPECT_EQ(
      kept,
      (std::vector<Peak>{
          {104, PeakType::kR}, {106, PeakType::kS}, {114, PeakType::kR}, {200, PeakType::kR}}));
}

}  // namespace
}  // namespace ecg::data
