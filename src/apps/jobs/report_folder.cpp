#include "ecg/apps/jobs/report_folder.h"

#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/memory_budget.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/prediction_set.h"
#include "ecg/formats/memory.h"
#include "ecg/formats/registry.h"
#include "ecg/report/folder_page.h"
#include "ecg/report/score_report.h"
#include "ecg/score/metric_list.h"
#include "src/apps/jobs/read_part.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

constexpr char kPageEnding[] = ".html";
// s that are read for a picture: a little more than it shows, whatever its last sample is made of.
constexpr double kPreviewPart = report::kPreviewSeconds + 0.1;

std::string BaseName(const std::string& id) { return id.substr(id.rfind('/') + 1); }

// Something of each record, by its path below a folder or else by its name.
template <typename Value>
class ByRecord {
 public:
  void Add(const std::string& id, Value value) {
    const auto [at, added] = by_name_.emplace(BaseName(id), id);
    if (!added) at->second.clear();  // several have the name
    by_id_.emplace(id, std::move(value));
  }
  const Value* Find(const std::string& id) const {
    const auto found = by_id_.find(id);
    if (found != by_id_.end()) return &found->second;
    const auto named = by_name_.find(BaseName(id));
    if (named == by_name_.end() || named->second.empty()) return nullptr;
    return &by_id_.at(named->second);
  }

 private:
  std::map<std::string, Value> by_id_;
  std::map<std::string, std::string> by_name_;
};

// Where the recordings are; none where there are no such folders.
ByRecord<fs::path> PathsOf(const FolderPageConfig& config, FolderPageSummary* summary) {
  ByRecord<fs::path> paths;
  std::vector<fs::path> inputs = config.recordings;
  std::error_code ignored;
  if (inputs.empty() && !config.labels.empty() && fs::is_directory(config.labels, ignored)) {
    inputs.push_back(config.labels);
  }
  if (inputs.empty()) return paths;
  data::RecordInputs records(inputs);
  records.told = config.told;
  records.note = [&](const std::string& note) { summary->warnings.push_back(note); };
  std::vector<data::FailedRecord> failed;
  const auto selected = data::SelectRecords(records, {}, &failed);
  if (!selected.ok()) {
    if (!config.recordings.empty()) throw Exception(selected.error());
    return paths;
  }
  for (const data::RecordPath& record : *selected) paths.Add(record.id, record.path);
  return paths;
}

// The link to a record's page from the folder that the new page lies in.
std::string LinkTo(const fs::path& pages, const std::string& id, const fs::path& from) {
  const fs::path page = pages / (id + kPageEnding);
  std::error_code error;
  if (!fs::exists(page, error)) return {};
  const fs::path relative = fs::relative(page, from.empty() ? "." : from, error);
  return error ? std::string() : relative.generic_string();
}

std::vector<report::FolderRow> RowsOf(const data::PredictionSet& set) {
  std::vector<report::FolderRow> rows;
  for (std::size_t i = 0; i < set.records.size(); ++i) {
    report::FolderRow& row = rows.emplace_back();
    row.record = set.records[i];
    row.failure = set.errors[i];
    if (i < set.remarks.size()) {
      row.flags = set.remarks[i].flags;
      row.age = set.remarks[i].age;
      row.sex = set.remarks[i].sex;
      if (set.remarks[i].status == "not classifiable") row.failure = set.remarks[i].flags;
    }
    if (!row.failure.empty()) continue;
    const auto begin = static_cast<std::ptrdiff_t>(i * set.classes);
    const auto end = begin + static_cast<std::ptrdiff_t>(set.classes);
    row.decisions.assign(set.decisions.begin() + begin, set.decisions.begin() + end);
    row.probabilities.assign(set.scores.begin() + begin, set.scores.begin() + end);
  }
  return rows;
}

// The other predictions of the same recordings, by path or else by name.
void AddOthers(const FolderPageConfig& config, ProgressSink& progress,
               std::vector<report::FolderRow>* rows, FolderPageSummary* summary) {
  const data::PredictionSet set =
      data::ReadPredictionSet(config.compare, config.input, &progress).value();
  ByRecord<std::size_t> others;
  for (std::size_t i = 0; i < set.records.size(); ++i) {
    if (set.errors[i].empty()) others.Add(set.records[i], i);
  }
  std::vector<report::FolderRow> theirs = RowsOf(set);
  std::size_t alone = 0;
  for (report::FolderRow& row : *rows) {
    const std::size_t* found = others.Find(row.record);
    if (found != nullptr && !theirs[*found].decisions.empty()) {
      row.other_decisions = theirs[*found].decisions;
      row.other_probabilities = theirs[*found].probabilities;
    } else if (row.failure.empty()) {
      ++alone;
    }
  }
  if (alone > 0) {
    summary->warnings.push_back(Counted(alone, "recording") + " " + (alone == 1 ? "has" : "have") +
                                " no prediction in " + config.compare.string());
  }
}

