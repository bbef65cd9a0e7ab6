#include "tests/fit/quality_fit.h"

#include <Eigen/Core>
#include <algorithm>
#include <iterator>

#include "ecg/core/csv.h"
#include "ecg/core/parallel.h"
#include "ecg/core/random.h"
#include "ecg/core/result.h"
#include "ecg/dsp/measure/quality.h"
#include "ecg/formats/registry.h"
#include "tests/fit/regression.h"

namespace ecg::fit {
namespace {

namespace fs = std::filesystem;

constexpr double kRidge = 1;
constexpr double kMissedCounts = 1.25;  // as much as a false alarm
constexpr std::size_t kQualityFolds = 10;
// The other recordings of the same challenge.
constexpr double kOthersUnacceptable = 150, kOthersAcceptable = 698;

RatedRecord ReadRecord(const fs::path& path) {
  const record::EcgRecord read = formats::ReadEcg(path).value();
  const double rate = read.info.sampling_rate;
  RatedRecord record;
  record.flagged = !dsp::FindFaults(read.info.leads, read.leads, rate).empty();
  std::vector<dsp::LeadFigures> leads;
  for (const std::vector<float>& lead : read.leads) {
    leads.push_back(dsp::FiguresOf(dsp::ExtractOf(lead, rate), rate));
  }
  record.figures = dsp::Together(leads);
  return record;
}

bool ShowsEnough(const RatedRecord& record) {
  return dsp::ShownQuality(record.figures) >= dsp::kAcceptable;
}

double Ratio(std::size_t part, std::size_t all) {
  return static_cast<double>(part) / static_cast<double>(all);
}

}  // namespace

std::vector<RatedRecord> ReadRated(const fs::path& folder, int threads) {
  const fs::path file = folder / "labels.csv";
  const CsvTable table = CsvTable::Read(file).value();
  const auto id = table.Column("record"), acceptable = table.Column("acceptable");
  if (!id || !acceptable) {
    throw Exception(InputError("needs the columns record and acceptable", file.string()));
  }
  std::vector<RatedRecord> records(table.rows());
  ParallelFor(records.size(), threads, [&](std::size_t i) {
    const std::string_view label = table.Cell(i, *acceptable);
    if (label != "0" && label != "1") {
      throw Exception(InputError("is neither 0 nor 1", file.string(), table.Line(i), "acceptable"));
    }
    records[i] = ReadRecord(folder / (std::string(table.Cell(i, *id)) + ".hea"));
    records[i].id = table.Cell(i, *id);
    records[i].acceptable = label == "1";
  });
  const auto good = std::count_if(records.begin(), records.end(),
                                  [](const RatedRecord& record) { return record.acceptable; });
  if (good == 0 || good == static_cast<std::ptrdiff_t>(records.size())) {
    throw Exception(InputError("needs acceptable recordings and others", file.string()));
  }
  return records;
}

dsp::QualityWeights FitQuality(const std::vector<RatedRecord>& records) {
  std::vector<RatedRecord> shown;
  std::copy_if(records.begin(), records.end(), std::back_inserter(shown), ShowsEnough);
  Eigen::MatrixXd figures(static_cast<Eigen::Index>(shown.size()), 2);
  Eigen::VectorXd answers(figures.rows());
  double all_good = 0;
  for (const RatedRecord& record : records) all_good += record.acceptable ? 1 : 0;
  for (Eigen::Index i = 0; i < figures.rows(); ++i) {
    const RatedRecord& record = shown[static_cast<std::size_t>(i)];
    figures(i, 0) = dsp::LogWander(record.figures);
    figures(i, 1) = dsp::LogNoise(record.figures);
    answers(i) = record.acceptable ? 1 : 0;
  }
  const double zeros = kMissedCounts * all_good / (static_cast<double>(records.size()) - all_good);
  const Regression fitted = FitLogistic(figures, answers, zeros, kRidge);
  return {fitted.bias, fitted.weights(0), fitted.weights(1)};
}

void QualityTally::Add(const RatedRecord& record, bool says_acceptable) {
  (record.acceptable ? acceptable : unacceptable) += 1;
  if (!says_acceptable) (record.acceptable ? alarms : found) += 1;
}

double QualityTally::Sensitivity() const { return Ratio(found, unacceptable); }
double QualityTally::FalseAlarms() const { return Ratio(alarms, acceptable); }
double QualityTally::Agreement() const {
  return (kOthersUnacceptable * Sensitivity() + kOthersAcceptable * (1 - FalseAlarms())) /
         (kOthersUnacceptable + kOthersAcceptable);
}

QualityTally CrossValidate(const std::vector<RatedRecord>& records, std::uint64_t seed) {
  std::vector<std::size_t> order(records.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  Rng rng({seed});
  rng.Shuffle(order);
  std::stable_partition(order.begin(), order.end(),
                        [&](std::size_t i) { return records[i].acceptable; });
  QualityTally tally;
  for (std::size_t fold = 0; fold < kQualityFolds; ++fold) {
    std::vector<RatedRecord> others;
    for (std::size_t k = 0; k < order.size(); ++k) {
      if (k % kQualityFolds != fold) others.push_back(records[order[k]]);
    }
    const dsp::QualityWeights weights = FitQuality(others);
    for (std::size_t k = fold; k < order.size(); k += kQualityFolds) {
      const RatedRecord& record = records[order[k]];
      tally.Add(record, QualityOf(record.figures, weights) >= dsp::kAcceptable);
    }
  }
  return tally;
}

}  // namespace ecg::fit
