// What signal processing says of a recording: its beats, and what is measured in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/prepare/preprocess.h"
#include "ecg/dsp/beats.h"
#include "ecg/dsp/measure/delineate.h"
#include "ecg/dsp/measure/electrodes.h"
#include "ecg/dsp/measure/measure.h"
#include "ecg/record/ecg_record.h"

namespace ecg::infer {

// Criteria look at the first ten minutes of longer recordings.
inline constexpr double kMeasuredSeconds = 600;

struct MeasureConfig {
  dsp::Delineator method = dsp::Delineator::kRobust;
  std::vector<std::string> leads;  // to look at; empty: all there are
  bool derive = false;             // limb leads that are missing, from others
  bool each_lead = false;          // the beats of each lead besides
  bool common = true;              // the record's beats; the robust method gives them anyway
  bool intervals = true;           // what is measured in the record's beats
  double seconds = 0;              // from the recording's start; 0: all of it
};

// As a model's criteria want it, in these leads.
MeasureConfig MeasureForCriteria(std::vector<std::string> leads);

struct Measured {
  double sampling_rate = 0;                     // Hz of all indices
  std::vector<std::string> leads;               // that were looked at
  std::vector<dsp::Beat> beats;                 // the record's
  std::vector<std::vector<dsp::Beat>> of_lead;  // [leads looked at], where asked for
  dsp::TypedBeats typed;                        // by the robust method alone
  std::vector<std::string> measured_leads;      // those of values.leads; derived ones come last
  dsp::Measurements values;
};

// Measures a recording as it was recorded: at its own rate, nothing filtered or cut off. An error:
// none of the leads is there.
Result<Measured> MeasureRecord(const record::EcgRecord& record, const MeasureConfig& config);

// Bytes that MeasureRecord takes beside the recording.
double BytesToMeasure(const record::EcgInfo& info, const MeasureConfig& config);

// Undoes what looks exchanged in a recording, all of whose leads should have been read, and returns
// what that was: kNone where nothing was changed.
dsp::Exchange MendElectrodes(record::EcgRecord& record);

// As the criteria of models up to bundle format 6 want it: what the network sees, resampled and cut
// off, in its channels that `keep` names (empty: all) and are not zero, and in the limb leads that
// follow from I and II.
Measured MeasurePrepared(const data::SignalView& signal, const data::PreprocessConfig& preparation,
                         const std::vector<std::uint8_t>& keep);

}  // namespace ecg::infer
