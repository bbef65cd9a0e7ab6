#include "ecg/infer/classifier.h"

#include <mutex>
#include <set>
#include <utility>

#include "ecg/infer/decide.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/predictor.h"
#include "ecg/record/leads.h"

namespace ecg::infer {
namespace {

Result<record::EcgRecord> ToRecord(const Recording& recording) {
  if (recording.leads.size() != recording.samples.size()) {
    return UsageError("has " + std::to_string(recording.leads.size()) + " names for " +
                          std::to_string(recording.samples.size()) + " leads",
                      "the recording", 0, "leads");
  }
  record::EcgRecord record;
  record.info.name = "the recording";
  record.info.sampling_rate = recording.sampling_rate;
  std::set<std::string> names;
  for (std::size_t i = 0; i < recording.leads.size(); ++i) {
    const std::string name = record::CanonicalLead(recording.leads[i]);
    if (!names.insert(name).second) {
      return UsageError("holds the lead " + name + " twice", record.info.name, 0, "leads");
    }
    if (recording.samples[i].size() != recording.samples[0].size()) {
      return UsageError("its leads have unequal numbers of samples", record.info.name, 0, name);
    }
    record.info.leads.push_back(name);
  }
  record.info.samples = recording.samples.empty() ? 0 : recording.samples[0].size();
  record.leads = recording.samples;
  return record;
}

}  // namespace

struct Classifier::Loaded {
  Ensemble ensemble;
  std::vector<data::PreprocessConfig> preparations;
  std::mutex mutex;  // a network runs for one caller at a time
};

Classifier::Classifier(std::unique_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {}
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;
Classifier::~Classifier() = default;

Result<Classifier> Classifier::Load(const std::filesystem::path& folder,
                                    const model::NetworkFactory& networks) {
  Result<Ensemble> ensemble = LoadEnsemble(folder, networks);
  if (!ensemble.ok()) return ensemble.error();
  auto loaded = std::make_unique<Loaded>();
  loaded->preparations = ensemble->Preparations();
  loaded->ensemble = std::move(*ensemble);
  return Classifier(std::move(loaded));
}

const std::vector<challenge::DiagnosisClass>& Classifier::classes() const {
  return loaded_->ensemble.classes();
}

Result<Classification> Classifier::Classify(const Recording& recording) const {
  Result<record::EcgRecord> record = ToRecord(recording);
  if (!record.ok()) return record.error();
  RecordFeed feed;
  feed.count = 1;
  feed.bytes = [](std::size_t) { return std::size_t{0}; };
  feed.ready = [&](std::size_t) {
    return data::PrepareAll(std::move(*record), loaded_->preparations);
  };
  PredictConfig config;
  config.loader_threads = 1;
  Result<Classification> answer = Classification{};
  try {
    const std::lock_guard<std::mutex> lock(loaded_->mutex);
    PredictRecords(loaded_->ensemble, config, feed,
                   [&](std::size_t, const Result<RecordPrediction>& predicted) {
                     if (predicted.ok()) {
                       answer = Classification{predicted->probabilities,
                                               Decide(loaded_->ensemble, *predicted)};
                     } else {
                       answer = predicted.error();
                     }
                   });
  } catch (const Exception& error) {
    return error.error();
  }
  return answer;
}

}  // namespace ecg::infer
