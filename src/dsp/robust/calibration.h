// Calibration pulses, as recorders put them before or behind a recording: 1 mV for 0.2 s. They are
// no heartbeats.
#pragma once

#include <vector>

#include "src/dsp/robust/signal.h"

namespace ecg::dsp::robust {

// Levels out each rectangle of 0.9 to 1.1 mV and 0.1 to 0.3 s with a flat top, level feet and edges
// of up to 20 ms that is the same in all leads but constant ones. No heart makes that: of three or
// more leads some see it from other sides, and I, II and III alike contradict Einthoven's law. So
// less than three leads stay as they are, as does every recording without such a pulse. `leads`:
// raw, in mV, of equal length.
void LevelCalibrationPulses(std::vector<Signal>* leads, double fs);

}  // namespace ecg::dsp::robust
