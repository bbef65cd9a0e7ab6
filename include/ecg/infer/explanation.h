// Which leads and moments carried a decision, as it is told.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/dsp/measure/criteria.h"

namespace ecg::infer {

inline constexpr double kExplanationBin = 0.04;      // s: a square of the paper
inline constexpr double kLongestExplanation = 600;   // s from a recording's start
inline constexpr std::size_t kExplainedMoments = 5;  // of each class, at most

// Evidence is what a stretch of a lead adds to the logit; over all of them it sums to the logit of
// the recording minus that of a flat line, means over members and overlapping windows.
struct Moment {
  std::string lead;  // that says most then
  double from = 0;   // s
  double to = 0;
  double share = 0;  // of all evidence for the class, in all leads
};

struct Explanation {
  std::string abbreviation;  // of the class
  float probability = 0;
  // The criterion that counts beside the network, and how far it is exceeded, in steps (NaN where
  // that cannot be told); kNone: there is none. Evidence is of the network alone.
  dsp::Criterion criterion = dsp::Criterion::kNone;
  double excess = 0;
  std::vector<std::vector<float>> evidence;  // [leads][bins]
  std::vector<double> lead_shares;           // [leads], of the evidence for the class
  std::vector<Moment> moments;               // those with the largest shares first
};

// A JSON object: record, bin_s, leads, and of each class its probability, criterion and
// steps_beyond where it has one, lead_shares, moments and evidence.
std::string FormatExplanations(const std::string& record, const std::vector<std::string>& leads,
                               const std::vector<Explanation>& explanations);

// What such a file says.
struct RecordExplanations {
  std::string record;
  double bin = 0;  // s
  std::vector<std::string> leads;
  std::vector<Explanation> classes;
};

// An error (kInput): no such file.
Result<RecordExplanations> ReadExplanations(const std::filesystem::path& path);

}  // namespace ecg::infer
