#include "src/train/training_scores.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "ecg/dsp/measure/measurement_vector.h"
#include "ecg/infer/source.h"
#include "ecg/record/leads.h"
#include "src/train/validation.h"

namespace ecg::train {
namespace {

// What is measured in each group of leads.
struct Rows {
  std::vector<std::string> leads;
  std::vector<double> values;  // [recordings][MeasurementCount(leads)]
};

// The leads of each group of lead sets with those that follow from them, most leads first.
std::vector<Rows> GroupsOf(const data::PreprocessConfig& preprocess) {
  const std::vector<std::string>& channels = preprocess.leads;
  const std::vector<std::string> names = preprocess.LeadNames();
  std::vector<Rows> groups;
  for (const data::ChannelGroup& group : GroupAllLeadSets(channels)) {
    Rows& rows = groups.emplace_back();
    record::EcgRecord derived;
    for (std::size_t c = 0; c < channels.size(); ++c) {
      if (group.keep[c] == 0 || !Contains(names, channels[c])) continue;
      derived.info.leads.push_back(channels[c]);
      derived.leads.emplace_back();
    }
    record::DeriveLimbLeads(derived);
    rows.leads = derived.info.leads;
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const Rows& a, const Rows& b) { return a.leads.size() > b.leads.size(); });
  return groups;
}

}  // namespace

std::optional<std::vector<model::LeadScores>> FitScores(const std::vector<data::Example>& examples,
                                                        const model::ModelInfo& info,
                                                        const model::Decision& decision,
                                                        int threads, ProgressSink& progress,
                                                        const StopToken& stop) {
  const std::size_t classes = info.task.size();
  std::vector<std::uint8_t> wanted(classes), labels, known;
  for (std::size_t k = 0; k < classes; ++k) {
    wanted[k] = decision.criteria[k].criterion == dsp::Criterion::kMeasurements ? 1 : 0;
  }
  std::vector<Rows> groups = GroupsOf(info.preprocess);
  std::vector<std::filesystem::path> paths;
  for (const data::Example& example : examples) paths.push_back(example.record.path);
  infer::FileSource source(std::move(paths));
  infer::Wishes wishes;
  wishes.leads = info.preprocess.LeadNames();
  wishes.measure = infer::MeasureForCriteria(wishes.leads);
  infer::ReadAheadConfig ahead;
  ahead.threads = threads > 0 ? threads : AvailableThreads();
  progress.Begin("measure", examples.size());
  const auto take = [&](std::size_t i, const Result<infer::Asked>& asked) {
    progress.Advance(i + 1, "");
    if (!asked.ok() || !asked->answer.measured) return;
    const infer::Measured& measured = *asked->answer.measured;
    for (Rows& rows : groups) {
      const std::vector<double> values =
          dsp::MeasurementVector(rows.leads, measured.measured_leads, measured.values);
      rows.values.insert(rows.values.end(), values.begin(), values.end());
    }
    for (std::size_t k = 0; k < classes; ++k) {
      labels.push_back(examples[i].labels[k] > 0 ? 1 : 0);
      known.push_back(examples[i].mask[k] > 0 ? 1 : 0);
    }
  };
  const bool whole = infer::ReadAhead(source, wishes, ahead, {}, take, stop);
  progress.End();
  if (!whole) return std::nullopt;
  std::vector<model::LeadScores> scores;
  for (const Rows& rows : groups) {
    if (labels.empty()) break;
    scores.push_back({rows.leads, score::FitMeasurementScores(rows.values, labels, known, wanted,
                                                              ahead.threads)});
  }
  return scores;
}

}  // namespace ecg::train
