// Our figures beside those of the unmodified official scorers on the same 250 pairs of files.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "ecg/core/file.h"
#include "ecg/data/labels/score_input.h"
#include "ecg/report/official_text.h"
#include "ecg/score/metrics.h"
#include "tests/support.h"

namespace ecg::report {
namespace {
namespace fs = std::filesystem;

constexpr const char* kArchive = "golden/scoring.tar.xz";

score::Metrics Score(const fs::path& folder, score::Challenge challenge, bool official) {
  data::InputOptions options;
  options.scoring = challenge;
  options.official = official;
  const data::ScoreInput input =
      data::ReadScoreInput(folder / "labels", {folder / "outputs"}, options).value();
  EXPECT_EQ(input.failed, 0u);
  return score::Evaluate(input.outcomes.at(0), score::Scoring(challenge).classes());
}

fs::path GoldenFolder(const fs::path& unpacked) {
  return fs::exists(unpacked / "scoring") ? unpacked / "scoring" : unpacked;
}

TEST(Golden, EqualsTheOfficialFiguresOf2021InEveryDigit) {
  ECG_NEED_SHARED(unpacked, kArchive);
  const fs::path folder = GoldenFolder(unpacked);
  // Python writes NaN into its JSON.
  std::string text = ReadFile(folder / "full_precision.json").value();
  for (std::size_t at = text.find("NaN"); at != std::string::npos; at = text.find("NaN")) {
    text.replace(at, 3, "null");
  }
  const nlohmann::json golden = nlohmann::json::parse(text);
  for (const bool official : {true, false}) {
    const score::Metrics metrics = Score(folder, score::Challenge::k2021, official);
    EXPECT_EQ(metrics.auroc, golden["auroc"].get<double>());
    EXPECT_EQ(metrics.auprc, golden["auprc"].get<double>());
    EXPECT_EQ(metrics.accuracy, golden["accuracy"].get<double>());
    EXPECT_EQ(metrics.f_measure, golden["f_measure"].get<double>());
    EXPECT_EQ(metrics.challenge, golden["challenge_metric"].get<double>());
    const auto expect_class = [&](const char* name, std::size_t k, double got) {
      const nlohmann::json& value = golden[name][k];
      if (value.is_null()) {
        EXPECT_TRUE(std::isnan(got)) << name << " of class " << k;
      } else {
        EXPECT_EQ(got, value.get<double>()) << name << " of class " << k;
      }
    };
    for (std::size_t k = 0; k < metrics.per_class.size(); ++k) {
      expect_class("auroc_classes", k, metrics.per_class[k].auroc);
      expect_class("auprc_classes", k, metrics.per_class[k].auprc);
      expect_class("f_measure_classes", k, metrics.per_class[k].f_measure);
    }
  }
}

TEST(Golden, WritesTheBytesOfTheOfficialFiles) {
  ECG_NEED_SHARED(unpacked, kArchive);
  const fs::path folder = GoldenFolder(unpacked);
  const score::Metrics of_2021 = Score(folder, score::Challenge::k2021, true);
  EXPECT_EQ(OfficialScores(of_2021, score::Challenge::k2021),
            ReadFile(folder / "scores.csv").value());
  EXPECT_EQ(OfficialClassScores(of_2021, score::Challenge::k2021),
            ReadFile(folder / "class_scores.csv").value());
  const score::Metrics of_2020 = Score(folder, score::Challenge::k2020, true);
  EXPECT_EQ(OfficialScores(of_2020, score::Challenge::k2020),
            ReadFile(folder / "scores_2020.csv").value());
  EXPECT_EQ(OfficialClassScores(of_2020, score::Challenge::k2020),
            ReadFile(folder / "class_scores_2020.csv").value());
}

}  // namespace
}  // namespace ecg::report
