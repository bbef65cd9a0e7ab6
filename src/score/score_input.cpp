#include "ecg/score/score_input.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>

#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "ecg/score/header_labels.h"
#include "ecg/score/prediction_file.h"
#include "src/score/record_sources.h"

namespace ecg::score {
namespace fs = std::filesystem;
namespace {

// Records that one task reads: enough that the reader's memory of columns pays.
constexpr std::size_t kRecordsPerTask = 256;

struct KindText {
  FindingKind kind;
  unsigned note;  // the bit that tells of it; 0 = none
  const char* name;
  const char* text;
};

constexpr KindText kKinds[] = {
    {FindingKind::kMissingPrediction, 0, "missing_prediction", "without a prediction"},
    {FindingKind::kAmbiguousPrediction, 0, "ambiguous_prediction",
     "with a name that stands for several files (mirror the folders of the labels)"},
    {FindingKind::kBadPrediction, 0, "bad_prediction", "with a malformed prediction"},
    {FindingKind::kBadLabels, 0, "bad_labels", "with unreadable labels"},
    {FindingKind::kSurplusPrediction, 0, "surplus_prediction",
     "with a prediction but no labels (not scored)"},
    {FindingKind::kUnofficialDx, kUnofficialDx, "unofficial_dx",
     "with diagnoses that the official scorer does not see, as in \"# Dx:\" (counted here; "
     "--official leaves them out)"},
    {FindingKind::kNoDxLine, kNoDxLine, "no_dx_line",
     "without a Dx line (counted as having no diagnosis)"},
    {FindingKind::kTextLabel, kTextLabel, "text_label",
     "with a diagnosis that is neither a SNOMED CT code nor a known abbreviation or name (passed "
     "over)"},
    {FindingKind::kUnknownCode, kUnknownCode, "unknown_code",
     "with a code that is none of the challenge's diagnoses (passed over)"},
    {FindingKind::kEmptyPrediction, kEmptyPrediction, "empty_prediction",
     "with an empty prediction, as of a run that failed (counted as all negative)"},
    {FindingKind::kNoScoredClass, kNoScoredClass, "no_scored_class",
     "with a prediction of unscored classes only (counted as all negative)"},
    {FindingKind::kScoreNotFinite, kScoreNotFinite, "score_not_finite",
     "with a score that is not a finite number (counted as 0)"},
    {FindingKind::kOddDecision, kOddDecision, "odd_decision",
     "with a decision that is neither 0 nor 1 (counted as 0)"},
    {FindingKind::kUnequalLines, kUnequalLines, "unequal_lines",
     "with more decisions or scores than classes (the surplus is passed over)"},
    {FindingKind::kBadlyFormatted, kBadlyFormatted, "badly_formatted",
     "with formatting errors, so all outputs are assumed to be negative"},
};

const KindText& TextOf(FindingKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

// What reading one record gave.
struct RecordState {
  unsigned notes = 0;  // of labels and predictions
  LabelNotes label_notes;
  bool labels_failed = false;
  bool prediction_failed = false;
  bool excused = false;  // it is no failure that this record has no prediction

  bool IsScored(MissingPolicy missing) const {
    return !labels_failed && (!prediction_failed || missing == MissingPolicy::kNegative);
  }
  bool IsFailed() const { return labels_failed || (prediction_failed && !excused); }
};

// What was meant by a finding about diagnoses, as in `A0001: "Normal"`.
std::string DetailOf(FindingKind kind, const std::string& record, const LabelNotes& notes) {
  if (kind == FindingKind::kUnknownCode) return record + ": " + Join(notes.unknown_codes, ", ");
  if (kind != FindingKind::kTextLabel) return {};
  return record + ": \"" + Join(notes.text_labels, "\", \"") + "\"";
}

// Collects findings from several threads and gives them in the order of the records.
class FindingList {
 public:
  void Add(FindingKind kind, std::size_t order, std::string record, std::string detail = {}) {
    const std::lock_guard<std::mutex> lock(mutex_);
    found_[kind].push_back({order, {std::move(record), std::move(detail)}});
  }

  std::vector<Finding> Take() {
    std::vector<Finding> findings;
    for (auto& [kind, entries] : found_) {
      std::stable_sort(entries.begin(), entries.end(),
                       [](const Entry& a, const Entry& b) { return a.order < b.order; });
      Finding finding{kind, {}};
      for (Entry& entry : entries) finding.places.push_back(std::move(entry.place));
      findings.push_back(std::move(finding));
    }
    return findings;
  }

 private:
  struct Entry {
    std::size_t order;
    Finding::Place place;
  };
  std::mutex mutex_;
  std::map<FindingKind, std::vector<Entry>> found_;
};

// One set of predictions and where in it each record stands.
struct PairedPredictions {
  std::unique_ptr<PredictionSource> source;
  std::vector<std::size_t> index_of_record;
};

class InputLoader {
 public:
  InputLoader(std::unique_ptr<LabelSource> labels, const InputOptions& options)
      : labels_(std::move(labels)),
        options_(options),
        classes_(ClassesOf(options.challenge)),
        states_(labels_->keys().size()) {}

  void AddPredictions(std::unique_ptr<PredictionSource> source) {
    std::vector<std::size_t> pairs = PairByName(labels_->keys(), source->keys());
    NoteSurplus(*source, pairs);
    predictions_.push_back({std::move(source), std::move(pairs)});
  }

  Result<ScoreInput> Load(ProgressSink* progress) {
    const std::size_t records = states_.size();
    input_.records.resize(records);
    input_.outcomes.resize(predictions_.size());
    input_.outcomes[0].labels.resize(records * classes_.size());
    for (Outcomes& outcomes : input_.outcomes) {
      outcomes.classes = classes_.size();
      outcomes.decisions.resize(records * classes_.size());
      outcomes.scores.resize(records * classes_.size());
    }
    if (progress != nullptr) progress->Begin("reading", records);
    std::atomic<std::size_t> done{0};
    const std::size_t tasks = (records + kRecordsPerTask - 1) / kRecordsPerTask;
    ParallelFor(tasks, options_.threads, [&](std::size_t task) {
      const std::size_t begin = task * kRecordsPerTask;
      const std::size_t end = std::min(begin + kRecordsPerTask, records);
      ReadRecords(begin, end);
      if (progress != nullptr) progress->Advance(done += end - begin, "");
    });
    if (progress != nullptr) progress->End();
    return Finish();
  }

 private:
  void NoteSurplus(const PredictionSource& source, const std::vector<std::size_t>& pairs) {
    if (options_.official) return;
    std::vector<bool> used(source.keys().size());
    for (const std::size_t index : pairs) {
      if (index < used.size()) used[index] = true;
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (!used[i])
        findings_.Add(FindingKind::kSurplusPrediction, i, std::string(source.keys()[i]));
    }
  }

  void ReadRecords(std::size_t begin, std::size_t end) {
    Scratch scratch(classes_,
                    IsOfficial2020() ? PredictionRules::kOfficial2020 : PredictionRules::k2021);
    for (std::size_t i = begin; i < end; ++i) {
      ReadLabels(i, scratch);
      for (std::size_t p = 0; p < predictions_.size(); ++p) ReadPrediction(i, p, scratch);
    }
  }

  void ReadLabels(std::size_t i, Scratch& scratch) {
    ScoredRecord& record = input_.records[i];
    record.name = labels_->keys()[i];
    std::uint8_t* row = &input_.outcomes[0].labels[i * classes_.size()];
    Result<LabelNotes> notes = labels_->Read(i, scratch, row, record);
    const bool no_list_in_2020 = IsOfficial2020() && notes && (notes->bits & kNoDxLine) != 0;
    if (notes && !no_list_in_2020) {
      states_[i].notes |= notes->bits;
      states_[i].label_notes = std::move(*notes);
      return;
    }
    states_[i].labels_failed = true;
    findings_.Add(FindingKind::kBadLabels, i, record.name,
                  notes ? record.name + ".hea: no Dx line, where the official scorer of 2020 fails"
                        : notes.error().ToString());
  }

  void ReadPrediction(std::size_t i, std::size_t p, Scratch& scratch) {
    const auto fail = [&](FindingKind kind, std::string detail) {
      states_[i].prediction_failed = true;
      findings_.Add(kind, i, input_.records[i].name, std::move(detail));
    };
    const PairedPredictions& predictions = predictions_[p];
    const std::size_t index = predictions.index_of_record[i];
    if (index == kAmbiguous) return fail(FindingKind::kAmbiguousPrediction, "");
    if (index == kNoPrediction) {
      states_[i].excused = options_.missing == MissingPolicy::kIgnore;
      return fail(FindingKind::kMissingPrediction, "");
    }
    Outcomes& outcomes = input_.outcomes[p];
    const std::size_t row = i * classes_.size();
    const Result<unsigned> notes =
        predictions.source->Read(index, scratch, &outcomes.decisions[row], &outcomes.scores[row]);
    if (!notes) return fail(FindingKind::kBadPrediction, notes.error().ToString());
    states_[i].notes |= *notes;
  }

  // The official scorer ends with the first record that it cannot read.
  Status CheckOfficial(const std::vector<Finding>& findings) const {
    for (const Finding& finding : findings) {
      if (!IsFailure(finding.kind)) continue;
      const Finding::Place& place = finding.places.front();
      if (finding.kind == FindingKind::kMissingPrediction) {
        return InputError("Output file " + place.record + ".csv not found for label file " +
                          place.record + ".hea.");
      }
      return InputError(place.detail);
    }
    return {};
  }

  Result<ScoreInput> Finish() {
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_[i].IsFailed()) ++input_.failed;
      if (states_[i].notes == 0 || !states_[i].IsScored(options_.missing)) continue;
      for (const KindText& kind : kKinds) {
        if ((states_[i].notes & kind.note) == 0) continue;
        const std::string& name = input_.records[i].name;
        findings_.Add(kind.kind, i, name, DetailOf(kind.kind, name, states_[i].label_notes));
      }
    }
    input_.findings = findings_.Take();
    if (options_.official) {
      if (Status status = CheckOfficial(input_.findings); !status.ok()) return status.error();
    }
    KeepScored();
    if (input_.records.empty()) {
      return InputError("none of the " + std::to_string(states_.size()) +
                        " records with labels could be scored");
    }
    return std::move(input_);
  }

