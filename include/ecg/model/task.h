// What a network is asked: the classes, where their labels come from, and which figure says how
// well it answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/result.h"
#include "ecg/core/settings.h"
#include "ecg/data/records/record_index.h"

namespace ecg::model {

enum class TaskKind {
  kAbnormalities,  // the 26 classes of 2021, or those of a table
  kCpsc,           // the six of them that the source CPSC labels (paper section 2.5)
  kSource,         // from which source a record comes (paper section 2.5)
};

struct TaskConfig {
  TaskKind kind = TaskKind::kAbnormalities;
  std::vector<std::string> sources = {"CPSC"};  // kSource: a class each

  Status Validate() const;
};

void DescribeSettings(Settings& settings, const std::string& prefix, TaskConfig& config);

// The figure on the validation records by which the best epoch is chosen.
enum class Selection { kChallenge, kAuroc };

class Task {
 public:
  explicit Task(TaskConfig config = {});
  // The task with the classes that a bundle lists, which may be fewer or others than the built-in
  // ones. Throws Exception where two have the same name or share a code.
  Task(TaskConfig config, std::vector<challenge::DiagnosisClass> classes);
  // With the rewards that the classes come with, where they have any.
  Task(TaskConfig config, challenge::ClassSet classes);

  const TaskConfig& config() const { return config_; }
  const std::vector<challenge::DiagnosisClass>& classes() const { return set_.classes(); }
  std::size_t size() const { return set_.size(); }
  Selection selection() const;

  // For scoring: with rewards of its own, or the challenge's where all classes are among its 26.
  const challenge::ClassSet& class_set() const { return set_; }
  // Whether there are rewards that do not follow from the classes.
  bool HasOwnRewards() const;

  // uint8 [classes] of a record: by its diagnoses, or by its source. `derive_bbb` as in
  // challenge::LabelsOf.
  std::vector<std::uint8_t> LabelsOf(const data::RecordEntry& record, bool derive_bbb) const;

  // uint8 [classes]: which of them can be trusted, given a row of the label mask over the 26
  // classes (paper Figure 3). Sources are always known; a class beyond the 26 is trusted here.
  std::vector<std::uint8_t> MaskOf(const std::vector<std::uint8_t>& row) const;

 private:
  TaskConfig config_;
  challenge::ClassSet set_;
};

}  // namespace ecg::model
