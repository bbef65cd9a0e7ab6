#include "src/apps/cli/train_log.h"

#include <cmath>
#include <cstdio>

#include "ecg/core/text.h"
#include "ecg/report/class_counts.h"
#include "src/apps/cli/log_pattern.h"

namespace ecg::cli {
namespace {

constexpr std::size_t kNamed = 5;  // labels that are named in one line

// Sensitivity and positive predictivity by type, as in "P 0.95/0.93, Q 0.90/0.91, ...".
std::string DescribePeaks(const score::PeakTallies& tallies) {
  std::string text;
  for (std::size_t k = 0; k < tallies.size(); ++k) {
    text += fmt::format("{}{} {:.3f}/{:.3f}", k > 0 ? ", " : "", dsp::kPeakNames[k],
                        tallies[k].Sensitivity(), tallies[k].PositivePredictivity());
  }
  return text;
}

// As in "challenge metric 0.512, AUROC 0.911, AUPRC 0.433, F 0.401".
std::string DescribeMetrics(const score::Metrics& metrics) {
  const std::string others = fmt::format("AUROC {:.3f}, AUPRC {:.3f}, F {:.3f}", metrics.auroc,
                                         metrics.auprc, metrics.f_measure);
  if (std::isnan(metrics.challenge)) return others;
  return fmt::format("challenge metric {:.3f}, {}", metrics.challenge, others);
}

// As in "source PTB (516 records, 510 by name): excluded from training, as S0001". `classes`: how
// many are learnt.
std::string DescribeSource(const train::SourceSummary& source, std::size_t classes) {
  std::string text = source.source.empty() ? "source unknown" : "source " + source.source;
  text += " (" + Counted(source.records, "record");
  if (source.by_name > 0) text += fmt::format(", {} by name", source.by_name);
  text += "): ";
  if (source.excluded > 0) {
    text += fmt::format("{} excluded from training, as {}", source.excluded, source.first_excluded);
  } else {
    text += fmt::format("{} train", source.train);
    if (source.train > 0) {
      text += source.has_mask_row || source.trusted < classes
                  ? " with its " + Counted(source.trusted, "trusted class", "trusted classes")
                  : " with all classes: it has no row in the label mask";
    }
  }
  return text;
}

}  // namespace

TrainLog::TrainLog(const OutputOptions& output) : bar_(MakeProgressBar(output)) {}

void TrainLog::OnFolder(const std::filesystem::path& folder, bool resumed) {
  const std::string path = (folder / "train.log").string();
  path_ = path;
  try {
    file_ = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path, /*truncate=*/!resumed);
  } catch (const spdlog::spdlog_ex& error) {
    throw Exception(OutputError(error.what(), path_));
  }
  file_->set_formatter(LogFormatter("%Y-%m-%d %H:%M:%S %l %*"));
  for (const auto& [level, line] : early_) LogToFile(level, line);
  early_.clear();
}

void TrainLog::OnData(const train::DataSummary& data) {
  Log(spdlog::level::info,
      fmt::format("records: {} train, {} validation, {} test; {} left out, {} unreadable",
                  data.train, data.validation, data.test, data.left_out, data.failed));
  bool guessed = false;
  for (const train::SourceSummary& source : data.sources) {
    guessed = guessed || source.by_name > 0;
    Log(source.excluded > 0 ? spdlog::level::warn : spdlog::level::info,
        DescribeSource(source, data.classes.size()));
  }
  if (guessed) {
    Log(spdlog::level::info,
        "sources by name are the challenge's; for recordings of your own: --set "
        "data.sources=none, or a table (--help-config)");
  }
  if (data.labels.without_scored > 0) {
    Log(spdlog::level::info, "without any label that is learnt: " +
                                 Counted(data.labels.without_scored, "training record"));
  }
  NameLabels(data.labels);
}

void TrainLog::OnModel(std::size_t parameters, const std::string& device, bool bf16) {
  Log(spdlog::level::info, fmt::format("model: {}, on {} in {}", Counted(parameters, "parameter"),
                                       device, bf16 ? "bf16" : "fp32"));
}

void TrainLog::OnClasses(const train::DataSummary& data) {
  Print(report::ClassCountsText(data) + "\n" + report::CodeCountsText(data));
}

void TrainLog::OnCost(const train::CostEstimate& cost) {
  Log(spdlog::level::info,
      fmt::format("training will take about {} at {:.0f} records/s, without reading records and "
                  "validation; {:.1f} GB in memory so far",
                  FormatDuration(cost.seconds), cost.records_per_second,
                  static_cast<double>(cost.memory) / 1e9));
}

