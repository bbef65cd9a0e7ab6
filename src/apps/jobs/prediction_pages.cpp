#include "src/apps/jobs/prediction_pages.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "ecg/apps/jobs/report_folder.h"
#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/core/text.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

constexpr char kIndex[] = "index";
constexpr char kEnding[] = ".html";

// From the page of a record back to that of all.
std::string BackFrom(const std::string& id, const std::string& index) {
  std::string back;
  for (const char c : id) {
    if (c == '/') back += "../";
  }
  return back + index;
}

Json ToJson(const report::FolderRow& row) {
  return {{"record", row.record},  {"page", row.page}, {"flags", row.flags},
          {"age", row.age},        {"sex", row.sex},   {"decisions", row.decisions},
          {"p", row.probabilities}};
}

// Nothing where the line is none of ours, or cut.
std::optional<report::FolderRow> RowOf(const Json& json, std::size_t classes) {
  try {
    report::FolderRow row;
    row.record = json.at("record").get<std::string>();
    row.page = json.at("page").get<std::string>();
    row.flags = json.at("flags").get<std::string>();
    row.age = json.at("age").get<std::string>();
    row.sex = json.at("sex").get<std::string>();
    row.decisions = json.at("decisions").get<std::vector<std::uint8_t>>();
    row.probabilities = json.at("p").get<std::vector<float>>();
    if (row.decisions.size() == classes && row.probabilities.size() == classes) return row;
  } catch (const Json::exception&) {
  }
  return std::nullopt;
}

}  // namespace

PredictionPages::PredictionPages(const infer::Ensemble& ensemble, const PredictFolderConfig& config,
                                 const record::OpenOptions& told, std::vector<std::string> leads,
                                 std::string made_of,
                                 const std::vector<data::FailedRecord>& refused)
    : ensemble_(ensemble),
      config_(config),
      told_(told),
      leads_(std::move(leads)),
      made_of_(std::move(made_of)) {
  CreateFolder(config.report).value();
  report_.classes = ensemble.classes();
  report_.title = "Predictions";
  for (const data::FailedRecord& failed : refused) {
    report::FolderRow& row = report_.rows.emplace_back();
    row.record = failed.id;
    row.failure = failed.error.ToString();
    paths_.emplace_back();
  }
  if (config.resume) ReadRows();
  log_.emplace(LineLog::Open(RowsFile()).value());
}

std::string PredictionPages::Index() const { return kIndex + config_.records.shard.Suffix(); }

fs::path PredictionPages::RowsFile() const { return config_.report / (Index() + ".journal"); }

// Of a record's lines the last one counts.
void PredictionPages::ReadRows() {
  const Result<std::string> text = ReadFile(RowsFile());
  if (!text.ok()) return;  // there was no run before
  for (const std::string_view line : SplitLines(*text)) {
    const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || json.value("made_of", Json()) != made_of_) continue;
    std::optional<report::FolderRow> row = RowOf(json, report_.classes.size());
    const Json recording = json.value("recording", Json()), digest = json.value("sha256", Json());
    if (!row || !recording.is_string() || !digest.is_string()) continue;
    const std::string record = row->record;
    known_[record] = {std::move(*row), recording.get<std::string>(), digest.get<std::string>()};
    lines_[record] = std::string(line);
  }
}

bool PredictionPages::Has(const std::string& id, const std::string& recording) const {
  const auto known = known_.find(id);
  if (known == known_.end() || known->second.recording != recording) return false;
  const Result<std::string> page = ReadFile(config_.report / known->second.row.page);
  return page.ok() && Sha256(*page) == known->second.digest;
}

void PredictionPages::Keep(const data::RecordPath& record) {
  const report::FolderRow& row = known_.at(record.id).row;
  names_.insert(row.page);
  report_.rows.push_back(row);
  paths_.push_back(record.path);
}

