// Random numbers that depend on nothing but their key, on every platform the same.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace ecg {

// A generator for one purpose: Rng({seed, epoch, record}) gives the same stream whatever thread
// asks and in whatever order. xoshiro256++ (Blackman and Vigna, doi:10.1145/3460772), seeded by
// SplitMix64. The standard library's distributions differ between implementations, so the few
// that are needed stand here.
class Rng {
 public:
  Rng(std::initializer_list<std::uint64_t> key);

  std::uint64_t Next();
  double Uniform();                         // [0, 1), 53 bits
  double Uniform(double low, double high);  // [low, high)
  std::uint64_t Below(std::uint64_t n);     // 0 .. n-1, unbiased; n > 0
  bool Chance(double probability);
  double Normal();  // mean 0, standard deviation 1
  double Normal(double mean, double deviation);

  template <typename Range>
  void Shuffle(Range& range) {
    using std::swap;
    for (std::uint64_t i = range.size(); i > 1; --i) swap(range[i - 1], range[Below(i)]);
  }

 private:
  std::uint64_t state_[4];
};

// A 64-bit key from a name (FNV-1a), for streams that belong to a record.
std::uint64_t HashName(std::string_view name);

}  // namespace ecg
