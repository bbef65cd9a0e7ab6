#include "ecg/data/records/split.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "ecg/core/random.h"
#include "ecg/core/text.h"

namespace ecg::data {
namespace {

enum Part : std::size_t { kTrain, kValidation, kTest, kParts };

Split Collect(const std::vector<Part>& part_of) {
  Split split;
  for (std::size_t i = 0; i < part_of.size(); ++i) {
    if (part_of[i] == kTrain) split.train.push_back(i);
    if (part_of[i] == kValidation) split.validation.push_back(i);
    if (part_of[i] == kTest) split.test.push_back(i);
  }
  return split;
}

Split SplitByTable(const std::vector<RecordEntry>& records,
                   const std::map<std::string, std::string>& parts) {
  std::vector<Part> part_of;
  for (const RecordEntry& record : records) {
    const auto found = parts.find(record.info.name);
    const std::string value = found == parts.end() ? "" : ToLower(found->second);
    if (value == "train") {
      part_of.push_back(kTrain);
    } else if (value == "val" || value == "valid" || value == "validation") {
      part_of.push_back(kValidation);
    } else if (value == "test") {
      part_of.push_back(kTest);
    } else {
      part_of.push_back(kParts);  // records that the table does not name take no part
    }
  }
  return Collect(part_of);
}

// Records that must stay together, with what they hold.
struct Group {
  std::vector<std::size_t> records;
  std::vector<double> strata;  // how many of its records belong to each stratum
};

// Strata: the classes, then the sources.
std::vector<Group> MakeGroups(const std::vector<RecordEntry>& records,
                              const std::vector<std::uint8_t>& labels, std::size_t classes,
                              const std::map<std::string, std::string>& patients) {
  std::map<std::string, std::size_t> source_index;
  for (const RecordEntry& record : records) source_index.emplace(record.source, 0);
  std::size_t next = classes;
  for (auto& [source, index] : source_index) index = next++;

  std::map<std::string, Group> groups;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto found = patients.find(records[i].info.name);
    const bool known = found != patients.end() && !found->second.empty();
    // Patient numbers are each source's own.
    Group& group = groups[known ? records[i].source + "/" + found->second : "#" + records[i].id];
    group.strata.resize(next);
    group.records.push_back(i);
    for (std::size_t k = 0; k < classes; ++k) group.strata[k] += labels[i * classes + k];
    group.strata[source_index[records[i].source]] += 1;
  }
  std::vector<Group> list;
  for (auto& [key, group] : groups) list.push_back(std::move(group));
  return list;
}

// How many records of a stratum (the last entry: of all) each part still lacks.
class Wants {
 public:
  Wants(const std::vector<Group>& groups, std::size_t strata, const std::vector<double>& shares)
      : lacking_(strata + 1, std::vector<double>(shares.size())) {
    for (const Group& group : groups) {
      for (std::size_t p = 0; p < shares.size(); ++p) {
        for (std::size_t s = 0; s < strata; ++s) lacking_[s][p] += shares[p] * group.strata[s];
        lacking_[strata][p] += shares[p] * static_cast<double>(group.records.size());
      }
    }
  }

  std::size_t Best(std::size_t stratum) const {
    std::size_t best = 0;
    for (std::size_t p = 1; p < lacking_[stratum].size(); ++p) {
      const auto rank = [&](std::size_t part) {
        return std::make_pair(lacking_[stratum][part], lacking_.back()[part]);
      };
      if (rank(p) > rank(best)) best = p;
    }
    return best;
  }

  void Give(const Group& group, std::size_t part) {
    for (std::size_t s = 0; s < group.strata.size(); ++s) lacking_[s][part] -= group.strata[s];
    lacking_.back()[part] -= static_cast<double>(group.records.size());
  }

 private:
  std::vector<std::vector<double>> lacking_;
};

// The stratum that fewest of the remaining groups belong to, if any belongs to one.
std::optional<std::size_t> RarestStratum(const std::vector<Group>& groups,
                                         const std::vector<bool>& placed) {
  std::vector<double> left(groups.empty() ? 0 : groups[0].strata.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (placed[g]) continue;
    for (std::size_t s = 0; s < left.size(); ++s) left[s] += groups[g].strata[s];
  }
  std::optional<std::size_t> rarest;
  for (std::size_t s = 0; s < left.size(); ++s) {
    if (left[s] > 0 && (!rarest || left[s] < left[*rarest])) rarest = s;
  }
  return rarest;
}

// Distributes groups over parts of these shares.
std::vector<std::vector<Group>> Stratify(std::vector<Group> groups,
                                         const std::vector<double>& shares, int seed) {
  std::vector<std::vector<Group>> parts(shares.size());
  if (groups.empty()) return parts;
  Rng rng({static_cast<std::uint64_t>(seed), HashName("split")});
  rng.Shuffle(groups);
  Wants wants(groups, groups[0].strata.size(), shares);
  std::vector<bool> placed(groups.size());
  // Every group belongs to the stratum of its source, so all are placed in the end.
  while (const std::optional<std::size_t> stratum = RarestStratum(groups, placed)) {
    for (std::size_t g = 0; g < groups.size(); ++g) {
      if (placed[g] || groups[g].strata[*stratum] == 0) continue;
      const std::size_t part = wants.Best(*stratum);
      wants.Give(groups[g], part);
      placed[g] = true;
      parts[part].push_back(groups[g]);
    }
  }
  return parts;
}

void Place(const std::vector<Group>& groups, Part part, std::vector<Part>& part_of) {
  for (const Group& group : groups) {
    for (const std::size_t record : group.records) part_of[record] = part;
  }
}

// Takes one of several folds, all alike, for the test.
std::vector<Group> HoldOutFold(std::vector<Group> groups, const SplitConfig& config,
                               std::vector<Part>& part_of) {
  const std::vector<double> shares(static_cast<std::size_t>(config.folds), 1.0 / config.folds);
  auto folds = Stratify(std::move(groups), shares, config.seed);
  std::vector<Group> rest;
  for (std::size_t f = 0; f < folds.size(); ++f) {
    if (f + 1 == static_cast<std::size_t>(config.fold)) {
      Place(folds[f], kTest, part_of);
    } else {
      std::move(folds[f].begin(), folds[f].end(), std::back_inserter(rest));
    }
  }
  return rest;
}

}  // namespace

