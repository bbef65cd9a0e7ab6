#include "ecg/model/task.h"

#include <algorithm>
#include <utility>

namespace ecg::model {
namespace {

using challenge::ClassSet;
using challenge::DiagnosisClass;

std::vector<DiagnosisClass> ClassesOf(const TaskConfig& config) {
  switch (config.kind) {
    case TaskKind::kAbnormalities:
      return challenge::Classes2021().classes();
    case TaskKind::kCpsc:
      return challenge::ClassesCpsc().classes();
    case TaskKind::kSource:
      break;
  }
  std::vector<DiagnosisClass> classes;
  for (const std::string& source : config.sources) {
    classes.push_back({source, "recorded by " + source, {source}});
  }
  return classes;
}

// With rewards where every class is one of the challenge's as it stands there.
ClassSet SetOf(std::vector<DiagnosisClass> classes) {
  std::vector<std::string> names;
  for (const DiagnosisClass& entry : classes) {
    const auto k = challenge::Classes2021().IndexOfAbbreviation(entry.abbreviation);
    if (!k || challenge::Classes2021()[*k].codes != entry.codes) {
      return ClassSet(std::move(classes));
    }
    names.push_back(entry.abbreviation);
  }
  return challenge::Classes2021().Subset(names).value();
}

}  // namespace

Status TaskConfig::Validate() const {
  if (kind == TaskKind::kSource && sources.empty()) {
    return UsageError("names no source to tell from the others", {}, 0, "sources");
  }
  return {};
}

void DescribeSettings(Settings& settings, const std::string& prefix, TaskConfig& config) {
  settings.Add(prefix + "kind", config.kind,
               "What the network learns. abnormalities: the 26 classes of 2021 or, in training, "
               "those of task.classes; cpsc: the six of them that the source CPSC labels; source: "
               "from which source a record comes.",
               {{"abnormalities", TaskKind::kAbnormalities},
                {"cpsc", TaskKind::kCpsc},
                {"source", TaskKind::kSource}});
  settings.Add(prefix + "sources", config.sources,
               "source: the sources that are told from all others, a class each.");
}

Task::Task(TaskConfig config) : Task(config, ClassesOf(config)) {}

Task::Task(TaskConfig config, std::vector<DiagnosisClass> classes)
    : config_(std::move(config)), set_(SetOf(std::move(classes))) {}

Task::Task(TaskConfig config, ClassSet classes)
    : config_(std::move(config)),
      set_(classes.rewards().empty() ? SetOf(classes.classes()) : std::move(classes)) {}

bool Task::HasOwnRewards() const { return set_.rewards() != SetOf(set_.classes()).rewards(); }

Selection Task::selection() const {
  return set_.HasChallengeMetric() ? Selection::kChallenge : Selection::kAuroc;
}

std::vector<std::uint8_t> Task::LabelsOf(const data::RecordEntry& record, bool derive_bbb) const {
  if (config_.kind != TaskKind::kSource) {
    return challenge::LabelsOf(record.info.dx, set_, derive_bbb);
  }
  std::vector<std::uint8_t> labels(size());
  for (std::size_t k = 0; k < size(); ++k) {
    labels[k] = set_[k].abbreviation == record.source ? 1 : 0;
  }
  return labels;
}

std::vector<std::uint8_t> Task::MaskOf(const std::vector<std::uint8_t>& row) const {
  std::vector<std::uint8_t> mask(size(), 1);
  if (config_.kind == TaskKind::kSource) return mask;
  for (std::size_t k = 0; k < size(); ++k) {
    const auto column = challenge::Classes2021().IndexOfAbbreviation(set_[k].abbreviation);
    if (column) mask[k] = row[*column];
  }
  return mask;
}

}  // namespace ecg::model
