// An ensemble on disk: a folder with ensemble.json and the bundles that it names, a folder each.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/enum_table.h"
#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/model/bundle.h"
#include "ecg/model/decision.h"

namespace ecg::model {

// 1: without criteria, and still written where there are none; 2: with criteria of the prepared
// signal; 3: without operating points and definitions.
inline constexpr int kEnsembleFormat = 4;
inline constexpr int kEnsembleFormatWithoutPoints = 3;
inline constexpr int kEnsembleFormatWithoutRecordCriteria = 2;
inline constexpr int kEnsembleFormatWithoutCriteria = 1;

// How the members of a group become one answer.
enum class Combination {
  kProbabilities,  // their mean
  kLogits,         // the mean of their logits, as a probability
  kVotes,          // the share of members that are positive by their own thresholds
};

const EnumTable<Combination>& CombinationNames();

struct MemberInfo {
  std::string folder;    // its name below the ensemble's
  std::string checksum;  // Bundle::checksum
};

// Members that answer the same task, and what is made of their common answer. Post-processing is
// the ensemble's, and only its general group may have operating points.
struct GroupInfo : OperatingPoints {
  std::vector<MemberInfo> members;
};

// Paper section 2.5: the source classifiers say whether a recording comes from the source of the
// specialists. If so these classify it, with fewer classes, and nothing else is said of it.
struct RouteInfo {
  std::vector<MemberInfo> members;  // the source classifiers
  double threshold = 0.5;           // probability of the source from where on it is believed
  GroupInfo specialists;
};

struct EnsembleInfo {
  Combination combination = Combination::kProbabilities;
  GroupInfo general;
  std::optional<RouteInfo> route;
  // The rule-based member (paper, abstract): a recording is no bradycardia unless half of its RR
  // intervals, or more, last from 1 to 1.6 s.
  bool bradycardia_veto = false;
  PostProcessing post_processing;
  Json provenance = Json::object();

  // All members of all groups: general, source, specialists.
  std::vector<MemberInfo> AllMembers() const;

  // What can be told without the members' bundles; the error's field is a name in ensemble.json.
  Status Validate() const;

  Json ToJson() const;
  // What comes back is valid.
  static Result<EnsembleInfo> FromJson(const JsonDocument& document);
};

// Where its description lies.
std::filesystem::path EnsembleFile(const std::filesystem::path& folder);

// Whether a folder holds an ensemble rather than a bundle.
bool IsEnsemble(const std::filesystem::path& folder);

// Writes ensemble.json with its checksum. The members' folders are the caller's to write, before.
Status SaveEnsemble(const std::filesystem::path& folder, const EnsembleInfo& info);

struct SealedEnsemble {
  EnsembleInfo info;
  std::string checksum;  // SHA-256 of ensemble.json, which names those of its members
};

// The description alone, its checksum and every field checked; the members are not looked at.
Result<SealedEnsemble> ReadEnsemble(const std::filesystem::path& folder);

// What a model in a folder, bundle or ensemble, may be asked to decide by.
Result<OperatingPoints> ReadOperatingPoints(const std::filesystem::path& folder);

// A member of the ensemble in `folder`. Errors as of LoadBundle, and one where it is another bundle
// than the ensemble was made of.
Result<Bundle> LoadMember(const std::filesystem::path& folder, const MemberInfo& member);

}  // namespace ecg::model
