#include "ecg/train/plan/dataset.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "ecg/challenge/challenge.h"
#include "ecg/challenge/diagnoses.h"
#include "ecg/challenge/labels.h"
#include "ecg/core/csv.h"
#include "ecg/core/text.h"
#include "ecg/core/text_encoding.h"
#include "ecg/data/labels/label_table.h"
#include "ecg/data/records/record_table.h"
#include "ecg/data/records/split.h"

namespace ecg::train {
namespace {

using challenge::LabelMask;

bool IsOf2021(const challenge::DiagnosisClass& entry) {
  return challenge::Classes2021().IndexOfAbbreviation(entry.abbreviation).has_value();
}

// A table of one's own names all of the 26, or those of them that a task with classes of its own
// has; it may name any other class of the task.
Result<LabelMask> LoadMask(const Config& config, const model::Task& task) {
  const std::string& path = config.data.label_mask;
  if (path.empty()) return LabelMask::Default();
  const Result<std::string> text = ReadText(path);
  if (!text.ok()) return text.error();
  if (config.classes.table.empty()) {
    return LabelMask::Parse(*text, challenge::Classes2021(), path);
  }
  std::vector<std::string> required, further;
  for (const auto& entry : task.classes()) {
    (IsOf2021(entry) ? required : further).push_back(entry.abbreviation);
  }
  for (const auto& entry : challenge::Classes2021().classes()) {
    further.push_back(entry.abbreviation);
  }
  return LabelMask::Parse(*text, required, further, path);
}

Result<std::vector<challenge::SourceRule>> LoadRules(const std::string& sources) {
  if (sources == kBuiltInSources) return challenge::DefaultSourceRules();
  if (sources == kNoSources) return std::vector<challenge::SourceRule>{};
  const Result<std::string> text = ReadText(sources);
  if (!text.ok()) return text.error();
  return challenge::ParseSourceRules(*text, sources);
}

// Gives the records the diagnoses of a table, by their ids or names; those that it does not name
// are left out.
Status TakeLabels(const std::string& path, std::vector<data::RecordEntry>& records,
                  const challenge::ClassSet& classes, std::vector<data::FailedRecord>& failed) {
  const Result<data::DiagnosisTable> table = data::ReadDiagnosisTable(path, classes);
  if (!table.ok()) return table.error();
  std::vector<data::RecordEntry> kept;
  for (data::RecordEntry& record : records) {
    auto row = table->rows.find(record.id);
    if (row == table->rows.end()) row = table->rows.find(record.info.name);
    if (row == table->rows.end()) {
      failed.push_back({record.id, InputError("does not label this record", path)});
      continue;
    }
    record.info.dx = row->second;
    kept.push_back(std::move(record));
  }
  records = std::move(kept);
  if (records.empty()) return InputError("names none of the records", path);
  return {};
}

// All records of all folders, with the labels that count.
Result<std::vector<data::RecordEntry>> Scan(const Config& config, const model::Task& task,
                                            Dataset& dataset) {
  std::vector<data::RecordEntry> records;
  std::vector<std::size_t> folder_of;
  std::map<std::string, std::set<std::size_t>> folders_of_id;
  for (std::size_t f = 0; f < config.data.folders.size(); ++f) {
    Result<data::RecordIndex> index =
        data::ScanRecords(std::filesystem::path(config.data.folders[f]), config.compute.threads);
    if (!index.ok()) return index.error();
    std::move(index->failed.begin(), index->failed.end(), std::back_inserter(dataset.failed));
    for (data::RecordEntry& record : index->records) {
      folders_of_id[record.id].insert(f);
      records.push_back(std::move(record));
      folder_of.push_back(f);
    }
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (folders_of_id[records[i].id].size() < 2) continue;
    records[i].id = std::to_string(folder_of[i] + 1) + "/" + records[i].id;
  }
  if (config.data.labels.empty()) return records;
  // A source is no diagnosis: such a task's table holds those of the challenge.
  const bool diagnoses = task.config().kind != model::TaskKind::kSource;
  const Status taken =
      TakeLabels(config.data.labels, records,
                 diagnoses ? task.class_set() : challenge::Classes2021(), dataset.failed);
  if (!taken.ok()) return taken.error();
  return records;
}

// What data.extra_codes says: records get their class, and their sources are trusted with it.
class ExtraCodes {
 public:
  explicit ExtraCodes(const std::vector<std::string>& entries) {
    for (const std::string& entry : entries) codes_.push_back(ParseExtraCode(entry).value());
  }

