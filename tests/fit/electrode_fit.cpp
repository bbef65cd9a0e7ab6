#include "tests/fit/electrode_fit.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>

#include "ecg/core/parallel.h"
#include "ecg/core/random.h"
#include "ecg/data/records/record_selection.h"
#include "ecg/formats/registry.h"
#include "ecg/infer/measure.h"

namespace ecg::fit {
namespace {

using dsp::BeatInputs;
using dsp::BeatSummary;
using dsp::ElectrodeWeights;
using dsp::Exchange;
using dsp::kBeatInputs;
using dsp::kExchanges;
using dsp::kFirstUnits;
using dsp::kSecondUnits;
using dsp::kWeights;

constexpr std::size_t kBatch = 256;
constexpr double kUnchanged = 0.3;  // of the beats that are shown as they were recorded
constexpr double kNoP = 0.03;       // whose P wave is taken away
constexpr double kGain = 0.2;       // deviation of the logarithm, of all leads
constexpr double kLeadGain = 0.05;  // of one
constexpr double kNoise = 0.01;     // mV, of a part
constexpr float kSmooth = 0.02F;    // share of the answers that counts as wrong: some really are
constexpr float kDecay = 0.01F;
constexpr float kRate = 0.003F;
constexpr std::size_t kPParts = 3;

// The leads that the others follow from.
constexpr std::size_t kOne = 0, kTwo = 1, kThree = 2;

BeatSummary Varied(const BeatSummary& beat, Rng& rng) {
  BeatSummary varied = beat;
  const double gain = std::exp(rng.Normal(0, kGain));
  const bool no_p = rng.Chance(kNoP);
  for (std::size_t k = 0; k < dsp::kBeatLeads; ++k) {
    const double own = gain * std::exp(rng.Normal(0, kLeadGain));
    for (std::size_t part = 0; part < dsp::kBeatParts; ++part) {
      float& value = varied.leads[k][part];
      value = static_cast<float>(own * static_cast<double>(value) + rng.Normal(0, kNoise));
      if (no_p && part < kPParts) value = 0;
    }
  }
  for (std::size_t part = 0; part < dsp::kBeatParts; ++part) {
    varied.leads[kThree][part] = varied.leads[kTwo][part] - varied.leads[kOne][part];
  }
  if (no_p) varied.rest[0] = 0;
  return varied;
}

// With an exchange, by which each lead lies where its samples are looked for to undo it.
BeatSummary Exchanged(const BeatSummary& beat, Exchange exchange) {
  BeatSummary shown = beat;
  const dsp::LeadSources& sources = dsp::SourcesOf(exchange);
  for (std::size_t k = 0; k < dsp::kBeatLeads; ++k) {
    shown.leads[sources[k].lead] = beat.leads[k];
    for (float& part : shown.leads[sources[k].lead]) part *= sources[k].sign;
  }
  return shown;
}

// All weights as one array, in the order of the members.
float* Flat(ElectrodeWeights& weights) { return weights.first.front().data(); }

// AdamW: Loshchilov and Hutter, arXiv 1711.05101. Biases do not decay.
class Adam {
 public:
  Adam() : mean_(kWeights, 0), square_(kWeights, 0) {}

  void Step(ElectrodeWeights& weights, ElectrodeWeights& gradient, float rate) {
    ++steps_;
    const double first = 1 - std::pow(0.9, steps_), second = 1 - std::pow(0.999, steps_);
    float* w = Flat(weights);
    const float* g = Flat(gradient);
    for (std::size_t i = 0; i < kWeights; ++i) {
      mean_[i] = 0.9F * mean_[i] + 0.1F * g[i];
      square_[i] = 0.999F * square_[i] + 0.001F * g[i] * g[i];
      const double step = static_cast<double>(mean_[i]) / first /
                          (std::sqrt(static_cast<double>(square_[i]) / second) + 1e-8);
      w[i] -= rate * (static_cast<float>(step) + (IsBias(i) ? 0 : kDecay * w[i]));
    }
  }

