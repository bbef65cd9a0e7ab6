#include "src/train/run_log.h"

#include <chrono>
#include <string>

#include "src/train/tensorboard.h"

namespace ecg::train {
namespace {

double Now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

Json ToJson(const score::Metrics& metrics) {
  return {{"challenge_metric", metrics.challenge},
          {"auroc", metrics.auroc},
          {"auprc", metrics.auprc},
          {"f_measure", metrics.f_measure},
          {"accuracy", metrics.accuracy}};
}

Json ToJson(const score::PeakTallies& tallies) {
  Json json = Json::object();
  for (std::size_t k = 0; k < tallies.size(); ++k) {
    const std::string name(1, dsp::kPeakNames[k]);
    json["sensitivity_" + name] = tallies[k].Sensitivity();
    json["positive_predictivity_" + name] = tallies[k].PositivePredictivity();
  }
  return json;
}

RunLog::RunLog(const std::filesystem::path& folder)
    : folder_(folder),
      metrics_(folder / "metrics.jsonl", std::ios::binary | std::ios::app),
      events_(folder / ("events.out.tfevents." + std::to_string(static_cast<long long>(Now())) +
                        ".ecgtrain"),
              std::ios::binary) {
  events_ << EventFileHeader(Now()) << std::flush;
  if (!metrics_ || !events_) throw Exception(OutputError("cannot write here", folder_.string()));
}

void RunLog::Step(const PhasePlan& phase, std::uint64_t step, const StepResult& result,
                  double learning_rate) {
  Json values = {{"phase", NameOf(phase.phase)}, {"step", step}};
  if (result.refused) {
    values["refused"] = true;
  } else {
    values["loss"] = result.losses.total;
    values["learning_rate"] = learning_rate;
    if (phase.objectives.detect_peaks) values["peak_loss"] = result.losses.peaks;
  }
  Write(step, values);
}

void RunLog::Epoch(const EpochSummary& summary, std::uint64_t step) {
  Json values = {{"phase", NameOf(summary.phase)},
                 {"step", step},
                 {"epoch", summary.epoch},
                 {"epoch_loss", summary.loss},
                 {"seconds", summary.seconds}};
  const auto add = [&](const Json& metrics) {
    for (const auto& [name, value] : metrics.items()) values["validation_" + name] = value;
  };
  if (summary.refused_steps > 0) values["refused_steps"] = summary.refused_steps;
  if (summary.phase == Phase::kTraining) add(ToJson(summary.validation));
  if (summary.peaks) {
    values["epoch_peak_loss"] = summary.peak_loss;
    add(ToJson(*summary.peaks));
  }
  Write(step, values);
}

void RunLog::Final(const Json& scores, std::uint64_t step) {
  Write(step, {{"step", step}, {"final", scores}});
}

void RunLog::Write(std::uint64_t step, const Json& values) {
  const std::string line = DumpJsonLine(values) + "\n";
  metrics_ << line << std::flush;
  bytes_ += line.size();
  for (const auto& [tag, value] : values.items()) {
    if (value.is_number() && tag != "step") {
      events_ << ScalarEvent(Now(), static_cast<std::int64_t>(step), tag, value.get<float>());
    }
  }
  events_ << std::flush;
  if (!metrics_ || !events_) throw Exception(OutputError("cannot write here", folder_.string()));
}

}  // namespace ecg::train
