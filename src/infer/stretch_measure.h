// A recording of hours measured ten minutes at a time, so that memory does not grow with it.
#pragma once

#include <cstddef>
#include <optional>

#include "ecg/core/result.h"
#include "ecg/dsp/measure/long_rhythm.h"
#include "ecg/dsp/measure/unclassifiable.h"
#include "ecg/infer/measure.h"
#include "ecg/record/stretches.h"

namespace ecg::infer {

inline constexpr double kStretchSeconds = 600;
inline constexpr double kBesideSeconds = 15;  // of the neighbours, which are looked at with it

// The sample at a time, within the recording.
std::size_t SampleAt(const record::EcgInfo& info, double seconds);

// `info` of the longest piece that is read.
record::EcgInfo LongestPiece(const record::EcgInfo& info);

struct MeasuredStretch {
  record::EcgRecord around;  // the stretch with its neighbours,
  std::size_t begin = 0;     // from this sample of the recording on
  // Beats of the stretch alone, as samples of the recording; values are of `around`.
  Measured measured;
};
Result<MeasuredStretch> MeasureStretch(const record::Stretches& record, const dsp::Span& span,
                                       const MeasureConfig& config);

struct MeasuredLong {
  // Beats of all of it; values are those of the first stretch that has beats.
  Measured measured;
  std::optional<dsp::Unclassifiable> unclassifiable;  // what is to be said of every stretch
};
Result<MeasuredLong> MeasureLong(const record::Stretches& record, const MeasureConfig& config);

// Seen from both sides of a border one beat may lie on either: nearer beats than these are one.
inline constexpr double kOneBeat = 0.15;  // s

}  // namespace ecg::infer
