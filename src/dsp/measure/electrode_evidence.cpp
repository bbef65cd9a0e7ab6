#include "src/dsp/measure/electrode_evidence.h"

#include <algorithm>
#include <cmath>

#include "ecg/record/leads.h"
#include "src/dsp/measure/electrode_moves.h"

namespace ecg::dsp {
namespace {

constexpr std::size_t kLeastBeats = 3;
constexpr double kLevelS = 0.01;   // before QRS, whose mean is the level
constexpr double kUsualRate = 70;  // beats per minute
constexpr double kUsualQrs = 0.1;  // s
constexpr double kQrsStep = 0.03;  // s
constexpr float kStep = 0.05F;     // mV
constexpr double kNoTFrom = 0.08;  // s after QRS, where no T was found
constexpr double kNoTTo = 0.3;

constexpr std::array<const char*, kBeatLeads> kNames = {"I",  "II", "III", "V1", "V2",
                                                        "V3", "V4", "V5",  "V6"};
constexpr std::size_t kParts[] = {3, 6, 1, 3};  // of P, QRS, ST, T

// The integral, from its first sample on, of the line through a lead's samples.
class Integral {
 public:
  explicit Integral(const std::vector<double>& lead) : lead_(lead), sums_(lead.size(), 0) {
    for (std::size_t i = 1; i < lead.size(); ++i) {
      sums_[i] = sums_[i - 1] + (lead[i - 1] + lead[i]) / 2;
    }
  }

  double To(double place) const {
    const double last = static_cast<double>(lead_.size() - 1);
    const double at = std::clamp(place, 0.0, last);
    const auto i = static_cast<std::size_t>(at);
    if (i + 1 >= lead_.size()) return sums_.back();
    const double part = at - static_cast<double>(i);
    return sums_[i] + part * lead_[i] + part * part / 2 * (lead_[i + 1] - lead_[i]);
  }

