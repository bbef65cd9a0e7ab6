#include "ecg/infer/answer.h"

namespace ecg::infer {

std::vector<std::string> FlagsOf(const RecordAnswer& answer) {
  std::vector<std::string> flags;
  for (const dsp::LeadFault& found : answer.faults.leads) {
    flags.push_back(found.lead + ' ' + dsp::FaultNames().NameOf(found.fault));
  }
  for (const std::string& lead : answer.unused_leads) flags.push_back(lead + " not used");
  if (answer.faults.gain) flags.emplace_back("gain?");
  if (answer.arms_swapped) flags.emplace_back("arms swapped?");
  return flags;
}

}  // namespace ecg::infer
