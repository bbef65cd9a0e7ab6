// Which scored classes contradict each other in one recording, and what is then told to people. The
// table itself is data/contradictions.csv.
#pragma once

#include <cstdint>
#include <vector>

#include "ecg/challenge/class_set.h"

namespace ecg::challenge {

// The decisions, uint8 [classes], without those that contradict a more specific one (sinus rhythm
// beside sinus tachycardia, incomplete beside complete right bundle branch block), or, where none
// is more specific, a stronger one (left beside right axis). `strength` double [classes] is how far
// each lies above its threshold. Meant for tables that people read: the challenge metric wants the
// decisions as they are.
std::vector<std::uint8_t> WithoutContradictions(std::vector<std::uint8_t> decisions,
                                                const std::vector<double>& strength,
                                                const std::vector<DiagnosisClass>& classes);

}  // namespace ecg::challenge