 private:
  static bool IsBias(std::size_t i) {
    constexpr std::size_t kFirst = kBeatInputs * kFirstUnits;
    constexpr std::size_t kSecond = kFirst + kFirstUnits + kFirstUnits * kSecondUnits;
    return (i >= kFirst && i < kFirst + kFirstUnits) || i >= kSecond;
  }

  std::vector<float> mean_, square_;
  int steps_ = 0;
};

ElectrodeWeights Initial(Rng& rng) {
  ElectrodeWeights weights{};
  const auto fill = [&](auto& matrix, double inputs) {
    for (auto& row : matrix) {
      for (float& w : row) w = static_cast<float>(rng.Normal(0, std::sqrt(2 / inputs)));
    }
  };
  fill(weights.first, kBeatInputs);
  fill(weights.second, kFirstUnits);
  for (float& w : weights.last)
    w = static_cast<float>(rng.Normal(0, std::sqrt(1.0 / kSecondUnits)));
  return weights;
}

// A beat's way through the network, kept for the way back.
struct Passed {
  BeatInputs inputs{};
  std::array<float, kFirstUnits> first{};
  std::array<float, kSecondUnits> second{};
  float likeness = 0;
};

void Pass(const ElectrodeWeights& w, Passed& p) {
  p.first = w.first_bias;
  for (std::size_t i = 0; i < kBeatInputs; ++i) {
    for (std::size_t k = 0; k < kFirstUnits; ++k) p.first[k] += p.inputs[i] * w.first[i][k];
  }
  for (float& v : p.first) v = std::max(v, 0.0F);
  p.second = w.second_bias;
  for (std::size_t i = 0; i < kFirstUnits; ++i) {
    for (std::size_t k = 0; k < kSecondUnits; ++k) p.second[k] += p.first[i] * w.second[i][k];
  }
  p.likeness = 0;
  for (std::size_t k = 0; k < kSecondUnits; ++k) {
    p.second[k] = std::max(p.second[k], 0.0F);
    p.likeness += p.second[k] * w.last[k];
  }
}

void PassBack(const ElectrodeWeights& w, const Passed& p, float slope, ElectrodeWeights& g) {
  std::array<float, kSecondUnits> second{};
  for (std::size_t k = 0; k < kSecondUnits; ++k) {
    g.last[k] += slope * p.second[k];
    if (p.second[k] > 0) second[k] = slope * w.last[k];
    g.second_bias[k] += second[k];
  }
  std::array<float, kFirstUnits> first{};
  for (std::size_t i = 0; i < kFirstUnits; ++i) {
    if (!(p.first[i] > 0)) continue;
    for (std::size_t k = 0; k < kSecondUnits; ++k) {
      first[i] += second[k] * w.second[i][k];
      g.second[i][k] += second[k] * p.first[i];
    }
    g.first_bias[i] += first[i];
  }
  for (std::size_t i = 0; i < kBeatInputs; ++i) {
    for (std::size_t k = 0; k < kFirstUnits; ++k) g.first[i][k] += first[k] * p.inputs[i];
  }
}

// Adds the gradient of the cross entropy of one beat.
void Learn(const ElectrodeWeights& weights, const BeatSummary& beat, Exchange exchange, float share,
           ElectrodeWeights& gradient) {
  const BeatSummary shown = Exchanged(beat, exchange);
  std::array<Passed, kExchanges> passed;
  float most = -1e30F;
  for (std::size_t e = 0; e < kExchanges; ++e) {
    passed[e].inputs = dsp::InputsOf(dsp::Undone(shown, static_cast<Exchange>(e)));
    Pass(weights, passed[e]);
    most = std::max(most, passed[e].likeness);
  }
  float sum = 0;
  for (const Passed& p : passed) sum += std::exp(p.likeness - most);
  for (std::size_t e = 0; e < kExchanges; ++e) {
    const float is = (e == static_cast<std::size_t>(exchange) ? 1 - kSmooth : 0.0F) +
                     kSmooth / static_cast<float>(kExchanges);
    PassBack(weights, passed[e], share * (std::exp(passed[e].likeness - most) / sum - is),
             gradient);
  }
}

std::optional<BeatSummary> BeatOf(const std::filesystem::path& path,
                                  const record::OpenOptions& told) {
  const Result<record::EcgRecord> record = formats::ReadEcg(path, {}, told);
  if (!record.ok()) return std::nullopt;
  infer::MeasureConfig config;
  config.derive = true;
  config.seconds = infer::kMeasuredSeconds;
  config.leads = {"I", "II", "V1", "V2", "V3", "V4", "V5", "V6"};
  const Result<infer::Measured> measured = infer::MeasureRecord(*record, config);
  if (!measured.ok()) return std::nullopt;
  return dsp::Summarise(measured->measured_leads, measured->values, measured->sampling_rate);
}

}  // namespace

std::vector<KnownBeat> ReadBeats(const std::filesystem::path& folder, int threads) {
  const data::RecordInputs inputs({folder});
  const auto records = data::SelectRecords(inputs, {}).value();
  std::vector<std::optional<BeatSummary>> beats(records.size());
  ParallelFor(records.size(), threads,
              [&](std::size_t i) { beats[i] = BeatOf(records[i].path, inputs.told); });
  std::vector<KnownBeat> known;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (beats[i]) known.push_back({records[i].id, *beats[i]});
  }
  return known;
}

