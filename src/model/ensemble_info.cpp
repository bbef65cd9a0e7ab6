#include "ecg/model/ensemble_info.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "ecg/core/checksum.h"
#include "ecg/core/file.h"
#include "ecg/core/file_name.h"
#include "ecg/core/settings.h"
#include "src/model/sealed_json.h"

namespace ecg::model {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = std::size_t{16} << 20;
constexpr std::size_t kMaxMembers = 100;
constexpr std::size_t kMaxClasses = 1000;

Settings DescribeParts(EnsembleInfo& info) {
  Settings settings;
  settings.Add("combination", info.combination, "How members become one answer.",
               CombinationNames());
  settings.Add("bradycardia_veto", info.bradycardia_veto,
               "Bradycardia only where the RR intervals show it.");
  DescribeSettings(settings, "post_processing.", info.post_processing);
  return settings;
}

Json ToJson(const std::vector<MemberInfo>& members) {
  Json json = Json::array();
  for (const MemberInfo& member : members) {
    json.push_back({{"folder", member.folder}, {"checksum", member.checksum}});
  }
  return json;
}

Json ToJson(const GroupInfo& group) {
  const Decision& decision = group.decision;
  Json json = {{"members", ToJson(group.members)}, {"thresholds", decision.thresholds}};
  json["calibration"] = CalibrationToJson(decision.calibration);
  if (!decision.criteria.empty()) {
    json[CriteriaKey(decision.measured)] = CriteriaToJson(decision.criteria);
  }
  PointsToJson(group, json);
  return json;
}

// The oldest that says all of it.
int FormatOf(const GroupInfo& group) {
  if (!group.ArePlain()) return kEnsembleFormat;
  if (group.decision.criteria.empty()) return kEnsembleFormatWithoutCriteria;
  return group.decision.measured == MeasuredSignal::kRecord ? kEnsembleFormatWithoutPoints
                                                            : kEnsembleFormatWithoutRecordCriteria;
}

// Reads the parts that are no settings; every failure names its field.
class Reader {
 public:
  explicit Reader(const JsonDocument& document) : document_(document) {}

  Status Group(const Json& json, const std::string& field, GroupInfo& group) const {
    const std::optional<MeasuredSignal> measured = FindCriteria(json);
    std::size_t keys = measured ? 4 : 3;
    for (const char* key : kPointKeys) keys += json.is_object() && json.contains(key) ? 1 : 0;
    if (Status status = Object(json, field, keys); !status.ok()) return status;
    Decision& decision = group.decision;
    if (Status status = Members(json, field, group.members); !status.ok()) return status;
    const Json& calibration = Part(json, "calibration");
    const std::size_t maps = calibration.is_array() ? calibration.size() : kMaxClasses;
    if (maps > kMaxClasses || !ReadCalibration(calibration, maps, decision.calibration)) {
      return Fail(field + ".calibration", "must be a slope above 0 and an offset for each class");
    }
    if (measured) {
      decision.measured = *measured;
      const Json& criteria = json[CriteriaKey(*measured)];
      if (!criteria.is_array() || criteria.size() > kMaxClasses ||
          !ReadCriteria(criteria, criteria.size(), decision.criteria)) {
        return Fail(field + "." + CriteriaKey(*measured),
                    "must be null or a criterion's name and four numbers for each class");
      }
    }
    const Json& thresholds = Part(json, "thresholds");
    if (!thresholds.is_array() || thresholds.empty() || thresholds.size() > kMaxClasses) {
      return Fail(field + ".thresholds", "must be a list of numbers");
    }
    if (!ReadThresholds(thresholds, thresholds.size(), decision.thresholds)) {
      return Fail(field + ".thresholds", "must be a list of numbers");
    }
    if (Status status = ReadPoints(json, thresholds.size(), group); !status.ok()) {
      return Fail(field + "." + status.error().field, status.error().message);
    }
    return {};
  }

