#include "ecg/data/prepare/window.h"

#include <algorithm>

#include "ecg/challenge/challenge.h"

namespace ecg::data {
namespace {

constexpr double kIgnoredTail = 0.05;  // of a window

}  // namespace

std::size_t RandomStart(std::size_t samples, std::size_t window, Rng& rng) {
  return samples <= window ? 0 : static_cast<std::size_t>(rng.Below(samples - window + 1));
}

std::vector<std::size_t> WindowStarts(std::size_t samples, std::size_t window, double overlap) {
  std::vector<std::size_t> starts = {0};
  if (samples <= window) return starts;
  const auto width = static_cast<double>(window);
  const auto step = static_cast<std::size_t>(std::max(1.0, width * (1 - overlap)));
  const auto tail = static_cast<std::size_t>(width * kIgnoredTail);
  const std::size_t last = samples - window;
  for (std::size_t start = step; start < last; start += step) starts.push_back(start);
  if (last > starts.back() + tail) starts.push_back(last);
  return starts;
}

void CopyWindow(const SignalView& record, std::size_t start, std::size_t window,
                const std::vector<std::uint8_t>& keep, float* out) {
  const std::size_t there = start < record.samples ? std::min(window, record.samples - start) : 0;
  for (std::size_t c = 0; c < record.channels; ++c, out += window) {
    const std::size_t count = keep.empty() || keep[c] != 0 ? there : 0;
    if (count > 0) std::copy_n(record.Channel(c) + start, count, out);
    std::fill(out + count, out + window, 0.0F);
  }
}

Result<std::vector<std::uint8_t>> ChannelsOfLeadSet(const std::string& lead_set,
                                                    const std::vector<std::string>& channels) {
  std::string known;
  for (const challenge::LeadSet& set : challenge::LeadSets()) {
    if (set.name == lead_set) {
      std::vector<std::uint8_t> keep;
      for (const std::string& channel : channels) {
        const bool in_set = std::count(set.leads.begin(), set.leads.end(), channel) > 0;
        keep.push_back(in_set || IsPatientChannel(channel) ? 1 : 0);
      }
      return keep;
    }
    known += (known.empty() ? "" : ", ") + set.name;
  }
  return UsageError("no such lead set: \"" + lead_set + "\"; known: " + known);
}

Result<std::vector<ChannelGroup>> GroupLeadSets(const std::vector<std::string>& lead_sets,
                                                const std::vector<std::string>& channels) {
  std::vector<ChannelGroup> groups;
  for (const std::string& lead_set : lead_sets) {
    Result<std::vector<std::uint8_t>> keep = ChannelsOfLeadSet(lead_set, channels);
    if (!keep.ok()) return keep.error();
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const ChannelGroup& group) { return group.keep == *keep; });
    if (same != groups.end()) {
      same->lead_sets.push_back(lead_set);
    } else {
      groups.push_back({std::move(*keep), {lead_set}});
    }
  }
  return groups;
}

}  // namespace ecg::data
