#include "ecg/ecg.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/memory_budget.h"
#include "ecg/core/text.h"
#include "ecg/core/version.h"
#include "ecg/engines/networks.h"
#include "ecg/infer/classifier.h"
#include "ecg/infer/measurement.h"
#include "ecg/infer/shipped_models.h"
#include "ecg/infer/stream.h"

struct ecg_model {
  ecg::infer::Classifier classifier;
  std::vector<std::string> codes;  // of each class, joined
};

struct ecg_stream {
  std::unique_ptr<ecg::infer::Stream> stream;
  double sampling_rate;
};

struct ecg_answer {
  ecg_status status = ECG_OK;
  std::string error;
  ecg::infer::RecordAnswer said;
  std::map<std::string, double, std::less<>> numbers;
  std::vector<std::string> flags;
};

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

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

ecg::model::NetworkFactory Networks(int threads) {
  ecg::model::ComputeConfig compute;
  compute.threads = threads;
  return ecg::engines::MakeNetworks(compute);
}

ecg_status Keep(ecg::Result<ecg::infer::Classifier> loaded, ecg_model** model) {
  if (!loaded.ok()) return Fail(loaded.error());
  auto owned = new ecg_model{std::move(*loaded), {}};
  *model = owned;
  for (const auto& entry : owned->classifier.classes()) {
    owned->codes.push_back(ecg::Join(entry.codes, "|"));
  }
  return ECG_OK;
}

// Of what is known of a recording beside its samples.
ecg::Result<ecg::infer::Recording> CopiedInfo(const ecg_recording& given) {
  if (given.size < offsetof(ecg_recording, sex) + sizeof given.sex) {
    return ecg::UsageError("is smaller than any version of it", "the recording", 0, "size");
  }
  if (given.leads == nullptr) return ecg::UsageError("needs the leads' names");
  ecg::infer::Recording recording;
  recording.sampling_rate = given.sampling_rate;
  for (size_t i = 0; i < given.lead_count; ++i) {
    if (given.leads[i] == nullptr) return ecg::UsageError("a lead has no name");
    recording.leads.emplace_back(given.leads[i]);
  }
  if (given.age > 0) recording.age = given.age;
  if (given.sex == 'f') recording.sex = ecg::record::Sex::kFemale;
  if (given.sex == 'm') recording.sex = ecg::record::Sex::kMale;
  return recording;
}

ecg::Result<ecg::infer::Recording> Copied(const ecg_recording& given) {
  auto recording = CopiedInfo(given);
  if (!recording.ok()) return recording;
  if (given.millivolts == nullptr) return ecg::UsageError("needs samples");
  for (size_t i = 0; i < given.lead_count; ++i) {
    const float* samples = given.millivolts + i * given.sample_count;
    recording->samples.emplace_back(samples, samples + given.sample_count);
  }
  return recording;
}

ecg::Result<ecg::infer::Recording> ToRecording(const ecg_recording& given) {
  return ecg::WithinMemory("the recording", [&] { return Copied(given); });
}

ecg::infer::AskOptions OptionsOf(unsigned wishes) {
  ecg::infer::AskOptions options;
  options.quality = (wishes & ECG_ASK_FAULTS) != 0;
  options.measure = (wishes & ECG_ASK_MEASURE) != 0;
  options.peaks = (wishes & ECG_ASK_PEAKS) != 0;
  return options;
}

// [classes] each; either may be NULL.
ecg_status Say(const ecg::Result<ecg::infer::RecordAnswer>& answer, float* probabilities,
               unsigned char* decisions) {
  if (!answer.ok()) return Fail(answer.error());
  if (answer->unclassifiable) {
    Fail(ecg::infer::NotClassifiable(*answer));
    return ECG_UNCLASSIFIABLE;
  }
  if (probabilities != nullptr) {
    std::copy(answer->probabilities.begin(), answer->probabilities.end(), probabilities);
  }
  if (decisions != nullptr) {
    std::copy(answer->decisions.begin(), answer->decisions.end(), decisions);
  }
  return ECG_OK;
}

