#include "ecg/infer/explain.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "ecg/data/prepare/window.h"

namespace ecg::infer {
namespace {

constexpr std::size_t kWindowsAtATime = 4;
constexpr double kMomentShare = 0.25;  // of the strongest bin, down to which a moment lasts

// Adds what a member says of a class to `evidence`, [channels][bins].
void AddEvidence(const Member& member, const data::ReadyRecord& record,
                 const std::vector<std::uint8_t>& keep, std::size_t column, double weight,
                 std::vector<std::vector<float>>& evidence) {
  const double rate = member.info.preprocess.sampling_rate;
  const auto window = static_cast<std::size_t>(member.info.window.samples);
  const std::size_t channels = member.info.preprocess.leads.size();
  const std::size_t samples =
      std::min(record.signal.samples, static_cast<std::size_t>(kLongestExplanation * rate));
  const std::vector<std::size_t> starts =
      data::WindowStarts(samples, window, member.info.window.overlap);
  std::vector<float> signal;
  for (std::size_t first = 0; first < starts.size(); first += kWindowsAtATime) {
    const std::size_t count = std::min(kWindowsAtATime, starts.size() - first);
    signal.resize(count * channels * window);
    for (std::size_t w = 0; w < count; ++w) {
      data::CopyWindow(record.signal, starts[first + w], window, keep,
                       signal.data() + w * channels * window);
    }
    const std::vector<float> own = member.network->Attribute(signal.data(), count, column);
    for (std::size_t i = 0; i < own.size(); ++i) {
      const std::size_t sample = starts[first + i / (channels * window)] + i % window;
      if (sample >= samples) continue;
      std::vector<float>& lead = evidence[i / window % channels];
      const auto bin =
          static_cast<std::size_t>(static_cast<double>(sample) / rate / kExplanationBin);
      if (bin >= lead.size()) lead.resize(bin + 1);
      lead[bin] += static_cast<float>(weight / static_cast<double>(starts.size())) * own[i];
    }
  }
}

// The evidence for the class alone.
double Positive(float value) { return std::max(0.0, static_cast<double>(value)); }

void Summarise(const std::vector<std::string>& leads, Explanation& explanation) {
  const auto& evidence = explanation.evidence;
  std::vector<double> all(evidence.empty() ? 0 : evidence[0].size());
  double total = 0;
  for (const std::vector<float>& lead : evidence) {
    double own = 0;
    for (std::size_t bin = 0; bin < lead.size(); ++bin) {
      own += Positive(lead[bin]);
      all[bin] += Positive(lead[bin]);
    }
    explanation.lead_shares.push_back(own);
    total += own;
  }
  if (!(total > 0)) return;
  for (double& share : explanation.lead_shares) share /= total;
  while (explanation.moments.size() < kExplainedMoments) {
    const auto strongest = std::max_element(all.begin(), all.end());
    if (!(*strongest > 0)) break;
    auto first = strongest, last = strongest;
    const double least = kMomentShare * *strongest;
    while (first != all.begin() && *(first - 1) > least) --first;
    while (last + 1 != all.end() && *(last + 1) > least) ++last;
    const auto begin = static_cast<std::size_t>(first - all.begin());
    const auto end = static_cast<std::size_t>(last - all.begin()) + 1;
    Moment moment;
    moment.from = static_cast<double>(begin) * kExplanationBin;
    moment.to = static_cast<double>(end) * kExplanationBin;
    double most = -1;
    for (std::size_t k = 0; k < evidence.size(); ++k) {
      double own = 0;
      for (std::size_t bin = begin; bin < end; ++bin) own += Positive(evidence[k][bin]);
      moment.share += own / total;
      if (own > most) {
        most = own;
        moment.lead = leads[k];
      }
    }
    explanation.moments.push_back(std::move(moment));
    std::fill(first, last + 1, 0.0);
  }
  std::sort(explanation.moments.begin(), explanation.moments.end(),
            [](const Moment& a, const Moment& b) { return a.share > b.share; });
}

// The column of an ensemble's class among a group's own; none where the group does not know it.
std::optional<std::size_t> ColumnOf(const Ensemble& ensemble, bool by_specialists, std::size_t k) {
  if (!by_specialists) return k;
  const std::vector<std::size_t>& columns = ensemble.route->columns;
  const auto found = std::find(columns.begin(), columns.end(), k);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

}  // namespace

std::vector<Explanation> Explain(const Ensemble& ensemble,
                                 const std::vector<data::ReadyRecord>& ready,
                                 const std::vector<std::uint8_t>& keep,
                                 const RecordAnswer& answer) {
  const std::vector<std::uint8_t>& decisions = answer.decisions;
  const bool by_specialists = answer.by_specialists && ensemble.route;
  const Group& group = by_specialists ? ensemble.route->specialists : ensemble.general;
  const std::vector<data::PreprocessConfig> preparations = ensemble.Preparations();
  std::vector<Explanation> explanations;
  for (std::size_t k = 0; k < decisions.size(); ++k) {
    const auto column = ColumnOf(ensemble, by_specialists, k);
    const auto probability = static_cast<double>(answer.probabilities[k]);
    if (decisions[k] == 0 || !column || probability < answer.thresholds[k]) continue;
    Explanation explanation;
    explanation.abbreviation = ensemble.classes()[k].abbreviation;
    explanation.probability = answer.probabilities[k];
    if (!group.decision.criteria.empty()) {
      explanation.criterion = group.decision.criteria[*column].criterion;
      explanation.excess = answer.excess[*column];
    }
    explanation.evidence.resize(preparations.front().leads.size());
    for (const Member& member : group.members) {
      const auto way = std::find(preparations.begin(), preparations.end(), member.info.preprocess);
      AddEvidence(member, ready[static_cast<std::size_t>(way - preparations.begin())], keep,
                  *column, 1 / static_cast<double>(group.members.size()), explanation.evidence);
    }
    std::size_t bins = 0;
    for (const auto& lead : explanation.evidence) bins = std::max(bins, lead.size());
    for (auto& lead : explanation.evidence) lead.resize(bins);
    Summarise(preparations.front().leads, explanation);
    explanations.push_back(std::move(explanation));
  }
  return explanations;
}

}  // namespace ecg::infer
