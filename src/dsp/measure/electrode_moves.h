// What an exchange of electrodes does to the leads.
#pragma once

#include <string>
#include <string_view>

#include "ecg/dsp/measure/electrodes.h"

namespace ecg::dsp {

// Where the true samples of a lead are found in a recording with an exchange.
struct LeadMove {
  std::string from;
  float sign = 1;

  bool IsNone(std::string_view lead) const { return from == lead && sign == 1; }
};

// Of a lead by its canonical name; any other lead, and any of an exchange that cannot be mended,
// stays what it is.
LeadMove MoveOf(Exchange exchange, std::string_view lead);

}  // namespace ecg::dsp
