#include "src/infer/stretch_measure.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace ecg::infer {
namespace {

dsp::Beat Moved(dsp::Beat beat, int by) {
  const auto move = [by](int& sample) {
    if (sample != dsp::kMissing) sample += by;
  };
  for (dsp::Wave* wave : {&beat.p, &beat.qrs, &beat.t}) {
    for (int* sample : {&wave->onset, &wave->peak, &wave->offset}) move(*sample);
  }
  move(beat.q);
  move(beat.s);
  return beat;
}

// Of beats from sample `begin` on those within [from, to), as samples of the recording; `kept` gets
// their positions.
std::vector<dsp::Beat> Within(const std::vector<dsp::Beat>& beats, std::size_t begin,
                              std::size_t from, std::size_t to, std::vector<std::size_t>* kept) {
  std::vector<dsp::Beat> within;
  for (std::size_t i = 0; i < beats.size(); ++i) {
    const dsp::Beat beat = Moved(beats[i], static_cast<int>(begin));
    const auto at = static_cast<std::size_t>(beat.qrs.peak);
    if (at < from || at >= to) continue;
    within.push_back(beat);
    if (kept != nullptr) kept->push_back(i);
  }
  return within;
}

template <typename T>
std::vector<T> Chosen(const std::vector<T>& all, const std::vector<std::size_t>& places) {
  std::vector<T> chosen;
  if (all.empty()) return chosen;
  for (const std::size_t i : places) chosen.push_back(all[i]);
  return chosen;
}

// How many of a stretch's first beats have been seen from the stretch before.
std::size_t SeenBefore(const std::vector<dsp::Beat>& all, const std::vector<dsp::Beat>& more,
                       double rate) {
  std::size_t seen = 0;
  while (!all.empty() && seen < more.size() &&
         more[seen].qrs.peak - all.back().qrs.peak <= kOneBeat * rate) {
    ++seen;
  }
  return seen;
}

template <typename T>
void AppendFrom(const std::vector<T>& more, std::size_t first, std::vector<T>& all) {
  if (first >= more.size()) return;
  all.insert(all.end(), more.begin() + static_cast<std::ptrdiff_t>(first), more.end());
}

void Append(Measured&& more, Measured& all) {
  const double rate = more.sampling_rate;
  if (all.beats.empty() && !more.beats.empty()) all.values = std::move(more.values);
  const std::size_t seen = SeenBefore(all.beats, more.beats, rate);
  AppendFrom(more.beats, seen, all.beats);
  AppendFrom(more.typed.types, seen, all.typed.types);
  AppendFrom(more.typed.evidence, seen, all.typed.evidence);
  all.of_lead.resize(more.of_lead.size());
  for (std::size_t k = 0; k < more.of_lead.size(); ++k) {
    AppendFrom(more.of_lead[k], SeenBefore(all.of_lead[k], more.of_lead[k], rate), all.of_lead[k]);
  }
  all.sampling_rate = rate;
  all.leads = std::move(more.leads);
  all.measured_leads = std::move(more.measured_leads);
}

}  // namespace

std::size_t SampleAt(const record::EcgInfo& info, double seconds) {
  const double sample = std::round(std::max(0.0, seconds) * info.sampling_rate);
  return static_cast<std::size_t>(std::min(sample, static_cast<double>(info.samples)));
}

record::EcgInfo LongestPiece(const record::EcgInfo& info) {
  record::EcgInfo piece = info;
  piece.samples = SampleAt(info, kStretchSeconds + 2 * kBesideSeconds);
  return piece;
}

Result<MeasuredStretch> MeasureStretch(const record::Stretches& record, const dsp::Span& span,
                                       const MeasureConfig& config) {
  const record::EcgInfo& info = record.info();
  MeasuredStretch stretch;
  stretch.begin = SampleAt(info, span.from - kBesideSeconds);
  Result<record::EcgRecord> around =
      record.Read(stretch.begin, SampleAt(info, span.to + kBesideSeconds));
  if (!around.ok()) return around.error();
  stretch.around = std::move(*around);
  Result<Measured> measured = MeasureRecord(stretch.around, config);
  if (!measured.ok()) return measured.error();
  stretch.measured = std::move(*measured);
  const std::size_t from = SampleAt(info, span.from), to = SampleAt(info, span.to);
  std::vector<std::size_t> kept;
  Measured& own = stretch.measured;
  own.beats = Within(own.beats, stretch.begin, from, to, &kept);
  own.typed.types = Chosen(own.typed.types, kept);
  own.typed.evidence = Chosen(own.typed.evidence, kept);
  for (std::vector<dsp::Beat>& lead : own.of_lead) {
    lead = Within(lead, stretch.begin, from, to, nullptr);
  }
  return stretch;
}

Result<MeasuredLong> MeasureLong(const record::Stretches& record, const MeasureConfig& config) {
  const record::EcgInfo& info = record.info();
  const double duration = static_cast<double>(info.samples) / info.sampling_rate;
  MeasuredLong all;
  bool shows_heart = false;
  for (double from = 0; from < duration; from += kStretchSeconds) {
    const dsp::Span span = {from, std::min(from + kStretchSeconds, duration)};
    Result<MeasuredStretch> stretch = MeasureStretch(record, span, config);
    if (!stretch.ok()) return stretch.error();
    const auto why = dsp::WhyUnclassifiable(stretch->around.leads, info.sampling_rate);
    shows_heart = shows_heart || !why;
    if (why) all.unclassifiable = std::max(all.unclassifiable.value_or(*why), *why);
    Append(std::move(stretch->measured), all.measured);
  }
  if (shows_heart) all.unclassifiable.reset();
  return all;
}

}  // namespace ecg::infer
