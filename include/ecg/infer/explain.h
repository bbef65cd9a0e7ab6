// Which leads and moments carried a decision: integrated gradients (Sundararajan et al. 2017,
// arXiv:1703.01365) of a class's logit along the way from a flat line to the recording.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/data/prepare/ready_record.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/predictor.h"

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

// One explanation for each class that `decisions` holds for positive and that the network was asked
// about (sinus rhythm for lack of anything else is not), by the members that decided. `ready` is
// the record as each of ensemble.Preparations() wants it; `keep` as in RecordFeed. Throws Exception
// where a network cannot explain itself.
std::vector<Explanation> Explain(const Ensemble& ensemble,
                                 const std::vector<data::ReadyRecord>& ready,
                                 const std::vector<std::uint8_t>& keep,
                                 const RecordPrediction& prediction,
                                 const std::vector<std::uint8_t>& decisions);

// A JSON object: record, bin_s, leads, and of each class its probability, criterion and
// steps_beyond where it has one, lead_shares, moments and evidence.
std::string FormatExplanations(const std::string& record, const std::vector<std::string>& leads,
                               const std::vector<Explanation>& explanations);

}  // namespace ecg::infer
