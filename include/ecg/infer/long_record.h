// What is said of a recording of hours: its heartbeats, stretch by stretch, and what a model finds,
// window by window.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/core/result.h"
#include "ecg/dsp/measure/long_rhythm.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/predictor.h"
#include "ecg/record/ecg_record.h"
#include "ecg/record/stretches.h"

namespace ecg::infer {

struct LongConfig {
  std::vector<std::string> leads;  // to look at; empty: see LeadsToLookAt
  double step = 10;                // s from one of the model's windows to the next
  int threads = 0;                 // 0 = the processors that this process may use
  PredictConfig predict;
};

// A class of the model over the whole recording.
struct LongFinding {
  std::string abbreviation;
  std::string name;
  std::size_t windows = 0;  // that have it, of those that could be read
  double strongest = 0;     // the highest probability,
  double at = 0;            // s: and where
};

struct LongAnswer {
  std::vector<std::string> leads;     // that beats were found in
  std::vector<dsp::LongBeat> beats;   // ascending
  std::vector<dsp::Span> unreadable;  // ascending: where no lead shows a heart
  // Of the model, without those of which it says nothing; empty where none was asked, or where it
  // knows no atrial fibrillation.
  std::vector<dsp::RhythmWindow> windows;
  std::size_t windows_read = 0;        // of which it says something
  std::vector<LongFinding> findings;   // classes in the model's order
  std::string model_error;             // why it says nothing of any window; empty where it does
  std::vector<dsp::Episode> episodes;  // see FindEpisodes
  std::vector<dsp::RhythmMinute> minutes;
  dsp::Variability variability;
};

// Three leads at most: II, V1, V5 as far as they are there, then others as they come.
std::vector<std::string> LeadsToLookAt(const record::EcgInfo& info);

// Bytes that this takes however long the recording is, its own where that is in memory beside.
double BytesOfLong(const record::EcgInfo& info, const LongConfig& config);

// Types beats as dsp::TypeBeats has them, in stretches of ten minutes with some seconds of their
// neighbours, and asks `ensemble`, where there is one, about a window of the network's length each
// `step` seconds. An error: none of the leads is there, or a stretch cannot be read.
Result<LongAnswer> AnswerLong(const record::Stretches& record, const Ensemble* ensemble,
                              const LongConfig& config, ProgressSink& progress);

}  // namespace ecg::infer
