#include "ecg/infer/long_record.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "ecg/core/memory_budget.h"
#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "ecg/dsp/measure/unclassifiable.h"
#include "ecg/infer/measure.h"
#include "ecg/infer/source.h"
#include "ecg/record/leads.h"
#include "src/infer/stretch_measure.h"

namespace ecg::infer {
namespace {

constexpr double kPiece = 10;          // s that can be read, or cannot, as a whole
constexpr double kShortestWindow = 5;  // s
constexpr std::size_t kMostLeads = 3;
constexpr char kFibrillation[] = "AF";

struct Stretch {
  std::vector<dsp::LongBeat> beats;
  std::vector<dsp::Span> unreadable;
};

// The parts of a stretch in which no lead shows a heart. `around` holds it, from sample `begin` of
// the recording on.
void FindUnreadable(const record::EcgInfo& info, const record::EcgRecord& around, std::size_t begin,
                    const dsp::Span& span, Stretch& stretch) {
  for (double from = span.from; from < span.to; from += kPiece) {
    // What is shorter than a second belongs to the piece before.
    const double to = span.to - from < kPiece + 1 ? span.to : from + kPiece;
    const record::EcgRecord piece =
        record::CutOut(around, SampleAt(info, from) - begin, SampleAt(info, to) - begin);
    if (dsp::WhyUnclassifiable(piece.leads, info.sampling_rate)) {
      stretch.unreadable.push_back({from, to});
    }
    if (to >= span.to) break;
  }
}

Result<Stretch> LookAtStretch(const record::Stretches& record, const dsp::Span& span,
                              const std::vector<std::string>& leads) {
  MeasureConfig config;
  config.leads = leads;
  config.intervals = false;
  const Result<MeasuredStretch> found = MeasureStretch(record, span, config);
  if (!found.ok()) return found.error();
  const record::EcgInfo& info = record.info();
  Stretch stretch;
  for (std::size_t i = 0; i < found->measured.beats.size(); ++i) {
    stretch.beats.push_back(
        {found->measured.beats[i].qrs.peak / info.sampling_rate, found->measured.typed.types[i]});
  }
  FindUnreadable(info, found->around, found->begin, span, stretch);
  return stretch;
}

void Append(const Stretch& stretch, LongAnswer& answer) {
  for (const dsp::LongBeat& beat : stretch.beats) {
    if (answer.beats.empty() || beat.at > answer.beats.back().at + kOneBeat) {
      answer.beats.push_back(beat);
    }
  }
  for (const dsp::Span& span : stretch.unreadable) {
    if (!answer.unreadable.empty() && span.from <= answer.unreadable.back().to) {
      answer.unreadable.back().to = span.to;
    } else {
      answer.unreadable.push_back(span);
    }
  }
}

double DurationOf(const record::EcgInfo& info) {
  return static_cast<double>(info.samples) / info.sampling_rate;
}

Status FindBeats(const record::Stretches& record, const LongConfig& config, ProgressSink& progress,
                 LongAnswer& answer) {
  const double duration = DurationOf(record.info());
  const auto count = static_cast<std::size_t>(std::max(1.0, std::ceil(duration / kStretchSeconds)));
  std::vector<Result<Stretch>> stretches(count, Stretch());
  std::atomic<std::size_t> done{0};
  progress.Begin("finding beats", count);
  ParallelFor(count, config.threads, [&](std::size_t i) {
    const double from = static_cast<double>(i) * kStretchSeconds;
    stretches[i] =
        LookAtStretch(record, {from, std::min(from + kStretchSeconds, duration)}, answer.leads);
    progress.Advance(++done, {});
  });
  progress.End();
  for (const Result<Stretch>& stretch : stretches) {
    if (!stretch.ok()) return stretch.error();
    Append(*stretch, answer);
  }
  return {};
}

// The windows of a recording as recordings of their own, read when they are asked for.
class WindowSource : public RecordSource {
 public:
  WindowSource(const record::Stretches& record, std::vector<dsp::Span> windows)
      : record_(record), windows_(std::move(windows)) {}

  std::size_t size() const override { return windows_.size(); }
  const dsp::Span& window(std::size_t i) const { return windows_[i]; }

  std::size_t BytesOf(std::size_t i, const Wishes& wishes) override {
    record::EcgInfo info = record_.info();
    info.samples = SampleAt(info, windows_[i].to) - SampleAt(info, windows_[i].from);
    return ToBytes(data::BytesToPrepare(info, wishes.ways));
  }

  Result<Asked> Get(std::size_t i, const Wishes& wishes) override {
    const record::EcgInfo& info = record_.info();
    Result<record::EcgRecord> window =
        record_.Read(SampleAt(info, windows_[i].from), SampleAt(info, windows_[i].to));
    if (!window.ok()) return window.error();
    return Prepare(std::move(*window), wishes);
  }

