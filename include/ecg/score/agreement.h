// How far two ways of measuring agree, as Bland and Altman have it (Lancet 1986;1:307, Stat Methods
// Med Res 1999;8:135): the mean of the differences, and the limits that 95 % of them lie within.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "ecg/record/stated_measurements.h"
#include "ecg/score/bootstrap.h"

namespace ecg::score {

// Every figure in the unit of the differences; NaN where there are too few of them.
struct Agreement {
  std::size_t count = 0;
  double bias = 0;                          // the mean difference
  double sd = 0;                            // standard deviation of the differences, with n - 1
  double lower = 0, upper = 0;              // bias -+ 1.96 sd
  Interval bias_interval;                   // 95 %, by Student's t
  Interval lower_interval, upper_interval;  // 95 %, by sd * sqrt(1/n + 1.96^2/(2(n-1)))
};

Agreement Agree(const std::vector<double>& differences);

// What was measured twice in a recording: by us, and as its files state it.
struct MeasuredTwice {
  std::string record;
  double own = 0, stated = 0;  // in the quantity's unit
};
// By quantity.
using AllMeasuredTwice = std::array<std::vector<MeasuredTwice>, record::kQuantities>;

// Own minus stated; of angles the smaller way round.
double DifferenceOf(record::Quantity quantity, const MeasuredTwice& pair);
Agreement AgreementOf(record::Quantity quantity, const std::vector<MeasuredTwice>& pairs);

// The quantile of Student's t distribution for a probability in (0, 1) and degrees of freedom from
// 1 on, to about 1e-10.
double StudentQuantile(double probability, double degrees);

}  // namespace ecg::score
