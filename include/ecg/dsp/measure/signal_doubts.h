// Whether the signals of a recording are what it says they are: their unit, each lead its own,
// its sign, beats of their own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ecg/dsp/beats.h"

namespace ecg::dsp {

enum class UnitDoubt {
  kNone,
  kTooLarge,  // half of the leads or more span over 50 mV: microvolts or counts taken for
              // millivolts
  kTooSmall,  // half or more span less than 0.02 mV, and not nothing: millivolts taken for
              // microvolts
};

struct SignalDoubts {
  UnitDoubt unit = UnitDoubt::kNone;
  // Leads that hold the same as one before them, and that one: closer than a hundredth of what they
  // span, in the root mean square.
  std::vector<std::pair<std::string, std::string>> twins;
  // The limb lead that has the other sign than the others say, where there are three or more.
  std::string turned_over;
  // All beats are copies of one, as where a median beat was repeated to ten seconds.
  bool repeated = false;

  bool empty() const {
    return unit == UnitDoubt::kNone && twins.empty() && turned_over.empty() && !repeated;
  }
};

// Doubts about leads in mV at `rate` Hz, [names][samples] of equal length; of longer recordings
// the first ten minutes are looked at. Samples that are not finite do not count.
SignalDoubts FindSignalDoubts(const std::vector<std::string>& names,
                              const std::vector<std::vector<float>>& leads, double rate);

// Whether five beats or more, all that lie wholly in the recording, are copies of one: in every
// lead no sample within 0.2 s of the R peaks differs by more than half a hundredth of what the lead
// spans there, the level aside.
bool AreCopies(const std::vector<std::vector<float>>& leads, const std::vector<Beat>& beats,
               double rate);

}  // namespace ecg::dsp
