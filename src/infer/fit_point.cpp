#include "ecg/infer/fit_point.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "ecg/core/random.h"
#include "ecg/score/evaluator.h"
#include "ecg/score/metric_list.h"
#include "ecg/score/metrics.h"

namespace ecg::infer {
namespace {

using model::Decision;
using model::Definition;

// The rows of `of`, [recordings][width], that are named.
template <typename T>
std::vector<T> Rows(const std::vector<T>& of, std::size_t width,
                    const std::vector<std::size_t>& rows) {
  std::vector<T> picked;
  picked.reserve(rows.size() * width);
  for (const std::size_t row : rows) {
    const auto begin = of.begin() + static_cast<std::ptrdiff_t>(row * width);
    picked.insert(picked.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
  }
  return picked;
}

// One way to decide, with what its definitions say of every recording.
struct Habit {
  std::string words;
  Decision decision;
  std::vector<std::vector<Verdict>> verdicts;
};

class Fitter {
 public:
  Fitter(const LabelledAnswers& answers, const challenge::ClassSet& classes,
         const FitConfig& config)
      : answers_(answers), classes_(classes), config_(config), all_(answers.size()) {
    std::iota(all_.begin(), all_.end(), std::size_t{0});
    columns_ = Find2021Beside(classes);
    // Of classes that stay there is nothing to tell.
    const auto moves = [this](std::size_t k) { return Moves(k); };
    if (std::none_of(columns_.begin(), columns_.end(), moves)) columns_.clear();
  }

  Habit MakeHabit(std::string words, Decision decision) const {
    Habit habit{std::move(words), std::move(decision), {}};
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      habit.verdicts.push_back(answers_.measured[i]
                                   ? JudgeDefinitions(habit.decision.definitions,
                                                      *answers_.measured[i], answers_.sexes[i])
                                   : std::vector<Verdict>());
    }
    return habit;
  }

  // Decisions fitted on some recordings.
  Decision Fit(const Habit& habit, const std::vector<std::size_t>& rows) const {
    const std::size_t width = answers_.classes;
    Decision fitted = habit.decision;
    fitted.thresholds =
        FitThresholds(Rows(answers_.labels, width, rows), Rows(answers_.probabilities, width, rows),
                      classes_, habit.decision, config_.pull / static_cast<double>(rows.size()),
                      config_.held, Rows(habit.verdicts, 1, rows));
    return fitted;
  }
  Decision FitAll(const Habit& habit) const { return Fit(habit, all_); }

  // uint8 [recordings][classes], those of `rows`, the others as they are.
  void Decide(const Habit& habit, const Decision& decision, const std::vector<std::size_t>& rows,
              std::vector<std::uint8_t>& decisions) const {
    const std::size_t width = answers_.classes;
    for (const std::size_t i : rows) {
      const std::vector<std::uint8_t> own =
          infer::Decide(answers_.probabilities.data() + i * width, classes_.classes(), decision,
                        habit.verdicts[i]);
      std::copy(own.begin(), own.end(), decisions.begin() + static_cast<std::ptrdiff_t>(i * width));
    }
  }
  std::vector<std::uint8_t> DecideAll(const Habit& habit) const {
    std::vector<std::uint8_t> decisions(answers_.labels.size());
    Decide(habit, habit.decision, all_, decisions);
    return decisions;
  }

  // Each recording decided by what was fitted on the other folds.
  std::vector<std::uint8_t> CrossFit(const Habit& habit, int repeat) const {
    std::vector<std::uint8_t> decisions(answers_.labels.size());
    ForEachFold(repeat, [&](const auto& own, const auto& others) {
      Decide(habit, Fit(habit, others), own, decisions);
    });
    return decisions;
  }

  // One map a class: the identity where it is held.
  std::vector<score::LogitMap> FitCalibration(const std::vector<std::size_t>& rows) const {
    const std::size_t width = answers_.classes;
    std::vector<score::LogitMap> maps = score::FitHeldLogitMaps(
        Rows(answers_.labels, width, rows), Rows(answers_.probabilities, width, rows), width,
        config_.calibration);
    for (std::size_t k = 0; k < width; ++k) {
      if (!Moves(k)) maps[k] = {};
    }
    return maps;
  }
  std::vector<score::LogitMap> CalibrateAll() const { return FitCalibration(all_); }

  // float [recordings][classes]: each recording's as what was fitted on the other folds maps them.
  std::vector<float> CrossCalibrate(int repeat) const {
    const std::size_t width = answers_.classes;
    std::vector<float> mapped = answers_.probabilities;
    ForEachFold(repeat, [&](const auto& own, const auto& others) {
      const std::vector<score::LogitMap> maps = FitCalibration(others);
      for (const std::size_t i : own) {
        for (std::size_t k = 0; k < width; ++k) {
          float& probability = mapped[i * width + k];
          probability = maps[k].Apply(probability);
        }
      }
    });
    return mapped;
  }

  // Of the classes that may move; 0 where none does.
  double LogLoss(const std::vector<float>& probabilities) const {
    std::vector<std::size_t> moving;
    for (std::size_t k = 0; k < answers_.classes; ++k) {
      if (Moves(k)) moving.push_back(k);
    }
    if (moving.empty()) return 0;
    return score::LogLoss(Columns(answers_.labels, answers_.classes, moving),
                          Columns(probabilities, answers_.classes, moving));
  }

  // The classes that the figure is of.
  const challenge::ClassSet& Counted() const {
    return columns_.empty() ? classes_ : challenge::Classes2021();
  }

  std::string FigureName() const {
    if (!columns_.empty()) return "challenge metric of the 26";
    return classes_.HasChallengeMetric() ? "challenge metric" : "mean F-measure";
  }

  double Figure(const std::vector<std::uint8_t>& decisions) const {
    if (Counted().HasChallengeMetric()) {
      return score::ChallengeMetric(Picked(answers_.labels), Picked(decisions), Counted());
    }
    return score::Evaluate(OutcomesOf(decisions), Counted()).f_measure;
  }

  score::Difference Compare(const std::vector<std::uint8_t>& usual,
                            const std::vector<std::uint8_t>& fitted) const {
    const score::Evaluator first(OutcomesOf(usual), Counted());
    const score::Evaluator second(OutcomesOf(fitted), Counted());
    const score::Scoring scoring(Counted());
    const auto differences =
        score::CompareByBootstrap(first, second, scoring, score::BootstrapOptions());
    const auto& fields = score::MetricFields(scoring);
    const char* wanted = Counted().HasChallengeMetric() ? "challenge" : "f_measure";
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].key == wanted) return differences[i];
    }
    return {};
  }

 private:
  bool Moves(std::size_t k) const { return config_.held.empty() || config_.held[k] == 0; }

  // Calls use(own, others) for each fold of one way to divide the recordings.
  template <typename Use>
  void ForEachFold(int repeat, const Use& use) const {
    std::vector<std::size_t> order = all_;
    Rng({config_.seed, static_cast<std::uint64_t>(repeat)}).Shuffle(order);
    const auto folds = static_cast<std::size_t>(config_.folds);
    for (std::size_t fold = 0; fold < folds; ++fold) {
      std::vector<std::size_t> own, others;
      for (std::size_t i = 0; i < order.size(); ++i) {
        (i % folds == fold ? own : others).push_back(order[i]);
      }
      std::sort(others.begin(), others.end());
      use(own, others);
    }
  }

  // The columns that the figure is of.
  template <typename T>
  std::vector<T> Picked(const std::vector<T>& rows) const {
    return columns_.empty() ? rows : Columns(rows, answers_.classes, columns_);
  }

  score::Outcomes OutcomesOf(const std::vector<std::uint8_t>& decisions) const {
    score::Outcomes outcomes;
    outcomes.recordings = answers_.size();
    outcomes.classes = Counted().size();
    outcomes.labels = Picked(answers_.labels);
    outcomes.decisions = Picked(decisions);
    const std::vector<float> scores = Picked(answers_.probabilities);
    outcomes.scores.assign(scores.begin(), scores.end());
    return outcomes;
  }

  const LabelledAnswers& answers_;
  const challenge::ClassSet& classes_;
  const FitConfig& config_;
  std::vector<std::size_t> all_;
  std::vector<std::size_t> columns_;  // of the 26, where the figure is theirs alone; empty: all
};

