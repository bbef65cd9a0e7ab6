#include "ecg/train/plan/run_log.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "src/train/plan/tensorboard.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

// As lines name what is measured on the validation records, behind "validation_", and how long
// parts of an epoch took.
constexpr std::pair<const char*, double score::Metrics::*> kMetrics[] = {
    {"challenge_metric", &score::Metrics::challenge},
    {"auroc", &score::Metrics::auroc},
    {"auprc", &score::Metrics::auprc},
    {"f_measure", &score::Metrics::f_measure},
    {"accuracy", &score::Metrics::accuracy}};
constexpr char kValidation[] = "validation_";
constexpr std::pair<const char*, double EpochTimes::*> kTimes[] = {
    {"seconds_waiting", &EpochTimes::waiting},
    {"seconds_steps", &EpochTimes::steps},
    {"seconds_validation", &EpochTimes::validation},
    {"seconds_saving", &EpochTimes::saving}};

constexpr char kValidationLoss[] = "validation_loss";
constexpr char kClasses[] = "classes";

constexpr char kEventFiles[] = "events.out.tfevents.";

void RemoveEventFiles(const fs::path& folder) {
  std::vector<fs::path> old;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename().string().rfind(kEventFiles, 0) == 0) old.push_back(entry.path());
  }
  for (const fs::path& path : old) fs::remove(path, error);
}

// TensorBoard shows what stands before a slash as a group.
std::string TagOf(const std::string& key) {
  const std::string_view validation = kValidation, seconds = "seconds";
  if (key.compare(0, validation.size(), validation) == 0) {
    return "val/" + key.substr(validation.size());
  }
  return (key.compare(0, seconds.size(), seconds) == 0 ? "time/" : "train/") + key;
}

// The lines that there are; none where there is no such file. A pipe or a device is an error, which
// would give lines for ever.
std::string MetricsText(const fs::path& folder) {
  std::error_code ignored;
  const fs::path path = RunLog::MetricsOf(folder);
  return fs::exists(path, ignored) ? ReadFile(path).value() : std::string();
}

double Now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

