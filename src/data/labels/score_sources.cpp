#include "src/data/labels/score_sources.h"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "ecg/core/ending.h"
#include "ecg/core/folder.h"
#include "ecg/core/text_encoding.h"
#include "ecg/data/labels/prediction_columns.h"
#include "ecg/data/records/failed_record.h"
#include "ecg/data/records/record_selection.h"
#include "ecg/formats/registry.h"

namespace ecg::data {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxHeaderBytes = 16u << 20;
constexpr std::size_t kMaxPredictionBytes = 16u << 20;
constexpr std::size_t kExtensionLength = 4;  // of ".hea" and ".csv"

// Whether a file begins with this heading, alone or with further columns, and a line's end.
bool BeginsWith(const fs::path& file, std::string_view heading, std::string_view behind) {
  std::ifstream stream(file, std::ios::binary);
  std::string begin(heading.size() + 1, '\n');
  stream.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return begin.substr(0, heading.size()) == heading &&
         behind.find(begin.back()) != std::string_view::npos;
}

// Whether a file in the root of a prediction folder is the list of the records that failed, or of
// those that are to be labelled, and not the prediction of a record of that name.
bool IsList(const fs::path& folder, const std::string& file) {
  if (file == kChosenFile) return BeginsWith(folder / file, kChosenHeading, ",\n\r");
  return file.compare(0, kFailedListPrefix.size(), kFailedListPrefix) == 0 &&
         BeginsWith(folder / file, kFailedListHeading, "\n\r");
}

std::vector<std::string_view> KeysOf(const std::vector<std::string>& files) {
  std::vector<std::string_view> keys;
  keys.reserve(files.size());
  for (const std::string_view file : files) {
    keys.push_back(file.substr(0, file.size() - kExtensionLength));
  }
  return keys;
}

// The text of a file below a folder. The official scorer's own rules are for its bytes.
Result<std::string_view> ReadBelow(const FolderReader& folder, const std::string& file,
                                   std::size_t max_bytes, bool official, Scratch& scratch) {
  Result<std::string_view> bytes = folder.Read(file, max_bytes, scratch.buffer);
  if (!bytes.ok() || official) return bytes;
  Result<std::string_view> text = DecodeText(*bytes, file, scratch.decoded);
  if (text.ok()) return text;
  return InputError(text.error().message, folder.PathOf(file));
}

class FolderLabels : public LabelSource {
 public:
  FolderLabels(const fs::path& folder, std::vector<std::string> files, const InputOptions& options)
      : folder_(folder),
        files_(std::move(files)),
        classes_(options.scoring.classes()),
        rules_(options.official ? LabelRules::kOfficial : LabelRules::kSensible) {
    keys_ = KeysOf(files_);
  }

  Result<LabelNotes> Read(std::size_t index, Scratch& scratch, std::uint8_t* labels,
                          ScoredRecord& record) const override {
    const Result<std::string_view> text = ReadBelow(folder_, files_[index], kMaxHeaderBytes,
                                                    rules_ == LabelRules::kOfficial, scratch);
    if (!text) return text.error();
    HeaderLabels header = ReadHeaderLabels(*text, classes_, rules_, labels);
    record.leads = header.leads;
    record.age = header.patient.age;
    if (header.patient.sex) record.sex = record::NameOf(*header.patient.sex);
    record.source = challenge::ResolveSource(header.patient.source, BaseName(keys_[index]));
    return std::move(header.notes);
  }

 private:
  FolderReader folder_;
  std::vector<std::string> files_;
  const challenge::ClassSet& classes_;
  LabelRules rules_;
};

// Of recordings of any format, with their statements.
class RecordingLabels : public LabelSource {
 public:
  RecordingLabels(std::vector<RecordPath> records, StatementLabels statements,
                  const InputOptions& options)
      : records_(std::move(records)),
        statements_(std::move(statements)),
        classes_(options.scoring.classes()) {
    for (const RecordPath& record : records_) keys_.emplace_back(record.id);
  }

  Result<LabelNotes> Read(std::size_t index, Scratch& /*scratch*/, std::uint8_t* labels,
                          ScoredRecord& record) const override {
    const Result<record::EcgInfo> info = formats::ReadEcgInfo(records_[index].path);
    if (!info.ok()) return info.error();
    record.leads = info->leads.size();
    record.age = info->age;
    if (info->sex) record.sex = record::NameOf(*info->sex);
    record.source = challenge::ResolveSource(info->source, BaseName(keys_[index]));
    std::fill_n(labels, classes_.size(), std::uint8_t{0});
    LabelNotes notes;
    for (const std::string& dx : statements_.DiagnosesOf(*info)) {
      challenge::ForEachDx(dx, classes_, [&](const challenge::DxEntry& entry) {
        MarkDiagnosis(entry, labels, notes);
      });
    }
    MarkSaid(info->statements, challenge::ReadStatements(info->statements, statements_.table()),
             statements_, classes_, labels, notes);
    if (info->dx.empty() && info->statements.empty()) notes.bits |= kNoDxLine;
    return notes;
  }