  // Closes the gaps of the records that are not scored.
  void KeepScored() {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_[i].IsScored(options_.missing)) kept.push_back(i);
    }
    const auto keep = [&kept](auto& rows, std::size_t width) {
      for (std::size_t to = 0; to < kept.size(); ++to) {
        if (to == kept[to]) continue;
        const auto from = rows.begin() + static_cast<std::ptrdiff_t>(kept[to] * width);
        std::move(from, from + static_cast<std::ptrdiff_t>(width),
                  rows.begin() + static_cast<std::ptrdiff_t>(to * width));
      }
      rows.resize(kept.size() * width);
    };
    keep(input_.records, 1);
    keep(input_.outcomes[0].labels, classes_.size());
    for (Outcomes& outcomes : input_.outcomes) {
      keep(outcomes.decisions, classes_.size());
      keep(outcomes.scores, classes_.size());
      outcomes.recordings = kept.size();
      if (&outcomes != input_.outcomes.data()) outcomes.labels = input_.outcomes[0].labels;
    }
  }

  bool IsOfficial2020() const {
    return options_.official && options_.challenge == Challenge::k2020;
  }

  std::unique_ptr<LabelSource> labels_;
  const InputOptions& options_;
  const challenge::ClassSet& classes_;
  std::vector<PairedPredictions> predictions_;
  std::vector<RecordState> states_;
  FindingList findings_;
  ScoreInput input_;
};

}  // namespace

