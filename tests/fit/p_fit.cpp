#include "tests/fit/p_fit.h"

#include <algorithm>
#include <optional>
#include <string>

#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "ecg/data/prepare/teacher.h"
#include "ecg/data/records/record_index.h"
#include "ecg/formats/registry.h"
#include "src/dsp/robust/robust.h"
#include "tests/fit/folds.h"
#include "tests/fit/regression.h"

namespace ecg::fit {
namespace {

using dsp::robust::PEvidence;
using dsp::robust::PWeights;

constexpr double kRidge = 1;
// A recording of fibrillation or flutter counts as so many of sinus rhythm: with 1, more than half
// as many again of them get P.
constexpr double kZeros = 6;
constexpr double kFewBeats = 0.1;

// SNOMED CT codes.
const std::vector<std::string>& SinusCodes() {
  static const std::vector<std::string> codes = {
      "426783006",  // normal
      "427084000",  // fast
      "426177001",  // slow
      "427393009",  // irregular
      "270492004",  // first-degree AV block
      "164947007",  // long PR
  };
  return codes;
}
constexpr char kFibrillationCode[] = "164889003";
constexpr char kFlutterCode[] = "164890007";

// Nothing where the labels name none of them, or sinus rhythm and another one.
std::optional<Rhythm> RhythmOf(const std::vector<std::string>& dx) {
  const bool sinus = std::any_of(
      dx.begin(), dx.end(), [](const std::string& code) { return Contains(SinusCodes(), code); });
  const bool fibrillation = Contains(dx, kFibrillationCode), flutter = Contains(dx, kFlutterCode);
  if (sinus) return fibrillation || flutter ? std::nullopt : std::optional(Rhythm::kSinus);
  if (flutter) return fibrillation ? std::nullopt : std::optional(Rhythm::kFlutter);
  return fibrillation ? std::optional(Rhythm::kFibrillation) : std::nullopt;
}

std::optional<RhythmRecord> ReadRecord(const data::RecordEntry& entry) {
  const std::optional<Rhythm> rhythm = RhythmOf(entry.info.dx);
  if (!rhythm) return std::nullopt;
  const record::EcgRecord read = formats::ReadEcg(entry.path).value();
  const dsp::robust::Prepared prepared =
      dsp::robust::Prepare(data::LeadsToDelineate(read, {}).leads, read.info.sampling_rate);
  if (prepared.leads.size() < 2) return std::nullopt;
  const dsp::robust::Outline outline =
      dsp::robust::MakeOutline(prepared.leads, prepared.qrs, prepared.rate);
  if (outline.complexes.empty()) return std::nullopt;
  RhythmRecord record;
  record.rhythm = *rhythm;
  record.has_candidate = outline.p.usual != dsp::kMissing;
  record.evidence = outline.p.evidence;
  const std::vector<int> peaks = MarkP(outline.p, outline.complexes, prepared.rate);
  const auto without = std::count(peaks.begin(), peaks.end(), dsp::kMissing);
  record.share = 1 - static_cast<double>(without) / static_cast<double>(peaks.size());
  return record;
}

}  // namespace

std::vector<RhythmRecord> ReadRhythms(const std::vector<std::filesystem::path>& folders,
                                      int threads) {
  std::vector<RhythmRecord> records;
  for (const std::filesystem::path& folder : folders) {
    const data::RecordIndex index = data::ScanRecords(folder, threads).value();
    std::vector<std::optional<RhythmRecord>> read(index.records.size());
    ParallelFor(read.size(), threads,
                [&](std::size_t i) { read[i] = ReadRecord(index.records[i]); });
    for (const std::optional<RhythmRecord>& record : read) {
      if (record) records.push_back(*record);
    }
  }
  return records;
}

PWeights FitP(const std::vector<RhythmRecord>& records, std::size_t fold) {
  std::vector<const RhythmRecord*> fitted;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (IsFittedTo(i, fold) && records[i].has_candidate) fitted.push_back(&records[i]);
  }
  Eigen::MatrixXd figures(static_cast<Eigen::Index>(fitted.size()),
                          static_cast<Eigen::Index>(dsp::robust::kPFigures.size()));
  Eigen::VectorXd answers(figures.rows());
  for (Eigen::Index i = 0; i < figures.rows(); ++i) {
    const RhythmRecord& record = *fitted[static_cast<std::size_t>(i)];
    answers(i) = record.rhythm == Rhythm::kSinus ? 1 : 0;
    for (Eigen::Index j = 0; j < figures.cols(); ++j) {
      figures(i, j) = record.evidence.*dsp::robust::kPFigures[static_cast<std::size_t>(j)];
    }
  }
  const Regression regression = FitLogistic(figures, answers, kZeros, kRidge);
  PWeights weights;
  weights.bias = regression.bias;
  for (std::size_t j = 0; j < dsp::robust::kPFigures.size(); ++j) {
    weights.weights.*dsp::robust::kPFigures[j] = regression.weights(static_cast<Eigen::Index>(j));
  }
  return weights;
}

void RhythmTally::Add(const RhythmRecord& record, const PWeights& weights) {
  const bool is_p = record.has_candidate && LogitOf(record.evidence, weights) > 0;
  const double share = is_p ? record.share : 0;
  const auto rhythm = static_cast<std::size_t>(record.rhythm);
  ++recordings[rhythm];
  wrong[rhythm] += record.rhythm == Rhythm::kSinus ? share == 0 : share > kFewBeats;
}

}  // namespace ecg::fit
