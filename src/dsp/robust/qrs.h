// Where the QRS complexes of a record are. Leads are cleaned, in mV, and of equal length.
#pragma once

#include <cstddef>
#include <vector>

#include "src/dsp/robust/signal.h"

namespace ecg::dsp::robust {

// How strongly a lead bends at about 20 Hz, averaged over 120 ms, in mV; as long as the lead.
Signal LeadActivity(const Signal& lead, double fs);

struct Activity {
  Signal signal;                    // 1 is a typical QRS complex; empty where no lead is active
  std::vector<std::size_t> active;  // the leads that it is made of, ascending
};

// How strongly the leads bend at about 20 Hz, averaged over 120 ms and over the leads, each lead
// relative to its own QRS complexes and weighted by how far these stand above its noise. Leads
// without any activity are left out.
Activity QrsActivity(const std::vector<Signal>& leads, double fs);

// The middle of each QRS complex, ascending.
std::vector<int> FindQrs(const Signal& activity, double fs);

}  // namespace ecg::dsp::robust
