#include "ecg/infer/answer.h"

namespace ecg::infer {

namespace {

std::string ReasonOf(const RecordAnswer& answer) {
  return dsp::UnclassifiableNames().NameOf(*answer.unclassifiable);
}

std::string Words(dsp::Exchange exchange) { return dsp::ExchangeNames().NameOf(exchange); }

void AddSignalFlags(const RecordAnswer& answer, std::vector<std::string>& flags) {
  const dsp::SignalDoubts& doubts = answer.signal_doubts;
  if (doubts.unit != dsp::UnitDoubt::kNone) flags.emplace_back("unit?");
  for (const auto& [lead, twin] : doubts.twins) flags.push_back(lead + " same as " + twin);
  if (!doubts.turned_over.empty()) flags.push_back(doubts.turned_over + " turned over?");
  if (doubts.repeated) flags.emplace_back("one beat repeated");
  if (answer.exchange != dsp::Exchange::kNone) flags.push_back(Words(answer.exchange) + "?");
  if (answer.mended != dsp::Exchange::kNone) flags.push_back(Words(answer.mended) + ": mended");
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
  AddSignalFlags(answer, flags);
  return flags;
}

std::vector<std::string> DoubtsOf(const RecordAnswer& answer) {
  std::vector<std::string> doubts;
  const auto add = [&](const std::string& what) {
    doubts.push_back(answer.info.name + ": " + what);
  };
  const dsp::SignalDoubts& signals = answer.signal_doubts;
  if (signals.unit == dsp::UnitDoubt::kTooLarge) {
    add("spans 50 mV and more: values that are uV or counts, as --units uV or 4.88uV tells of "
        "files "
        "that do not say it themselves");
  } else if (signals.unit == dsp::UnitDoubt::kTooSmall) {
    add("spans less than 0.02 mV: values that are mV or V rather than uV, as --units mV tells of "
        "files that do not say it themselves");
  }
  for (const auto& [lead, twin] : signals.twins) {
    add(lead + " holds the same as " + twin + ": one of them is not what it is called");
  }
  if (!signals.turned_over.empty()) {
    add(signals.turned_over + " has the other sign than the other limb leads say");
  }
  if (signals.repeated) {
    add("all beats are copies of one, as of a median beat: it tells nothing of the rhythm");
  }
  if (answer.exchange != dsp::Exchange::kNone) {
    add("looks as if " + Words(answer.exchange) +
        (dsp::CanBeMended(answer.exchange) ? "; --mend-electrodes undoes it"
                                           : ", which cannot be undone"));
  }
  if (answer.mended != dsp::Exchange::kNone) add(Words(answer.mended) + ": mended");
  return doubts;
}

std::string StatusOf(const RecordAnswer& answer) {
  if (answer.unclassifiable) return "not classifiable";
  return answer.quality && !answer.quality->acceptable() ? "doubtful" : "ok";
}

Error NotClassifiable(const RecordAnswer& answer) {
  return InputError("not classifiable: " + ReasonOf(answer), answer.info.name);
}

}  // namespace ecg::infer
