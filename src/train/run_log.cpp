#include "src/train/run_log.h"

#include <chrono>
#include <cmath>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "src/train/plan/tensorboard.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

constexpr char kEventFiles[] = "events.out.tfevents.";

void RemoveEventFiles(const fs::path& folder) {
  std::vector<fs::path> old;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename().string().rfind(kEventFiles, 0) == 0) old.push_back(entry.path());
  }
  for (const fs::path& path : old) fs::remove(path, error);
}

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

fs::path RunLog::MetricsOf(const fs::path& folder) { return folder / "metrics.jsonl"; }

std::uint64_t RunLog::CountLines(const fs::path& folder) {
  std::ifstream in(MetricsOf(folder), std::ios::binary);
  std::uint64_t lines = 0;
  for (std::string line; std::getline(in, line) && !in.eof();) ++lines;
  return lines;
}

RunLog::RunLog(const fs::path& folder, std::uint64_t lines) : folder_(folder), lines_(lines) {
  RemoveEventFiles(folder);
  events_.open(folder / (kEventFiles + std::to_string(static_cast<long long>(Now())) + ".ecgtrain"),
               std::ios::binary);
  events_ << EventFileHeader(Now());
  std::ifstream kept(MetricsOf(folder), std::ios::binary);
  std::uintmax_t bytes = 0;
  std::string line;
  for (std::uint64_t i = 0; i < lines && std::getline(kept, line); ++i) {
    bytes += line.size() + 1;
    WriteEvents(Json::parse(line, nullptr, /*allow_exceptions=*/false));
  }
  kept.close();
  metrics_.open(MetricsOf(folder), std::ios::binary | std::ios::app);
  std::error_code error;
  if (metrics_) fs::resize_file(MetricsOf(folder), bytes, error);
  if (error) throw Exception(OutputError("cannot cut: " + error.message(), folder.string()));
  Check();
}

void RunLog::Check() {
  metrics_ << std::flush;
  events_ << std::flush;
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
                 {"seconds", summary.times.Total()},
                 {"seconds_waiting", summary.times.waiting},
                 {"seconds_steps", summary.times.steps},
                 {"seconds_validation", summary.times.validation},
                 {"seconds_saving", summary.times.saving}};
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

void RunLog::Final(const Json& scores, std::uint64_t step) { Write(step, {{"final", scores}}); }

void RunLog::Write(std::uint64_t step, Json values) {
  ++lines_;
  if (folder_.empty()) return;
  values["step"] = step;
  values["time"] = std::round(Now() * 1000) / 1000;
  metrics_ << DumpJsonLine(values) << '\n';
  WriteEvents(values);
  Check();
}

void RunLog::WriteEvents(const Json& values) {
  if (!values.is_object()) return;
  const auto step = values.value("step", std::int64_t{0});
  const double time = values.value("time", 0.0);
  for (const auto& [tag, value] : values.items()) {
    if (value.is_number() && tag != "step" && tag != "time") {
      events_ << ScalarEvent(time, step, tag, value.get<float>());
    }
  }
}

}  // namespace ecg::train
