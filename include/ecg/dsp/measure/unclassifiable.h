// Recordings of which nothing can be said: no heartbeat was recorded.
#pragma once

#include <optional>
#include <vector>

#include "ecg/core/enum_table.h"

namespace ecg::dsp {

// Seconds that are looked at together.
inline constexpr double kUnclassifiablePiece = 600;

// From what says least to what says most.
enum class Unclassifiable {
  kNoSample,  // every sample of every lead is missing
  kTooShort,  // less than a second: not one whole heartbeat
  kFlat,      // nothing changes
  kNoBeat,    // hum or noise alone
};

// As in "no heartbeat, hum or noise alone".
const EnumTable<Unclassifiable>& UnclassifiableNames();

// Why nothing can be said of leads in any unit at `rate` Hz, [leads][samples], of any lengths; of
// several reasons that of the lead that says most. Nothing where one lead might show a heart, if
// badly: a recording that people would call unacceptable can be classifiable. Samples that are not
// finite are missing. A rate outside (0, 1 MHz] tells no time: kTooShort.
//
// Beats stand out: the bends at about 20 Hz of the loudest 5 % of the time are more than 2.1 times
// those of the quietest 30 %. In 2,635 real recordings of seven sources they are at least 8 times
// as strong in one of twelve leads and 2.6 times in I or II; in 10 s of white noise at most 2.0
// times, in 2 s up to 2.6 times, so brief noise may pass. What moves slowly is no noise, however
// evenly it moves: ventricular fibrillation has no beats that stand out.
std::optional<Unclassifiable> WhyUnclassifiable(const std::vector<std::vector<float>>& leads,
                                                double rate);

}  // namespace ecg::dsp
