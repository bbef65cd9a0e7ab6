#include "ecg/score/baselines.h"

#include <algorithm>
#include <optional>

#include "ecg/core/random.h"

namespace ecg::score {
namespace {

Outcomes AlwaysNormal(const Outcomes& labels, std::size_t normal) {
  Outcomes outcomes = labels;
  for (std::size_t cell = 0; cell < outcomes.labels.size(); ++cell) {
    const bool is_normal = cell % outcomes.classes == normal;
    outcomes.decisions[cell] = is_normal ? 1 : 0;
    outcomes.scores[cell] = is_normal ? 1 : 0;
  }
  return outcomes;
}

// A decision is positive where the score, uniform in [0, 1), exceeds 1 - rate of its class.
Outcomes Random(const Outcomes& labels, const std::vector<double>& rates, std::uint64_t seed) {
  Outcomes outcomes = labels;
  Rng rng({seed, HashName("baseline")});
  for (std::size_t cell = 0; cell < outcomes.labels.size(); ++cell) {
    outcomes.scores[cell] = rng.Uniform();
    outcomes.decisions[cell] = outcomes.scores[cell] >= 1 - rates[cell % outcomes.classes] ? 1 : 0;
  }
  return outcomes;
}

std::vector<double> Prevalences(const Outcomes& outcomes) {
  std::vector<double> rates(outcomes.classes);
  for (std::size_t cell = 0; cell < outcomes.labels.size(); ++cell) {
    rates[cell % outcomes.classes] += outcomes.labels[cell];
  }
  for (double& rate : rates) {
    rate /= static_cast<double>(std::max<std::size_t>(outcomes.recordings, 1));
  }
  return rates;
}

}  // namespace

std::vector<Baseline> Baselines(const Outcomes& outcomes, const challenge::ClassSet& classes,
                                std::uint64_t seed, int threads) {
  const std::vector<double> coin(classes.size(), 0.5);
  std::vector<Baseline> baselines;
  const auto add = [&](const char* key, const char* title, const Outcomes& made) {
    baselines.push_back({key, title, Evaluate(made, classes, threads)});
  };
  if (const std::optional<std::size_t> normal = classes.normal_index()) {
    add("always_normal", "always normal", AlwaysNormal(outcomes, *normal));
  }
  add("random", "random (fair coin)", Random(outcomes, coin, seed));
  add("random_by_prevalence", "random by prevalence",
      Random(outcomes, Prevalences(outcomes), seed));
  return baselines;
}

}  // namespace ecg::score
