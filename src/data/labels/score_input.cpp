#include "ecg/data/labels/score_input.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/header_labels.h"
#include "ecg/data/labels/prediction_reader.h"
#include "src/data/labels/input_note_list.h"
#include "src/data/labels/score_sources.h"

namespace ecg::data {
namespace fs = std::filesystem;
namespace {

// Records that one task reads: enough that the reader's memory of columns pays.
constexpr std::size_t kRecordsPerTask = 256;

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
        classes_(options.scoring.classes()),
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
    for (score::Outcomes& outcomes : input_.outcomes) {
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
        input_notes_.Add(InputNoteKind::kSurplusPrediction, i, std::string(source.keys()[i]));
    }
  }

  void ReadRecords(std::size_t begin, std::size_t end) {
    const PredictionRules rules = IsOfficial2020()    ? PredictionRules::kOfficial2020
                                  : options_.official ? PredictionRules::kOfficial2021
                                                      : PredictionRules::kSensible;
    Scratch scratch(classes_, rules);
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
    input_notes_.Add(InputNoteKind::kBadLabels, i, record.name,
                     notes
                         ? record.name + ".hea: no Dx line, where the official scorer of 2020 fails"
                         : notes.error().ToString());
  }

  void ReadPrediction(std::size_t i, std::size_t p, Scratch& scratch) {
    const auto fail = [&](InputNoteKind kind, std::string detail) {
      states_[i].prediction_failed = true;
      input_notes_.Add(kind, i, input_.records[i].name, std::move(detail));
    };
    const PairedPredictions& predictions = predictions_[p];
    const std::size_t index = predictions.index_of_record[i];
    if (index == kAmbiguous) return fail(InputNoteKind::kAmbiguousPrediction, "");
    if (index == kNoPrediction) {
      states_[i].excused = options_.missing == MissingPolicy::kIgnore;
      return fail(InputNoteKind::kMissingPrediction, "");
    }
    score::Outcomes& outcomes = input_.outcomes[p];
    const std::size_t row = i * classes_.size();
    const Result<unsigned> notes =
        predictions.source->Read(index, scratch, &outcomes.decisions[row], &outcomes.scores[row]);
    if (!notes) return fail(InputNoteKind::kBadPrediction, notes.error().ToString());
    states_[i].notes |= *notes;
  }

  // The official scorer ends with the first record that it cannot read.
  Status CheckOfficial(const std::vector<InputNote>& input_notes) const {
    for (const InputNote& note : input_notes) {
      if (!IsFailure(note.kind)) continue;
      const InputNote::Place& place = note.places.front();
      if (note.kind == InputNoteKind::kMissingPrediction) {
        return InputError("Output file " + place.record + ".csv not found for label file " +
                          place.record + ".hea.");
      }
      return InputError(place.detail);
    }
    return {};
  }

  void AddWarnings(const std::vector<std::string>& warnings) {
    input_.warnings.insert(input_.warnings.end(), warnings.begin(), warnings.end());
  }

  // Where nothing at all is understood, zeros would pass for a result.
  Status CheckUnderstood() const {
    constexpr unsigned kPassedOver = kTextLabel | kUnknownCode;
    constexpr unsigned kNothing = kEmptyPrediction | kNoScoredClass;
    const RecordState* passed_over = nullptr;
    bool understood = false, without_dx = true, predicted = false, read = false;
    for (const RecordState& state : states_) {
      if (!state.IsScored(options_.missing)) continue;
      const LabelNotes& labels = state.label_notes;
      understood |= labels.understood;
      without_dx &= (labels.bits & kNoDxLine) != 0;
      if (passed_over == nullptr && (labels.bits & kPassedOver) != 0) passed_over = &state;
      read |= !state.prediction_failed;
      predicted |= !state.prediction_failed && (state.notes & kNothing) == 0;
    }
    if (!understood && passed_over != nullptr) {
      const LabelNotes& labels = passed_over->label_notes;
      std::vector<std::string> texts = labels.text_labels;
      texts.insert(texts.end(), labels.unknown_codes.begin(), labels.unknown_codes.end());
      const auto record = static_cast<std::size_t>(passed_over - states_.data());
      return InputError("not one diagnosis of the labels is understood, as in " +
                        input_.records[record].name + ": \"" + Join(texts, "\", \"") + "\"");
    }
    if (read && without_dx) return InputError("not one record has a Dx line to score against");
    if (read && !predicted) {
      return InputError(
          "not one prediction is of a scored class: are their entries separated by "
          "commas, and the classes codes, abbreviations or names?");
    }
    return {};
  }

  Result<ScoreInput> Finish() {
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_[i].IsFailed()) ++input_.failed;
      if (states_[i].notes == 0 || !states_[i].IsScored(options_.missing)) continue;
      input_notes_.AddNotes(states_[i].notes, i, input_.records[i].name, states_[i].label_notes);
    }
    input_.input_notes = input_notes_.Take();
    AddWarnings(labels_->warnings());
    for (const PairedPredictions& predictions : predictions_) {
      AddWarnings(predictions.source->warnings());
    }
    if (options_.official) {
      if (Status status = CheckOfficial(input_.input_notes); !status.ok()) return status.error();
    } else if (Status status = CheckUnderstood(); !status.ok()) {
      return status.error();
    }
    KeepScored();
    if (input_.records.empty()) {
      return InputError("of " + Counted(states_.size(), "record") +
                        " with labels none could be scored");
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
    for (score::Outcomes& outcomes : input_.outcomes) {
      keep(outcomes.decisions, classes_.size());
      keep(outcomes.scores, classes_.size());
      outcomes.recordings = kept.size();
      if (&outcomes != input_.outcomes.data()) outcomes.labels = input_.outcomes[0].labels;
    }
  }

  bool IsOfficial2020() const {
    return options_.official && options_.scoring.year() == score::Challenge::k2020;
  }

  std::unique_ptr<LabelSource> labels_;
  const InputOptions& options_;
  const challenge::ClassSet& classes_;
  std::vector<PairedPredictions> predictions_;
  std::vector<RecordState> states_;
  InputNoteList input_notes_;
  ScoreInput input_;
};

}  // namespace

Result<ScoreInput> ReadScoreInput(const fs::path& labels, const std::vector<fs::path>& predictions,
                                  const InputOptions& options, ProgressSink* progress) {
  if (options.official && options.statements.use) {
    return UsageError("statements are nothing that the official scorer knows");
  }
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

}  // namespace ecg::data
