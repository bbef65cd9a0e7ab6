#include "ecg/train/ensemble_builder.h"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/infer/criteria.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/predictor.h"
#include "ecg/model/nn/device.h"
#include "ecg/model/nn/networks.h"
#include "ecg/train/plan/dataset.h"
#include "ecg/train/plan/run_log.h"
#include "src/train/communicator.h"
#include "src/train/finish.h"
#include "src/train/validation.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

model::MemberInfo CopyBundle(const fs::path& from, const fs::path& ensemble,
                             const std::string& name) {
  const model::Bundle bundle = model::LoadBundle(from).value();
  model::SaveBundle(ensemble / name, bundle.info, bundle.weights).value();
  return {name, model::LoadBundle(ensemble / name).value().checksum};
}

void Remove(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (error) throw Exception(OutputError(error.message(), folder.string()));
}

// One a class: the mean of the members' own.
std::vector<double> MeanThresholds(const fs::path& ensemble,
                                   const std::vector<model::MemberInfo>& members) {
  std::vector<double> mean;
  for (const model::MemberInfo& member : members) {
    const model::ModelInfo info = model::ReadModelInfo(ensemble / member.folder).value();
    mean.resize(std::max(mean.size(), info.task.size()), 0);
    for (std::size_t k = 0; k < info.task.size(); ++k) {
      mean[k] += info.decision.thresholds[k] / static_cast<double>(members.size());
    }
  }
  return mean;
}

class Builder {
 public:
  Builder(const EnsembleConfig& config, TrainObserver& observer, const StopToken& stop)
      : config_(config), observer_(observer), stop_(stop), folder_(config.UnfinishedModel()) {}

  std::optional<fs::path> Build(const std::map<std::string, fs::path>& bundles) {
    Remove(folder_);
    model::EnsembleInfo info = Describe(bundles);
    model::SaveEnsemble(folder_, info).value();
    if (config_.evaluation) {
      const infer::Ensemble ensemble = Load();
      const Dataset data = LoadDataset(*config_.evaluation, ensemble.general.task()).value();
      if (!FitAll(ensemble, data, info)) return std::nullopt;
      model::SaveEnsemble(folder_, info).value();
      if (!ReportAll(Load(), data, info)) return std::nullopt;
      model::SaveEnsemble(folder_, info).value();
    }
    Remove(config_.Model());
    std::error_code error;
    fs::rename(folder_, config_.Model(), error);
    if (error) throw Exception(OutputError(error.message(), config_.Model().string()));
    return config_.Model();
  }

 private:
  model::EnsembleInfo Describe(const std::map<std::string, fs::path>& bundles) const {
    model::EnsembleInfo info;
    info.combination = config_.combination;
    info.bradycardia_veto = config_.bradycardia_veto;
    if (config_.evaluation) info.post_processing = config_.evaluation->post_processing;
    for (const EnsembleMember& member : config_.members) {
      const model::MemberInfo named = CopyBundle(bundles.at(member.name), folder_, member.name);
      if (member.role == Role::kGeneral) info.general.members.push_back(named);
      if (member.role == Role::kGeneral) continue;
      if (!info.route) info.route.emplace();
      (member.role == Role::kSource ? info.route->members : info.route->specialists.members)
          .push_back(named);
    }
    info.general.decision.thresholds = MeanThresholds(folder_, info.general.members);
    if (info.route) {
      info.route->threshold = config_.route_threshold;
      info.route->specialists.decision.thresholds =
          MeanThresholds(folder_, info.route->specialists.members);
    }
    return info;
  }

  infer::Ensemble Load() const {
    const model::ComputeConfig compute =
        config_.evaluation ? config_.evaluation->compute : model::ComputeConfig{};
    return infer::LoadEnsemble(folder_, nn::MakeNetworks(compute)).value();
  }

  // Empty where a stop is wished. Records that cannot be predicted take no part, and are told once.
  std::optional<Predictions> Ask(const infer::Ensemble& ensemble, const LabelledRecords& records,
                                 const std::vector<std::uint8_t>& keep, const char* label) {
    infer::PredictConfig predict;
    predict.loader_threads = config_.evaluation->data.loader_threads;
    predict.keep = keep;
    SingleProcess alone;
    observer_.progress().Begin(label, records.records.size());
    auto predictions =
        PredictLabelled(ensemble, predict, nullptr, records, alone, stop_, &observer_.progress());
    observer_.progress().End();
    if (predictions) WarnOf(predictions->failed, told_, observer_);
    return predictions;
  }

