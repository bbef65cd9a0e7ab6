#include "ecg/score/rhythm_score.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ecg::score {
namespace {

using dsp::BeatType;
using dsp::Episode;
using dsp::EpisodeKind;
using dsp::LongBeat;
using dsp::Span;

constexpr double kBeatTolerance = 0.15;  // s
constexpr double kEpisodeTolerance = 1;  // s
constexpr double kMinute = 60;
constexpr EpisodeKind kKinds[] = {EpisodeKind::kFibrillation, EpisodeKind::kPause,
                                  EpisodeKind::kVentricularRun, EpisodeKind::kAtrialRun};

double Share(std::size_t part, std::size_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole)
                   : std::numeric_limits<double>::quiet_NaN();
}

Episode EpisodeOf(EpisodeKind kind, const Span& span, std::size_t beats) {
  Episode episode;
  episode.kind = kind;
  episode.span = span;
  episode.beats = beats;
  episode.rate = beats > 1 ? kMinute * static_cast<double>(beats - 1) / span.Length()
                           : kMinute / span.Length();
  return episode;
}

void AddRuns(const std::vector<LongBeat>& beats, BeatType type, EpisodeKind kind,
             std::vector<Episode>& episodes) {
  for (std::size_t i = 0; i < beats.size();) {
    std::size_t end = i;
    while (end < beats.size() && beats[end].type == type) ++end;
    if (end - i >= dsp::kRunBeats) {
      episodes.push_back(EpisodeOf(kind, {beats[i].at, beats[end - 1].at}, end - i));
    }
    i = std::max(end, i + 1);
  }
}

std::vector<Span> SpansOf(const std::vector<Episode>& episodes, EpisodeKind kind) {
  std::vector<Span> spans;
  for (const Episode& episode : episodes) {
    if (episode.kind == kind) spans.push_back(episode.span);
  }
  return spans;
}

// For each reference beat the nearest detected one that is free; its number, or that of none.
std::vector<std::size_t> Match(const std::vector<LongBeat>& reference,
                               const std::vector<LongBeat>& detected) {
  std::vector<std::size_t> matches;
  std::size_t next = 0;
  for (const LongBeat& beat : reference) {
    while (next < detected.size() && detected[next].at < beat.at - kBeatTolerance) ++next;
    std::size_t best = detected.size();
    for (std::size_t k = next; k < detected.size() && detected[k].at <= beat.at + kBeatTolerance;
         ++k) {
      const auto distance = [&](std::size_t i) { return std::abs(detected[i].at - beat.at); };
      if (best == detected.size() || distance(k) < distance(best)) best = k;
    }
    matches.push_back(best);
    if (best < detected.size()) next = best + 1;
  }
  return matches;
}

void TallyBeats(const std::vector<LongBeat>& reference, const std::vector<LongBeat>& detected,
                RhythmScore& score) {
  const std::vector<std::size_t> matches = Match(reference, detected);
  const auto tally = [&](BeatType type, BeatTally& own) {
    const auto is = [type](const LongBeat& beat) { return beat.type == type; };
    own.detected = static_cast<std::size_t>(std::count_if(detected.begin(), detected.end(), is));
    for (std::size_t i = 0; i < reference.size(); ++i) {
      if (!is(reference[i])) continue;
      ++own.reference;
      if (matches[i] < detected.size() && is(detected[matches[i]])) ++own.found;
    }
  };
  tally(BeatType::kVentricular, score.ventricular);
  tally(BeatType::kAtrialPremature, score.atrial);
  score.beats.reference = reference.size();
  score.beats.detected = detected.size();
  score.beats.found = static_cast<std::size_t>(std::count_if(
      matches.begin(), matches.end(), [&](std::size_t match) { return match < detected.size(); }));
}

}  // namespace

double BeatTally::Sensitivity() const { return Share(found, reference); }
double BeatTally::PositivePredictivity() const { return Share(found, detected); }

std::vector<Episode> EpisodesOf(const RhythmTruth& truth) {
  std::vector<Episode> episodes;
  for (const Span& span : truth.fibrillation) {
    const auto inside = [&](const LongBeat& beat) {
      return beat.at >= span.from && beat.at <= span.to;
    };
    const auto beats = std::count_if(truth.beats.begin(), truth.beats.end(), inside);
    episodes.push_back(
        EpisodeOf(EpisodeKind::kFibrillation, span, static_cast<std::size_t>(beats)));
  }
  for (std::size_t i = 1; i < truth.beats.size(); ++i) {
    const Span between = {truth.beats[i - 1].at, truth.beats[i].at};
    if (between.Length() <= dsp::kPauseSeconds) continue;
    episodes.push_back(EpisodeOf(EpisodeKind::kPause, between, 0));
  }
  AddRuns(truth.beats, BeatType::kVentricular, EpisodeKind::kVentricularRun, episodes);
  AddRuns(truth.beats, BeatType::kAtrialPremature, EpisodeKind::kAtrialRun, episodes);
  return episodes;
}

RhythmScore ScoreRhythm(const RhythmTruth& truth, const std::vector<LongBeat>& beats,
                        const std::vector<Episode>& episodes) {
  RhythmScore score;
  const std::vector<Episode> reference = EpisodesOf(truth);
  for (const EpisodeKind kind : kKinds) {
    const std::vector<Span> own = SpansOf(reference, kind), found = SpansOf(episodes, kind);
    score.episodes.emplace_back(kind, MatchEpisodes(own, found, kEpisodeTolerance));
    std::vector<Episode> of_kind;
    std::copy_if(reference.begin(), reference.end(), std::back_inserter(of_kind),
                 [kind](const Episode& episode) { return episode.kind == kind; });
    for (const std::size_t k : MissedEpisodes(own, found, kEpisodeTolerance)) {
      score.missed.push_back(of_kind[k]);
    }
  }
  TallyBeats(truth.beats, beats, score);
  return score;
}

}  // namespace ecg::score