void TrainLog::OnResume(const train::ResumeSummary& summary) {
  Log(spdlog::level::info,
      fmt::format("going on after step {}: {} epoch {}, step {}", summary.step,
                  train::NameOf(summary.phase), summary.epoch, summary.batch + 1));
}

void TrainLog::OnWarning(const std::string& message) { Log(spdlog::level::warn, message); }

void TrainLog::OnPeakTargets(const train::PeakTargetSummary& targets) {
  Log(spdlog::level::info,
      fmt::format("peaks to learn: none in {}; {} found no free slot in an epoch",
                  Counted(targets.records_without, "record"), targets.left_out));
}

void TrainLog::OnEpoch(const train::EpochSummary& epoch) {
  if (epoch.refused_steps > 0) {
    OnWarning(Counted(epoch.refused_steps, "step") +
              " left out: loss or gradients were not finite");
  }
  if (epoch.phase == train::Phase::kTraining) {
    Log(spdlog::level::info, fmt::format("epoch {:2}: loss {:.5f}, {} ({:.0f} s){}", epoch.epoch,
                                         epoch.loss, DescribeMetrics(epoch.validation),
                                         epoch.times.Total(), epoch.best ? " - best so far" : ""));
  } else {
    Log(spdlog::level::info, fmt::format("pre-training epoch {:2}: loss {:.5f} ({:.0f} s)",
                                         epoch.epoch, epoch.loss, epoch.times.Total()));
  }
  if (epoch.peaks) Log(spdlog::level::info, "  peaks " + DescribePeaks(*epoch.peaks));
}

void TrainLog::OnFinal(const train::FinalFigures& figures) {
  std::string at_fixed;
  if (!std::isnan(figures.fixed.challenge)) {
    at_fixed = fmt::format(" (challenge metric at threshold {}: {:.3f})", figures.fixed_threshold,
                           figures.fixed.challenge);
  }
  Log(spdlog::level::info,
      fmt::format("{}, {:>2} leads: {}, accuracy {:.3f}{}", figures.part, figures.lead_set,
                  DescribeMetrics(figures.fitted), figures.fitted.accuracy, at_fixed));
  if (figures.peaks) Log(spdlog::level::info, "  peaks " + DescribePeaks(*figures.peaks));
}

void TrainLog::OnEnsemble(const train::EnsembleFigures& figures) {
  std::string routed;
  if (figures.routed) {
    routed = fmt::format(" (general members alone: {}); {} went to the specialists",
                         DescribeMetrics(figures.general), figures.by_specialists);
  }
  Log(spdlog::level::info,
      fmt::format("ensemble, {}, {:>2} leads: {}{}", figures.part, figures.lead_set,
                  DescribeMetrics(figures.routed ? *figures.routed : figures.general), routed));
}

void TrainLog::OnStopped(const std::string& signal) {
  Log(spdlog::level::warn, signal + ": saved; the same command with --resume goes on from here");
}

void TrainLog::KeepError(const std::string& message) {
  if (!file_) return;
  try {
    LogToFile(spdlog::level::err, message);
  } catch (const Exception&) {
    // The disk that is full is what the message says already.
  }
}

void TrainLog::NameLabels(const train::LabelSummary& labels) {
  if (labels.not_understood.empty()) return;
  std::string named;
  std::size_t count = 0;
  for (const auto& [entry, records] : labels.not_understood) {
    if (count++ == kNamed) break;
    named += fmt::format("{}\"{}\" ({})", named.empty() ? "" : ", ", entry, records);
  }
  OnWarning(fmt::format("{} not understood, counted as absent: {}{}",
                        Counted(labels.not_understood.size(), "diagnosis", "diagnoses"), named,
                        count > kNamed ? ", ..." : ""));
}

void TrainLog::Log(spdlog::level::level_enum level, const std::string& line) {
  spdlog::log(level, "{}", line);
  if (file_) {
    LogToFile(level, line);
  } else {
    early_.emplace_back(level, line);
  }
}

void TrainLog::LogToFile(spdlog::level::level_enum level, const std::string& line) {
  try {
    file_->log(spdlog::details::log_msg("", level, line));
    file_->flush();
  } catch (const spdlog::spdlog_ex& error) {
    throw Exception(OutputError(error.what(), path_));
  }
}

}  // namespace ecg::cli