  // Calibration and thresholds of a group on its own answers; unchanged where there is nothing to
  // fit them on.
  bool Fit(const infer::Group& group, const LabelledRecords& records, const char* label,
           model::GroupInfo& info) {
    if (records.records.empty()) {
      observer_.OnWarning(std::string(label) +
                          ": no validation record to fit thresholds on; they are the means of the "
                          "members' own");
      return true;
    }
    const Config& evaluation = *config_.evaluation;
    infer::Ensemble alone;
    alone.general = group;
    model::Decision& decision = alone.general.decision;
    decision.thresholds.assign(group.task().size(), evaluation.thresholds.fixed);
    if (evaluation.thresholds.criteria) {
      // Of what is measured together the first member's scores count.
      const bool has_scores = !group.members.front().info.scores.empty();
      decision.criteria = infer::CriteriaOf(group.task().classes(),
                                            evaluation.thresholds.measurements && has_scores);
      decision.measured = model::MeasuredSignal::kRecord;
    }
    std::vector<PartPredictions> parts;
    for (const data::ChannelGroup& leads :
         GroupAllLeadSets(group.members.front().info.preprocess.leads)) {
      auto predictions = Ask(alone, records, leads.keep, label);
      if (!predictions) return false;
      parts.push_back({label, leads.lead_sets, std::move(*predictions)});
    }
    FitDecision(evaluation.thresholds, group.task(), parts, decision);
    info.decision = decision;
    return true;
  }

  bool FitAll(const infer::Ensemble& ensemble, const Dataset& data, model::EnsembleInfo& info) {
    if (!Fit(ensemble.general, data.validation, "general", info.general)) return false;
    if (!ensemble.route) return true;
    const std::vector<challenge::DiagnosisClass>& sources = ensemble.route->source.task().classes();
    // The specialists' classes are fewer: their labels are those of their own task.
    LabelledRecords own;
    for (const data::RecordEntry& record : data.validation.records) {
      const bool is_own =
          std::any_of(sources.begin(), sources.end(), [&](const challenge::DiagnosisClass& source) {
            return source.abbreviation == record.source;
          });
      if (!is_own) continue;
      own.Add(record, ensemble.route->specialists.task().LabelsOf(record, /*derive_bbb=*/false));
    }
    return Fit(ensemble.route->specialists, own, "specialists", info.route->specialists);
  }

  bool ReportAll(const infer::Ensemble& ensemble, const Dataset& data, model::EnsembleInfo& info) {
    infer::Ensemble general = ensemble;
    general.route.reset();
    Json scores = Json::object();
    for (const auto& [part, records] :
         {std::pair<const char*, const LabelledRecords&>("validation", data.validation),
          {"test", data.test}}) {
      if (records.records.empty()) continue;
      for (const data::ChannelGroup& leads :
           GroupAllLeadSets(ensemble.general.members.front().info.preprocess.leads)) {
        const auto plain = Ask(general, records, leads.keep, part);
        if (!plain) return false;
        std::optional<Predictions> routed;
        if (ensemble.route && !(routed = Ask(ensemble, records, leads.keep, part))) return false;
        for (const std::string& lead_set : leads.lead_sets) {
          EnsembleFigures figures{part, lead_set, Evaluate(*plain, ensemble.general.task()), {}, 0};
          if (routed) {
            figures.routed = Evaluate(*routed, ensemble.general.task());
            figures.by_specialists = routed->by_specialists;
          }
          observer_.OnEnsemble(figures);
          Json& json = scores[part][lead_set];
          json["general_alone"] = ToJson(figures.general);
          if (!figures.routed) continue;
          json["with_route"] = ToJson(*figures.routed);
          json["by_specialists"] = figures.by_specialists;
        }
      }
    }
    info.provenance = {{"training_records", data.train.size()}, {"scores", scores}};
    return true;
  }

  const EnsembleConfig& config_;
  TrainObserver& observer_;
  const StopToken stop_;
  std::set<std::string> told_;  // ids
  const fs::path folder_;       // where the ensemble is made, until it is whole
};

}  // namespace

std::optional<fs::path> BuildEnsemble(const EnsembleConfig& config,
                                      const std::map<std::string, fs::path>& bundles,
                                      TrainObserver& observer, const StopToken& stop) {
  return nn::WithoutTorchErrors([&] { return Builder(config, observer, stop).Build(bundles); });
}

}  // namespace ecg::train
