// Operating points fitted to the labelled recordings of one place.
//
// Hospitals name the same findings differently and have other patients; what a network orders well
// anywhere it decides well only where its thresholds were fitted. Some dozen recordings tell a good
// deal of that, if they may move the model's own thresholds no further than they insist on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/infer/decide.h"
#include "ecg/model/decision.h"
#include "ecg/score/bootstrap.h"
#include "ecg/score/held_logit_map.h"

namespace ecg::infer {

// What a model says of recordings whose diagnoses are known.
struct LabelledAnswers {
  std::size_t classes = 0;
  std::vector<std::uint8_t> labels;               // [recordings][classes]
  std::vector<float> probabilities;               // [recordings][classes], before thresholds
  std::vector<std::uint8_t> decisions;            // [recordings][classes], as the model decides
  std::vector<std::optional<Measured>> measured;  // [recordings]
  std::vector<std::optional<record::Sex>> sexes;  // [recordings]

  std::size_t size() const { return measured.size(); }
  void Add(const std::vector<std::uint8_t>& label, const RecordAnswer& answer);
  // Of classes that the labels do not speak of, held uint8 [classes], what `usual` decides becomes
  // the label: so it counts as right.
  void FillUnspoken(const model::Decision& usual, const challenge::ClassSet& set,
                    const std::vector<std::uint8_t>& held);
};

struct FitConfig {
  // Divided by the number of recordings it is score::ThresholdStart::pull. The value is from LUDB,
  // Georgia and CPSC, where anything from a third to twice of it gains as much.
  double pull = 0.05;
  // What holds the probabilities. The values are from Georgia, where offsets held by .3 to 1 and
  // slopes by 10 to 30 gain as much.
  score::LogitPrior calibration = {10, 1};
  // [classes]: those whose thresholds and probabilities stay; empty: none
  std::vector<std::uint8_t> held;
  int folds = 5;
  int repeats = 4;
  std::uint64_t seed = 1;
};

struct PointFit {
  // Fitted on all recordings: thresholds, of the probabilities as they were, and definitions.
  model::Decision decision;
  std::string definitions;  // what its definitions are, in words; empty: the model's own
  // What the figures are: the challenge metric; where the classes have none, that of the 26 of 2021
  // if these are among them and any of them may move; else the mean F-measure.
  std::string figure;
  // That of the model's own decision, and of decisions fitted to other recordings than those that
  // they are asked about: the mean over several ways to divide them.
  double usual = 0;
  double fitted = 0;
  // Of the first division: the difference with its 95 % interval over recordings.
  score::Difference difference;

  // What makes the probabilities mean what they say here, one a class; empty where the log loss on
  // recordings that it was not fitted to is none the better for it. See Recalibrated.
  std::vector<score::LogitMap> calibration;
  // That log loss: of the model's own probabilities and of those mapped, over all cells whose class
  // may move; the mean over the same ways to divide.
  double usual_log_loss = 0;
  double log_loss = 0;

  bool Gains() const { return fitted > usual; }
};

// Fits thresholds, starting at those of `usual`, once with its own definitions and once with each
// of a few other habits of naming rates (sinus bradycardia and tachycardia by definition; the same
// instead of sinus rhythm), and takes what does best on recordings it was not fitted on; that it is
// the best of three flatters `fitted` by a little. Throws Exception (kUsage) with fewer than
// 2 x folds recordings.
PointFit FitPoint(const model::Decision& usual, const LabelledAnswers& answers,
                  const challenge::ClassSet& classes, const FitConfig& config);

// The decision with a map more, one a class, behind all that moves its probabilities. Thresholds
// move along, so that it decides as before.
model::Decision Recalibrated(model::Decision decision, const std::vector<score::LogitMap>& maps);

// Thresholds at which each class that has at least `least` examples is found in this share of them,
// and not more often than that takes; those of `usual` where they find as many.
std::vector<double> ThresholdsThatFind(const model::Decision& usual, const LabelledAnswers& answers,
                                       double share, std::size_t least);

}  // namespace ecg::infer