void PredictionPages::NoteRow(const report::FolderRow& row, const Sha256Digest& recording,
                              const std::string& digest) {
  Json json = ToJson(row);
  json["made_of"] = made_of_;
  json["recording"] = Hexadecimal(recording);
  json["sha256"] = digest;
  std::string line = DumpJsonLine(json);
  log_->Add(line).value();
  lines_[row.record] = std::move(line);
}

void PredictionPages::Add(const data::RecordPath& record,
                          const Result<infer::RecordAnswer>& answer) {
  report::FolderRow& row = report_.rows.emplace_back();
  paths_.push_back(record.path);
  lines_.erase(record.id);
  row.record = record.id;
  if (!answer.ok()) {
    row.failure = answer.error().ToString();
    return;
  }
  row.flags = Join(infer::FlagsOf(*answer), "; ");
  if (answer->info.age) row.age = FormatDouble(*answer->info.age);
  if (answer->info.sex) row.sex = record::NameOf(*answer->info.sex);
  if (answer->unclassifiable) {
    row.failure = infer::NotClassifiable(*answer).message;
  } else {
    row.decisions = answer->decisions;
    row.probabilities = answer->probabilities;
  }
  std::string digest;
  Result<std::string> page = WritePage(record, *answer, &digest);
  if (!page.ok()) {
    row.flags += (row.flags.empty() ? "" : "; ") + std::string("no page: ") + page.error().message;
    return;
  }
  row.page = std::move(*page);
  if (row.failure.empty() && answer->content) NoteRow(row, *answer->content, digest);
}

Result<std::string> PredictionPages::WritePage(const data::RecordPath& record,
                                               const infer::RecordAnswer& answer,
                                               std::string* digest) {
  const std::string name = record.id + kEnding;
  if (name == Index() + kEnding || !names_.insert(name).second) {
    return OutputError("another page has its name", name);
  }
  RecordPageConfig page;
  page.measured_leads = leads_;
  page.back = BackFrom(record.id, Index() + kEnding);
  const Result<RecordPageMade> made =
      MakeRecordPage(record.path, told_, AnswerOf(ensemble_, config_.model, answer), page);
  if (!made.ok()) return made.error();
  const Status written = WriteFileAtomic(config_.report / name, made->page, Durability::kCached);
  if (!written.ok()) throw Exception(written.error());
  *digest = Sha256(made->page);
  return name;
}

void PredictionPages::Finish(bool whole) {
  // As if all had been done at once: those that were refused, and the records in their order.
  std::vector<std::size_t> order(report_.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const bool refused_a = paths_[a].empty(), refused_b = paths_[b].empty();
    if (refused_a != refused_b) return refused_a;
    return !refused_a && report_.rows[a].record < report_.rows[b].record;
  });
  std::vector<report::FolderRow> rows;
  std::vector<fs::path> paths;
  for (const std::size_t i : order) {
    rows.push_back(std::move(report_.rows[i]));
    paths.push_back(std::move(paths_[i]));
  }
  report_.rows = std::move(rows);
  paths_ = std::move(paths);
  report_.about = {Counted(report_.rows.size(), "recording"), "Model: " + config_.model};
  const std::string& point = ensemble_.general.decision.point.name;
  if (!point.empty()) report_.about.push_back("Operating point: " + point);
  report_.preview = [&](std::size_t i) { return ReadPreview(paths_[i], told_); };
  const std::string files = Index() + "_files";
  const std::string text =
      report::FolderPage(report_, files, [&](const std::string& name, const std::string& chunk) {
        WriteFileAtomic(config_.report / files / name, chunk, Durability::kCached).value();
      });
  WriteFileAtomic(config_.report / (Index() + kEnding), text).value();
  if (!whole) return;
  // A line a record, so that the file does not tell how often the work was interrupted.
  std::string lines;
  for (const auto& [record, line] : lines_) lines += line + '\n';
  WriteFileAtomic(RowsFile(), lines).value();
}

}  // namespace ecg::jobs