  Status Route(const Json& json, RouteInfo& route) const {
    if (Status status = Object(json, "route", 3); !status.ok()) return status;
    if (Status status = Members(json, "route", route.members); !status.ok()) return status;
    const Json& threshold = Part(json, "threshold");
    if (!threshold.is_number()) return Fail("route.threshold", "must be a number");
    route.threshold = threshold.get<double>();
    return Group(Part(json, "specialists"), "route.specialists", route.specialists);
  }

  static const Json& Part(const Json& object, const char* key) {
    static const Json missing;
    const auto found = object.find(key);
    return found == object.end() ? missing : *found;
  }

  Error Fail(const std::string& field, const std::string& message) const {
    return InputError(message, document_.file, document_.LineOf(field), field);
  }

 private:
  Status Object(const Json& json, const std::string& field, std::size_t keys) const {
    if (json.is_object() && json.size() == keys) return {};
    return Fail(field, "must be an object of " + std::to_string(keys) + " parts");
  }

  Status Members(const Json& json, const std::string& field,
                 std::vector<MemberInfo>& members) const {
    const Json& list = Part(json, "members");
    const auto fail = [&] {
      return Fail(field + ".members", "must be a list of objects with folder and checksum");
    };
    if (!list.is_array() || list.size() > kMaxMembers) return fail();
    for (const Json& item : list) {
      if (!item.is_object() || item.size() != 2) return fail();
      const Json& folder = Part(item, "folder");
      const Json& checksum = Part(item, "checksum");
      if (!folder.is_string() || !checksum.is_string()) return fail();
      members.push_back({folder.get<std::string>(), checksum.get<std::string>()});
    }
    return {};
  }

  const JsonDocument& document_;
};

}  // namespace

const EnumTable<Combination>& CombinationNames() {
  static const EnumTable<Combination> table{{"probabilities", Combination::kProbabilities},
                                            {"logits", Combination::kLogits},
                                            {"votes", Combination::kVotes}};
  return table;
}

std::vector<MemberInfo> EnsembleInfo::AllMembers() const {
  std::vector<MemberInfo> all = general.members;
  if (route) {
    all.insert(all.end(), route->members.begin(), route->members.end());
    const std::vector<MemberInfo>& specialists = route->specialists.members;
    all.insert(all.end(), specialists.begin(), specialists.end());
  }
  return all;
}

Status EnsembleInfo::Validate() const {
  const auto fail = [](const char* field, const std::string& message) -> Status {
    return UsageError(message, {}, 0, field);
  };
  if (general.members.empty()) return fail("general.members", "names no member");
  const auto check = [](const GroupInfo& group, const char* prefix) {
    return InField(group.ValidatePoints(group.decision.thresholds.size()), prefix);
  };
  if (Status status = check(general, "general."); !status.ok()) return status;
  if (route) {
    if (route->members.empty()) return fail("route.members", "names no member");
    if (!(route->threshold >= 0 && route->threshold <= 1)) {
      return fail("route.threshold", "must be from 0 to 1");
    }
    if (route->specialists.members.empty()) {
      return fail("route.specialists.members", "names no member");
    }
    if (!route->specialists.ArePlain()) {
      return fail("route.specialists", "may have no operating points");
    }
    if (Status status = check(route->specialists, "route.specialists."); !status.ok())
      return status;
  }
  std::set<std::string> folders;
  for (const MemberInfo& member : AllMembers()) {
    if (FileNameOf(member.folder) != member.folder) {
      return fail("members", "folder must be the name of a folder: " + member.folder);
    }
    if (!folders.insert(member.folder).second) {
      return fail("members", "names a folder twice: " + member.folder);
    }
  }
  return {};
}

