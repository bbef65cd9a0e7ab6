#include "ecg/ecg.h"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/text.h"
#include "ecg/core/version.h"
#include "ecg/infer/classifier.h"
#include "ecg/model/nn/networks.h"

struct ecg_model {
  ecg::infer::Classifier classifier;
  std::vector<std::string> codes;  // of each class, joined
};

namespace {

std::string& LastError() {
  thread_local std::string text;
  return text;
}

ecg_status StatusOf(ecg::ErrorKind kind) {
  switch (kind) {
    case ecg::ErrorKind::kUsage:
      return ECG_USAGE;
    case ecg::ErrorKind::kInput:
      return ECG_INPUT;
    case ecg::ErrorKind::kDiverged:
      return ECG_DIVERGED;
    case ecg::ErrorKind::kOutput:
    case ecg::ErrorKind::kInternal:
      break;
  }
  return ECG_INTERNAL;
}

ecg_status Fail(const ecg::Error& error) {
  LastError() = error.ToString();
  return StatusOf(error.kind);
}

// Nothing thrown may leave a C function.
template <typename Body>
ecg_status Guarded(const Body& body) noexcept {
  try {
    return body();
  } catch (const ecg::Exception& error) {
    return Fail(error.error());
  } catch (const std::exception& error) {
    return Fail({ecg::ErrorKind::kInternal, error.what(), {}, 0, {}});
  }
}

const char* TextOf(const ecg_model* model, size_t index,
                   const std::string ecg::challenge::DiagnosisClass::*text) {
  if (model == nullptr || index >= model->classifier.classes().size()) return nullptr;
  return (model->classifier.classes()[index].*text).c_str();
}

}  // namespace

const char* ecg_version(void) {
  static const std::string version = ecg::Version();
  return version.c_str();
}

const char* ecg_last_error(void) { return LastError().c_str(); }

ecg_status ecg_load(const char* folder, int threads, ecg_model** model) {
  return Guarded([&] {
    if (model == nullptr) return Fail(ecg::UsageError("needs a place for the model"));
    *model = nullptr;
    if (folder == nullptr || threads < 0) {
      return Fail(ecg::UsageError("needs a folder, and no negative number of threads"));
    }
    ecg::model::ComputeConfig compute;
    compute.threads = threads;
    auto loaded = ecg::infer::Classifier::Load(folder, ecg::nn::TorchNetworks(compute));
    if (!loaded.ok()) return Fail(loaded.error());
    auto owned = new ecg_model{std::move(*loaded), {}};
    *model = owned;
    for (const auto& entry : owned->classifier.classes()) {
      owned->codes.push_back(ecg::Join(entry.codes, "|"));
    }
    return ECG_OK;
  });
}

void ecg_free(ecg_model* model) { delete model; }

size_t ecg_class_count(const ecg_model* model) {
  return model == nullptr ? 0 : model->classifier.classes().size();
}

const char* ecg_class_abbreviation(const ecg_model* model, size_t index) {
  return TextOf(model, index, &ecg::challenge::DiagnosisClass::abbreviation);
}

const char* ecg_class_name(const ecg_model* model, size_t index) {
  return TextOf(model, index, &ecg::challenge::DiagnosisClass::name);
}

const char* ecg_class_codes(const ecg_model* model, size_t index) {
  if (model == nullptr || index >= model->codes.size()) return nullptr;
  return model->codes[index].c_str();
}

ecg_status ecg_classify(ecg_model* model, const float* millivolts, size_t lead_count,
                        size_t sample_count, const char* const* leads, double sampling_rate,
                        float* probabilities, unsigned char* decisions) {
  return Guarded([&] {
    if (model == nullptr || millivolts == nullptr || leads == nullptr) {
      return Fail(ecg::UsageError("needs a model, samples and the leads' names"));
    }
    ecg::infer::Recording recording;
    recording.sampling_rate = sampling_rate;
    for (size_t i = 0; i < lead_count; ++i) {
      if (leads[i] == nullptr) return Fail(ecg::UsageError("a lead has no name"));
      recording.leads.emplace_back(leads[i]);
      const float* samples = millivolts + i * sample_count;
      recording.samples.emplace_back(samples, samples + sample_count);
    }
    const auto answer = model->classifier.Classify(recording);
    if (!answer.ok()) return Fail(answer.error());
    if (probabilities != nullptr) {
      std::copy(answer->probabilities.begin(), answer->probabilities.end(), probabilities);
    }
    if (decisions != nullptr) {
      std::copy(answer->decisions.begin(), answer->decisions.end(), decisions);
    }
    return ECG_OK;
  });
}