  void Apply(data::RecordEntry& record) {
    for (const ExtraCode& extra : codes_) {
      if (!Has(record, extra.code)) continue;
      // As if its header said so.
      record.info.dx.push_back(challenge::Classes2021()[extra.column].codes.front());
      trusted_[record.source].insert(extra.column);
    }
  }

  // uint8 [26], by the records that have been applied to.
  void Trust(const std::string& source, std::vector<std::uint8_t>& row) const {
    const auto found = trusted_.find(source);
    if (found == trusted_.end()) return;
    for (const std::size_t column : found->second) row[column] = 1;
  }

 private:
  static bool Has(const data::RecordEntry& record, const std::string& code) {
    bool has = false;
    for (const std::string& list : record.info.dx) {
      challenge::ForEachDx(list, challenge::Classes2021(), [&](const challenge::DxEntry& entry) {
        has = has || entry.text == code || (entry.diagnosis && entry.diagnosis->code == code);
      });
    }
    return has;
  }

  std::vector<ExtraCode> codes_;
  std::map<std::string, std::set<std::size_t>> trusted_;
};

// The sources of records, by what says them most surely.
class Sources {
 public:
  Sources(const Config& config, std::vector<challenge::SourceRule> rules,
          std::map<std::string, std::string> table, const LabelMask& mask)
      : config_(config),
        rules_(std::move(rules)),
        table_(std::move(table)),
        mask_(mask),
        extra_(config.data.extra_codes) {}

  // Sets the record's source and counts it, and gives it the classes of its extra codes.
  void Tell(data::RecordEntry& record) {
    const auto row = table_.find(record.info.name);
    std::string stated = record.info.source;
    if (stated.empty() && row != table_.end()) stated = row->second;
    record.source =
        challenge::CanonicalSource(challenge::ResolveSource(stated, record.info.name, rules_));
    SourceSummary& summary = found_[record.source];
    summary.source = record.source;
    ++summary.records;
    if (stated.empty() && !record.source.empty()) ++summary.by_name;
    extra_.Apply(record);
  }

  // Tells that a record trains with these labels: its source's labels of these classes count.
  void Learn(const data::RecordEntry& record, const std::vector<std::uint8_t>& labels) {
    std::vector<std::uint8_t>& used = used_[record.source];
    used.resize(labels.size());
    for (std::size_t k = 0; k < labels.size(); ++k) used[k] |= labels[k];
  }

  // Whether a record of the training part may train, counting it either way.
  bool MayTrain(const data::RecordEntry& record) {
    SourceSummary& summary = found_[record.source];
    if (!Contains(config_.data.exclude_sources, record.source)) return ++summary.train, true;
    if (++summary.excluded == 1) summary.first_excluded = record.id;
    return false;
  }

  // uint8 [classes of the task], once all that trains has been told.
  std::vector<std::uint8_t> MaskOf(const data::RecordEntry& record, const model::Task& task) {
    std::vector<std::uint8_t> trusted;
    for (const auto& entry : challenge::Classes2021().classes()) {
      trusted.push_back(mask_.Trusts(record.source, entry.abbreviation).value_or(true) ? 1 : 0);
    }
    extra_.Trust(record.source, trusted);
    std::vector<std::uint8_t> mask = task.MaskOf(trusted);
    if (task.config().kind == model::TaskKind::kAbnormalities) TrustFurther(record, task, mask);
    SourceSummary& summary = found_[record.source];
    summary.has_mask_row = mask_.HasRow(record.source);
    summary.trusted = static_cast<std::size_t>(std::count(mask.begin(), mask.end(), 1));
    return mask;
  }

