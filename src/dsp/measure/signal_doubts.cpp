#include "ecg/dsp/measure/signal_doubts.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <optional>

#include "ecg/record/leads.h"
#include "src/core/simd.h"
#include "src/dsp/rate.h"
#include "src/dsp/statistics.h"

namespace ecg::dsp {
namespace {

using Lead = std::vector<float>;

constexpr double kLookedAt = 600;   // s
constexpr double kLargest = 50;     // mV
constexpr double kSmallest = 0.02;  // mV
constexpr double kTail = 0.005;     // of the samples on either side does not count
constexpr double kTwin = 0.01;      // of what the leads span
constexpr double kSameSign = 0.05;  // of the lead's own size that may remain
constexpr double kOtherSign = 0.5;  // that remains at least with the sign that it has
constexpr double kAroundR = 0.2;    // s
constexpr double kCopy = 0.005;     // of the span
constexpr int kShift = 2;           // samples that marks of copies may differ by
constexpr std::size_t kLeastCopies = 5;

// What the finite ones of so many samples span, but for the tails; nothing where there are none.
std::optional<double> SpanOf(const Lead& lead, std::size_t samples) {
  const std::vector<double> values = FiniteOf(lead.data(), std::min(samples, lead.size()));
  if (values.empty()) return std::nullopt;
  return Spread(values, kTail);
}

UnitDoubt UnitOfSpans(const std::vector<std::optional<double>>& spans) {
  std::size_t all = 0, large = 0, small = 0;
  for (const std::optional<double>& span : spans) {
    if (!span || *span == 0) continue;
    ++all;
    large += *span > kLargest ? 1 : 0;
    small += *span < kSmallest ? 1 : 0;
  }
  if (all == 0) return UnitDoubt::kNone;
  if (2 * large >= all) return UnitDoubt::kTooLarge;
  return 2 * small >= all ? UnitDoubt::kTooSmall : UnitDoubt::kNone;
}

// Several sums at a time, which need not wait for each other.
constexpr std::size_t kSums = 4;
struct Sums {
  double values[kSums] = {}, squares[kSums] = {}, counts[kSums] = {};
};

// Of p a + q b - c at `count` samples, a multiple of kSums, where it is finite.
ECG_VECTOR_CLONES void AddRests(const float* a, double p, const float* b, double q, const float* c,
                                std::size_t count, Sums* sums) {
  for (std::size_t i = 0; i < count; i += kSums) {
    for (std::size_t k = 0; k < kSums; ++k) {
      const double rest = p * static_cast<double>(a[i + k]) + q * static_cast<double>(b[i + k]) -
                          static_cast<double>(c[i + k]);
      const bool there = std::abs(rest) <= std::numeric_limits<double>::max();
      const double value = there ? rest : 0;
      sums->values[k] += value;
      sums->squares[k] += value * value;
      sums->counts[k] += there ? 1 : 0;
    }
  }
}

double Total(const double* four) { return std::accumulate(four, four + kSums, 0.0); }

// How far what was summed lies from its mean, squared, all together.
double Deviation(const Sums& sums) {
  const double count = Total(sums.counts), sum = Total(sums.values);
  return count == 0 ? 0 : Total(sums.squares) - sum * sum / count;
}

// The root mean square of p a + q b - c over the samples where all are finite, levels aside. More
// samples only add to what they deviate, so one that must become more than `enough` is not looked
// at further, and infinite.
double Rest(const Lead& a, double p, const Lead& b, double q, const Lead& c, std::size_t samples,
            double enough = std::numeric_limits<double>::infinity()) {
  constexpr std::size_t kLook = 128;
  static_assert(kLook % kSums == 0);
  constexpr double kRounding = 1 + 1e-9;
  const std::size_t length = std::min({samples, a.size(), b.size(), c.size()});
  const std::size_t whole = length / kSums * kSums, left = length - whole;
  const double most = enough * enough * static_cast<double>(length) * kRounding;
  Sums sums;
  for (std::size_t i = 0; i < whole; i += kLook) {
    AddRests(a.data() + i, p, b.data() + i, q, c.data() + i, std::min(kLook, whole - i), &sums);
    if (Deviation(sums) > most) return std::numeric_limits<double>::infinity();
  }
  constexpr float kNot = std::numeric_limits<float>::quiet_NaN();
  float ends[3][kSums] = {{kNot, kNot, kNot, kNot}};
  const Lead* const leads[] = {&a, &b, &c};
  for (std::size_t lead = 0; lead < 3; ++lead) {
    std::copy_n(leads[lead]->data() + whole, left, ends[lead]);
  }
  AddRests(ends[0], p, ends[1], q, ends[2], kSums, &sums);
  const double count = Total(sums.counts);
  if (count == 0) return 0;
  const double mean = Total(sums.values) / count;
  return std::sqrt(std::max(0.0, Total(sums.squares) / count - mean * mean));
}

double SizeOf(const Lead& lead, std::size_t samples) {
  return Rest(lead, 1, lead, 1, lead, samples);
}

bool AreTwins(const Lead& a, const Lead& b, double span, std::size_t samples) {
  // Most pairs differ soon, so a short look is enough for them.
  constexpr std::size_t kFirstLook = 500;
  for (const std::size_t look : {std::min(kFirstLook, samples), samples}) {
    if (Rest(a, 1, b, 0, b, look, kTwin * span) > kTwin * span) return false;
  }
  return true;
}

std::vector<std::pair<std::string, std::string>> TwinsOf(
    const std::vector<std::string>& names, const std::vector<Lead>& leads,
    const std::vector<std::optional<double>>& spans, std::size_t samples) {
  std::vector<std::pair<std::string, std::string>> twins;
  for (std::size_t k = 1; k < leads.size(); ++k) {
    for (std::size_t j = 0; j < k; ++j) {
      if (!spans[j] || !spans[k] || *spans[j] == 0 || *spans[k] == 0) continue;
      if (!AreTwins(leads[j], leads[k], *spans[k], samples)) continue;
      twins.emplace_back(names[k], names[j]);
      break;
    }
  }
  return twins;
}

// The leads without one, so that it has to follow from others.
std::vector<std::string> Without(std::vector<std::string> names, std::size_t k) {
  names[k].clear();
  return names;
}

// How much of a lead remains when it is taken as it follows from two others, or as that `turned`
// over, as a share of its size; infinite where it is more than `enough`. Nothing where it does not
// follow. `mended` is turned over before.
enum class Sign { kSame, kTurned };
std::optional<double> Remains(const std::vector<std::string>& names, const std::vector<Lead>& leads,
                              std::size_t k, std::size_t samples, std::size_t mended, Sign sign,
                              double enough = std::numeric_limits<double>::infinity()) {
  const auto derivation = record::FindDerivation(Without(names, k), names[k]);
  if (!derivation) return std::nullopt;
  const double size = SizeOf(leads[k], samples);
  if (size == 0) return std::nullopt;
  const auto [first, second, p, q] = *derivation;
  const auto of = [&](std::size_t lead, float share) {
    const bool same = ((lead == mended) == (k == mended)) == (sign == Sign::kSame);
    return (same ? 1.0 : -1.0) * static_cast<double>(share);
  };
  return Rest(leads[first], of(first, p), leads[second], of(second, q), leads[k], samples,
              enough * size) /
         size;
}

// Of three limb leads any that is turned over is told by the other two: turning another one would
// not make them agree.
std::string TurnedOver(const std::vector<std::string>& names, const std::vector<Lead>& leads,
                       std::size_t samples) {
  const std::size_t none = names.size();
  for (std::size_t k = 0; k < names.size(); ++k) {
    const auto turned = Remains(names, leads, k, samples, none, Sign::kTurned, kSameSign);
    if (!turned || *turned > kSameSign) continue;
    if (*Remains(names, leads, k, samples, none, Sign::kSame) < kOtherSign) continue;
    // With it turned, every other one must follow from the rest.
    bool agree = true;
    for (std::size_t j = 0; j < names.size() && agree; ++j) {
      const auto now = Remains(names, leads, j, samples, k, Sign::kSame, kSameSign);
      agree = !now || *now <= kSameSign;
    }
    if (agree) return names[k];
  }
  return {};
}

// Whether the samples around two places are the same but for their level.
bool IsCopy(const Lead& lead, int a, int b, int around, double least) {
  const auto at = [&](int i) { return static_cast<double>(lead[static_cast<std::size_t>(i)]); };
  const double level = at(a - around) - at(b - around);
  for (int i = -around; i <= around; ++i) {
    if (!(std::abs(at(a + i) - at(b + i) - level) <= least)) return false;
  }
  return true;
}

bool AreCopies(const std::vector<Lead>& leads, const std::vector<double>& least, int a, int b,
               int around) {
  for (int shift = -kShift; shift <= kShift; ++shift) {
    bool all = true;
    for (std::size_t k = 0; k < leads.size() && all; ++k) {
      all = IsCopy(leads[k], a, b + shift, around, least[k]);
    }
    if (all) return true;
  }
  return false;
}

}  // namespace

SignalDoubts FindSignalDoubts(const std::vector<std::string>& names,
                              const std::vector<std::vector<float>>& leads, double rate) {
  SignalDoubts doubts;
  if (!IsUsableRate(rate) || leads.empty()) return doubts;
  const std::size_t samples =
      std::min(leads.front().size(), static_cast<std::size_t>(kLookedAt * rate));
  std::vector<std::optional<double>> spans;
  for (const Lead& lead : leads) spans.push_back(SpanOf(lead, samples));
  doubts.unit = UnitOfSpans(spans);
  doubts.twins = TwinsOf(names, leads, spans, samples);
  if (doubts.twins.empty()) doubts.turned_over = TurnedOver(names, leads, samples);
  return doubts;
}

bool AreCopies(const std::vector<std::vector<float>>& leads, const std::vector<Beat>& beats,
               double rate) {
  if (leads.empty()) return false;
  const int around = Samples(kAroundR, rate);
  const int first = around + kShift;
  const int last = static_cast<int>(leads.front().size()) - 1 - around - kShift;
  std::vector<int> peaks;
  for (const Beat& beat : beats) {
    if (beat.qrs.peak >= first && beat.qrs.peak <= last) peaks.push_back(beat.qrs.peak);
  }
  if (peaks.size() < kLeastCopies) return false;
  std::vector<double> least;
  bool any = false;
  for (const Lead& lead : leads) {
    const auto begin = lead.begin() + (peaks.front() - around);
    const auto [low, high] = std::minmax_element(begin, begin + (2 * around + 1));
    least.push_back(kCopy * static_cast<double>(*high - *low));
    any = any || *high > *low;
  }
  return any && std::all_of(peaks.begin() + 1, peaks.end(), [&](int peak) {
           return AreCopies(leads, least, peaks.front(), peak, around);
         });
}

}  // namespace ecg::dsp
