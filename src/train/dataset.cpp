#include "ecg/train/dataset.h"

#include <algorithm>
#include <map>
#include <set>

#include "ecg/challenge/challenge.h"
#include "ecg/core/file.h"
#include "ecg/data/split.h"

namespace ecg::train {
namespace {

using challenge::LabelMask;

Result<LabelMask> LoadMask(const std::string& path) {
  if (path.empty()) return LabelMask::Default();
  const Result<std::string> text = ReadFile(path);
  if (!text.ok()) return text.error();
  return LabelMask::Parse(*text, challenge::Classes2021(), path);
}

// All records of all folders; an id that two folders share gets the folder's name in front.
Status Scan(const Config& config, Dataset& dataset, std::vector<data::RecordEntry>& records) {
  for (const std::string& folder : config.data.folders) {
    Result<data::RecordIndex> index = data::ScanFolder(folder, config.compute.threads);
    if (!index.ok()) return index.error();
    std::move(index->failed.begin(), index->failed.end(), std::back_inserter(dataset.failed));
    for (data::RecordEntry& record : index->records) {
      if (config.data.folders.size() > 1) record.id = folder + "/" + record.id;
      records.push_back(std::move(record));
    }
  }
  return {};
}

std::vector<float> ToFloat(const std::vector<std::uint8_t>& values) {
  return std::vector<float>(values.begin(), values.end());
}

}  // namespace

Result<Dataset> LoadDataset(const Config& config) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  const Result<LabelMask> mask = LoadMask(config.data.label_mask);
  if (!mask.ok()) return mask.error();
  Dataset dataset;
  std::vector<data::RecordEntry> records;
  if (Status status = Scan(config, dataset, records); !status.ok()) return status.error();

  std::vector<std::uint8_t> labels;
  for (const data::RecordEntry& record : records) {
    const auto row = challenge::LabelsOf(record.info.dx, classes, config.data.derive_bbb);
    labels.insert(labels.end(), row.begin(), row.end());
  }
  const Result<data::Split> split =
      data::SplitRecords(records, labels, classes.size(), config.split);
  if (!split.ok()) return split.error();

  std::set<std::string> without_row;
  const std::vector<std::uint8_t> all(classes.size(), 1);
  const auto& excluded = config.data.exclude_sources;
  for (const std::size_t i : split->train) {
    if (std::find(excluded.begin(), excluded.end(), records[i].source) != excluded.end()) continue;
    const std::optional<std::vector<std::uint8_t>> row = mask->Row(records[i].source);
    if (!row) without_row.insert(records[i].source);
    const auto begin = labels.begin() + static_cast<std::ptrdiff_t>(i * classes.size());
    dataset.train.push_back(
        {records[i], std::vector<float>(begin, begin + static_cast<std::ptrdiff_t>(classes.size())),
         ToFloat(row ? *row : all)});
  }
  for (const std::size_t i : split->validation) dataset.validation.push_back(records[i]);
  for (const std::size_t i : split->test) dataset.test.push_back(records[i]);
  dataset.excluded =
      records.size() - dataset.train.size() - dataset.validation.size() - dataset.test.size();
  for (const std::string& source : without_row) {
    dataset.warnings.push_back(
        (source.empty() ? std::string("records of unknown source")
                        : "source " + source + " has no row in the label mask, so its records") +
        " train with all labels");
  }
  return dataset;
}

}  // namespace ecg::train
