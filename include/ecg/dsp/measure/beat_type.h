// Where heartbeats come from: the sinus node's usual way, too early from the atria, from a
// ventricle, from a pacemaker.
#pragma once

#include <vector>

#include "ecg/dsp/measure/delineate.h"

namespace ecg::dsp {

enum class BeatType {
  kNormal,           // N of WFDB's annotations: none of the others
  kAtrialPremature,  // A: early, of the usual shape (atrial or junctional)
  kVentricular,      // V: broad, of another shape
  kPaced,            // /: begins with a spike, in a recording of which a fifth of the beats do
};

// How far the evidence goes, in steps: positive beyond the limit. NaN where it cannot be told.
struct BeatEvidence {
  // The interval before is shorter than the median of those around by a tenth and a step; a step is
  // 0.03 of it and twice what six in ten of them differ from it by, so that in atrial fibrillation
  // hardly any is early, nor where every other beat is. Only of beats of the usual shape whose
  // interval after is not shortened too.
  double early = 0;
  // The smaller of: correlation with the usual shape below 0.8, in steps of 0.2; QRS longer than
  // 105 ms, in steps of 20 ms.
  double ventricular = 0;
  // A bend within 4 ms, at the onset of QRS, over that of the complex itself: above 1.6. NaN below
  // 400 samples a second, which do not show it.
  double spike = 0;
};

struct TypedBeats {
  std::vector<BeatType> types;         // of each beat
  std::vector<BeatEvidence> evidence;  // of each beat
};

// `beats` is the record's common set, leads are in mV, of equal length. The usual shape is that
// which most of 200 beats in a row share.
TypedBeats TypeBeats(const std::vector<std::vector<double>>& leads, const std::vector<Beat>& beats,
                     double fs);

}  // namespace ecg::dsp