 private:
  const std::vector<double>& lead_;
  std::vector<double> sums_;
};

struct Stretch {
  double from = 0, to = 0;  // samples; none where to <= from
};

// The places of P, QRS, ST and T.
std::array<Stretch, 4> StretchesOf(const MedianBeat& beat, double rate) {
  std::array<Stretch, 4> all{};
  const auto is_there = [](const Wave& wave) {
    return wave.onset != kMissing && wave.offset > wave.onset;
  };
  const auto of = [](const Wave& wave) {
    return Stretch{static_cast<double>(wave.onset), static_cast<double>(wave.offset)};
  };
  if (is_there(beat.p)) all[0] = of(beat.p);
  all[1] = of(beat.qrs);
  const double end = all[1].to;
  all[3] = is_there(beat.t) ? of(beat.t) : Stretch{end + kNoTFrom * rate, end + kNoTTo * rate};
  all[2] = {end, std::max(all[3].from, end + 1)};
  return all;
}

LeadParts PartsOf(const std::vector<double>& lead, const MedianBeat& beat,
                  const std::array<Stretch, 4>& stretches, double rate) {
  const int onset = beat.qrs.onset;
  const int first = std::max(0, onset - std::max(1, static_cast<int>(std::lround(kLevelS * rate))));
  double level = 0;
  for (int i = first; i <= onset; ++i) level += lead[static_cast<std::size_t>(i)];
  level /= onset - first + 1;
  const Integral integral(lead);
  LeadParts parts{};
  auto out = parts.begin();
  for (std::size_t w = 0; w < stretches.size(); ++w) {
    const Stretch& stretch = stretches[w];
    const double width = (stretch.to - stretch.from) / static_cast<double>(kParts[w]);
    double zero = level;
    if (w == 0 && width > 0) {
      zero = (lead[static_cast<std::size_t>(beat.p.onset)] +
              lead[static_cast<std::size_t>(beat.p.offset)]) /
             2;
    }
    for (std::size_t k = 0; k < kParts[w]; ++k, ++out) {
      if (!(width > 0)) continue;
      const double from = stretch.from + width * static_cast<double>(k);
      *out = static_cast<float>((integral.To(from + width) - integral.To(from)) / width - zero);
    }
  }
  return parts;
}

bool IsWhole(const std::vector<double>& lead) {
  return std::all_of(lead.begin(), lead.end(), [](double v) { return std::isfinite(v); });
}

// A lead's median beat, as it is or as it follows from two others; empty where it does not.
std::vector<double> BeatOf(const std::vector<std::string>& names, const MedianBeat& beat,
                           const std::string& lead) {
  const auto found = std::find(names.begin(), names.end(), lead);
  if (found != names.end()) return beat.leads[static_cast<std::size_t>(found - names.begin())];
  const auto derivation = record::FindDerivation(names, lead);
  if (!derivation) return {};
  const std::vector<double>& a = beat.leads[derivation->first];
  const std::vector<double>& b = beat.leads[derivation->second];
  std::vector<double> made(a.size());
  for (std::size_t i = 0; i < made.size(); ++i) {
    made[i] = static_cast<double>(derivation->p) * a[i] + static_cast<double>(derivation->q) * b[i];
  }
  return made;
}

std::array<LeadSources, kExchanges> AllSources() {
  std::array<LeadSources, kExchanges> all{};
  for (std::size_t e = 0; e < kExchanges; ++e) {
    for (std::size_t k = 0; k < kBeatLeads; ++k) {
      const LeadMove move = MoveOf(static_cast<Exchange>(e), kNames[k]);
      const auto* from = std::find(kNames.begin(), kNames.end(), move.from);
      all[e][k] = {static_cast<std::size_t>(from - kNames.begin()), move.sign};
    }
  }
  return all;
}

template <std::size_t kIn, std::size_t kOut>
std::array<float, kOut> Rectified(const std::array<float, kIn>& in,
                                  const std::array<std::array<float, kOut>, kIn>& weights,
                                  const std::array<float, kOut>& bias) {
  std::array<float, kOut> out = bias;
  for (std::size_t i = 0; i < kIn; ++i) {
    for (std::size_t k = 0; k < kOut; ++k) out[k] += in[i] * weights[i][k];
  }
  for (float& value : out) value = std::max(value, 0.0F);
  return out;
}

}  // namespace

std::optional<BeatSummary> Summarise(const std::vector<std::string>& names,
                                     const Measurements& measured, double rate) {
  const MedianBeat& beat = measured.median;
  if (measured.beats < kLeastBeats || beat.leads.size() != names.size()) return std::nullopt;
  if (beat.qrs.onset == kMissing || beat.qrs.offset <= beat.qrs.onset) return std::nullopt;
  const std::array<Stretch, 4> stretches = StretchesOf(beat, rate);
  BeatSummary summary;
  for (std::size_t k = 0; k < kBeatLeads; ++k) {
    const std::vector<double> lead = BeatOf(names, beat, kNames[k]);
    if (lead.empty() || !IsWhole(lead)) return std::nullopt;
    summary.leads[k] = PartsOf(lead, beat, stretches, rate);
  }
  const bool has_p = stretches[0].to > stretches[0].from;
  const bool has_t = beat.t.onset != kMissing && beat.t.offset > beat.t.onset;
  const double heart_rate = std::isfinite(measured.heart_rate) ? measured.heart_rate : kUsualRate;
  const double qrs = (stretches[1].to - stretches[1].from) / rate;
  summary.rest = {has_p ? 1.0F : 0.0F, has_t ? 1.0F : 0.0F,
                  static_cast<float>(heart_rate / kUsualRate - 1),
                  static_cast<float>((qrs - kUsualQrs) / kQrsStep)};
  return summary;
}

const LeadSources& SourcesOf(Exchange exchange) {
  static const std::array<LeadSources, kExchanges> all = AllSources();
  return all[static_cast<std::size_t>(exchange)];
}

BeatSummary Undone(const BeatSummary& beat, Exchange exchange) {
  BeatSummary undone = beat;
  const LeadSources& sources = SourcesOf(exchange);
  for (std::size_t k = 0; k < kBeatLeads; ++k) {
    undone.leads[k] = beat.leads[sources[k].lead];
    for (float& part : undone.leads[k]) part *= sources[k].sign;
  }
  return undone;
}

BeatInputs InputsOf(const BeatSummary& beat) {
  BeatInputs inputs{};
  auto out = inputs.begin();
  for (const LeadParts& parts : beat.leads) {
    for (const float part : parts) *out++ = std::asinh(part / kStep);
  }
  std::copy(beat.rest.begin(), beat.rest.end(), out);
  return inputs;
}

float LikenessOf(const BeatInputs& inputs, const ElectrodeWeights& weights) {
  const auto first = Rectified(inputs, weights.first, weights.first_bias);
  const auto second = Rectified(first, weights.second, weights.second_bias);
  float sum = 0;
  for (std::size_t k = 0; k < kSecondUnits; ++k) sum += second[k] * weights.last[k];
  return sum;
}

std::array<float, kExchanges> EvidenceOf(const BeatSummary& beat, const ElectrodeWeights& weights) {
  std::array<float, kExchanges> evidence{};
  for (std::size_t e = 0; e < kExchanges; ++e) {
    evidence[e] = LikenessOf(InputsOf(Undone(beat, static_cast<Exchange>(e))), weights);
  }
  for (std::size_t e = kExchanges; e-- > 0;) evidence[e] -= evidence[0];
  return evidence;
}

const ElectrodeWeights& OwnWeights() {
  static const ElectrodeWeights weights = [] {
    ElectrodeWeights made{};
    const auto* next = kElectrodeWeights.begin();
    const auto fill = [&](auto& values) {
      for (float& value : values) value = static_cast<float>(*next++) / 1000;
    };
    for (auto& row : made.first) fill(row);
    fill(made.first_bias);
    for (auto& row : made.second) fill(row);
    fill(made.second_bias);
    fill(made.last);
    return made;
  }();
  return weights;
}

const std::array<float, kExchanges>& OwnNeeds() {
  static const std::array<float, kExchanges> needs = [] {
    std::array<float, kExchanges> made{};
    std::transform(kEvidenceNeeded.begin(), kEvidenceNeeded.end(), made.begin(),
                   [](std::int16_t value) { return static_cast<float>(value) / 1000; });
    return made;
  }();
  return needs;
}

Exchange MostLikely(const std::array<float, kExchanges>& evidence,
                    const std::array<float, kExchanges>& needed) {
  std::size_t most = 0;
  for (std::size_t e = 1; e < kExchanges; ++e) {
    if (evidence[e] - needed[e] > evidence[most] - needed[most]) most = e;
  }
  return static_cast<Exchange>(most);
}

}  // namespace ecg::dsp
