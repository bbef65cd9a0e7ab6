#include "ecg/apps/jobs/quantise_model.h"

#include <string>
#include <utility>

#include "ecg/infer/source.h"
#include "src/apps/jobs/copy_model.h"

namespace ecg::jobs {

namespace fs = std::filesystem;

ShownRecords ShowRecords(const infer::Ensemble& ensemble, const data::RecordInputs& inputs,
                         const data::RecordSelection& selection, ProgressSink& progress,
                         const StopToken& stop) {
  ShownRecords shown;
  const std::vector<data::RecordPath> records =
      data::SelectRecords(inputs, selection, &shown.failed).value();
  std::vector<const infer::Group*> groups = {&ensemble.general};
  if (ensemble.route) {
    groups.push_back(&ensemble.route->source);
    groups.push_back(&ensemble.route->specialists);
  }
  progress.Begin("measuring", groups.size() * records.size());
  std::size_t done = 0;
  for (const infer::Group* group : groups) {
    infer::Ensemble alone;
    alone.general = *group;
    std::vector<fs::path> paths;
    for (const data::RecordPath& record : records) paths.push_back(record.path);
    infer::FileSource source(std::move(paths), inputs.told);
    const bool is_first = group == groups.front();
    const auto take = [&](std::size_t i, Result<infer::RecordAnswer> answer) {
      progress.Advance(++done, {});
      if (!is_first) return;
      if (answer.ok() && answer->unclassifiable) answer = infer::NotClassifiable(*answer);
      answer.ok() ? static_cast<void>(++shown.records)
                  : shown.failed.push_back({records[i].id, answer.error()});
    };
    shown.stopped = !infer::PredictRecords(alone, {}, source, take, stop);
    if (shown.stopped) break;
  }
  progress.End();
  return shown;
}

Status Quantise(const RangesOf& ranges, model::Bundle& bundle) {
  if (bundle.info.architecture.states > 0) {
    return InputError("a network with state-space layers is not computed in int8", bundle.path);
  }
  std::vector<model::ActivationRange> found = ranges(bundle);
  if (found.empty()) return InputError("has seen no recording", bundle.path);
  bundle.info.ranges = std::move(found);
  return {};
}

Status WriteQuantised(const fs::path& from, const fs::path& to, const RangesOf& ranges) {
  return CopyModel(from, to, {{}, [&](model::Bundle& bundle) { return Quantise(ranges, bundle); }});
}

}  // namespace ecg::jobs
