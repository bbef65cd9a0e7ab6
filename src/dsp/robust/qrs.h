// Where the QRS complexes of a record are. Leads are cleaned, in mV, and of equal length.
#pragma once

#include <cstddef>
#include <vector>

#include "src/dsp/lanes.h"
#include "src/dsp/robust/signal.h"

namespace ecg::dsp::robust {

// How strongly a lead bends at about 20 Hz, averaged over 120 ms, in mV; as long as the lead.
Signal LeadActivity(const Signal& lead, double fs);
SideBySide LeadActivity(const SideBySide& leads, double fs);

// The activity of several leads together, each relative to its own QRS complexes and weighted by
// how far these stand above its noise. Leads without any activity are left out.
class RecordActivity {
 public:
  explicit RecordActivity(double fs) : fs_(fs) {}
  // The next lead's, all of one length. False where it is left out.
  bool Add(const Signal& lead_activity);
  // The mean, in which 1 is a typical QRS complex; empty where no lead is active.
  Signal Mean() &&;

 private:
  double fs_;
  Signal sum_;
  double weight_ = 0;
};

// The middle of each QRS complex, ascending.
std::vector<int> FindQrs(const Signal& activity, double fs);

}  // namespace ecg::dsp::robust