const challenge::ClassSet& ClassesOf(Challenge challenge) {
  return challenge == Challenge::k2020 ? challenge::Classes2020() : challenge::Classes2021();
}

bool IsFailure(FindingKind kind) { return kind < FindingKind::kSurplusPrediction; }

const char* Describe(FindingKind kind) { return TextOf(kind).text; }

const char* NameOf(FindingKind kind) { return TextOf(kind).name; }

Result<ScoreInput> ReadScoreInput(const fs::path& labels, const std::vector<fs::path>& predictions,
                                  const InputOptions& options, ProgressSink* progress) {
  // Listing takes a good part of the time, so the folders are listed side by side.
  std::optional<Result<std::unique_ptr<LabelSource>>> label_source;
  std::vector<std::optional<Result<std::unique_ptr<PredictionSource>>>> sources(predictions.size());
  ParallelFor(1 + predictions.size(), options.threads, [&](std::size_t i) {
    if (i == 0) {
      label_source = OpenLabels(labels, options);
    } else {
      sources[i - 1] = OpenPredictions(predictions[i - 1], options);
    }
  });
  if (!label_source->ok()) return label_source->error();
  InputLoader loader(std::move(**label_source), options);
  for (std::optional<Result<std::unique_ptr<PredictionSource>>>& source : sources) {
    if (!source->ok()) return source->error();
    loader.AddPredictions(std::move(**source));
  }
  return loader.Load(progress);
}

}  // namespace ecg::score
