// The file of constants, src/dsp/robust/fitted.h, as the program writes it.
#pragma once

#include <cstddef>
#include <string>

#include "src/dsp/robust/fitted.h"
#include "tests/fit/p_fit.h"

namespace ecg::fit {

// What the constants were fitted to.
struct Grounds {
  std::size_t marked = 0;  // recordings with marks
  RhythmTally rhythms;     // out of fold
};

std::string FittedText(const dsp::robust::Fitted& fitted, const Grounds& grounds);

}  // namespace ecg::fit