dsp::ElectrodeWeights LearnElectrodes(const std::vector<KnownBeat>& beats,
                                      const LearnConfig& config) {
  Rng rng({config.seed});
  ElectrodeWeights weights = Initial(rng);
  Adam adam;
  std::vector<std::size_t> order(beats.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const std::size_t batch = std::min(kBatch, beats.size());
  const std::size_t steps = beats.size() / std::max<std::size_t>(batch, 1);
  const double all = static_cast<double>(steps) * config.epochs;
  std::size_t step = 0;
  for (int epoch = 0; epoch < config.epochs; ++epoch) {
    rng.Shuffle(order);
    for (std::size_t s = 0; s < steps; ++s, ++step) {
      ElectrodeWeights gradient{};
      for (std::size_t i = s * batch; i < (s + 1) * batch; ++i) {
        const std::size_t exchange = rng.Chance(kUnchanged) ? 0 : rng.Below(kExchanges);
        Learn(weights, Varied(beats[order[i]].beat, rng), static_cast<Exchange>(exchange),
              1 / static_cast<float>(batch), gradient);
      }
      const double rate = 0.5 * (1 + std::cos(M_PI * static_cast<double>(step) / all));
      adam.Step(weights, gradient, kRate * static_cast<float>(rate));
    }
  }
  float* flat = Flat(weights);
  for (std::size_t i = 0; i < kWeights; ++i) flat[i] = std::round(flat[i] * 1000) / 1000;
  return weights;
}

std::vector<Evidence> EvidenceWith(const std::vector<KnownBeat>& beats, Exchange exchange,
                                   const ElectrodeWeights& weights) {
  std::vector<Evidence> all;
  for (const KnownBeat& known : beats) {
    all.push_back(dsp::EvidenceOf(Exchanged(known.beat, exchange), weights));
  }
  return all;
}

Evidence LimitsOf(const std::vector<Evidence>& as_recorded, double share, float least) {
  Evidence limits{};
  for (std::size_t e = 1; e < kExchanges; ++e) {
    std::vector<float> values;
    for (const Evidence& evidence : as_recorded) values.push_back(evidence[e]);
    std::sort(values.begin(), values.end(), std::greater<>());
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(values.size()));
    limits[e] = least;
    if (rank < values.size()) limits[e] = std::max(least, std::ceil(values[rank] * 100) / 100);
  }
  return limits;
}

}  // namespace ecg::fit
