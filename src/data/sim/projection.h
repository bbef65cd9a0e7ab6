// From the heart vector to the body surface.
#pragma once

#include <Eigen/Core>
#include <array>
#include <vector>

#include "ecg/core/random.h"
#include "src/data/sim/vector.h"

namespace ecg::sim {

// Eight independent leads from the heart vector: rows I, II, V1..V6, columns x, y, z.
using LeadMatrix = Eigen::Matrix<double, 8, 3>;

// Dower, Machado and Osborne, "On deriving the electrocardiogram from vectorcardiographic leads",
// Clin Cardiol 1980;3:87-95. Its inverse is that of Edenbrandt and Pahlm, J Electrocardiol 1988;
// 21:361-367 (doi:10.1016/0022-0736(88)90113-6).
const LeadMatrix& DowerMatrix();

// A chest of its own: electrodes a little off their places, fat and lung in between; `chest` is a
// factor on V1 to V6.
LeadMatrix DrawLeadMatrix(double chest, Rng& rng);

// float [12][samples], mV, in the challenge's order of leads, from the eight independent ones.
std::vector<float> TwelveLeads(const std::vector<std::vector<double>>& eight);

// I, II, III, aVR, aVL, aVF from the first two (Einthoven, Goldberger).
std::array<double, 6> LimbLeads(double one, double two);

// double [8][samples], mV.
std::vector<std::vector<double>> Project(const LeadMatrix& matrix, const VectorCardiogram& vcg);

// The mean electrical axis in degrees from the net QRS in leads I and aVF: 0 is to the left,
// 90 to the feet.
double AxisDegrees(double lead_i, double lead_avf);

}  // namespace ecg::sim
