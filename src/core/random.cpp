#include "ecg/core/random.h"

#include <cmath>

namespace ecg {
namespace {

std::uint64_t SplitMix64(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

std::uint64_t RotateLeft(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

}  // namespace

Rng::Rng(std::initializer_list<std::uint64_t> key) {
  std::uint64_t mixed = key.size();
  for (const std::uint64_t part : key) {
    mixed ^= part;
    mixed = SplitMix64(mixed);
  }
  for (std::uint64_t& word : state_) word = SplitMix64(mixed);
}

std::uint64_t Rng::Next() {
  const std::uint64_t result = RotateLeft(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = RotateLeft(state_[3], 45);
  return result;
}

double Rng::Uniform() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

double Rng::Uniform(double low, double high) { return low + (high - low) * Uniform(); }

std::uint64_t Rng::Below(std::uint64_t n) {
  // Values below `rejected` would make the first remainders more likely than the last.
  const std::uint64_t rejected = (0 - n) % n;
  for (;;) {
    const std::uint64_t value = Next();
    if (value >= rejected) return value % n;
  }
}

bool Rng::Chance(double probability) { return Uniform() < probability; }

double Rng::Normal() {
  // Box-Muller without the second value: no state beyond the generator's own.
  const double radius = std::sqrt(-2.0 * std::log(1.0 - Uniform()));
  return radius * std::cos(6.283185307179586476925 * Uniform());
}

double Rng::Normal(double mean, double deviation) { return mean + deviation * Normal(); }

std::uint64_t HashName(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3u;
  }
  return hash;
}

}  // namespace ecg
