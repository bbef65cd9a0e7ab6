// The whole pipeline in one object, for programs that hold samples rather than files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/result.h"
#include "ecg/model/network.h"

namespace ecg::infer {

// A recording as a program has it. Any leads, rate and length: what a model needs is taken, derived
// or left at zero as for a file.
struct Recording {
  double sampling_rate = 0;                 // Hz
  std::vector<std::string> leads;           // as in "II", "V1"; in any case
  std::vector<std::vector<float>> samples;  // mV, [leads][samples]; NaN where one is missing
};

struct Classification {
  std::vector<float> probabilities;     // [classes]
  std::vector<std::uint8_t> decisions;  // [classes], 0 or 1
};

// Safe to be used from several threads: they wait for each other.
class Classifier {
 public:
  // A bundle or an ensemble; `networks` says what computes it, as nn::TorchNetworks does.
  static Result<Classifier> Load(const std::filesystem::path& folder,
                                 const model::NetworkFactory& networks);

  Classifier(Classifier&&) noexcept;
  Classifier& operator=(Classifier&&) noexcept;
  ~Classifier();

  const std::vector<challenge::DiagnosisClass>& classes() const;

  // The same numbers as for a file with these samples. Errors: a recording without samples or
  // usable leads, leads of unequal length, a rate out of bounds.
  Result<Classification> Classify(const Recording& recording) const;

 private:
  struct Loaded;
  explicit Classifier(std::unique_ptr<Loaded> loaded);
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace ecg::infer