// The model's own definitions, with those that name the rates of sinus rhythm in their places.
std::vector<Definition> WithRates(const std::vector<Definition>& own, bool instead_of_normal) {
  std::vector<Definition> rates;
  for (const Definition& definition : model::GuidelineDefinitions()) {
    if (definition.diagnosis != "SB" && definition.diagnosis != "STach") continue;
    rates.push_back(definition);
    if (instead_of_normal) rates.back().instead_of = {"NSR"};
  }
  for (const Definition& definition : own) {
    const bool replaced = std::any_of(rates.begin(), rates.end(), [&](const Definition& rate) {
      return rate.diagnosis == definition.diagnosis;
    });
    if (!replaced) rates.push_back(definition);
  }
  return rates;
}

std::vector<Habit> HabitsOf(const Decision& usual, const Fitter& fitter) {
  std::vector<Habit> habits = {fitter.MakeHabit("", usual)};
  for (const bool instead : {false, true}) {
    Decision decision = usual;
    decision.definitions = WithRates(usual.definitions, instead);
    const bool known = std::any_of(habits.begin(), habits.end(), [&](const Habit& habit) {
      return habit.decision.definitions == decision.definitions;
    });
    if (known) continue;
    habits.push_back(fitter.MakeHabit(
        instead ? "sinus bradycardia and tachycardia by rate, instead of sinus rhythm"
                : "sinus bradycardia and tachycardia by rate",
        std::move(decision)));
  }
  return habits;
}

}  // namespace

