#include "ecg/infer/answer.h"

namespace ecg::infer {

namespace {

std::string ReasonOf(const RecordAnswer& answer) {
  return dsp::UnclassifiableNames().NameOf(*answer.unclassifiable);
}

}  // namespace

std::vector<std::string> FlagsOf(const RecordAnswer& answer) {
  std::vector<std::string> flags;
  if (answer.unclassifiable) flags.push_back(ReasonOf(answer));
  for (std::size_t k = 0; answer.quality && k < answer.quality->leads.size(); ++k) {
    const dsp::LeadQuality& lead = answer.quality->leads[k];
    for (const dsp::Fault fault : lead.faults) {
      flags.push_back(lead.lead + ' ' + dsp::FaultNames().NameOf(fault));
    }
  }
  for (const std::string& lead : answer.unused_leads) flags.push_back(lead + " not used");
  if (answer.quality && answer.quality->gain) flags.emplace_back("gain?");
  if (answer.arms_swapped) flags.emplace_back("arms swapped?");
  return flags;
}

std::string StatusOf(const RecordAnswer& answer) {
  if (answer.unclassifiable) return "not classifiable";
  return answer.quality && !answer.quality->acceptable() ? "doubtful" : "ok";
}

Error NotClassifiable(const RecordAnswer& answer) {
  return InputError("not classifiable: " + ReasonOf(answer), answer.info.name);
}

}  // namespace ecg::infer
