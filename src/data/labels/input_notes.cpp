#include "ecg/data/labels/input_notes.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/data/labels/prediction_reader.h"
#include "src/data/labels/input_note_list.h"

namespace ecg::data {
namespace {

struct KindText {
  InputNoteKind kind;
  unsigned note;  // the bit that tells of it; 0 = none
  const char* name;
  const char* text;
};

constexpr KindText kKinds[] = {
    {InputNoteKind::kMissingPrediction, 0, "missing_prediction", "without a prediction"},
    {InputNoteKind::kAmbiguousPrediction, 0, "ambiguous_prediction",
     "with a name that stands for several files or rows (mirror the folders of the labels)"},
    {InputNoteKind::kBadPrediction, 0, "bad_prediction", "with a malformed prediction"},
    {InputNoteKind::kBadLabels, 0, "bad_labels", "with unreadable labels"},
    {InputNoteKind::kSurplusPrediction, 0, "surplus_prediction",
     "with a prediction but no labels (not scored)"},
    {InputNoteKind::kUnofficialDx, kUnofficialDx, "unofficial_dx",
     "with diagnoses that the official scorer does not see, as in \"# Dx:\" (counted here; "
     "--official leaves them out)"},
    {InputNoteKind::kNoDxLine, kNoDxLine, "no_dx_line",
     "without a Dx line (counted as having no diagnosis)"},
    {InputNoteKind::kTextLabel, kTextLabel, "text_label",
     "with a diagnosis that is neither a SNOMED CT code nor a known abbreviation, name or "
     "statement "
     "(passed over)"},
    {InputNoteKind::kUnknownCode, kUnknownCode, "unknown_code",
     "with a code that is none of the challenge's diagnoses (passed over)"},
    {InputNoteKind::kSeveralRows, kSeveralRows, "several_rows",
     "with several rows of labels (their diagnoses are taken together)"},
    {InputNoteKind::kEmptyPrediction, kEmptyPrediction, "empty_prediction",
     "with an empty prediction, as of a run that failed (counted as all negative)"},
    {InputNoteKind::kNoScoredClass, kNoScoredClass, "no_scored_class",
     "with a prediction of unscored classes only (counted as all negative)"},
    {InputNoteKind::kScoreNotFinite, kScoreNotFinite, "score_not_finite",
     "with a score that is not a finite number (counted as 0)"},
    {InputNoteKind::kOddDecision, kOddDecision, "odd_decision",
     "with a decision that is neither 0 nor 1 (counted as 0)"},
    {InputNoteKind::kUnequalLines, kUnequalLines, "unequal_lines",
     "with more decisions or scores than classes (the surplus is passed over)"},
    {InputNoteKind::kBadlyFormatted, kBadlyFormatted, "badly_formatted",
     "with formatting errors, so all outputs are assumed to be negative"},
};

const KindText& TextOf(InputNoteKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

// What was meant by a note about diagnoses, as in `A0001: "Normal"`.
std::string DetailOf(InputNoteKind kind, const std::string& record, const LabelNotes& notes) {
  if (kind == InputNoteKind::kUnknownCode) return record + ": " + Join(notes.unknown_codes, ", ");
  if (kind != InputNoteKind::kTextLabel) return {};
  return record + ": \"" + Join(notes.text_labels, "\", \"") + "\"";
}

}  // namespace

bool IsFailure(InputNoteKind kind) { return kind < InputNoteKind::kSurplusPrediction; }

bool IsDoubtful(InputNoteKind kind) {
  return kind != InputNoteKind::kSurplusPrediction && kind != InputNoteKind::kUnofficialDx;
}

const char* Describe(InputNoteKind kind) { return TextOf(kind).text; }

const char* NameOf(InputNoteKind kind) { return TextOf(kind).name; }

void InputNoteList::Add(InputNoteKind kind, std::size_t order, std::string record,
                        std::string detail) {
  const std::lock_guard<std::mutex> lock(mutex_);
  found_[kind].push_back({order, {std::move(record), std::move(detail)}});
}

void InputNoteList::AddNotes(unsigned notes, std::size_t order, const std::string& record,
                             const LabelNotes& label_notes) {
  for (const KindText& kind : kKinds) {
    if ((notes & kind.note) == 0) continue;
    Add(kind.kind, order, record, DetailOf(kind.kind, record, label_notes));
  }
}

std::vector<InputNote> InputNoteList::Take() {
  std::vector<InputNote> input_notes;
  for (auto& [kind, entries] : found_) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.order < b.order; });
    InputNote note{kind, {}};
    for (Entry& entry : entries) note.places.push_back(std::move(entry.place));
    input_notes.push_back(std::move(note));
  }
  return input_notes;
}

}  // namespace ecg::data
