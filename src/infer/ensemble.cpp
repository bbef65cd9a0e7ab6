#include "ecg/infer/ensemble.h"

#include <algorithm>
#include <utility>

#include "ecg/core/text.h"

namespace ecg::infer {
namespace {

namespace fs = std::filesystem;
using model::NetworkFactory;

void AddPreparations(const Group& group, std::vector<data::PreprocessConfig>& distinct) {
  for (const Member& member : group.members) {
    const data::PreprocessConfig& way = member.info.preprocess;
    if (std::find(distinct.begin(), distinct.end(), way) == distinct.end()) distinct.push_back(way);
  }
}

bool SameClasses(const model::Task& a, const model::Task& b) {
  return a.class_set().rewards() == b.class_set().rewards() &&
         std::equal(a.classes().begin(), a.classes().end(), b.classes().begin(), b.classes().end(),
                    [](const challenge::DiagnosisClass& x, const challenge::DiagnosisClass& y) {
                      return x.abbreviation == y.abbreviation && x.codes == y.codes;
                    });
}

Result<Group> LoadGroup(const fs::path& folder, const model::EnsembleInfo& info,
                        const std::vector<model::MemberInfo>& members,
                        const model::GroupInfo& described, const NetworkFactory& factory) {
  Group group;
  group.combination = info.combination;
  group.decision = described.decision;
  group.decision.post_processing = info.post_processing;
  for (const model::MemberInfo& named : members) {
    const Result<model::Bundle> bundle = model::LoadMember(folder, named);
    if (!bundle.ok()) return bundle.error();
    group.members.push_back({bundle->info, factory(*bundle)});
    if (!SameClasses(group.members.back().info.task, group.task())) {
      return InputError("has other classes than the members beside it",
                        (folder / named.folder).string());
    }
  }
  return group;
}

Status CheckThresholds(const Group& group, const fs::path& folder) {
  if (group.decision.thresholds.size() == group.task().size()) return {};
  return InputError("names " + Counted(group.decision.thresholds.size(), "threshold") + " for " +
                        Counted(group.task().size(), "class", "classes"),
                    model::EnsembleFile(folder).string());
}

Result<Ensemble> LoadGroups(const fs::path& folder, const model::EnsembleInfo& info,
                            const NetworkFactory& factory) {
  Ensemble ensemble;
  ensemble.bradycardia_veto = info.bradycardia_veto;
  Result<Group> general = LoadGroup(folder, info, info.general.members, info.general, factory);
  if (!general.ok()) return general.error();
  if (Status status = CheckThresholds(*general, folder); !status.ok()) return status.error();
  ensemble.general = std::move(*general);
  if (!info.route) return ensemble;
  Result<Group> source = LoadGroup(folder, info, info.route->members, {}, factory);
  if (!source.ok()) return source.error();
  const model::GroupInfo& named = info.route->specialists;
  Result<Group> specialists = LoadGroup(folder, info, named.members, named, factory);
  if (!specialists.ok()) return specialists.error();
  if (Status status = CheckThresholds(*specialists, folder); !status.ok()) return status.error();
  Result<Route> route = MakeRoute(ensemble.general, std::move(*source), info.route->threshold,
                                  std::move(*specialists));
  if (!route.ok()) {
    Error error = route.error();
    error.file = model::EnsembleFile(folder).string();
    return error;
  }
  ensemble.route = std::move(*route);
  return ensemble;
}

Status Choose(const std::string& point, model::OperatingPoints& points) {
  return point.empty() ? Status() : points.ChoosePoint(point);
}

// A lead set zeroes the same channels for all.
Status CheckLeads(const Ensemble& ensemble, const fs::path& folder) {
  const std::vector<data::PreprocessConfig> ways = ensemble.Preparations();
  for (const data::PreprocessConfig& way : ways) {
    if (way.leads == ways.front().leads) continue;
    return InputError("its members see other leads", model::EnsembleFile(folder).string());
  }
  return {};
}

}  // namespace

const Member* Group::PeakMember() const {
  for (const Member& member : members) {
    if (member.info.architecture.DetectsPeaks()) return &member;
  }
  return nullptr;
}

bool Ensemble::DetectsPeaks() const {
  return general.PeakMember() != nullptr && (!route || route->specialists.PeakMember() != nullptr);
}

Error NoPeaks() {
  return UsageError("this model detects no peaks: it was trained with model.peak_grid = none");
}

std::vector<data::PreprocessConfig> Ensemble::Preparations() const {
  std::vector<data::PreprocessConfig> distinct;
  AddPreparations(general, distinct);
  if (route) {
    AddPreparations(route->source, distinct);
    AddPreparations(route->specialists, distinct);
  }
  return distinct;
}

Ensemble MakeEnsemble(model::ModelInfo info, std::shared_ptr<model::Network> network) {
  Ensemble ensemble;
  ensemble.general.decision = info.decision;
  ensemble.general.decision.calibration.clear();  // it is the member's own
  ensemble.general.members.push_back({std::move(info), std::move(network)});
  return ensemble;
}

Result<Route> MakeRoute(const Group& general, Group source, double threshold, Group specialists) {
  if (source.task().config().kind != model::TaskKind::kSource) {
    return InputError("the members of the route do not tell sources", {}, 0, "route.members");
  }
  Route route{std::move(source), threshold, std::move(specialists), {}};
  const std::vector<challenge::DiagnosisClass>& all = general.task().classes();
  for (const challenge::DiagnosisClass& wanted : route.specialists.task().classes()) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const challenge::DiagnosisClass& entry) {
          return entry.abbreviation == wanted.abbreviation && entry.codes == wanted.codes;
        });
    if (found == all.end()) {
      return InputError(
          "the specialists' class " + wanted.abbreviation + " is none of the general members'", {},
          0, "route.specialists");
    }
    route.columns.push_back(static_cast<std::size_t>(found - all.begin()));
  }
  return route;
}

Result<Ensemble> LoadEnsemble(const fs::path& folder, const model::NetworkFactory& factory,
                              const std::string& point) {
  try {
    if (model::IsEnsemble(folder)) {
      Result<model::SealedEnsemble> sealed = model::ReadEnsemble(folder);
      if (!sealed.ok()) return sealed.error();
      if (Status status = Choose(point, sealed->info.general); !status.ok()) return status.error();
      Result<Ensemble> ensemble = LoadGroups(folder, sealed->info, factory);
      if (!ensemble.ok()) return ensemble;
      if (Status status = CheckLeads(*ensemble, folder); !status.ok()) return status.error();
      ensemble->checksum = sealed->checksum;
      return ensemble;
    }
    Result<model::Bundle> bundle = model::LoadBundle(folder);
    if (!bundle.ok()) return bundle.error();
    if (Status status = Choose(point, bundle->info); !status.ok()) return status.error();
    Ensemble ensemble = MakeEnsemble(bundle->info, factory(*bundle));
    ensemble.checksum = bundle->checksum;
    return ensemble;
  } catch (const Exception& error) {
    return error.error();
  }
}

}  // namespace ecg::infer
