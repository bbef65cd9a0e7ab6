#include "ecg/score/score_report.h"

#include <map>

namespace ecg::score {
namespace {

// One evaluation for every distinct name, in the order of the keys. Keys sort the names.
template <typename Key, typename NameOfRecord>
void AddGroups(const std::string& kind, const ScoreInput& input, const Evaluator& evaluator,
               const NameOfRecord& name_of, std::vector<ScoreGroup>& groups) {
  std::map<Key, std::vector<std::uint32_t>> selections;
  for (std::size_t i = 0; i < input.records.size(); ++i) {
    std::vector<std::uint32_t>& selection = selections[name_of(input.records[i])];
    if (selection.empty()) selection.resize(input.records.size());
    selection[i] = 1;
  }
  for (const auto& [key, selection] : selections) {
    groups.push_back({kind, key.second, evaluator.Evaluate(selection)});
  }
}

using SortedName = std::pair<std::size_t, std::string>;

// Lead sets from many leads to few, unknown ones last.
SortedName LeadsOf(const ScoredRecord& record) {
  if (record.leads == 0) return {static_cast<std::size_t>(-1), "unknown"};
  return {static_cast<std::size_t>(-1) - record.leads, std::to_string(record.leads)};
}

SortedName SourceOf(const ScoredRecord& record) {
  if (record.source.empty()) return {1, "unknown"};
  return {0, record.source};
}

}  // namespace

ScoreReport BuildReport(const ScoreInput& input, Challenge challenge,
                        const ReportOptions& options) {
  const challenge::ClassSet& classes = ClassesOf(challenge);
  const Outcomes& outcomes = input.outcomes.at(0);
  const Evaluator evaluator(outcomes, classes, options.threads);
  ScoreReport report;
  report.challenge = challenge;
  report.metrics = evaluator.Evaluate();
  report.confidence = options.bootstrap.confidence;
  report.bootstrap_samples = options.bootstrap.samples;
  report.findings = input.findings;
  report.failed = input.failed;
  if (options.bootstrap.samples > 0) {
    report.intervals = Bootstrap(evaluator, challenge, options.bootstrap);
  }
  if (options.by_source) {
    AddGroups<SortedName>("source", input, evaluator, SourceOf, report.groups);
  }
  if (options.by_leads) {
    AddGroups<SortedName>("leads", input, evaluator, LeadsOf, report.groups);
  }
  if (options.calibration) {
    report.calibration = Calibrate(outcomes);
    report.scores_are_probabilities = report.calibration.has_value();
  }
  if (options.baselines) {
    report.baselines = Baselines(outcomes, classes, options.bootstrap.seed, options.threads);
  }
  if (input.outcomes.size() > 1) {
    const Evaluator other(input.outcomes[1], classes, options.threads);
    report.comparison = Comparison{
        other.Evaluate(), CompareByBootstrap(other, evaluator, challenge, options.bootstrap)};
  }
  return report;
}

std::string FindingText(const Finding& finding, std::size_t names) {
  std::string text = std::to_string(finding.places.size()) +
                     (finding.places.size() == 1 ? " record " : " records ") +
                     Describe(finding.kind) + ": ";
  for (std::size_t i = 0; i < finding.places.size(); ++i) {
    if (i == names) return text + ", ...";
    const Finding::Place& place = finding.places[i];
    if (i > 0) text += place.detail.empty() ? ", " : "; ";
    text += place.detail.empty() ? place.record : place.detail;
  }
  return text;
}

}  // namespace ecg::score
