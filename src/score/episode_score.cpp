#include "ecg/score/episode_score.h"

#include <algorithm>
#include <limits>

namespace ecg::score {
namespace {

double Share(double part, double whole) {
  return whole > 0 ? part / whole : std::numeric_limits<double>::quiet_NaN();
}

// Those of `spans` that none of `others` overlaps.
std::vector<std::size_t> Alone(const std::vector<dsp::Span>& spans,
                               const std::vector<dsp::Span>& others, double tolerance) {
  std::vector<std::size_t> alone;
  std::size_t next = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    while (next < others.size() && others[next].to + tolerance < spans[i].from) ++next;
    if (next == others.size() || others[next].from > spans[i].to + tolerance) alone.push_back(i);
  }
  return alone;
}

double Seconds(const std::vector<dsp::Span>& spans) {
  double seconds = 0;
  for (const dsp::Span& span : spans) seconds += span.Length();
  return seconds;
}

}  // namespace

double EpisodeTally::Sensitivity() const {
  return Share(static_cast<double>(found), static_cast<double>(reference));
}
double EpisodeTally::TimeSensitivity() const {
  return Share(overlapping_seconds, reference_seconds);
}
double EpisodeTally::TimePredictivity() const {
  return Share(overlapping_seconds, detected_seconds);
}

EpisodeTally MatchEpisodes(const std::vector<dsp::Span>& reference,
                           const std::vector<dsp::Span>& detected, double tolerance) {
  EpisodeTally tally;
  tally.reference = reference.size();
  tally.detected = detected.size();
  tally.found = reference.size() - Alone(reference, detected, tolerance).size();
  tally.false_alarms = Alone(detected, reference, tolerance).size();
  tally.reference_seconds = Seconds(reference);
  tally.detected_seconds = Seconds(detected);
  std::size_t first = 0;
  for (const dsp::Span& span : reference) {
    while (first < detected.size() && detected[first].to <= span.from) ++first;
    for (std::size_t k = first; k < detected.size() && detected[k].from < span.to; ++k) {
      tally.overlapping_seconds +=
          std::min(span.to, detected[k].to) - std::max(span.from, detected[k].from);
    }
  }
  return tally;
}

std::vector<std::size_t> MissedEpisodes(const std::vector<dsp::Span>& reference,
                                        const std::vector<dsp::Span>& detected, double tolerance) {
  return Alone(reference, detected, tolerance);
}

}  // namespace ecg::score
