#include "ecg/infer/explain.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "ecg/data/prepare/window.h"
#include "ecg/model/network_layout.h"

namespace ecg::infer {
namespace {

// At a time: so many windows and classes, or fewer where they would take more memory.
constexpr double kMostWindows = 4;
constexpr double kWindowBytes = 512 << 20;
constexpr double kClassBytes = 256 << 20;
constexpr double kCopies = 3;              // of a class's evidence, while it is made
constexpr std::size_t kLeastNewShare = 8;  // an eighth of a window
constexpr double kMomentShare = 0.25;      // of the strongest bin, down to which a moment lasts

// Of each class that is explained, [channels][bins].
using Evidence = std::vector<std::vector<float>>;

// Where the windows begin that are looked at: they cover the recording, and one that would add
// little to those before it, as of ten seconds in windows of 9.92, is left out.
std::vector<std::size_t> StartsOf(std::size_t samples, const model::WindowConfig& window) {
  const auto length = static_cast<std::size_t>(window.samples);
  std::vector<std::size_t> starts = data::WindowStarts(samples, length, window.overlap);
  const std::size_t count = starts.size();
  if (count > 1 && starts[count - 1] - starts[count - 2] < length / kLeastNewShare) {
    starts.pop_back();
  }
  return starts;
}

// As many as fit, but at least one and at most `most`.
std::size_t AtATime(double most, double bytes, double of_each) {
  return static_cast<std::size_t>(std::clamp(bytes / of_each, 1.0, most));
}

// Adds what a member says of some classes to their evidence.
void AddEvidence(const Member& member, const data::ReadyRecord& record,
                 const std::vector<std::uint8_t>& keep, const std::vector<std::size_t>& columns,
                 double weight, std::vector<Evidence>& evidence) {
  const double rate = member.info.preprocess.sampling_rate;
  const auto window = static_cast<std::size_t>(member.info.window.samples);
  const std::size_t channels = member.info.preprocess.leads.size();
  const std::size_t samples =
      std::min(record.signal.samples, static_cast<std::size_t>(kLongestExplanation * rate));
  const std::vector<std::size_t> starts = StartsOf(samples, member.info.window);
  const auto share = static_cast<float>(weight / static_cast<double>(starts.size()));
  const std::size_t windows =
      AtATime(kMostWindows, kWindowBytes, model::CostOfWindow(member.info.architecture).all);
  const std::size_t classes =
      AtATime(static_cast<double>(columns.size()), kClassBytes,
              kCopies * static_cast<double>(windows * channels * window * sizeof(float)));
  std::vector<float> signal;
  for (std::size_t first = 0; first < starts.size(); first += windows) {
    const std::size_t count = std::min(windows, starts.size() - first);
    signal.resize(count * channels * window);
    for (std::size_t w = 0; w < count; ++w) {
      data::CopyWindow(record.signal, starts[first + w], window, keep,
                       signal.data() + w * channels * window);
    }
    for (std::size_t from = 0; from < columns.size(); from += classes) {
      const std::vector<std::size_t> some(
          columns.begin() + static_cast<std::ptrdiff_t>(from),
          columns.begin() + static_cast<std::ptrdiff_t>(std::min(from + classes, columns.size())));
      const auto own = member.network->Attribute(signal.data(), count, some);
      for (std::size_t i = 0; i < signal.size(); ++i) {
        const std::size_t sample = starts[first + i / (channels * window)] + i % window;
        if (sample >= samples) continue;
        const auto bin =
            static_cast<std::size_t>(static_cast<double>(sample) / rate / kExplanationBin);
        for (std::size_t k = 0; k < some.size(); ++k) {
          std::vector<float>& lead = evidence[from + k][i / window % channels];
          if (bin >= lead.size()) lead.resize(bin + 1);
          lead[bin] += share * own[k][i];
        }
      }
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
                                 const std::vector<std::uint8_t>& keep, const RecordAnswer& answer,
                                 const std::vector<std::size_t>& only) {
  const bool by_specialists = answer.by_specialists && ensemble.route;
  const Group& group = by_specialists ? ensemble.route->specialists : ensemble.general;
  const std::vector<data::PreprocessConfig> preparations = ensemble.Preparations();
  std::vector<Explanation> explanations;
  std::vector<std::size_t> columns;
  for (std::size_t k = 0; k < answer.decisions.size(); ++k) {
    const auto column = ColumnOf(ensemble, by_specialists, k);
    const auto probability = static_cast<double>(answer.probabilities[k]);
    if (answer.decisions[k] == 0 || !column || probability < answer.thresholds[k]) continue;
    if (!only.empty() && std::find(only.begin(), only.end(), k) == only.end()) continue;
    Explanation& explanation = explanations.emplace_back();
    explanation.abbreviation = ensemble.classes()[k].abbreviation;
    explanation.probability = answer.probabilities[k];
    if (!group.decision.criteria.empty()) {
      explanation.criterion = group.decision.criteria[*column].criterion;
      explanation.excess = answer.excess[*column];
    }
    columns.push_back(*column);
  }
  if (columns.empty()) return explanations;
  std::vector<Evidence> evidence(columns.size(), Evidence(preparations.front().leads.size()));
  for (const Member& member : group.members) {
    const auto way = std::find(preparations.begin(), preparations.end(), member.info.preprocess);
    AddEvidence(member, ready[static_cast<std::size_t>(way - preparations.begin())], keep, columns,
                1 / static_cast<double>(group.members.size()), evidence);
  }
  for (std::size_t k = 0; k < columns.size(); ++k) {
    std::size_t bins = 0;
    for (const auto& lead : evidence[k]) bins = std::max(bins, lead.size());
    for (auto& lead : evidence[k]) lead.resize(bins);
    explanations[k].evidence = std::move(evidence[k]);
    Summarise(preparations.front().leads, explanations[k]);
  }
  return explanations;
}

}  // namespace ecg::infer
