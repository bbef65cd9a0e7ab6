#include "ecg/infer/classifier.h"

#include <algorithm>
#include <set>
#include <utility>

#include "ecg/core/memory_budget.h"
#include "ecg/core/text.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/predictor.h"
#include "ecg/infer/source.h"
#include "ecg/record/info_lines.h"
#include "ecg/record/leads.h"

namespace ecg::infer {
namespace {

constexpr char kName[] = "the recording";

Result<record::EcgRecord> ToRecord(const Recording& recording) {
  const auto fail = [](const std::string& message, const std::string& field) {
    return UsageError(message, kName, 0, field);
  };
  if (recording.leads.size() != recording.samples.size()) {
    return fail("has " + Counted(recording.leads.size(), "name") + " for " +
                    Counted(recording.samples.size(), "lead"),
                "leads");
  }
  if (recording.age && !(*recording.age >= 0 && *recording.age <= record::kOldest)) {
    return fail("is " + FormatDouble(*recording.age) + "; accepted are 0 to " +
                    FormatDouble(record::kOldest),
                "age");
  }
  record::EcgRecord record;
  record.info.name = kName;
  record.info.sampling_rate = recording.sampling_rate;
  record.info.age = recording.age;
  record.info.sex = recording.sex;
  std::set<std::string> names;
  for (std::size_t i = 0; i < recording.leads.size(); ++i) {
    const std::string name = record::CanonicalLead(recording.leads[i]);
    if (!names.insert(name).second) return fail("holds the lead " + name + " twice", "leads");
    if (recording.samples[i].size() != recording.samples[0].size()) {
      return fail("its leads have unequal numbers of samples", name);
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
};

Classifier::Classifier(std::unique_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {}
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;
Classifier::~Classifier() = default;

Result<Classifier> Classifier::Load(const std::filesystem::path& folder,
                                    const model::NetworkFactory& networks,
                                    const std::string& point) {
  Result<Ensemble> ensemble = LoadEnsemble(folder, networks, point);
  if (!ensemble.ok()) return ensemble.error();
  return Classifier(std::make_unique<Loaded>(Loaded{std::move(*ensemble)}));
}

Result<Classifier> Classifier::FromMemory(std::string description, std::string weights,
                                          const model::NetworkFactory& networks) {
  const Result<model::Bundle> bundle =
      model::ParseBundle(std::move(description), std::move(weights));
  if (!bundle.ok()) return bundle.error();
  try {
    return Classifier(
        std::make_unique<Loaded>(Loaded{MakeEnsemble(bundle->info, networks(*bundle))}));
  } catch (const Exception& error) {
    return error.error();
  }
}

const std::vector<challenge::DiagnosisClass>& Classifier::classes() const {
  return loaded_->ensemble.classes();
}

bool Classifier::DetectsPeaks() const { return loaded_->ensemble.DetectsPeaks(); }

double Classifier::WindowSeconds() const {
  double longest = 0;
  const auto look_at = [&](const Group& group) {
    for (const Member& member : group.members) {
      const double seconds = member.info.window.samples / member.info.preprocess.sampling_rate;
      longest = std::max(longest, seconds);
    }
  };
  look_at(loaded_->ensemble.general);
  if (loaded_->ensemble.route) {
    look_at(loaded_->ensemble.route->source);
    look_at(loaded_->ensemble.route->specialists);
  }
  return longest;
}

Result<RecordAnswer> Classifier::Classify(const Recording& recording,
                                          const AskOptions& options) const {
  return std::move(ClassifyAll({recording}, options).front());
}

std::vector<Result<RecordAnswer>> Classifier::ClassifyAll(const std::vector<Recording>& recordings,
                                                          const AskOptions& options) const {
  std::vector<Result<RecordAnswer>> answers(recordings.size(), RecordAnswer());
  std::vector<record::EcgRecord> records;
  std::vector<std::size_t> place;  // of each record among the recordings
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    Result<record::EcgRecord> record = WithinMemory(kName, [&] { return ToRecord(recordings[i]); });
    if (!record.ok()) {
      answers[i] = record.error();
      continue;
    }
    records.push_back(std::move(*record));
    place.push_back(i);
  }
  PredictConfig config;
  config.loader_threads = 1;
  config.wanted.peaks = options.peaks;
  config.quality = options.quality;
  config.measure = options.measure;
  config.explain = options.explain;
  try {
    if (options.peaks && !DetectsPeaks()) throw Exception(NoPeaks());
    MemorySource source(std::move(records));
    PredictRecords(
        loaded_->ensemble, config, source,
        [&](std::size_t i, Result<RecordAnswer> answer) { answers[place[i]] = std::move(answer); });
  } catch (const Exception& error) {
    for (const std::size_t i : place) answers[i] = error.error();
  }
  return answers;
}

}  // namespace ecg::infer
