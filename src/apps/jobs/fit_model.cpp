#include "ecg/apps/jobs/fit_model.h"

#include <algorithm>
#include <utility>

#include "ecg/challenge/labels.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/label_table.h"
#include "ecg/data/prepare/window.h"
#include "ecg/infer/source.h"
#include "src/apps/jobs/copy_model.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

// The diagnoses of a record: of the table by its path or its name, or of its file.
class Diagnoses {
 public:
  Diagnoses(const AskLabelledConfig& config, const challenge::ClassSet& classes)
      : is_table_(!config.labels.empty()),
        statements_(data::StatementLabels::Make(config.statements).value()) {
    if (is_table_) table_ = data::ReadDiagnosisTable(config.labels, classes, statements_).value();
  }

  // Empty where nothing is told of it.
  std::optional<std::vector<std::string>> Of(const std::string& id,
                                             const record::EcgInfo& info) const {
    if (!is_table_) {
      std::vector<std::string> dx = statements_.DiagnosesOf(info);
      if (dx.empty()) return std::nullopt;
      return dx;
    }
    for (const std::string& name : {id, fs::path(id).filename().string()}) {
      const auto row = table_.rows.find(name);
      if (row == table_.rows.end()) continue;
      if (row->second.empty() && !table_.by_class) return std::nullopt;
      return row->second;
    }
    return std::nullopt;
  }

  // Whether statements that nobody asked for would tell a diagnosis.
  bool AreSaidOnly(const record::EcgInfo& info) const {
    return !is_table_ && !statements_.used() &&
           !statements_.Counted(challenge::ReadStatements(info.statements, statements_.table()))
                .empty();
  }

 private:
  bool is_table_;
  data::StatementLabels statements_;
  data::DiagnosisTable table_;
};

// Puts `point` among the others of its name or, unless it stays beside, in the place that counts.
void AddPoint(const NewPoint& point, model::OperatingPoints& points) {
  if (points.decision.point.name.empty()) {
    points.decision.point.name = point.usual;
    points.decision.point.about = point.usual_about;
  }
  const std::string& name = point.decision.point.name;
  std::vector<model::Decision>& others = points.other_points;
  others.erase(
      std::remove_if(others.begin(), others.end(),
                     [&](const model::Decision& other) { return other.point.name == name; }),
      others.end());
  if (points.decision.point.name == name) {
    points.decision = point.decision;
    return;
  }
  others.push_back(point.decision);
  if (!point.beside) points.ChoosePoint(name).value();
}

}  // namespace

LabelledFolder AskLabelled(const infer::Ensemble& ensemble, const data::RecordInputs& inputs,
                           const AskLabelledConfig& config, ProgressSink& progress,
                           const StopToken& stop) {
  LabelledFolder folder;
  const std::vector<data::RecordPath> records =
      data::SelectRecords(inputs, config.records, &folder.failed).value();
  infer::Ensemble general = ensemble;
  general.route.reset();
  infer::PredictConfig predict = config.predict;
  predict.measure = true;
  if (!config.lead_set.empty()) {
    predict.keep = data::ChannelsOfLeadSet(config.lead_set,
                                           general.general.members.front().info.preprocess.leads)
                       .value();
  }
  const challenge::ClassSet& classes = general.general.task().class_set();
  const Diagnoses diagnoses(config, classes);
  folder.examples.assign(classes.size(), 0);
  std::vector<fs::path> paths;
  for (const data::RecordPath& record : records) paths.push_back(record.path);
  infer::FileSource source(std::move(paths), inputs.told);
  progress.Begin("asking", records.size());
  const auto take = [&](std::size_t i, Result<infer::RecordAnswer> answer) {
    progress.Advance(i + 1, {});
    if (answer.ok() && answer->unclassifiable) answer = infer::NotClassifiable(*answer);
    if (!answer.ok()) {
      folder.failed.push_back({records[i].id, answer.error()});
      return;
    }
    const std::optional<std::vector<std::string>> dx = diagnoses.Of(records[i].id, answer->info);
    if (!dx) {
      ++folder.unlabelled;
      folder.said_only += diagnoses.AreSaidOnly(answer->info) ? 1 : 0;
      return;
    }
    const std::vector<std::uint8_t> labels =
        challenge::LabelsOf(*dx, classes, /*derive_bbb=*/false);
    for (std::size_t k = 0; k < labels.size(); ++k) folder.examples[k] += labels[k];
    folder.answers.Add(labels, *answer);
  };
  folder.stopped = !infer::PredictRecords(general, predict, source, take, stop);
  progress.End();
  if (!folder.stopped && folder.answers.size() == 0) {
    const std::string place = config.labels.empty() ? "their files" : config.labels.string();
    throw Exception(InputError("not one recording with a diagnosis in " + place +
                                   " could be read (" + Counted(folder.failed.size(), "failure") +
                                   ", " + std::to_string(folder.unlabelled) +
                                   " without a diagnosis" +
                                   (folder.said_only > 0 ? ", but statements that tell one)" : ")"),
                               inputs.paths.front().string()));
  }
  return folder;
}

Status WriteWithPoint(const fs::path& from, const fs::path& to, const NewPoint& point) {
  return CopyModel(from, to,
                   {[&](model::OperatingPoints& points) { AddPoint(point, points); }, {}});
}

}  // namespace ecg::jobs
