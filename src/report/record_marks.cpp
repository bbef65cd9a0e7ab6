// What is drawn on the paper of a recording's page.
#include <algorithm>
#include <cmath>

#include "ecg/report/record_page.h"

namespace ecg::report {
namespace {

const char* LetterOf(dsp::BeatType type) {
  switch (type) {
    case dsp::BeatType::kAtrialPremature:
      return "A";
    case dsp::BeatType::kVentricular:
      return "V";
    case dsp::BeatType::kPaced:
      return "/";
    case dsp::BeatType::kNormal:
      break;
  }
  return "N";
}

void AddWave(const dsp::Wave& wave, dsp::WaveType type, double from, double rate,
             PaperOptions* paper) {
  if (wave.onset == dsp::kMissing || wave.offset == dsp::kMissing) return;
  paper->waves.push_back({type, from + wave.onset / rate, from + wave.offset / rate});
}

}  // namespace

void AddBeats(const infer::Measured& measured, double from, PaperOptions* paper) {
  const double rate = measured.sampling_rate;
  for (std::size_t b = 0; b < measured.beats.size(); ++b) {
    const dsp::Beat& beat = measured.beats[b];
    const auto mark = [&](int sample, const char* label) {
      if (sample != dsp::kMissing) paper->marks.push_back({from + sample / rate, label, false});
    };
    mark(beat.p.peak, "P");
    mark(beat.q, "Q");
    mark(beat.qrs.peak, "R");
    mark(beat.s, "S");
    mark(beat.t.peak, "T");
    if (b < measured.typed.types.size()) {
      paper->marks.push_back(
          {from + beat.qrs.peak / rate, LetterOf(measured.typed.types[b]), true});
    }
    AddWave(beat.p, dsp::WaveType::kP, from, rate, paper);
    AddWave(beat.qrs, dsp::WaveType::kQrs, from, rate, paper);
    AddWave(beat.t, dsp::WaveType::kT, from, rate, paper);
  }
}

void AddEvidence(const infer::Explanation& explanation, const std::vector<std::string>& leads,
                 double begin, double bin, PaperOptions* paper) {
  constexpr double kWeakest = 0.08;  // of the strongest; less is not drawn
  constexpr double kSteps = 12;      // of strength: neighbours of one are drawn as one
  float strongest = 0;
  for (const std::vector<float>& lead : explanation.evidence) {
    for (const float value : lead) strongest = std::max(strongest, value);
  }
  if (!(strongest > 0)) return;
  for (std::size_t k = 0; k < std::min(leads.size(), explanation.evidence.size()); ++k) {
    const std::vector<float>& evidence = explanation.evidence[k];
    for (std::size_t i = 0; i < evidence.size(); ++i) {
      const double strength = static_cast<double>(evidence[i] / strongest);
      if (!(strength > kWeakest)) continue;
      const double step = std::round(strength * kSteps) / kSteps;
      const double from = begin + static_cast<double>(i) * bin;
      if (!paper->shades.empty()) {
        PaperShade& last = paper->shades.back();
        if (last.lead == leads[k] && last.group == explanation.abbreviation &&
            last.strength == step && std::abs(last.to - from) < bin / 2) {
          last.to = from + bin;
          continue;
        }
      }
      paper->shades.push_back({leads[k], from, from + bin, step, explanation.abbreviation});
    }
  }
}

}  // namespace ecg::report