  std::vector<SourceSummary> Summaries() const {
    std::vector<SourceSummary> list;
    for (const auto& [source, summary] : found_) list.push_back(summary);
    return list;
  }

 private:
  // Classes beyond the 26: a source that never labels one says nothing of it by not doing so.
  void TrustFurther(const data::RecordEntry& record, const model::Task& task,
                    std::vector<std::uint8_t>& mask) const {
    const auto used = used_.find(record.source);
    for (std::size_t k = 0; k < mask.size(); ++k) {
      const auto& entry = task.classes()[k];
      if (IsOf2021(entry)) continue;
      const bool labels = used != used_.end() && used->second[k] != 0;
      mask[k] = mask_.Trusts(record.source, entry.abbreviation).value_or(labels) ? 1 : 0;
    }
  }

  const Config& config_;
  const std::vector<challenge::SourceRule> rules_;
  const std::map<std::string, std::string> table_;
  const LabelMask& mask_;
  ExtraCodes extra_;
  std::map<std::string, SourceSummary> found_;
  std::map<std::string, std::vector<std::uint8_t>> used_;  // by source, uint8 [classes of the task]
};

void CountLabels(const data::RecordEntry& record, const std::vector<std::uint8_t>& labels,
                 LabelSummary& summary) {
  if (std::count(labels.begin(), labels.end(), 1) == 0) ++summary.without_scored;
  for (const std::string& entry : challenge::NotUnderstood(record.info.dx)) {
    ++summary.not_understood[entry];
  }
}

// The diagnoses of all records, whether the task takes them or not.
class CodeCounter {
 public:
  explicit CodeCounter(const model::Task& task) : task_(task) {}

  void Add(const std::vector<std::string>& dx, const std::string& source) {
    std::set<std::string> own;
    for (const std::string& list : dx) {
      challenge::ForEachDx(list, task_.class_set(), [&](const challenge::DxEntry& entry) {
        const std::string code(entry.diagnosis != nullptr ? entry.diagnosis->code : entry.text);
        if (own.insert(code).second) Count(code, entry, source);
      });
    }
  }

  std::vector<CodeSummary> Take() {
    std::vector<CodeSummary> list;
    for (auto& [code, summary] : found_) list.push_back(std::move(summary));
    std::stable_sort(list.begin(), list.end(), [](const CodeSummary& a, const CodeSummary& b) {
      return a.records > b.records;
    });
    return list;
  }

 private:
  void Count(const std::string& code, const challenge::DxEntry& entry, const std::string& source) {
    CodeSummary& summary = found_[code];
    if (summary.records++ == 0) {
      summary.code = code;
      if (entry.diagnosis != nullptr) {
        summary.abbreviation = entry.diagnosis->abbreviation;
        summary.name = entry.diagnosis->name;
      }
      const bool taken = entry.index && task_.config().kind != model::TaskKind::kSource;
      if (taken) summary.taken_as = task_.classes()[*entry.index].abbreviation;
    }
    ++summary.by_source[source];
  }

