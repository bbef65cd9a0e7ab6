#include "ecg/train/plan/ensemble_config.h"

#include <algorithm>
#include <utility>

#include "ecg/core/enum_table.h"
#include "ecg/core/file_name.h"
#include "ecg/core/text.h"
#include "src/train/plan/document_part.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

constexpr char kMembers[] = "members";

const EnumTable<Role>& RoleNames() {
  static const EnumTable<Role> table{
      {"general", Role::kGeneral}, {"specialist", Role::kSpecialist}, {"source", Role::kSource}};
  return table;
}

Settings DescribeParts(EnsembleConfig& config) {
  Settings settings;
  DescribeSettings(settings, "ensemble", config);
  settings.Add(
      "combination", config.combination,
      "How members become one answer: the mean of their probabilities or logits, or votes.",
      model::CombinationNames());
  settings.Add("route_threshold", config.route_threshold,
               "Probability of the specialists' source from where on a recording goes to them.",
               {0, 1});
  settings.Add("bradycardia_veto", config.bradycardia_veto,
               "Bradycardia only where at least half of the RR intervals last from 1 to 1.6 s.");
  return settings;
}

class Loader {
 public:
  explicit Loader(JsonDocument document) : document_(std::move(document)) {
    config_.name = "ensemble";
  }

  Result<EnsembleConfig> Load(const std::vector<std::string>& assignments) {
    Settings settings = DescribeParts(config_);
    Result<RunSetParts> parts = LoadRunSet(document_, kMembers, assignments, settings, config_);
    if (!parts.ok()) return parts.error();
    parts_ = std::move(*parts);
    if (parts_.base) {
      Result<Config> evaluation = ResolveConfig({*parts_.base}, parts_.assignments);
      if (!evaluation.ok()) return evaluation.error();
      config_.evaluation = std::move(*evaluation);
    }
    for (const auto& [name, member] : document_.root[kMembers].items()) {
      if (Status status = Add(name, member); !status.ok()) return status.error();
    }
    if (Status status = CheckRoles(); !status.ok()) return status.error();
    return std::move(config_);
  }

 private:
  Error Fail(const std::string& field, const std::string& message) const {
    return UsageError(message, document_.file, document_.LineOf(field), field);
  }

  Status Add(const std::string& name, const Json& json) {
    const std::string field = std::string(kMembers) + "." + name;
    const fs::path folder = config_.Folder() / name;
    if (FileNameOf(name) != name || folder == config_.Model() ||
        folder == config_.UnfinishedModel()) {
      return Fail(field, "must be the name of a folder, and not the ensemble's own");
    }
    EnsembleMember member;
    member.name = name;
    if (!json.is_object()) return Fail(field, "must be an object");
    Json set = Json::object();
    Settings settings;
    settings.Add("role", member.role, "What the member is for.", RoleNames());
    settings.Add("bundle", member.bundle, "A bundle that is at hand.");
    JsonDocument own = PartOf(document_, json, field + ".");
    if (own.root.contains("set")) {
      set = own.root["set"];
      own.root.erase("set");
    }
    if (Status status = settings.Apply(own); !status.ok()) return InField(status, field + ".");
    if (!json.contains("role"))
      return Fail(field, "needs a role: " + Join(RoleNames().Names(), ", "));
    ResolvePath(member.bundle, fs::path(document_.file).parent_path());
    if (member.bundle.empty()) {
      if (!parts_.base) return Fail(field, "needs a bundle, or \"base\" to train it from");
      if (Status status = Configure(member, set, field); !status.ok()) return status;
    } else if (!set.empty()) {
      return Fail(field + ".set", "a bundle that is at hand takes no settings");
    }
    config_.members.push_back(std::move(member));
    return {};
  }

  // The base with the role's task, the member's settings and the command line's, in this order.
  Status Configure(EnsembleMember& member, const Json& set, const std::string& field) {
    JsonDocument role;
    role.file = document_.file;
    role.root = Json::object();
    if (member.role == Role::kSpecialist) role.root["task"] = {{"kind", "cpsc"}};
    if (member.role == Role::kSource) role.root["task"] = {{"kind", "source"}};
    Result<Config> config = ResolveConfig(
        {*parts_.base, role, PartOf(document_, set, field + ".set.")}, parts_.assignments);
    if (!config.ok()) return config.error();
    config->name = member.name;
    config->output = config_.Folder().string();
    const bool fits =
        (config->task.kind == model::TaskKind::kSource) == (member.role == Role::kSource);
    if (!fits) return Fail(field + ".role", "does not fit the member's task.kind");
    member.config = std::move(*config);
    return {};
  }

  Status CheckRoles() const {
    const auto count = [&](Role role) {
      return std::count_if(config_.members.begin(), config_.members.end(),
                           [&](const EnsembleMember& member) { return member.role == role; });
    };
    if (count(Role::kGeneral) == 0) return Fail(kMembers, "needs a member of role general");
    if ((count(Role::kSource) == 0) != (count(Role::kSpecialist) == 0)) {
      return Fail(kMembers, "needs both or none of the roles source and specialist");
    }
    return {};
  }

  const JsonDocument document_;
  RunSetParts parts_;
  EnsembleConfig config_;
};

}  // namespace

bool IsEnsembleConfig(const JsonDocument& document) {
  return document.root.is_object() && document.root.contains(kMembers);
}

Result<EnsembleConfig> LoadEnsembleConfig(const fs::path& file,
                                          const std::vector<std::string>& assignments) {
  Result<JsonDocument> document = ReadJson(file);
  if (!document.ok()) return document.error();
  if (!IsEnsembleConfig(*document) || !document->root[kMembers].is_object()) {
    return UsageError("must be an object of members by name", file.string(), 0, kMembers);
  }
  return Loader(std::move(*document)).Load(assignments);
}

}  // namespace ecg::train