void LabelledAnswers::Add(const std::vector<std::uint8_t>& label, const RecordAnswer& answer) {
  classes = label.size();
  labels.insert(labels.end(), label.begin(), label.end());
  probabilities.insert(probabilities.end(), answer.probabilities.begin(),
                       answer.probabilities.end());
  decisions.insert(decisions.end(), answer.decisions.begin(), answer.decisions.end());
  std::optional<Measured>& kept = measured.emplace_back();
  if (answer.measured) {
    // What definitions are judged by: the beats of many recordings would take more than all else.
    kept.emplace();
    kept->measured_leads = answer.measured->measured_leads;
    kept->values = answer.measured->values;
  }
  sexes.push_back(answer.info.sex);
}

void LabelledAnswers::FillUnspoken(const Decision& usual, const challenge::ClassSet& set,
                                   const std::vector<std::uint8_t>& held) {
  for (std::size_t i = 0; i < size(); ++i) {
    const std::size_t at = i * classes;
    const auto verdicts = measured[i] ? JudgeDefinitions(usual.definitions, *measured[i], sexes[i])
                                      : std::vector<Verdict>();
    const auto decided = Decide(probabilities.data() + at, set.classes(), usual, verdicts);
    for (std::size_t k = 0; k < classes; ++k) {
      if (held[k] != 0) labels[at + k] = decided[k];
    }
  }
}

PointFit FitPoint(const Decision& usual, const LabelledAnswers& answers,
                  const challenge::ClassSet& classes, const FitConfig& config) {
  const auto least = static_cast<std::size_t>(2 * config.folds);
  if (answers.size() < least) {
    throw Exception(UsageError("needs " + std::to_string(least) +
                               " labelled recordings or more, has " +
                               std::to_string(answers.size())));
  }
  const Fitter fitter(answers, classes, config);
  const std::vector<Habit> habits = HabitsOf(usual, fitter);
  const std::vector<std::uint8_t> before = fitter.DecideAll(habits.front());
  PointFit best;
  best.figure = fitter.FigureName();
  best.usual = fitter.Figure(before);
  const Habit* chosen = nullptr;
  std::vector<std::uint8_t> after;  // by the chosen one, of the first division
  for (const Habit& habit : habits) {
    double sum = 0;
    std::vector<std::uint8_t> first;
    for (int repeat = 0; repeat < config.repeats; ++repeat) {
      std::vector<std::uint8_t> decisions = fitter.CrossFit(habit, repeat);
      sum += fitter.Figure(decisions);
      if (repeat == 0) first = std::move(decisions);
    }
    const double figure = sum / config.repeats;
    if (chosen != nullptr && !(figure > best.fitted)) continue;
    chosen = &habit;
    best.fitted = figure;
    best.definitions = habit.words;
    after = std::move(first);
  }
  best.difference = fitter.Compare(before, after);
  best.decision = fitter.FitAll(*chosen);
  best.usual_log_loss = fitter.LogLoss(answers.probabilities);
  for (int repeat = 0; repeat < config.repeats; ++repeat) {
    best.log_loss += fitter.LogLoss(fitter.CrossCalibrate(repeat)) / config.repeats;
  }
  if (best.log_loss < best.usual_log_loss) best.calibration = fitter.CalibrateAll();
  return best;
}

Decision Recalibrated(Decision decision, const std::vector<score::LogitMap>& maps) {
  if (maps.empty()) return decision;
  if (decision.calibration.empty()) decision.calibration.resize(maps.size());
  for (std::size_t k = 0; k < maps.size(); ++k) {
    const double slope = maps[k].slope, offset = maps[k].offset;
    // The last map of the class takes it in: all of them are affine in the logit.
    if (!decision.criteria.empty() && decision.criteria[k].criterion != dsp::Criterion::kNone) {
      score::CriterionMap& last = decision.criteria[k].map;
      last = {slope * last.slope, slope * last.offset + offset, slope * last.below,
              slope * last.above};
    } else {
      score::LogitMap& last = decision.calibration[k];
      last = {slope * last.slope, slope * last.offset + offset};
    }
    double& threshold = decision.thresholds[k];
    // Beyond these there is what is always decided, and what never is.
    if (threshold > 0 && threshold < 1) {
      threshold = score::Sigmoid(slope * score::Logit(threshold) + offset);
    }
  }
  return decision;
}

std::vector<double> ThresholdsThatFind(const Decision& usual, const LabelledAnswers& answers,
                                       double share, std::size_t least) {
  std::vector<double> thresholds = usual.thresholds;
  for (std::size_t k = 0; k < answers.classes; ++k) {
    std::vector<double> positives;
    for (std::size_t cell = k; cell < answers.labels.size(); cell += answers.classes) {
      if (answers.labels[cell] != 0) {
        positives.push_back(static_cast<double>(answers.probabilities[cell]));
      }
    }
    if (positives.size() < std::max<std::size_t>(least, 1)) continue;
    std::sort(positives.begin(), positives.end(), std::greater<>());
    const auto found =
        static_cast<std::size_t>(std::ceil(share * static_cast<double>(positives.size()) - 1e-9));
    thresholds[k] = std::min(thresholds[k], positives[std::max<std::size_t>(found, 1) - 1]);
  }
  return thresholds;
}

}  // namespace ecg::infer
