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
  std::vector<std::uint8_t> held;  // [classes]: those whose thresholds stay; empty: none
  int folds = 5;
  int repeats = 4;
  std::uint64_t seed = 1;
};

struct PointFit {
  model::Decision decision;  // fitted on all recordings: thresholds and definitions
  std::string definitions;   // what its definitions are, in words; empty: the model's own
  // What the figures are: the challenge metric; where the classes have none, that of the 26 of 2021
  // if these are among them and any of them may move; else the mean F-measure.
  std::string figure;
  // That of the model's own decision, and of decisions fitted to other recordings than those that
  // they are asked about: the mean over several ways to divide them.
  double usual = 0;
  double fitted = 0;
  // Of the first division: the difference with its 95 % interval over recordings.
  score::Difference difference;

  bool Gains() const { return fitted > usual; }
};

// Fits thresholds, starting at those of `usual`, once with its own definitions and once with each
// of a few other habits of naming rates (sinus bradycardia and tachycardia by definition; the same
// instead of sinus rhythm), and takes what does best on recordings it was not fitted on; that it is
// the best of three flatters `fitted` by a little. Throws Exception (kUsage) with fewer than
// 2 x folds recordings.
PointFit FitPoint(const model::Decision& usual, const LabelledAnswers& answers,
                  const challenge::ClassSet& classes, const FitConfig& config);

// Thresholds at which each class that has at least `least` examples is found in this share of them,
// and not more often than that takes; those of `usual` where they find as many.
std::vector<double> ThresholdsThatFind(const model::Decision& usual, const LabelledAnswers& answers,
                                       double share, std::size_t least);

}  // namespace ecg::infer
