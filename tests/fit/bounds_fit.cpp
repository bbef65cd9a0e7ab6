#include "tests/fit/bounds_fit.h"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "ecg/core/parallel.h"
#include "ecg/core/result.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/peak_annotations.h"
#include "ecg/data/prepare/teacher.h"
#include "ecg/data/records/record_index.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/annotation.h"
#include "tests/fit/folds.h"
#include "tests/fit/regression.h"

namespace ecg::fit {
namespace {

namespace fs = std::filesystem;
using dsp::Wave;
using dsp::WaveType;
using dsp::robust::Answers;
using dsp::robust::BoundRule;
using dsp::robust::BoundRules;
using dsp::robust::SideAnswers;

constexpr double kBoundS = 0.03;  // errors beyond this count linearly
constexpr double kRidge = 1;

enum Side : std::size_t { kOnset, kOffset, kSides };

// Which answers a rule weighs. Those of P and T do without what other leads' tangents say, and of
// a complex few do as well as all.
using Asked = std::vector<double Answers::*>;
const Asked& AskedOf(WaveType type, Side side) {
  static const Asked shape = {&Answers::own, &Answers::joint, &Answers::extremum, &Answers::tangent,
                              &Answers::chord};
  static const Asked qrs_onset = {&Answers::own, &Answers::tangents};
  static const Asked qrs_offset = {&Answers::own, &Answers::joint, &Answers::chord};
  if (type != WaveType::kQrs) return shape;
  return side == kOnset ? qrs_onset : qrs_offset;
}

// What the rules answered in a lead, and what its mark says, in seconds.
struct Example {
  Answers answers;
  double marked = 0;
};
using Examples = std::array<std::array<std::vector<Example>, kSides>, dsp::kWaveTypes>;

std::optional<MarkedRecord> ReadRecord(const data::RecordEntry& entry) {
  const record::EcgRecord read = formats::ReadEcg(entry.path).value();
  const data::NamedLeads named = data::LeadsToDelineate(read, {});
  MarkedRecord record;
  record.prepared = dsp::robust::Prepare(named.leads, read.info.sampling_rate);
  const dsp::robust::Prepared& prepared = record.prepared;
  for (const std::size_t lead : prepared.origin) {
    const fs::path path = fs::path(entry.path).replace_extension(ToLower(named.names[lead]));
    if (!fs::exists(path)) return std::nullopt;
    const wfdb::AnnotationFile file = wfdb::ReadAnnotations(path).value();
    const double ticks = file.frequency > 0 ? file.frequency : read.info.sampling_rate;
    record.marks.push_back(data::WavesOf(file, prepared.rate / ticks));
  }
  if (record.marks.empty()) return std::nullopt;
  record.outline = dsp::robust::MakeOutline(prepared.leads, prepared.qrs, prepared.rate);
  record.peaks =
      MarkPeaks(record.outline, prepared.leads, prepared.fine, dsp::robust::kPWave, prepared.rate);
  record.outline.p = {};  // which is as large as the leads
  return record;
}

// The mark of each beat's wave in a lead; nothing where none matches.
std::vector<Wave> MarksOfBeats(const MarkedRecord& record, std::size_t lead, WaveType type) {
  const Wave dsp::Beat::*const own = type == WaveType::kP   ? &dsp::Beat::p
                                     : type == WaveType::kT ? &dsp::Beat::t
                                                            : &dsp::Beat::qrs;
  const std::vector<dsp::Beat>& beats = record.peaks.leads[lead];
  const std::vector<Wave>& marks = record.marks[lead][static_cast<std::size_t>(type)];
  std::vector<std::int32_t> found, marked;
  std::vector<std::size_t> beat_of;
  for (std::size_t b = 0; b < beats.size(); ++b) {
    if ((beats[b].*own).peak == dsp::kMissing) continue;
    found.push_back((beats[b].*own).peak);
    beat_of.push_back(b);
  }
  for (const Wave& mark : marks) marked.push_back(mark.peak);
  const double tolerance = score::WaveToleranceSeconds(type) * record.prepared.rate;
  const auto matches = score::MatchNearest(marked, found, tolerance);
  std::vector<Wave> marks_of(beats.size());
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (matches[i]) marks_of[beat_of[*matches[i]]] = marks[i];
  }
  return marks_of;
}

void AddExamples(const MarkedRecord& record, Examples& examples) {
  const double rate = record.prepared.rate;
  const dsp::robust::Views views{record.prepared.fine, record.outline.between};
  std::array<std::vector<std::vector<Wave>>, dsp::kWaveTypes> marks;  // [type][lead][beat]
  for (std::size_t type = 0; type < marks.size(); ++type) {
    for (std::size_t k = 0; k < record.marks.size(); ++k) {
      marks[type].push_back(MarksOfBeats(record, k, static_cast<WaveType>(type)));
    }
  }
  const int samples = dsp::robust::Size(record.prepared.fine[0]);
  for (const dsp::robust::BeatSearch& at :
       SearchesOfBounds(record.outline.complexes, record.peaks.common, samples)) {
    const auto type = static_cast<std::size_t>(at.type);
    const dsp::robust::WaveAnswers answers = AskBounds(views.Of(at.type), at.search, at.type, rate);
    const auto add = [&](const SideAnswers& side, std::size_t k, int mark, int step, Side which) {
      if (mark == dsp::kMissing) return;
      Example& example = examples[type][which].emplace_back();
      for (double Answers::*const answer : dsp::robust::kAnswers) {
        example.answers.*answer = side.leads[k].*answer / rate;
      }
      example.marked = step * (mark - at.search.peak) / rate;
    };
    for (std::size_t k = 0; k < answers.onset.leads.size(); ++k) {
      const Wave& mark = marks[type][k][at.beat];
      add(answers.onset, k, mark.onset, -1, kOnset);
      add(answers.offset, k, mark.offset, 1, kOffset);
    }
  }
}

BoundRule FitRule(const std::vector<Example>& examples, const Asked& asked) {
  Eigen::MatrixXd figures(static_cast<Eigen::Index>(examples.size()),
                          static_cast<Eigen::Index>(asked.size()));
  Eigen::VectorXd answers(figures.rows());
  for (Eigen::Index i = 0; i < figures.rows(); ++i) {
    const Example& example = examples[static_cast<std::size_t>(i)];
    answers(i) = example.marked;
    for (Eigen::Index j = 0; j < figures.cols(); ++j) {
      figures(i, j) = example.answers.*asked[static_cast<std::size_t>(j)];
    }
  }
  const Regression fitted = FitBoundedLine(figures, answers, kBoundS, kRidge);
  BoundRule rule;
  rule.offset_s = fitted.bias;
  for (std::size_t j = 0; j < asked.size(); ++j) {
    rule.weights.*asked[j] = fitted.weights(static_cast<Eigen::Index>(j));
  }
  return rule;
}

}  // namespace

