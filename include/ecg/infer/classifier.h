// The whole pipeline in one object, for programs that hold samples rather than files.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/result.h"
#include "ecg/infer/answer.h"
#include "ecg/model/network.h"
#include "ecg/record/ecg_record.h"

namespace ecg::infer {

// A recording as a program has it. Any leads, rate and length: what a model needs is taken, derived
// or left at zero as for a file.
struct Recording {
  double sampling_rate = 0;                 // Hz
  std::vector<std::string> leads;           // as in "II", "V1"; in any case
  std::vector<std::vector<float>> samples;  // mV, [leads][samples]; NaN where one is missing
  std::optional<double> age = {};           // years, 0 to record::kOldest
  std::optional<record::Sex> sex = {};
};

// What else is asked of a model than its decisions.
struct AskOptions {
  bool quality = false;  // of the recording and of each lead
  bool measure = false;  // intervals and beats, also where no criterion asks for them
  bool peaks = false;    // by the network; the model must detect them
  bool explain = false;  // which leads and moments carried each decision
};

// May be used by several threads at a time, which do not wait for each other.
class Classifier {
 public:
  // A bundle or an ensemble by its folder; `networks` says what computes it (see
  // engines/networks.h), `point` by which of its operating points it decides; empty: its usual
  // one.
  static Result<Classifier> Load(const std::filesystem::path& folder,
                                 const model::NetworkFactory& networks,
                                 const std::string& point = {});

  // A bundle by the bytes of its two files, model.json and weights.safetensors.
  static Result<Classifier> FromMemory(std::string description, std::string weights,
                                       const model::NetworkFactory& networks);

  Classifier(Classifier&&) noexcept;
  Classifier& operator=(Classifier&&) noexcept;
  ~Classifier();

  const std::vector<challenge::DiagnosisClass>& classes() const;
  bool DetectsPeaks() const;
  // What its networks see at a time: the longest window of any of them, in seconds.
  double WindowSeconds() const;

  // The same answer as for a file with these samples, age and sex; of a recording that shows no
  // heart nothing but RecordAnswer::unclassifiable. Errors: a recording without samples or usable
  // leads, leads of unequal length, a rate or age out of bounds.
  Result<RecordAnswer> Classify(const Recording& recording, const AskOptions& options = {}) const;

  // The same for several recordings, whose windows share the networks' batches.
  std::vector<Result<RecordAnswer>> ClassifyAll(const std::vector<Recording>& recordings,
                                                const AskOptions& options = {}) const;

 private:
  struct Loaded;
  explicit Classifier(std::unique_ptr<Loaded> loaded);
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace ecg::infer
