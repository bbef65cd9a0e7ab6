#include "src/apps/jobs/prediction_pages.h"

#include <utility>

#include "ecg/apps/jobs/report_folder.h"
#include "ecg/core/file.h"
#include "ecg/core/text.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

constexpr char kIndex[] = "index.html";
constexpr char kIndexFiles[] = "index_files";
constexpr char kEnding[] = ".html";

// From the page of a record back to that of all.
std::string BackFrom(const std::string& id) {
  std::string back;
  for (const char c : id) {
    if (c == '/') back += "../";
  }
  return back + kIndex;
}

}  // namespace

PredictionPages::PredictionPages(const infer::Ensemble& ensemble, const PredictFolderConfig& config,
                                 const record::OpenOptions& told, std::vector<std::string> leads,
                                 const std::vector<data::FailedRecord>& refused)
    : ensemble_(ensemble), config_(config), told_(told), leads_(std::move(leads)) {
  CreateFolder(config.report).value();
  report_.classes = ensemble.classes();
  report_.title = "Predictions";
  for (const data::FailedRecord& failed : refused) {
    report::FolderRow& row = report_.rows.emplace_back();
    row.record = failed.id;
    row.failure = failed.error.ToString();
    paths_.emplace_back();
  }
}

void PredictionPages::Add(const data::RecordPath& record,
                          const Result<infer::RecordAnswer>& answer) {
  report::FolderRow& row = report_.rows.emplace_back();
  paths_.push_back(record.path);
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
  Result<std::string> page = WritePage(record, *answer);
  if (page.ok()) {
    row.page = std::move(*page);
  } else {
    row.flags += (row.flags.empty() ? "" : "; ") + std::string("no page: ") + page.error().message;
  }
}

Result<std::string> PredictionPages::WritePage(const data::RecordPath& record,
                                               const infer::RecordAnswer& answer) {
  const std::string name = record.id + kEnding;
  if (name == kIndex || !names_.insert(name).second) {
    return OutputError("another page has its name", name);
  }
  RecordPageConfig page;
  page.measured_leads = leads_;
  page.back = BackFrom(record.id);
  const Result<std::string> text =
      MakeRecordPage(record.path, told_, AnswerOf(ensemble_, config_.model, answer), page);
  if (!text.ok()) return text.error();
  const Status written = WriteFileAtomic(config_.report / name, *text, Durability::kCached);
  if (!written.ok()) throw Exception(written.error());
  return name;
}

void PredictionPages::Finish() {
  report_.about = {Counted(report_.rows.size(), "recording"), "Model: " + config_.model};
  const std::string& point = ensemble_.general.decision.point.name;
  if (!point.empty()) report_.about.push_back("Operating point: " + point);
  report_.preview = [&](std::size_t i) { return ReadPreview(paths_[i], told_); };
  const std::string text = report::FolderPage(
      report_, kIndexFiles, [&](const std::string& name, const std::string& chunk) {
        WriteFileAtomic(config_.report / kIndexFiles / name, chunk, Durability::kCached).value();
      });
  WriteFileAtomic(config_.report / kIndex, text).value();
}

}  // namespace ecg::jobs