  const model::Task& task_;
  std::map<std::string, CodeSummary> found_;
};

// Adds a record's labels to those of its part.
void CountClasses(const std::vector<std::uint8_t>& labels, std::size_t ClassSummary::*part,
                  std::vector<ClassSummary>& classes) {
  for (std::size_t k = 0; k < classes.size(); ++k) classes[k].*part += labels[k];
}

// The same of a record that trains with this mask.
void CountBySource(const data::Example& example, std::vector<ClassSummary>& classes) {
  for (std::size_t k = 0; k < classes.size(); ++k) {
    auto& count = classes[k].by_source[example.record.source];
    if (example.mask[k] == 0) continue;
    count = count.value_or(0) + (example.labels[k] != 0 ? 1 : 0);
  }
}

std::vector<float> ToFloat(const std::vector<std::uint8_t>& values) {
  return std::vector<float>(values.begin(), values.end());
}

}  // namespace

void LabelledRecords::Add(const data::RecordEntry& record, const std::vector<std::uint8_t>& row) {
  records.push_back(record);
  labels.insert(labels.end(), row.begin(), row.end());
}

std::vector<std::uint8_t> LabelledRecords::LabelsOf(std::size_t i) const {
  const auto size = static_cast<std::ptrdiff_t>(labels.size() / records.size());
  const auto begin = labels.begin() + static_cast<std::ptrdiff_t>(i) * size;
  return {begin, begin + size};
}

Result<Dataset> LoadDataset(const Config& config, const model::Task& task) {
  const Result<LabelMask> mask = LoadMask(config, task);
  if (!mask.ok()) return mask.error();
  auto rules = LoadRules(config.data.sources);
  if (!rules.ok()) return rules.error();
  const Result<data::RecordTable> table = data::RecordTable::Read(config.split);
  if (!table.ok()) return table.error();
  Dataset dataset;
  auto records = Scan(config, task, dataset);
  if (!records.ok()) return records.error();

  Sources sources(config, std::move(*rules), table->sources, *mask);
  std::vector<std::uint8_t> labels;
  CodeCounter codes(task);
  for (data::RecordEntry& record : *records) {
    const std::vector<std::string> dx = record.info.dx;  // without what data.extra_codes adds
    sources.Tell(record);
    codes.Add(dx, record.source);
    const auto row = task.LabelsOf(record, config.data.derive_bbb);
    labels.insert(labels.end(), row.begin(), row.end());
  }
  const Result<data::Split> split =
      data::SplitRecords(*records, labels, task.size(), *table, config.split);
  if (!split.ok()) return split.error();

  DataSummary& summary = dataset.summary;
  for (const auto& entry : task.classes()) {
    summary.classes.emplace_back().abbreviation = entry.abbreviation;
  }
  const auto labels_of = [&](std::size_t i) {
    const auto begin = labels.begin() + static_cast<std::ptrdiff_t>(i * task.size());
    return std::vector<std::uint8_t>(begin, begin + static_cast<std::ptrdiff_t>(task.size()));
  };
  std::vector<std::size_t> training;
  for (const std::size_t i : split->train) {
    if (!sources.MayTrain((*records)[i])) continue;
    training.push_back(i);
    sources.Learn((*records)[i], labels_of(i));
  }
  for (const std::size_t i : training) {
    const data::RecordEntry& record = (*records)[i];
    const std::vector<std::uint8_t> row = labels_of(i);
    CountLabels(record, row, summary.labels);
    dataset.train.push_back({record, ToFloat(row), ToFloat(sources.MaskOf(record, task))});
    CountClasses(row, &ClassSummary::train, summary.classes);
    CountBySource(dataset.train.back(), summary.classes);
  }
  const auto add = [&](const std::vector<std::size_t>& part, LabelledRecords& to,
                       std::size_t ClassSummary::*count) {
    for (const std::size_t i : part) {
      to.Add((*records)[i], task.LabelsOf((*records)[i], /*derive_bbb=*/false));
      CountClasses(labels_of(i), count, summary.classes);
    }
  };
  add(split->validation, dataset.validation, &ClassSummary::validation);
  add(split->test, dataset.test, &ClassSummary::test);
  summary.train = dataset.train.size();
  summary.validation = dataset.validation.records.size();
  summary.test = dataset.test.records.size();
  summary.left_out = records->size() - summary.train - summary.validation - summary.test;
  summary.failed = dataset.failed.size();
  summary.sources = sources.Summaries();
  summary.codes = codes.Take();
  return dataset;
}

std::string FormatSplit(const Dataset& dataset) {
  std::string csv = "record,split,source\n";
  const auto add = [&](const data::RecordEntry& record, const char* part) {
    csv += CsvLine({record.info.name, part, record.source}) + '\n';
  };
  for (const data::Example& example : dataset.train) add(example.record, "train");
  for (const data::RecordEntry& record : dataset.validation.records) add(record, "val");
  for (const data::RecordEntry& record : dataset.test.records) add(record, "test");
  return csv;
}

}  // namespace ecg::train