Status SplitConfig::Validate() const {
  const auto fail = [](const char* field, const char* message) -> Status {
    return UsageError(message, {}, 0, field);
  };
  if (kind == SplitKind::kTable && table.empty()) {
    return fail("table", "is needed for kind = table");
  }
  if (kind == SplitKind::kSource && held_out.empty()) {
    return fail("held_out", "is needed for kind = source");
  }
  if (kind == SplitKind::kFolds && fold > folds) return fail("fold", "is beyond the last one");
  if (kind != SplitKind::kTable && validation_share + test_share >= 1) {
    return fail("validation_share", "leaves nothing to train with, together with test_share");
  }
  return {};
}

void DescribeSettings(Settings& settings, const std::string& prefix, SplitConfig& config) {
  settings.Add(
      prefix + "kind", config.kind,
      "random: intra-source, stratified by class and source; source: whole sources held "
      "out as test; folds: one of several folds, alike in classes and sources, is the test; "
      "table: as the split column of a table says, such as a run's split.csv.",
      {{"random", SplitKind::kRandom},
       {"source", SplitKind::kSource},
       {"folds", SplitKind::kFolds},
       {"table", SplitKind::kTable}});
  settings.Add(prefix + "validation_share", config.validation_share,
               "Share of the records that are split off for validation.", {0, 0.9});
  settings.Add(prefix + "test_share", config.test_share,
               "random: share of the records that are split off for a test.", {0, 0.9});
  settings.Add(prefix + "split_sources", config.split_sources,
               "random: sources that are split (paper Figure 1a: CPSC, Georgia); all others train. "
               "Empty: all are split.");
  settings.Add(prefix + "held_out", config.held_out,
               "source: sources that are the test set (paper Figure 1b: Georgia).");
  settings.Add(prefix + "folds", config.folds, "folds: how many there are.", {2, 100});
  settings.Add(prefix + "fold", config.fold, "folds: which of them is the test, from 1.", {1, 100});
  settings
      .Add(prefix + "table", config.table,
           "CSV file by record: the split (kind table), patients that stay together, sources.")
      .MayChange();
  settings.Add(prefix + "record_column", config.record_column, "Its column of record names.");
  settings.Add(prefix + "split_column", config.split_column,
               "Its column that says train, val or test.");
  settings.Add(prefix + "patient_column", config.patient_column, "Its column of patients.");
  settings.Add(prefix + "source_column", config.source_column,
               "Its column of sources, which go before what records' names tell.");
  settings.Add(prefix + "seed", config.seed, "Another number gives another random split.",
               {0, 2147483647});
}

Result<Split> SplitRecords(const std::vector<RecordEntry>& records,
                           const std::vector<std::uint8_t>& labels, std::size_t classes,
                           const RecordTable& table, const SplitConfig& config) {
  if (Status status = config.Validate(); !status.ok()) return status.error();
  if (config.kind == SplitKind::kTable) return SplitByTable(records, table.parts);
  std::vector<Part> part_of(records.size(), kTrain);
  std::vector<Group> drawn;
  for (Group& group : MakeGroups(records, labels, classes, table.patients)) {
    const std::string& source = records[group.records[0]].source;
    if (config.kind == SplitKind::kSource) {
      if (Contains(config.held_out, source)) {
        for (const std::size_t record : group.records) part_of[record] = kTest;
        continue;
      }
    } else if (config.kind == SplitKind::kRandom && !config.split_sources.empty() &&
               !Contains(config.split_sources, source)) {
      continue;
    }
    drawn.push_back(std::move(group));
  }
  if (config.kind == SplitKind::kFolds) drawn = HoldOutFold(std::move(drawn), config, part_of);
  const double test = config.kind == SplitKind::kRandom ? config.test_share : 0;
  const auto parts =
      Stratify(std::move(drawn),
               {1 - config.validation_share - test, config.validation_share, test}, config.seed);
  Place(parts[kValidation], kValidation, part_of);
  Place(parts[kTest], kTest, part_of);
  return Collect(part_of);
}

}  // namespace ecg::data
