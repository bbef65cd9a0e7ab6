#include "ecg/dsp/measure/unclassifiable.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "ecg/dsp/filter.h"
#include "src/dsp/decimate.h"
#include "src/dsp/rate.h"
#include "src/dsp/robust/qrs.h"
#include "src/dsp/statistics.h"

namespace ecg::dsp {
namespace {

constexpr double kLeastHz = 125;    // complexes are found as well as at any higher rate
constexpr double kShortest = 1;     // s
constexpr double kRounding = 1e-6;  // of the greatest value: what resampling makes of a flat lead
constexpr double kLoud = 0.95, kQuiet = 0.3;  // of the time, from the quietest on
constexpr double kStandsOut = 2.1;
constexpr double kSmooth = 0.05;   // s
constexpr double kBaseline = 1;    // s
constexpr double kSlow = 1.0 / 3;  // of what is left about the baseline

// The seconds of a lead in which anything changes.
std::vector<double> Moving(const std::vector<double>& x, double rate) {
  double greatest = 0;
  for (const double v : x) greatest = std::max(greatest, std::abs(v));
  const auto second = std::min(static_cast<std::ptrdiff_t>(x.size()),
                               static_cast<std::ptrdiff_t>(Samples(kShortest, rate)));
  std::vector<double> moving;
  for (auto from = x.begin(); second > 0 && x.end() - from >= second; from += second) {
    const auto [low, high] = std::minmax_element(from, from + second);
    if (*high - *low > kRounding * greatest) moving.insert(moving.end(), from, from + second);
  }
  return moving;
}

// The root mean square of what a mean over so many seconds leaves.
double Rest(const std::vector<double>& x, double seconds, double rate) {
  const std::vector<double> mean = CentredMovingAverage(x, Samples(seconds, rate) | 1);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - mean[i]) * (x[i] - mean[i]);
  return std::sqrt(sum / static_cast<double>(x.size()));
}

bool MightShowBeats(const std::vector<double>& x, double rate) {
  const std::vector<double> activity = robust::LeadActivity(x, rate);
  if (Quantile(activity, kLoud) > kStandsOut * Quantile(activity, kQuiet)) return true;
  return Rest(x, kSmooth, rate) < kSlow * Rest(x, kBaseline, rate);
}

// The same for one lead, or a piece of it.
std::optional<Unclassifiable> WhyNothing(const float* lead, std::size_t samples, double rate) {
  const std::vector<double> valid = FiniteOf(lead, samples);
  if (valid.empty()) return Unclassifiable::kNoSample;
  if (static_cast<double>(valid.size()) < kShortest * rate) return Unclassifiable::kTooShort;
  const auto group = std::max<std::size_t>(1, static_cast<std::size_t>(rate / kLeastHz));
  const double reduced = rate / static_cast<double>(group);
  const std::vector<double> moving = Moving(Decimate(valid, group), reduced);
  if (moving.empty()) return Unclassifiable::kFlat;
  if (MightShowBeats(moving, reduced)) return std::nullopt;
  return Unclassifiable::kNoBeat;
}

}  // namespace

const EnumTable<Unclassifiable>& UnclassifiableNames() {
  static const EnumTable<Unclassifiable> table{
      {"no valid sample", Unclassifiable::kNoSample},
      {"shorter than a heartbeat", Unclassifiable::kTooShort},
      {"all leads flat", Unclassifiable::kFlat},
      {"no heartbeat, hum or noise alone", Unclassifiable::kNoBeat}};
  return table;
}

std::optional<Unclassifiable> WhyUnclassifiable(const std::vector<std::vector<float>>& leads,
                                                double rate) {
  if (!IsUsableRate(rate)) return Unclassifiable::kTooShort;
  const auto piece = static_cast<std::size_t>(std::max(1.0, kUnclassifiablePiece * rate));
  Unclassifiable most = Unclassifiable::kNoSample;
  for (const std::vector<float>& lead : leads) {
    for (std::size_t i = 0; i < lead.size(); i += piece) {
      const std::optional<Unclassifiable> why =
          WhyNothing(lead.data() + i, std::min(piece, lead.size() - i), rate);
      if (!why) return std::nullopt;
      most = std::max(most, *why);
    }
  }
  return most;
}

}  // namespace ecg::dsp
