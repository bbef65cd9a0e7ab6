// What computing a model in bytes has changed, for people and as JSON.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/infer/fit_point.h"
#include "ecg/score/metrics.h"

namespace ecg::report {

// From where on a model in bytes counts as another model: what its means of AUROC and AUPRC over
// classes may lose, and the share of decisions that may change.
struct QuantisationLimits {
  double auroc = 0.002;
  double auprc = 0.004;
  double changed = 0.01;
};

struct QuantisationReport {
  std::size_t measured = 0;    // recordings that the ranges are from
  std::size_t recordings = 0;  // labelled ones, that both were asked about
  score::Metrics exact, bytes;
  std::vector<std::size_t> changed;  // decisions, [classes]

  double ChangedShare() const;  // of all decisions
  bool Holds(const QuantisationLimits& limits = {}) const;
};

// Both answers about the same recordings in the same order. An error (kInput): they are about
// others, since in bytes some had no answer.
Result<QuantisationReport> CompareQuantised(const infer::LabelledAnswers& exact,
                                            const infer::LabelledAnswers& bytes,
                                            const challenge::ClassSet& classes);

std::string QuantisationText(const QuantisationReport& report, const challenge::ClassSet& classes);
Json QuantisationJson(const QuantisationReport& report, const challenge::ClassSet& classes);

}  // namespace ecg::report
