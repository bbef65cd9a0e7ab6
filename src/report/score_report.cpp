#include "ecg/report/score_report.h"

#include <map>

#include "ecg/core/text.h"

namespace ecg::report {
namespace {

constexpr std::size_t kUnaskedRecordings = 5000;
constexpr std::size_t kUnaskedSamples = 1000;

std::size_t SamplesFor(const data::ScoreInput& input, const ReportOptions& options) {
  const bool unasked = input.records.size() <= kUnaskedRecordings || input.outcomes.size() > 1;
  return options.samples.value_or(unasked ? kUnaskedSamples : 0);
}

score::Outcomes OutcomesOf(const score::Outcomes& all,
                           const std::vector<std::uint32_t>& selection) {
  score::Outcomes part;
  part.classes = all.classes;
  for (std::size_t i = 0; i < selection.size(); ++i) {
    if (selection[i] == 0) continue;
    ++part.recordings;
    const auto begin = static_cast<std::ptrdiff_t>(i * all.classes);
    const auto end = begin + static_cast<std::ptrdiff_t>(all.classes);
    part.labels.insert(part.labels.end(), all.labels.begin() + begin, all.labels.begin() + end);
    part.decisions.insert(part.decisions.end(), all.decisions.begin() + begin,
                          all.decisions.begin() + end);
    part.scores.insert(part.scores.end(), all.scores.begin() + begin, all.scores.begin() + end);
  }
  return part;
}

// By the bootstrap over the recordings of a group: what another draw of such recordings might give.
std::vector<score::Interval> IntervalsOf(const score::Outcomes& group,
                                         const score::Scoring& scoring,
                                         const score::BootstrapOptions& options) {
  const score::Evaluator evaluator(group, scoring.classes(), options.threads);
  return score::Bootstrap(evaluator, scoring, options).overall;
}

// One evaluation for every distinct name, in the order of the keys. Keys sort the names.
template <typename Key, typename NameOfRecord>
void AddGroups(const std::string& kind, const data::ScoreInput& input,
               const score::Evaluator& evaluator, const score::Scoring& scoring,
               const score::BootstrapOptions& bootstrap, const NameOfRecord& name_of,
               std::vector<ScoreGroup>& groups) {
  std::map<Key, std::vector<std::uint32_t>> selections;
  for (std::size_t i = 0; i < input.records.size(); ++i) {
    std::vector<std::uint32_t>& selection = selections[name_of(input.records[i])];
    if (selection.empty()) selection.resize(input.records.size());
    selection[i] = 1;
  }
  for (const auto& [key, selection] : selections) {
    ScoreGroup& group = groups.emplace_back();
    group.kind = kind;
    group.name = key.second;
    group.metrics = evaluator.Evaluate(selection);
    if (bootstrap.samples == 0) continue;
    group.intervals = IntervalsOf(OutcomesOf(input.outcomes[0], selection), scoring, bootstrap);
  }
}

using SortedName = std::pair<std::size_t, std::string>;

// Lead sets from many leads to few, unknown ones last.
SortedName LeadsOf(const data::ScoredRecord& record) {
  if (record.leads == 0) return {static_cast<std::size_t>(-1), "unknown"};
  return {static_cast<std::size_t>(-1) - record.leads, std::to_string(record.leads)};
}

SortedName SourceOf(const data::ScoredRecord& record) {
  if (record.source.empty()) return {1, "unknown"};
  return {0, record.source};
}

SortedName AgeOf(const data::ScoredRecord& record) {
  if (!record.age) return {4, "unknown"};
  if (*record.age < 40) return {0, "to 39"};
  if (*record.age < 60) return {1, "40 to 59"};
  if (*record.age < 80) return {2, "60 to 79"};
  return {3, "80 and older"};
}

SortedName SexOf(const data::ScoredRecord& record) {
  if (record.sex.empty()) return {1, "unknown"};
  return {0, record.sex};
}

}  // namespace

ScoreReport BuildReport(const data::ScoreInput& input, const score::Scoring& scoring,
                        const ReportOptions& options) {
  const challenge::ClassSet& classes = scoring.classes();
  const score::Outcomes& outcomes = input.outcomes.at(0);
  const score::Evaluator evaluator(outcomes, classes, options.threads);
  ScoreReport report;
  report.scoring = scoring;
  report.metrics = evaluator.Evaluate();
  score::BootstrapOptions bootstrap = options.bootstrap;
  bootstrap.samples = SamplesFor(input, options);
  bootstrap.threads = options.threads;
  report.confidence = bootstrap.confidence;
  report.bootstrap_samples = bootstrap.samples;
  report.input_notes = input.input_notes;
  report.failed = input.failed;
  if (bootstrap.samples > 0) {
    report.intervals = score::Bootstrap(evaluator, scoring, bootstrap);
  }
  const auto add = [&](bool wanted, const char* kind, const auto& name_of) {
    if (!wanted) return;
    AddGroups<SortedName>(kind, input, evaluator, scoring, bootstrap, name_of, report.groups);
  };
  add(options.by_source, "source", SourceOf);
  add(options.by_leads, "leads", LeadsOf);
  add(options.by_age, "age", AgeOf);
  add(options.by_sex, "sex", SexOf);
  if (options.calibration) {
    report.calibration = score::MeasureReliability(outcomes);
    report.scores_are_probabilities = report.calibration.has_value();
  }
  if (options.baselines) {
    report.baselines = score::Baselines(outcomes, classes, bootstrap.seed, options.threads);
  }
  if (input.outcomes.size() > 1) {
    const score::Evaluator other(input.outcomes[1], classes, options.threads);
    report.comparison = Comparison{other.Evaluate(),
                                   score::CompareByBootstrap(other, evaluator, scoring, bootstrap)};
  }
  return report;
}

std::string InputNoteText(const data::InputNote& note, std::size_t names) {
  std::string text = Counted(note.places.size(), "record") + " " + data::Describe(note.kind) + ": ";
  for (std::size_t i = 0; i < note.places.size(); ++i) {
    if (i == names) return text + ", ...";
    const data::InputNote::Place& place = note.places[i];
    if (i > 0) text += place.detail.empty() ? ", " : "; ";
    text += place.detail.empty() ? place.record : place.detail;
  }
  return text;
}

}  // namespace ecg::report
