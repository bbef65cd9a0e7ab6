// A made-up lead whose waves lie at known places.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace ecg::dsp::test {

// Beats of Gaussian waves `rr` seconds apart; the waves peak at their centres.
struct Made {
  std::vector<double> signal;
  std::vector<double> r;  // s
};
inline constexpr double kPToR = 0.16;
inline double RToT(double rr) { return 0.3 * std::sqrt(rr); }

inline Made MakeEcg(double fs, double seconds, double rr, double p_mv = 0.15, double t_mv = 0.3) {
  Made made;
  for (double t = 0.5; t < seconds - 0.5; t += rr) made.r.push_back(t);
  const double r_to_t = RToT(rr);
  made.signal.resize(static_cast<std::size_t>(seconds * fs));
  const auto bump = [](double t, double width) { return std::exp(-0.5 * t * t / width / width); };
  for (std::size_t i = 0; i < made.signal.size(); ++i) {
    const double t = static_cast<double>(i) / fs;
    for (const double r : made.r) {
      made.signal[i] += p_mv * bump(t - r + kPToR, 0.018) + 1.0 * bump(t - r, 0.010) -
                        0.15 * bump(t - r + 0.028, 0.008) - 0.25 * bump(t - r - 0.028, 0.008) +
                        t_mv * bump(t - r - r_to_t, 0.035);
    }
  }
  return made;
}

}  // namespace ecg::dsp::test
