// What makes a recording doubtful before anybody interprets it.
#pragma once

#include <string>
#include <vector>

#include "ecg/core/enum_table.h"
#include "ecg/dsp/measure/measure.h"

namespace ecg::dsp {

enum class Fault {
  kMissing,    // more than a tenth of the samples are NaN
  kFlat,       // a third of the time, or more, in stretches of half a second without any change
  kClipped,    // the signal stands still at its highest or lowest value, away from its middle
  kNoisy,      // 0.1 mV of noise, or more, also between the complexes
  kWandering,  // the baseline moves by more than 2 mV
};

// As in "flat".
const EnumTable<Fault>& FaultNames();

struct LeadFault {
  std::string lead;
  Fault fault = Fault::kMissing;
};

struct RecordFaults {
  std::vector<LeadFault> leads;  // in the order of the leads
  // Half of the leads that are there and move span less than 0.25 mV above their baseline, or more
  // than half of them more than 3 mV: as where values are no mV, or the gain is wrong.
  bool gain = false;

  bool empty() const { return leads.empty() && !gain; }
};

// The faults of leads in mV at `rate` Hz, [names][samples]; of longer recordings those of the first
// ten minutes. The limits are ours.
RecordFaults FindFaults(const std::vector<std::string>& names,
                        const std::vector<std::vector<float>>& leads, double rate);

// Whether P, QRS and T point down in lead I, as with the arms' electrodes exchanged (or a heart on
// the right). `names` are those of measured.leads.
bool ArmsLookSwapped(const std::vector<std::string>& names, const Measurements& measured);

}  // namespace ecg::dsp