Json EnsembleInfo::ToJson() const {
  EnsembleInfo copy = *this;
  int format = FormatOf(general);
  if (route) format = std::max(format, FormatOf(route->specialists));
  Json json = {{"format", format}};
  json.update(DescribeParts(copy).ToJson());
  json["general"] = model::ToJson(general);
  json["route"] = nullptr;
  if (route) {
    json["route"] = {{"members", model::ToJson(route->members)},
                     {"threshold", route->threshold},
                     {"specialists", model::ToJson(route->specialists)}};
  }
  json["provenance"] = provenance;
  return json;
}

Result<EnsembleInfo> EnsembleInfo::FromJson(const JsonDocument& document) {
  const Reader reader(document);
  const Json& root = document.root;
  if (!root.is_object()) return reader.Fail("", "is no description of an ensemble");
  const Json& format = Reader::Part(root, "format");
  if (!format.is_number_integer() || format < 1 || format > kEnsembleFormat) {
    return reader.Fail("format", "must be 1 to " + std::to_string(kEnsembleFormat) +
                                     "; written by a later version of this program?");
  }
  EnsembleInfo info;
  Status status = reader.Group(Reader::Part(root, "general"), "general", info.general);
  const Json& route = Reader::Part(root, "route");
  if (status.ok() && !route.is_null()) status = reader.Route(route, info.route.emplace());
  JsonDocument settings = document;
  for (const char* key : {"format", "general", "route", "provenance", "checksum"}) {
    settings.root.erase(key);
  }
  if (status.ok()) status = DescribeParts(info).Apply(settings);
  if (status.ok()) status = info.Validate();
  if (status.ok()) {
    info.provenance = Reader::Part(root, "provenance");
    return info;
  }
  // What is a wrong setting elsewhere is a wrong file here.
  Error error = status.error();
  error.kind = ErrorKind::kInput;
  error.file = document.file;
  if (error.line == 0) error.line = document.LineOf(error.field);
  return error;
}

fs::path EnsembleFile(const fs::path& folder) { return folder / "ensemble.json"; }

bool IsEnsemble(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(EnsembleFile(folder), ignored);
}

Status SaveEnsemble(const fs::path& folder, const EnsembleInfo& info) {
  if (Status status = info.Validate(); !status.ok()) return status;
  return WriteFileAtomic(EnsembleFile(folder), SealJson(info.ToJson()));
}

Result<SealedEnsemble> ReadEnsemble(const fs::path& folder) {
  const fs::path path = EnsembleFile(folder);
  const Result<std::string> text = ReadFile(path, kMaxBytes);
  if (!text.ok()) return text.error();
  const Result<JsonDocument> document = ParseJson(*text, path.string());
  if (!document.ok()) return document.error();
  // One of a later version may be sealed otherwise.
  const Json& root = document->root;
  if (root.is_object() && root.contains("format") && root["format"].is_number_integer() &&
      root["format"] <= kEnsembleFormat) {
    if (Status status = CheckSeal(*text, *document); !status.ok()) return status.error();
  }
  Result<EnsembleInfo> info = EnsembleInfo::FromJson(*document);
  if (!info.ok()) return info.error();
  return SealedEnsemble{std::move(*info), Sha256(*text)};
}

Result<OperatingPoints> ReadOperatingPoints(const fs::path& folder) {
  if (IsEnsemble(folder)) {
    const Result<SealedEnsemble> ensemble = ReadEnsemble(folder);
    if (!ensemble.ok()) return ensemble.error();
    return OperatingPoints(ensemble->info.general);
  }
  const Result<ModelInfo> info = ReadModelInfo(folder);
  if (!info.ok()) return info.error();
  return OperatingPoints(*info);
}

Result<Bundle> LoadMember(const fs::path& folder, const MemberInfo& member) {
  const fs::path path = folder / member.folder;
  Result<Bundle> bundle = LoadBundle(path);
  if (!bundle.ok() || bundle->checksum == member.checksum) return bundle;
  return InputError("is not the member that ensemble.json names", path.string());
}

}  // namespace ecg::model
