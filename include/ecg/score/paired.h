// Two classifiers on the same recordings.
#pragma once

#include <cstdint>

namespace ecg::score {

// The probability that of the recordings on which two classifiers differ so many or more lie on one
// side, were either side as likely: McNemar's test, exact and two-sided
// (doi:10.1007/BF02295996). 1 where they differ on none.
double McNemar(std::uint64_t first_alone, std::uint64_t second_alone);

}  // namespace ecg::score
