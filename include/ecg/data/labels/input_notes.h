// What was odd in labels and predictions that were read for scoring.
#pragma once

#include <string>
#include <vector>

namespace ecg::data {

enum class InputNoteKind {
  // Records that cannot be scored.
  kMissingPrediction,
  kAmbiguousPrediction,
  kBadPrediction,
  kBadLabels,
  // Records that are scored, but should be looked at.
  kSurplusPrediction,
  kUnofficialDx,
  kNoDxLine,
  kTextLabel,
  kUnknownCode,
  kSeveralRows,
  kEmptyPrediction,
  kNoScoredClass,
  kScoreNotFinite,
  kOddDecision,
  kUnequalLines,
  kBadlyFormatted,
};

bool IsFailure(InputNoteKind kind);
// Whether something was taken otherwise than it may be meant, or not at all.
bool IsDoubtful(InputNoteKind kind);
// As in "without a prediction".
const char* Describe(InputNoteKind kind);
// A name for machines, as in "missing_prediction".
const char* NameOf(InputNoteKind kind);

// Something found in the input, with the records it was found in.
struct InputNote {
  struct Place {
    std::string record;
    std::string detail;  // the error or the diagnoses that are meant, where there are any
  };
  InputNoteKind kind = InputNoteKind::kMissingPrediction;
  std::vector<Place> places;
};

}  // namespace ecg::data
