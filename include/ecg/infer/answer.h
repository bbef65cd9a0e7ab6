// All that the toolkit says of one recording.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/checksum.h"
#include "ecg/core/result.h"
#include "ecg/dsp/measure/electrodes.h"
#include "ecg/dsp/measure/quality.h"
#include "ecg/dsp/measure/signal_doubts.h"
#include "ecg/dsp/measure/unclassifiable.h"
#include "ecg/dsp/peaks.h"
#include "ecg/infer/explanation.h"
#include "ecg/infer/measure.h"
#include "ecg/record/ecg_record.h"

namespace ecg::infer {

// Filled on the recording's way: what its file and its signals say by the source, the rest by the
// networks. [classes] are those of the ensemble.
struct RecordAnswer {
  record::EcgInfo info;  // its leads are those that were read
  // What its files held when it was read (record/content.h), if asked for and it is on disk.
  std::optional<Sha256Digest> content;
  std::vector<std::string> warnings;  // "file:line: field: what" that the reader tolerated
  // Set where nothing can be said of the recording: then nothing is but what stands above, its
  // quality and the leads that were not used.
  std::optional<dsp::Unclassifiable> unclassifiable;
  std::optional<dsp::RecordQuality> quality;  // of the leads that were read, if asked for
  // What looks exchanged, where the recording is measured (dsp::FindExchange), and what was undone
  // before anything else was looked at, where that was wished.
  dsp::Exchange exchange = dsp::Exchange::kNone;
  dsp::Exchange mended = dsp::Exchange::kNone;
  dsp::SignalDoubts signal_doubts;  // where it is measured
  // What nobody looked at although something that was asked for is missing, with the reason where
  // it is not the name, as in "MLII" and "V1: units adu".
  std::vector<std::string> unused_leads;
  // Of the recording as it is, where criteria or the caller ask for it; its median beat has no
  // samples.
  std::optional<Measured> measured;

  std::vector<float> probabilities;  // [classes]; empty if not asked for
  std::vector<double> thresholds;    // [classes]: that decided; NaN for a class nobody looked for
  std::vector<std::uint8_t> decisions;  // [classes], 0 or 1, after post-processing
  // [classes]: the standard deviation of the members' probabilities, 0 where one answers alone.
  std::vector<float> spread;
  float uncertainty = 0;  // the mean of p (1 - p)
  // [classes of the group that answered]: how far each one's criterion is exceeded (see
  // dsp::Excess); empty where the group has no criteria.
  std::vector<double> excess;
  // [classes]: whether a definition has decided (model/definition.h), rather than the threshold.
  std::vector<std::uint8_t> defined;
  std::vector<dsp::Peak> peaks;  // by the network, ascending; empty if not asked for
  double peak_rate = 0;          // Hz of the peaks' samples

  // Who answered: with a route, where the sources' probability reaches its threshold, the
  // specialists, who do not know every class (probability 0 then).
  float source_probability = 0;
  bool by_specialists = false;
  bool may_be_bradycardia = true;  // false only by an ensemble with the veto

  std::vector<Explanation> explanations;  // if asked for
};

// What makes the recording doubtful, in words, as in "V1 flat" or "arms swapped?".
std::vector<std::string> FlagsOf(const RecordAnswer& answer);

// What makes it doubtful that the recording is what it says it is, in sentences that say what to do
// about it, and what was mended: of its unit, electrodes, leads and beats.
std::vector<std::string> DoubtsOf(const RecordAnswer& answer);

// "ok", "doubtful" (of a quality that people would not call acceptable), or "not classifiable".
std::string StatusOf(const RecordAnswer& answer);

// Why nothing is said of a recording, for whoever must fail where there is no answer (kInput).
Error NotClassifiable(const RecordAnswer& answer);

}  // namespace ecg::infer
