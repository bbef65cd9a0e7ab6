// What was odd in labels and predictions that were read for scoring.
#pragma once

#include <string>
#include <vector>

namespace ecg::data {

enum class FindingKind {
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
  kEmptyPrediction,
  kNoScoredClass,
  kScoreNotFinite,
  kOddDecision,
  kUnequalLines,
  kBadlyFormatted,
};

bool IsFailure(FindingKind kind);
// As in "without a prediction".
const char* Describe(FindingKind kind);
// A name for machines, as in "missing_prediction".
const char* NameOf(FindingKind kind);

// Something found in the input, with the records it was found in.
struct Finding {
  struct Place {
    std::string record;
    std::string detail;  // the error or the diagnoses that are meant, where there are any
  };
  FindingKind kind = FindingKind::kMissingPrediction;
  std::vector<Place> places;
};

}  // namespace ecg::data
