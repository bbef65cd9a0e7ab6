// What a comparison of waves with reference marks gave, for people and for programs.
#pragma once

#include <array>
#include <string>

#include "ecg/core/json.h"
#include "ecg/score/wave_score.h"

namespace ecg::report {

using AllWaveFigures = std::array<score::WaveFigures, dsp::kWaveTypes>;

std::string WaveReport(const AllWaveFigures& figures);
Json WaveJson(const AllWaveFigures& figures);

}  // namespace ecg::report
