#include "src/apps/jobs/choose.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <numeric>
#include <queue>
#include <utility>

#include "ecg/challenge/sources.h"
#include "ecg/core/csv.h"
#include "ecg/core/random.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/prediction_columns.h"
#include "ecg/score/logit_map.h"

namespace ecg::jobs {
namespace {

// How near a probability lies to its threshold, in logits, in units of 1 and of how far the members
// lie apart.
double DoubtOf(double probability, double threshold, double spread) {
  if (!(threshold > 0 && threshold < 1)) return 0;
  constexpr double kLeastSlope = 1e-3;  // of the probability over its logit
  const double slope = std::max(probability * (1 - probability), kLeastSlope);
  const double way = std::abs(score::Logit(probability) - score::Logit(threshold));
  return 1 / (1 + way / (1 + spread / slope));
}

// Probabilities of being drawn that are as these measures, at most 1, and add up to `count`.
std::vector<double> Inclusion(const std::vector<double>& measures, double count) {
  std::vector<double> inclusion(measures.size(), 0);
  std::vector<char> certain(measures.size(), 0);
  for (bool again = true; again;) {
    again = false;
    double sum = 0, left = count;
    for (std::size_t i = 0; i < measures.size(); ++i) {
      (certain[i] != 0 ? left : sum) += certain[i] != 0 ? -1 : measures[i];
    }
    for (std::size_t i = 0; i < measures.size(); ++i) {
      inclusion[i] = certain[i] != 0 ? 1 : left * measures[i] / sum;
      if (inclusion[i] < 1 || certain[i] != 0) continue;
      certain[i] = 1;
      again = true;
    }
  }
  return inclusion;
}

std::string Text(double value, const char* format = "%.3g") {
  char text[40];
  std::snprintf(text, sizeof(text), format, value);
  return text;
}

}  // namespace

void Choice::Add(const std::string& record, const infer::RecordAnswer& answer) {
  if (answer.unclassifiable) return;
  Candidate& candidate = candidates_.emplace_back();
  candidate.record = record;
  candidate.source =
      challenge::CanonicalSource(challenge::ResolveSource(answer.info.source, answer.info.name));
  candidate.probabilities = answer.probabilities;
  candidate.thresholds = answer.thresholds;
  candidate.finding = classes_.size();
  double surest = 0;
  for (std::size_t k = 0; k < classes_.size(); ++k) {
    const double probability = static_cast<double>(answer.probabilities[k]);
    const double threshold = answer.thresholds[k];
    const bool found = probability >= threshold;
    const bool defined = k < answer.defined.size() && answer.defined[k] != 0;
    const bool against = defined && (answer.decisions[k] != 0) != found;
    const double spread = k < answer.spread.size() ? static_cast<double>(answer.spread[k]) : 0;
    candidate.against.push_back(against ? 1 : 0);
    candidate.doubts.push_back(against ? 1 : DoubtOf(probability, threshold, spread));
    if (answer.decisions[k] == 0) continue;
    const double margin = score::Logit(probability) - score::Logit(threshold);
    if (candidate.finding < classes_.size() && !(margin > surest)) continue;
    candidate.finding = k;
    surest = margin;
  }
}

std::string Choice::WhyDoubtful(const Candidate& candidate, std::size_t k) const {
  const std::string& name = classes_[k].abbreviation;
  if (candidate.against[k] != 0) return "doubt: " + name + " by definition against the network";
  return "doubt: " + name + " " + Text(static_cast<double>(candidate.probabilities[k])) + " at " +
         Text(candidate.thresholds[k]);
}

std::string Choice::FindingOf(const Candidate& candidate) const {
  return candidate.finding < classes_.size() ? classes_[candidate.finding].abbreviation
                                             : "nothing found";
}

std::vector<Choice::Chosen> Choice::Doubtful(std::size_t count) const {
  std::vector<std::size_t> of_class(classes_.size(), 0);
  std::map<std::string, std::size_t> of_source;
  // The worth of a candidate, and the class that it is doubted for. It only falls while others are
  // chosen, so that the first of the queue is the best once it has been valued anew.
  const auto value = [&](const Candidate& candidate) {
    std::pair<double, std::size_t> best{-1, 0};
    for (std::size_t k = 0; k < classes_.size(); ++k) {
      const double worth = candidate.doubts[k] / static_cast<double>(1 + of_class[k]);
      if (worth > best.first) best = {worth, k};
    }
    const auto source = of_source.find(candidate.source);
    const std::size_t taken = source == of_source.end() ? 0 : source->second;
    best.first /= std::sqrt(static_cast<double>(1 + taken));
    return best;
  };
  using Entry = std::pair<double, std::size_t>;  // worth, candidate; of equals the first
  const auto later = [](const Entry& a, const Entry& b) {
    return a.first != b.first ? a.first < b.first : a.second > b.second;
  };
  std::priority_queue<Entry, std::vector<Entry>, decltype(later)> queue(later);
  for (std::size_t i = 0; i < candidates_.size(); ++i) queue.push({value(candidates_[i]).first, i});
  std::vector<Chosen> chosen;
  while (!queue.empty() && chosen.size() < count) {
    const Entry entry = queue.top();
    queue.pop();
    const Candidate& candidate = candidates_[entry.second];
    const auto [worth, k] = value(candidate);
    if (worth < entry.first) {
      queue.push({worth, entry.second});
      continue;
    }
    ++of_class[k];
    ++of_source[candidate.source];
    chosen.push_back({entry.second, WhyDoubtful(candidate, k), 1});
  }
  return chosen;
}

std::vector<Choice::Chosen> Choice::Drawn(std::size_t count, std::uint64_t seed,
                                          const std::vector<Chosen>& without) const {
  std::vector<char> gone(candidates_.size(), 0);
  for (const Chosen& chosen : without) gone[chosen.candidate] = 1;
  std::map<std::pair<std::size_t, std::string>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    if (gone[i] == 0) groups[{candidates_[i].finding, candidates_[i].source}].push_back(i);
  }
  Rng rng({seed, HashName("choose")});
  std::vector<std::size_t> order;  // group by group
  std::vector<double> measures;
  for (auto& [group, members] : groups) {
    rng.Shuffle(members);
    order.insert(order.end(), members.begin(), members.end());
    measures.insert(measures.end(), members.size(),
                    1 / std::sqrt(static_cast<double>(members.size())));
  }
  count = std::min(count, order.size());
  const std::vector<double> inclusion = Inclusion(measures, static_cast<double>(count));
  // Systematic sampling: one where each whole number, moved by one random start, is passed.
  std::vector<Chosen> drawn;
  double next = rng.Uniform(), sum = 0;
  for (std::size_t i = 0; i < order.size() && drawn.size() < count; ++i) {
    sum += inclusion[i];
    const bool rest_is_needed = order.size() - i == count - drawn.size();  // but for rounding
    if (sum <= next && !rest_is_needed) continue;
    next += 1;
    const Candidate& candidate = candidates_[order[i]];
    std::string why = "random: " + FindingOf(candidate);
    if (!candidate.source.empty()) why += ", " + candidate.source;
    drawn.push_back({order[i], std::move(why), 1 / inclusion[i]});
  }
  return drawn;
}

std::string Choice::Table(std::size_t count, std::uint64_t seed) const {
  count = std::min(count, candidates_.size());
  std::vector<Chosen> chosen = Doubtful(count - count / 2);
  const std::vector<Chosen> drawn = Drawn(count - chosen.size(), seed, chosen);
  chosen.insert(chosen.end(), drawn.begin(), drawn.end());
  std::sort(chosen.begin(), chosen.end(),
            [](const Chosen& a, const Chosen& b) { return a.candidate < b.candidate; });
  std::string text(data::kChosenHeading);
  for (const auto& entry : classes_) text += ',' + CsvLine({entry.abbreviation});
  text += '\n';
  for (const Chosen& one : chosen) {
    const Candidate& candidate = candidates_[one.candidate];
    std::vector<std::string> cells = {candidate.record, one.why, candidate.source,
                                      Text(one.weight, "%.6g")};
    cells.resize(cells.size() + classes_.size());
    text += CsvLine(cells) + '\n';
  }
  return text;
}

}  // namespace ecg::jobs
