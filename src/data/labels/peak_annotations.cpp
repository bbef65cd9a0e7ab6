#include "ecg/data/labels/peak_annotations.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace ecg::data {
namespace {

wfdb::Annotation AnnotationOf(dsp::PeakType type, std::int64_t sample) {
  wfdb::Annotation annotation;
  annotation.sample = sample;
  switch (type) {
    case dsp::PeakType::kP:
      annotation.type = wfdb::kPWave;
      break;
    case dsp::PeakType::kR:
      annotation.type = wfdb::kNormalBeat;
      break;
    case dsp::PeakType::kT:
      annotation.type = wfdb::kTWave;
      break;
    case dsp::PeakType::kQ:
    case dsp::PeakType::kS:
      annotation.type = wfdb::kNote;
      annotation.aux = dsp::kPeakNames[static_cast<std::size_t>(type)];
      break;
  }
  return annotation;
}

int AnnotationOf(dsp::BeatType type) {
  switch (type) {
    case dsp::BeatType::kNormal:
      break;
    case dsp::BeatType::kAtrialPremature:
      return wfdb::kAtrialPremature;
    case dsp::BeatType::kVentricular:
      return wfdb::kVentricularPremature;
    case dsp::BeatType::kPaced:
      return wfdb::kPacedBeat;
  }
  return wfdb::kNormalBeat;
}

std::optional<dsp::WaveType> WaveOf(int annotation_type) {
  if (annotation_type == wfdb::kPWave) return dsp::WaveType::kP;
  if (annotation_type == wfdb::kTWave) return dsp::WaveType::kT;
  if (wfdb::IsBeat(annotation_type)) return dsp::WaveType::kQrs;
  return std::nullopt;
}

}  // namespace

wfdb::AnnotationFile AnnotationsOf(const std::vector<dsp::Peak>& peaks, double rate,
                                   double record_rate) {
  wfdb::AnnotationFile file;
  for (const dsp::Peak& peak : peaks) {
    file.annotations.push_back(
        AnnotationOf(peak.type, std::llround(peak.sample * record_rate / rate)));
  }
  return file;
}

wfdb::AnnotationFile AnnotationsOf(const std::vector<dsp::Beat>& beats,
                                   const std::vector<dsp::BeatType>& types) {
  wfdb::AnnotationFile file;
  const auto mark = [&](int sample, int type) {
    if (sample == dsp::kMissing) return;
    file.annotations.emplace_back();
    file.annotations.back().sample = sample;
    file.annotations.back().type = type;
  };
  for (const dsp::Beat& beat : beats) {
    for (const dsp::Wave& wave : {beat.p, beat.qrs, beat.t}) {
      mark(wave.onset, wfdb::kWaveOnset);
      mark(wave.offset, wfdb::kWaveOffset);
    }
  }
  std::size_t beat = 0;
  for (const dsp::Peak& peak : dsp::PeaksOf(beats)) {
    file.annotations.push_back(AnnotationOf(peak.type, peak.sample));
    if (peak.type != dsp::PeakType::kR || types.empty()) continue;
    file.annotations.back().type = AnnotationOf(types[beat++]);
  }
  // Where marks coincide: onset, peak, offset.
  const auto rank = [](const wfdb::Annotation& annotation) {
    return annotation.type == wfdb::kWaveOnset ? 0 : annotation.type == wfdb::kWaveOffset ? 2 : 1;
  };
  std::stable_sort(file.annotations.begin(), file.annotations.end(),
                   [&](const wfdb::Annotation& a, const wfdb::Annotation& b) {
                     return a.sample != b.sample ? a.sample < b.sample : rank(a) < rank(b);
                   });
  return file;
}

dsp::Waves WavesOf(const wfdb::AnnotationFile& file, double frames_per_tick) {
  dsp::Waves waves;
  dsp::Wave* last = nullptr;  // that still lacks its offset
  int onset = dsp::kMissing;
  for (const wfdb::Annotation& annotation : file.annotations) {
    const double frame = static_cast<double>(annotation.sample) * frames_per_tick;
    if (frame < 0 || frame > std::numeric_limits<int>::max()) continue;
    const int sample = static_cast<int>(std::lround(frame));
    if (annotation.type == wfdb::kWaveOnset) {
      onset = sample;
      last = nullptr;
    } else if (annotation.type == wfdb::kWaveOffset) {
      if (last != nullptr) last->offset = sample;
      last = nullptr;
      onset = dsp::kMissing;
    } else if (const auto type = WaveOf(annotation.type)) {
      std::vector<dsp::Wave>& list = waves[static_cast<std::size_t>(*type)];
      list.push_back({std::exchange(onset, dsp::kMissing), sample, dsp::kMissing});
      last = &list.back();
    }
  }
  return waves;
}

}  // namespace ecg::data