void AddLabels(const data::ScoreInput& input, std::vector<report::FolderRow>* rows) {
  ByRecord<std::size_t> scored;
  for (std::size_t i = 0; i < input.records.size(); ++i) scored.Add(input.records[i].name, i);
  const score::Outcomes& outcomes = input.outcomes[0];
  for (report::FolderRow& row : *rows) {
    const std::size_t* found = scored.Find(row.record);
    if (found == nullptr) continue;
    const auto begin = static_cast<std::ptrdiff_t>(*found * outcomes.classes);
    row.labels.assign(
        outcomes.labels.begin() + begin,
        outcomes.labels.begin() + begin + static_cast<std::ptrdiff_t>(outcomes.classes));
    const data::ScoredRecord& record = input.records[*found];
    if (row.age.empty() && record.age) row.age = FormatDouble(*record.age);
    if (row.sex.empty()) row.sex = record.sex;
  }
}

report::ScoreReport ScoreOf(const data::ScoreInput& input, const FolderPageConfig& config) {
  report::ReportOptions options;
  options.by_source = options.by_leads = options.by_age = options.by_sex = true;
  options.calibration = true;
  options.threads = config.input.threads;
  return report::BuildReport(input, config.input.scoring, options);
}

std::vector<std::string> AboutOf(const FolderPageConfig& config, const data::PredictionSet& set,
                                 const FolderPageSummary& summary) {
  std::vector<std::string> lines = {
      Counted(summary.rows, "recording") +
      (summary.failed > 0 ? ", " + std::to_string(summary.failed) + " without a prediction" : "")};
  if (!set.operating_point.empty()) lines.push_back("Operating point: " + set.operating_point);
  if (!config.labels.empty()) lines.push_back("Labels: " + config.labels.filename().string());
  return lines;
}

}  // namespace

std::optional<report::Preview> ReadPreview(const fs::path& path, const record::OpenOptions& told) {
  const auto file = formats::Open(path, told);
  if (!file.ok()) return std::nullopt;
  const auto memory =
      formats::TakeMemory(**file, path, ToBytes(BytesOfPart(**file, kPreviewPart) + 1e6));
  if (!memory.ok()) return std::nullopt;
  const auto read = WithinMemory(path.string(), [&]() -> Result<report::Preview> {
    record::EcgRecord record;
    double begins = 0;
    const Status status = ReadPart(**file, 0, kPreviewPart, record, &begins);
    if (!status.ok()) return status.error();
    return report::MakePreview(record);
  });
  if (!read.ok() || read->leads.empty()) return std::nullopt;
  return *read;
}

FolderPageSummary WriteFolderPage(const FolderPageConfig& config, const fs::path& page,
                                  ProgressSink& progress) {
  FolderPageSummary summary;
  const data::PredictionSet set =
      data::ReadPredictionSet(config.predictions, config.input, &progress).value();
  summary.warnings = set.warnings;
  report::FolderReport report;
  const fs::path named =
      config.predictions.has_filename() ? config.predictions : config.predictions.parent_path();
  report.title = named.filename().string();
  report.classes = config.input.scoring.classes().classes();
  report.rows = RowsOf(set);
  summary.rows = report.rows.size();
  for (report::FolderRow& row : report.rows) {
    if (!row.failure.empty()) ++summary.failed;
    if (!config.pages.empty()) row.page = LinkTo(config.pages, row.record, page.parent_path());
  }
  if (!config.compare.empty()) {
    report.compared_with = config.compare.string();
    AddOthers(config, progress, &report.rows, &summary);
  }
  std::optional<data::ScoreInput> scored;
  if (!config.labels.empty()) {
    std::vector<fs::path> sets = {config.predictions};
    if (!config.compare.empty()) sets.push_back(config.compare);
    scored = data::ReadScoreInput(config.labels, sets, config.input, &progress).value();
    summary.warnings.insert(summary.warnings.end(), scored->warnings.begin(),
                            scored->warnings.end());
    AddLabels(*scored, &report.rows);
    report.score = ScoreOf(*scored, config);
    report.scored = &*scored;
  }
  const ByRecord<fs::path> paths = PathsOf(config, &summary);
  std::size_t done = 0;
  std::vector<bool> drawn(report.rows.size());
  progress.Begin("drawing", report.rows.size());
  report.preview = [&](std::size_t i) -> std::optional<report::Preview> {
    progress.Advance(std::min(++done, report.rows.size()), "");
    const fs::path* path = paths.Find(report.rows[i].record);
    if (path == nullptr) return std::nullopt;
    auto preview = ReadPreview(*path, config.told);
    if (preview && !drawn[i]) {
      drawn[i] = true;
      ++summary.pictures;
    }
    return preview;
  };
  report.about = AboutOf(config, set, summary);
  fs::path files = page;
  files.replace_extension();
  files += "_files";
  const std::string text = report::FolderPage(
      report, files.filename().string(), [&](const std::string& name, const std::string& chunk) {
        WriteFileAtomic(files / name, chunk, Durability::kCached).value();
      });
  progress.End();
  WriteFileAtomic(page, text).value();
  return summary;
}

}  // namespace ecg::jobs