std::vector<MarkedRecord> ReadMarked(const fs::path& folder, int threads) {
  const data::RecordIndex index = data::ScanRecords(folder, threads).value();
  std::vector<std::optional<MarkedRecord>> read(index.records.size());
  ParallelFor(read.size(), threads, [&](std::size_t i) { read[i] = ReadRecord(index.records[i]); });
  std::vector<MarkedRecord> records;
  for (std::optional<MarkedRecord>& record : read) {
    if (record) records.push_back(std::move(*record));
  }
  if (records.empty()) {
    throw Exception(InputError("holds no recording with marks of each lead", folder.string()));
  }
  return records;
}

BoundRules FitBounds(const std::vector<MarkedRecord>& records, std::size_t fold) {
  Examples examples;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (IsFittedTo(i, fold)) AddExamples(records[i], examples);
  }
  BoundRules rules;
  for (std::size_t k = 0; k < rules.size(); ++k) {
    const auto type = static_cast<WaveType>(k);
    rules[k].onset = FitRule(examples[k][kOnset], AskedOf(type, kOnset));
    rules[k].offset = FitRule(examples[k][kOffset], AskedOf(type, kOffset));
  }
  return rules;
}

score::WaveTallies Judge(const MarkedRecord& record, const BoundRules& rules) {
  const dsp::robust::Prepared& prepared = record.prepared;
  const dsp::RecordBeats beats = BoundBeats(record.peaks, {prepared.fine, record.outline.between},
                                            record.outline.complexes, rules, prepared.rate);
  score::WaveTallies sum;
  for (std::size_t k = 0; k < record.marks.size(); ++k) {
    const score::WaveTallies lead =
        score::CompareWaves(record.marks[k], dsp::WavesOf(beats.leads[k]), prepared.rate);
    for (std::size_t type = 0; type < sum.size(); ++type) sum[type].Add(lead[type]);
  }
  return sum;
}

}  // namespace ecg::fit
