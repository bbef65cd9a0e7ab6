// Electrodes that were exchanged, leads that were turned over: found by what the beats look like,
// and mended.
#pragma once

#include <string>
#include <vector>

#include "ecg/core/enum_table.h"
#include "ecg/dsp/measure/measure.h"
#include "ecg/record/ecg_record.h"

namespace ecg::dsp {

// What may have happened to the electrodes RA, LA, LL and RL (right arm, left arm, left leg, right
// leg), to those of V1 to V6, or to the signals.
enum class Exchange {
  kNone,
  kArms,           // RA and LA
  kLeftArmLeg,     // LA and LL
  kRightArmLeg,    // RA and LL
  kLimbsForward,   // RA lies at the left arm, LA at the left leg, LL at the right arm
  kLimbsBackward,  // RA lies at the left leg, LA at the right arm, LL at the left arm
  kV1V2,
  kV2V3,
  kV3V4,
  kV4V5,
  kV5V6,
  kV1V3,
  kChestReversed,  // V6 to V1 in the places of V1 to V6
  kTurnedOver,     // all leads have the other sign
  kV1TurnedOver,
  kV2TurnedOver,
  kV3TurnedOver,
  kV4TurnedOver,
  kV5TurnedOver,
  kV6TurnedOver,
  // A leg's electrode on the arm and the other way round leaves a limb lead between the legs, which
  // shows nothing: what the arm would have shown is not in the recording.
  kRightArmGround,  // RA and RL: II shows nothing
  kLeftArmGround,   // LA and RL: III shows nothing
  kArmsLegs,        // RA and RL, LA and LL: I shows nothing
};

// As in "arms swapped", "V1 and V2 swapped", "V3 turned over".
const EnumTable<Exchange>& ExchangeNames();

// Whether Mend can undo it.
bool CanBeMended(Exchange exchange);

// What looks exchanged in a recording by its median beat; `names` are those of measured.leads, at
// `rate` Hz. kNone with less than three beats and, but for kArms, unless all of V1 to V6 and two of
// the limb leads are there: then only what ArmsLookSwapped tells.
//
// A small network has learnt, from 15,041 recordings of PTB-XL (folds 1 to 8) at 100 Hz, how much
// like a heart's nine leads (I, II, III, V1 to V6) look, and is asked about the recording as it is
// and with each exchange undone (see src/dsp/measure/README.md for what it finds and how often it
// is wrong).
Exchange FindExchange(const std::vector<std::string>& names, const Measurements& measured,
                      double rate);

// Undoes an exchange in all leads of a recording that it concerns, sample by sample, and in its
// other waveforms; leads stay where they are. An exchange cannot be undone, and nothing is changed,
// where CanBeMended says so or a lead would have to come from others that are not there: returns
// whether it was.
bool Mend(Exchange exchange, record::EcgRecord& record);

}  // namespace ecg::dsp
