// The heart vector (Frank's axes: x to the left, y to the feet, z to the back; mV) and the Gaussian
// kernels that make it up.
#pragma once

#include <Eigen/Core>
#include <array>
#include <cstddef>
#include <vector>

namespace ecg::sim {

using Vec3 = Eigen::Vector3d;

// One Gaussian of the heart vector: moment * exp(-(t - time)^2 / (2 width^2)).
//
// McSharry et al. (doi:10.1109/TBME.2003.808805) move a phase theta round a limit cycle with
// d theta/dt = omega(t) and let each wave pull the voltage with
//   dz/dt = -sum_i a_i omega dtheta_i exp(-dtheta_i^2 / (2 b_i^2));
// Sameni et al. (doi:10.1155/2007/43407) use one such equation for each axis of the heart vector.
// On the limit cycle this integrates in closed form, dtheta_i = omega (t - t_i), to the sum of
// Gaussians used here, with time = t_i, width = b_i / omega and moment = a_i b_i^2. Centres and
// widths are given in seconds, beat by beat, because PR and QRS do not scale with the cycle length.
struct Kernel {
  double time = 0;   // s
  double width = 0;  // s
  Vec3 moment = Vec3::Zero();
};

// double [3][samples] in mV.
struct VectorCardiogram {
  explicit VectorCardiogram(std::size_t samples)
      : axes{std::vector<double>(samples), std::vector<double>(samples),
             std::vector<double>(samples)} {}
  std::size_t samples() const { return axes[0].size(); }
  std::array<std::vector<double>, 3> axes;
};

// Adds a kernel; sample i lies at i / rate seconds.
void AddKernel(const Kernel& kernel, double rate, VectorCardiogram& vcg);

}  // namespace ecg::sim
