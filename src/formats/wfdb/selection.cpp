#include "src/formats/wfdb/selection.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "ecg/core/text.h"
#include "ecg/record/info_lines.h"
#include "ecg/record/leads.h"
#include "ecg/record/units.h"

namespace ecg::wfdb {
namespace {

std::string WithoutEnding(std::string name) {
  for (const std::string_view ending : {".mat", ".hea"}) {
    if (name.size() > ending.size() &&
        ToLower(std::string_view(name).substr(name.size() - ending.size())) == ending) {
      name.resize(name.size() - ending.size());
    }
  }
  return name;
}

// What the info strings say.
void ReadInfoStrings(const Header& header, record::EcgInfo& info) {
  for (const std::string& text : header.info) {
    const bool known = record::ReadInfoLine(record::SplitInfoLine(text), info);
    if (!known && !text.empty()) info.statements.push_back(text);
  }
}

bool RatesDiffer(const Header& header, const std::vector<std::size_t>& signals) {
  return std::any_of(signals.begin(), signals.end(), [&](std::size_t i) {
    return header.signals[i].samples_per_frame != header.signals[signals[0]].samples_per_frame;
  });
}

}  // namespace

double OwnRate(const Header& header, std::size_t signal) {
  return header.sampling_rate * header.signals[signal].samples_per_frame;
}

Selection SelectSignals(const Header& header) {
  Selection selection;
  for (std::size_t i = 0; i < header.signals.size(); ++i) {
    if (record::MillivoltsPer(header.signals[i].units) != 0) selection.signals.push_back(i);
  }
  if (RatesDiffer(header, selection.signals)) {
    const auto others = std::stable_partition(
        selection.signals.begin(), selection.signals.end(), [&](std::size_t i) {
          const double rate = OwnRate(header, i);
          return rate >= record::kMinRate && rate <= record::kMaxRate;
        });
    selection.at_other_rates.assign(others, selection.signals.end());
    selection.signals.erase(others, selection.signals.end());
  }
  if (selection.signals.empty()) return selection;
  selection.average = RatesDiffer(header, selection.signals);
  if (!selection.average) {
    selection.samples_per_frame = header.signals[selection.signals[0]].samples_per_frame;
  }
  return selection;
}

record::EcgInfo InfoOf(const Header& header, const Selection& selection) {
  record::EcgInfo info;
  info.format = "WFDB";
  info.name = WithoutEnding(header.name);
  info.sampling_rate = header.sampling_rate * selection.samples_per_frame;
  info.samples = static_cast<std::size_t>(header.samples.value_or(0)) *
                 static_cast<std::size_t>(selection.samples_per_frame);
  for (const std::size_t i : selection.signals) {
    info.leads.push_back(record::CanonicalLead(header.signals[i].description));
  }
  info.acquisition.date = header.base_date;
  info.acquisition.time = header.base_time;
  ReadInfoStrings(header, info);
  return info;
}

}  // namespace ecg::wfdb