 private:
  std::vector<RecordPath> records_;
  StatementLabels statements_;
  const challenge::ClassSet& classes_;
};

Result<std::unique_ptr<LabelSource>> OpenRecordings(const fs::path& folder,
                                                    const InputOptions& options) {
  Result<StatementLabels> statements = StatementLabels::Make(options.statements);
  if (!statements.ok()) return statements.error();
  Result<std::vector<RecordPath>> records = SelectRecords(folder);
  if (!records.ok()) return records.error();
  return std::unique_ptr<LabelSource>(
      std::make_unique<RecordingLabels>(std::move(*records), std::move(*statements), options));
}

class FolderPredictions : public PredictionSource {
 public:
  FolderPredictions(const fs::path& folder, std::vector<std::string> files, bool official)
      : folder_(folder), files_(std::move(files)), official_(official) {
    keys_ = KeysOf(files_);
  }

  Result<unsigned> Read(std::size_t index, Scratch& scratch, std::uint8_t* decisions,
                        double* scores) const override {
    const std::string& file = files_[index];
    const Result<std::string_view> text =
        ReadBelow(folder_, file, kMaxPredictionBytes, official_, scratch);
    if (!text) return text.error();
    Result<unsigned> notes = scratch.reader.Read(*text, decisions, scores);
    if (notes) return notes;
    Error error = notes.error();
    error.file = folder_.PathOf(file);
    return error;
  }

 private:
  FolderReader folder_;
  std::vector<std::string> files_;
  bool official_;
};

// Index of the name in the list; kAmbiguous where it stands there more than once.
using NameIndex = std::unordered_map<std::string_view, std::size_t>;

template <typename NameOf>
NameIndex IndexNames(const std::vector<std::string_view>& keys, const NameOf& name_of) {
  NameIndex index;
  index.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto [at, inserted] = index.emplace(name_of(keys[i]), i);
    if (!inserted) at->second = kAmbiguous;
  }
  return index;
}

std::size_t Find(const NameIndex& index, std::string_view name) {
  const auto found = index.find(name);
  return found == index.end() ? kNoPrediction : found->second;
}

// Folders that mirror each other, the common case, need no index at all.
std::vector<std::size_t> PairByPath(const std::vector<std::string_view>& labels,
                                    const std::vector<std::string_view>& predictions) {
  std::vector<std::size_t> pairs(labels.size());
  if (labels == predictions) {
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = i;
    return pairs;
  }
  const NameIndex by_path = IndexNames(predictions, [](std::string_view key) { return key; });
  for (std::size_t i = 0; i < labels.size(); ++i) pairs[i] = Find(by_path, labels[i]);
  return pairs;
}

}  // namespace

std::string_view BaseName(std::string_view key) {
  const std::size_t slash = key.rfind('/');
  return slash == std::string_view::npos ? key : key.substr(slash + 1);
}

std::vector<std::size_t> PairByName(const std::vector<std::string_view>& labels,
                                    const std::vector<std::string_view>& predictions) {
  std::vector<std::size_t> pairs = PairByPath(labels, predictions);
  if (std::find(pairs.begin(), pairs.end(), kNoPrediction) == pairs.end()) return pairs;
  const NameIndex by_name = IndexNames(predictions, BaseName);
  const NameIndex label_by_name = IndexNames(labels, BaseName);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (pairs[i] != kNoPrediction) continue;
    const std::string_view name = BaseName(labels[i]);
    pairs[i] = Find(by_name, name);
    if (pairs[i] != kNoPrediction && Find(label_by_name, name) == kAmbiguous) {
      pairs[i] = kAmbiguous;
    }
  }
  return pairs;
}

Result<std::unique_ptr<LabelSource>> OpenLabels(const fs::path& path, const InputOptions& options) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored) && !options.official) return OpenLabelTable(path, options);
  if (options.only) {
    return UsageError("records can be selected by a column only where the labels are a table");
  }
  if (options.statements.use) return OpenRecordings(path, options);
  Result<std::vector<std::string>> files = ListFiles(path, ".hea", !options.official);
  if (!files) return files.error();
  if (files->empty()) {
    return InputError(
        "no header files (.hea) here; --statements takes labels from recordings of any format",
        path.string());
  }
  return std::unique_ptr<LabelSource>(
      std::make_unique<FolderLabels>(path, std::move(*files), options));
}

Result<std::unique_ptr<PredictionSource>> OpenPredictions(const fs::path& path,
                                                          const InputOptions& options) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored) && !options.official) {
    return OpenPredictionTable(path, options);
  }
  Result<std::vector<std::string>> files = ListFiles(path, ".csv", !options.official);
  if (!files) return files.error();
  std::vector<std::string> kept;
  kept.reserve(files->size());
  for (std::string& file : *files) {
    const bool exact_case = HasEnding(file, ".csv");
    if (options.official ? exact_case : !IsList(path, file)) kept.push_back(std::move(file));
  }
  return std::unique_ptr<PredictionSource>(
      std::make_unique<FolderPredictions>(path, std::move(kept), options.official));
}

}  // namespace ecg::data