 private:
  const record::Stretches& record_;
  const std::vector<dsp::Span> windows_;
};

double WindowSeconds(const Ensemble& ensemble) {
  const model::ModelInfo& info = ensemble.general.members.front().info;
  return std::max(kShortestWindow, info.window.samples / info.preprocess.sampling_rate);
}

std::vector<dsp::Span> WindowsOf(const record::EcgInfo& info, double length, double step) {
  const double duration = DurationOf(info);
  std::vector<dsp::Span> windows;
  for (std::size_t k = 0;; ++k) {
    const double from = static_cast<double>(k) * std::max(step, 1.0);
    if (from + length > duration && k > 0) break;
    windows.push_back({from, std::min(from + length, duration)});
  }
  return windows;
}

// What is said of one window, added to what is said of the whole.
class Findings {
 public:
  Findings(const Ensemble& ensemble, LongAnswer& answer) : answer_(answer) {
    const auto& classes = ensemble.classes();
    for (std::size_t k = 0; k < classes.size(); ++k) {
      answer.findings.push_back({classes[k].abbreviation, classes[k].name, 0, 0, 0});
      if (classes[k].abbreviation == kFibrillation) fibrillation_ = k;
    }
  }

  void Add(const dsp::Span& window, const Result<RecordAnswer>& said) {
    if (!said.ok()) {
      if (!failed_) failed_ = said.error().ToString();
      return;
    }
    if (said->unclassifiable) return;
    ++answer_.windows_read;
    for (std::size_t k = 0; k < answer_.findings.size(); ++k) {
      LongFinding& finding = answer_.findings[k];
      finding.windows += said->decisions[k];
      if (said->probabilities[k] <= finding.strongest) continue;
      finding.strongest = said->probabilities[k];
      finding.at = window.from;
    }
    if (!fibrillation_) return;
    answer_.windows.push_back(
        {window, said->probabilities[*fibrillation_], said->thresholds[*fibrillation_]});
  }

  void Conclude() {
    if (answer_.windows_read > 0) return;
    answer_.model_error = failed_.value_or("no window shows a heart");
    answer_.findings.clear();
  }

 private:
  LongAnswer& answer_;
  std::optional<std::size_t> fibrillation_;
  std::optional<std::string> failed_;
};

void AskModel(const record::Stretches& record, const Ensemble& ensemble, const LongConfig& config,
              ProgressSink& progress, LongAnswer& answer) {
  WindowSource source(record, WindowsOf(record.info(), WindowSeconds(ensemble), config.step));
  Findings findings(ensemble, answer);
  progress.Begin("asking the model", source.size());
  PredictRecords(ensemble, config.predict, source,
                 [&](std::size_t i, const Result<RecordAnswer>& said) {
                   findings.Add(source.window(i), said);
                   progress.Advance(i + 1, {});
                 });
  progress.End();
  findings.Conclude();
}

}  // namespace

std::vector<std::string> LeadsToLookAt(const record::EcgInfo& info) {
  std::vector<std::string> leads;
  const auto add = [&](const std::string& lead) {
    if (leads.size() < kMostLeads && !Contains(leads, lead)) leads.push_back(lead);
  };
  for (const char* lead : {"II", "V1", "V5"}) {
    if (Contains(info.leads, lead)) add(lead);
  }
  for (const std::string& lead : info.leads) add(lead);
  return leads;
}

double BytesOfLong(const record::EcgInfo& info, const LongConfig& config) {
  record::EcgInfo stretch = LongestPiece(info);
  stretch.leads = config.leads.empty() ? LeadsToLookAt(info) : config.leads;
  const int threads = config.threads > 0 ? config.threads : AvailableThreads();
  const double own = static_cast<double>(stretch.leads.size() * stretch.samples) * sizeof(float);
  return threads * (own + BytesToMeasure(stretch, {}));
}

Result<LongAnswer> AnswerLong(const record::Stretches& record, const Ensemble* ensemble,
                              const LongConfig& config, ProgressSink& progress) {
  LongAnswer answer;
  answer.leads = config.leads.empty() ? LeadsToLookAt(record.info()) : config.leads;
  if (const Status found = FindBeats(record, config, progress, answer); !found.ok()) {
    return found.error();
  }
  if (ensemble != nullptr) AskModel(record, *ensemble, config, progress, answer);
  const double duration = DurationOf(record.info());
  answer.episodes = dsp::FindEpisodes(answer.beats, answer.windows, answer.unreadable, duration);
  answer.minutes = dsp::MinutesOf(answer.beats, answer.unreadable, duration);
  answer.variability = dsp::VariabilityOf(answer.beats, answer.unreadable);
  return answer;
}

}  // namespace ecg::infer
