// What version 0.1.0 wrote and said is read and said for ever, by every engine.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "ecg/apps/jobs/predict_folder.h"
#include "ecg/core/file.h"
#include "ecg/core/progress.h"
#include "ecg/data/labels/prediction_file.h"
#include "ecg/infer/ensemble.h"
#include "ecg/model/network.h"
#include "tests/support.h"

namespace ecg::test {

inline void ExpectFormat1PredictsAsItsProgramDid(const model::NetworkFactory& networks) {
  const TemporaryFolder folder;
  TestRecord record;
  record.samples = 1500;
  record.signal = [](std::size_t lead, double t) {
    return 0.8 * std::sin(6.28 * t * static_cast<double>(lead + 1) / 4);
  };
  WriteRecord(folder / "in", record);
  const std::filesystem::path golden = SourcePath("tests/golden/bundle_format_1");
  const infer::Ensemble ensemble = infer::LoadEnsemble(golden, networks).value();
  ProgressBar silent(nullptr);
  jobs::PredictFolder(ensemble, folder / "in", folder / "out", {}, silent);
  const auto expected = data::ParsePrediction(*ReadFile(golden / "prediction.csv"), "").value();
  const auto found = data::ParsePrediction(*ReadFile(folder / "out/A0001.csv"), "").value();
  EXPECT_EQ(found.classes, expected.classes);
  EXPECT_EQ(found.decisions, expected.decisions);
  ASSERT_EQ(found.scores.size(), expected.scores.size());
  for (std::size_t k = 0; k < expected.scores.size(); ++k) {
    EXPECT_NEAR(found.scores[k], expected.scores[k], 1e-5) << k;
  }
}

}  // namespace ecg::test
