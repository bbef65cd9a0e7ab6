#include "src/data/sim/projection.h"

#include <cmath>

namespace ecg::sim {

const LeadMatrix& DowerMatrix() {
  static const LeadMatrix matrix = (LeadMatrix() << 0.632, -0.235, 0.059,  // I
                                    0.235, 1.066, -0.132,                  // II
                                    -0.515, 0.157, -0.917,                 // V1
                                    0.044, 0.164, -1.387,                  // V2
                                    0.882, 0.098, -1.277,                  // V3
                                    1.213, 0.127, -0.601,                  // V4
                                    1.125, 0.127, -0.086,                  // V5
                                    0.831, 0.076, 0.230)                   // V6
                                       .finished();
  return matrix;
}

LeadMatrix DrawLeadMatrix(double chest, Rng& rng) {
  LeadMatrix matrix = DowerMatrix();
  // Against sinus rhythms of the public sources Dower's I and V2 come out too small.
  matrix.row(0) *= 1.15;
  matrix.row(3) *= 1.20;
  for (Eigen::Index lead = 2; lead < 8; ++lead) {
    matrix.row(lead) *= chest * std::exp(rng.Normal(0, 0.12));
    for (Eigen::Index axis = 0; axis < 3; ++axis) matrix(lead, axis) += rng.Normal(0, 0.05);
  }
  return matrix;
}

std::vector<std::vector<double>> Project(const LeadMatrix& matrix, const VectorCardiogram& vcg) {
  const std::size_t samples = vcg.samples();
  std::vector<std::vector<double>> leads(8, std::vector<double>(samples));
  for (std::size_t lead = 0; lead < leads.size(); ++lead) {
    const Vec3 row = matrix.row(static_cast<Eigen::Index>(lead)).transpose();
    for (std::size_t i = 0; i < samples; ++i) {
      leads[lead][i] = row[0] * vcg.axes[0][i] + row[1] * vcg.axes[1][i] + row[2] * vcg.axes[2][i];
    }
  }
  return leads;
}

std::array<double, 6> LimbLeads(double one, double two) {
  return {one, two, two - one, -0.5 * (one + two), one - 0.5 * two, two - 0.5 * one};
}

std::vector<float> TwelveLeads(const std::vector<std::vector<double>>& eight) {
  const std::size_t samples = eight[0].size();
  std::vector<float> all(12 * samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const std::array<double, 6> limb = LimbLeads(eight[0][i], eight[1][i]);
    for (std::size_t lead = 0; lead < 6; ++lead) {
      all[lead * samples + i] = static_cast<float>(limb[lead]);
      all[(lead + 6) * samples + i] = static_cast<float>(eight[lead + 2][i]);
    }
  }
  return all;
}

double AxisDegrees(double lead_i, double lead_avf) {
  // aVF is an augmented lead, weaker by sqrt(3)/2 than the bipolar lead I.
  return std::atan2(lead_avf * 2.0 / std::sqrt(3.0), lead_i) * 57.29577951308232;
}

}  // namespace ecg::sim