void Fill(ecg::infer::RecordAnswer said, ecg_answer& answer) {
  answer.flags = ecg::infer::FlagsOf(said);
  if (said.quality) answer.numbers["quality"] = said.quality->quality;
  if (said.unclassifiable) {
    answer.status = ECG_UNCLASSIFIABLE;
    answer.error = ecg::infer::NotClassifiable(said).ToString();
    answer.said = std::move(said);
    return;
  }
  answer.numbers["uncertainty"] = static_cast<double>(said.uncertainty);
  answer.numbers["source_probability"] = static_cast<double>(said.source_probability);
  answer.numbers["by_specialists"] = said.by_specialists ? 1 : 0;
  if (said.measured) {
    for (const auto& measurement : ecg::infer::MeasurementsOf(said.measured->values)) {
      answer.numbers[measurement.name] = measurement.value;
    }
  }
  answer.said = std::move(said);
}

void Fill(ecg::Result<ecg::infer::RecordAnswer> said, ecg_answer& answer) {
  if (said.ok()) return Fill(std::move(*said), answer);
  answer.status = StatusOf(said.error().kind);
  answer.error = said.error().ToString();
}

// An element of one of the answer's lists, or what stands for none.
template <typename T>
T At(const ecg_answer* answer, const std::vector<T> ecg::infer::RecordAnswer::*list, size_t index,
     T none) {
  if (answer == nullptr || index >= (answer->said.*list).size()) return none;
  return (answer->said.*list)[index];
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

ecg_status ecg_load(const char* model_or_folder, int threads, ecg_model** model) {
  return ecg_load_point(model_or_folder, "", threads, model);
}

ecg_status ecg_load_point(const char* model_or_folder, const char* point, int threads,
                          ecg_model** model) {
  return Guarded([&] {
    if (model == nullptr) return Fail(ecg::UsageError("needs a place for the model"));
    *model = nullptr;
    if (model_or_folder == nullptr || point == nullptr || threads < 0) {
      return Fail(ecg::UsageError("needs a folder and a point, and no negative number of threads"));
    }
    const auto folder = ecg::infer::FindModel(model_or_folder);
    if (!folder.ok()) return Fail(folder.error());
    return Keep(ecg::infer::Classifier::Load(*folder, Networks(threads), point), model);
  });
}

ecg_status ecg_load_memory(const void* description, size_t description_size, const void* weights,
                           size_t weights_size, int threads, ecg_model** model) {
  return Guarded([&] {
    if (model == nullptr) return Fail(ecg::UsageError("needs a place for the model"));
    *model = nullptr;
    if (description == nullptr || weights == nullptr || threads < 0) {
      return Fail(ecg::UsageError("needs both files, and no negative number of threads"));
    }
    return Keep(
        ecg::infer::Classifier::FromMemory(
            std::string(static_cast<const char*>(description), description_size),
            std::string(static_cast<const char*>(weights), weights_size), Networks(threads)),
        model);
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
    ecg_recording given{};
    given.size = sizeof given;
    given.millivolts = millivolts;
    given.lead_count = lead_count;
    given.sample_count = sample_count;
    given.leads = leads;
    given.sampling_rate = sampling_rate;
    const auto recording = ToRecording(given);
    if (!recording.ok()) return Fail(recording.error());
    return Say(model->classifier.Classify(*recording), probabilities, decisions);
  });
}

ecg_status ecg_ask(ecg_model* model, const ecg_recording* recordings, size_t count, unsigned wishes,
                   ecg_answer** answers) {
  return Guarded([&] {
    if (answers == nullptr) return Fail(ecg::UsageError("needs a place for the answers"));
    std::fill_n(answers, count, nullptr);
    if (model == nullptr || (recordings == nullptr && count > 0)) {
      return Fail(ecg::UsageError("needs a model and recordings"));
    }
    std::vector<ecg::infer::Recording> usable;
    std::vector<std::unique_ptr<ecg_answer>> all;
    std::vector<size_t> place;  // of each usable one
    for (size_t i = 0; i < count; ++i) {
      auto recording = ToRecording(recordings[i]);
      all.push_back(std::make_unique<ecg_answer>());
      if (recording.ok()) {
        usable.push_back(std::move(*recording));
        place.push_back(i);
      } else {
        all[i]->status = StatusOf(recording.error().kind);
        all[i]->error = recording.error().ToString();
      }
    }
    auto said = model->classifier.ClassifyAll(usable, OptionsOf(wishes));
    for (size_t i = 0; i < said.size(); ++i) {
      Fill(std::move(said[i]), *all[place[i]]);
    }
    for (size_t i = 0; i < count; ++i) answers[i] = all[i].release();
    return ECG_OK;
  });
}

void ecg_answer_free(ecg_answer* answer) { delete answer; }

ecg_status ecg_answer_status(const ecg_answer* answer) {
  return answer == nullptr ? ECG_USAGE : answer->status;
}

const char* ecg_answer_error(const ecg_answer* answer) {
  return answer == nullptr ? "" : answer->error.c_str();
}

float ecg_answer_probability(const ecg_answer* answer, size_t index) {
  return At(answer, &ecg::infer::RecordAnswer::probabilities, index, static_cast<float>(kNan));
}

double ecg_answer_threshold(const ecg_answer* answer, size_t index) {
  return At(answer, &ecg::infer::RecordAnswer::thresholds, index, kNan);
}

float ecg_answer_spread(const ecg_answer* answer, size_t index) {
  return At(answer, &ecg::infer::RecordAnswer::spread, index, static_cast<float>(kNan));
}

int ecg_answer_decision(const ecg_answer* answer, size_t index) {
  return At(answer, &ecg::infer::RecordAnswer::decisions, index, std::uint8_t{0});
}

double ecg_answer_number(const ecg_answer* answer, const char* name) {
  if (answer == nullptr || name == nullptr) return kNan;
  const auto found = answer->numbers.find(std::string_view(name));
  return found == answer->numbers.end() ? kNan : found->second;
}

size_t ecg_answer_flag_count(const ecg_answer* answer) {
  return answer == nullptr ? 0 : answer->flags.size();
}

const char* ecg_answer_flag(const ecg_answer* answer, size_t index) {
  return index < ecg_answer_flag_count(answer) ? answer->flags[index].c_str() : nullptr;
}

size_t ecg_answer_peak_count(const ecg_answer* answer) {
  return answer == nullptr ? 0 : answer->said.peaks.size();
}

int ecg_answer_peak(const ecg_answer* answer, size_t index, double* seconds, char* type) {
  if (index >= ecg_answer_peak_count(answer)) return 0;
  const ecg::dsp::Peak& peak = answer->said.peaks[index];
  if (seconds != nullptr) *seconds = peak.sample / answer->said.peak_rate;
  if (type != nullptr) *type = ecg::dsp::kPeakNames[static_cast<size_t>(peak.type)];
  return 1;
}

ecg_status ecg_stream_open(ecg_model* model, const ecg_recording* about, double seconds,
                           ecg_stream** stream) {
  return Guarded([&] {
    if (stream == nullptr) return Fail(ecg::UsageError("needs a place for the stream"));
    *stream = nullptr;
    if (model == nullptr || about == nullptr) {
      return Fail(ecg::UsageError("needs a model, and leads and rate of the stream"));
    }
    const auto info = CopiedInfo(*about);
    if (!info.ok()) return Fail(info.error());
    auto opened = ecg::infer::Stream::Open(
        model->classifier, {info->sampling_rate, info->leads, seconds, info->age, info->sex});
    if (!opened.ok()) return Fail(opened.error());
    *stream = new ecg_stream{std::move(*opened), info->sampling_rate};
    return ECG_OK;
  });
}

void ecg_stream_free(ecg_stream* stream) { delete stream; }

ecg_status ecg_stream_append(ecg_stream* stream, const float* millivolts, size_t lead_count,
                             size_t sample_count) {
  return Guarded([&] {
    if (stream == nullptr) return Fail(ecg::UsageError("needs a stream"));
    const ecg::Status added = stream->stream->Append(millivolts, lead_count, sample_count);
    return added.ok() ? ECG_OK : Fail(added.error());
  });
}

double ecg_stream_seconds(const ecg_stream* stream) {
  if (stream == nullptr) return 0;
  return static_cast<double>(stream->stream->appended()) / stream->sampling_rate;
}

ecg_status ecg_stream_classify(const ecg_stream* stream, float* probabilities,
                               unsigned char* decisions) {
  return Guarded([&] {
    if (stream == nullptr) return Fail(ecg::UsageError("needs a stream"));
    return Say(stream->stream->Ask(), probabilities, decisions);
  });
}

ecg_status ecg_stream_ask(const ecg_stream* stream, unsigned wishes, ecg_answer** answer) {
  return Guarded([&] {
    if (answer == nullptr) return Fail(ecg::UsageError("needs a place for the answer"));
    *answer = nullptr;
    if (stream == nullptr) return Fail(ecg::UsageError("needs a stream"));
    auto said = std::make_unique<ecg_answer>();
    Fill(stream->stream->Ask(OptionsOf(wishes)), *said);
    *answer = said.release();
    return ECG_OK;
  });
}