Json ToJson(const score::Metrics& metrics) {
  Json json = Json::object();
  for (const auto& [name, figure] : kMetrics) json[name] = metrics.*figure;
  return json;
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
  const std::string text = MetricsText(folder);
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

RunLog::RunLog(const fs::path& folder, std::uint64_t lines) : folder_(folder), lines_(lines) {
  RemoveEventFiles(folder);
  events_.open(folder / (kEventFiles + std::to_string(static_cast<long long>(Now())) + ".ecgtrain"),
               std::ios::binary);
  events_ << EventFileHeader(Now());
  const std::string kept = MetricsText(folder);
  std::uintmax_t bytes = 0;
  for (const std::string_view line : SplitLines(kept)) {
    if (lines-- == 0) break;
    bytes += line.size() + 1;
    WriteEvents(Json::parse(line, nullptr, /*allow_exceptions=*/false));
  }
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

void RunLog::Step(Phase phase, std::uint64_t step, const StepFigures& figures) {
  Json values = {{"phase", NameOf(phase)}, {"step", step}};
  if (!figures.loss) {
    values["refused"] = true;
  } else {
    values["loss"] = *figures.loss;
    values["learning_rate"] = figures.learning_rate;
    if (figures.peak_loss) values["peak_loss"] = *figures.peak_loss;
  }
  Write(step, values);
}

void RunLog::Epoch(const EpochSummary& summary, std::uint64_t step) {
  Json values = {{"phase", NameOf(summary.phase)},
                 {"step", step},
                 {"epoch", summary.epoch},
                 {"epoch_loss", summary.loss},
                 {"seconds", summary.times.Total()}};
  for (const auto& [name, time] : kTimes) values[name] = summary.times.*time;
  const auto add = [&](const Json& metrics) {
    for (const auto& [name, value] : metrics.items()) values[kValidation + name] = value;
  };
  if (summary.refused_steps > 0) values["refused_steps"] = summary.refused_steps;
  if (summary.phase == Phase::kTraining) {
    add(ToJson(summary.validation));
    values[kValidationLoss] = summary.validation_loss;
    for (std::size_t k = 0; k < summary.classes.size(); ++k) {
      const score::ClassMetrics& own = summary.validation.per_class.at(k);
      values[kClasses][summary.classes[k]] = {
          {"auroc", own.auroc}, {"auprc", own.auprc}, {"f_measure", own.f_measure}};
    }
  }
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
  const auto write = [&](const std::string& tag, const Json& value) {
    if (value.is_number()) events_ << ScalarEvent(time, step, tag, value.get<float>());
  };
  for (const auto& [key, value] : values.items()) {
    if (key != "step" && key != "time") write(TagOf(key), value);
  }
  if (!values.contains(kClasses)) return;
  for (const auto& [name, figures] : values[kClasses].items()) {
    for (const auto& [key, value] : figures.items()) write("class/" + name + "/" + key, value);
  }
}

namespace {

double NumberOf(const Json& line, const std::string& key) {
  if (!line.is_object()) return std::numeric_limits<double>::quiet_NaN();
  const auto found = line.find(key);
  return found != line.end() && found->is_number() ? found->get<double>()
                                                   : std::numeric_limits<double>::quiet_NaN();
}

EpochSummary EpochOf(const Json& line) {
  EpochSummary epoch;
  const bool pretraining = line.value("phase", "") == NameOf(Phase::kPretraining);
  epoch.phase = pretraining ? Phase::kPretraining : Phase::kTraining;
  epoch.epoch = static_cast<int>(NumberOf(line, "epoch"));
  epoch.loss = NumberOf(line, "epoch_loss");
  epoch.peak_loss = NumberOf(line, "epoch_peak_loss");
  for (const auto& [name, figure] : kMetrics) {
    epoch.validation.*figure = NumberOf(line, std::string(kValidation) + name);
  }
  epoch.validation_loss = NumberOf(line, kValidationLoss);
  for (const auto& [name, time] : kTimes) epoch.times.*time = NumberOf(line, name);
  const double refused = NumberOf(line, "refused_steps");
  if (refused > 0 && refused < 1e12) epoch.refused_steps = static_cast<std::size_t>(refused);
  const auto classes = line.find(kClasses);
  if (classes == line.end() || !classes->is_object()) return epoch;
  for (const auto& [name, figures] : classes->items()) {
    epoch.classes.push_back(name);
    score::ClassMetrics& own = epoch.validation.per_class.emplace_back();
    own.auroc = NumberOf(figures, "auroc");
    own.auprc = NumberOf(figures, "auprc");
    own.f_measure = NumberOf(figures, "f_measure");
  }
  return epoch;
}

std::map<std::string, double> PeaksOf(const Json& line) {
  std::map<std::string, double> peaks;
  for (const char peak : dsp::kPeakNames) {
    for (const char* figure : {"sensitivity_", "positive_predictivity_"}) {
      const std::string name = std::string(figure) + peak;
      const double value = NumberOf(line, kValidation + name);
      if (std::isfinite(value)) peaks[name] = value;
    }
  }
  return peaks;
}

}  // namespace

RunFigures ReadRunLog(const fs::path& folder) {
  RunFigures figures;
  const std::string all = MetricsText(folder);
  for (const std::string_view text : SplitLines(all)) {
    const Json line = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!line.is_object()) continue;
    if (line.contains("final")) {
      figures.final = line["final"];
    } else if (std::isfinite(NumberOf(line, "epoch"))) {
      figures.epochs.push_back(EpochOf(line));
      figures.epoch_ends.push_back(figures.losses.size());
      figures.peaks.push_back(PeaksOf(line));
    } else if (line.contains("loss")) {
      figures.losses.push_back(NumberOf(line, "loss"));
      figures.learning_rate = NumberOf(line, "learning_rate");
      figures.learning_rates.push_back(figures.learning_rate);
      figures.peak_losses.push_back(NumberOf(line, "peak_loss"));
    }
  }
  return figures;
}

}  // namespace ecg::train
