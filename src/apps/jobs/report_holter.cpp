#include "ecg/apps/jobs/report_holter.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ecg/core/memory_budget.h"
#include "ecg/core/text.h"
#include "ecg/data/prepare/preprocess.h"
#include "ecg/formats/memory.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/annotation.h"
#include "ecg/record/leads.h"
#include "ecg/record/stretches.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

dsp::BeatType TypeOf(int annotation) {
  const std::string_view symbol = wfdb::AnnotationSymbol(annotation);
  const auto among = [&](std::string_view symbols) {
    return symbol.size() == 1 && symbols.find(symbol[0]) != std::string_view::npos;
  };
  if (among("AaJS")) return dsp::BeatType::kAtrialPremature;
  if (among("VE")) return dsp::BeatType::kVentricular;
  if (among("/")) return dsp::BeatType::kPaced;
  return dsp::BeatType::kNormal;
}

// Only the leads that are wanted stay.
void KeepLeads(const std::vector<std::string>& wanted, record::EcgRecord& record) {
  record::EcgRecord kept;
  for (const std::string& lead : wanted) {
    const auto index = record::LeadIndex(record.info, lead);
    if (!index) continue;
    kept.info.leads.push_back(lead);
    kept.leads.push_back(std::move(record.leads[*index]));
  }
  record.info.leads = std::move(kept.info.leads);
  record.leads = std::move(kept.leads);
}

Status TakeLeads(const std::vector<std::pair<std::string, std::string>>& taken_for,
                 std::vector<std::string>& leads) {
  for (const auto& [own, other] : taken_for) {
    const auto lead = std::find(leads.begin(), leads.end(), record::CanonicalLead(own));
    if (lead == leads.end()) return UsageError("is not looked at, so it is taken for none", own);
    if (Contains(leads, other)) return UsageError("is there itself", other);
    *lead = other;
  }
  return {};
}

// The leads that are wanted, under the names that they are taken for.
struct LeadChoice {
  std::vector<std::string> leads;
  std::vector<std::pair<std::string, std::string>> taken_for;

  record::ReadOptions Options() const {
    record::ReadOptions options;
    options.leads = leads;
    return options;
  }
  Status Apply(const fs::path& path, record::EcgRecord& record) const {
    KeepLeads(leads, record);
    if (record.info.leads.empty()) {
      return InputError("has none of the leads " + Join(leads, ", "), path.string(), 0, "leads");
    }
    return TakeLeads(taken_for, record.info.leads);
  }
};

// A recording on disk whose stretches are read when they are asked for.
class FileStretches : public record::Stretches {
 public:
  // `info`: of the whole, with the leads that are chosen.
  FileStretches(const record::RecordFile& file, LeadChoice choice, record::EcgInfo info)
      : file_(file), choice_(std::move(choice)), info_(std::move(info)) {}

  const record::EcgInfo& info() const override { return info_; }
  Result<record::EcgRecord> Read(std::size_t from, std::size_t to) const override {
    record::EcgRecord record;
    const Status read = file_.ReadStretch(choice_.Options(), from, to, record);
    if (!read.ok()) return read.error();
    if (const Status chosen = choice_.Apply(info_.name, record); !chosen.ok()) {
      return chosen.error();
    }
    return record;
  }

 private:
  const record::RecordFile& file_;
  const LeadChoice choice_;
  const record::EcgInfo info_;
};

Result<HolterPages> PagesOf(const record::Stretches& record, std::vector<std::string> warnings,
                            const infer::Ensemble* ensemble, const std::string& model_line,
                            const HolterPageConfig& config, infer::LongConfig answering,
                            ProgressSink& progress) {
  const record::EcgInfo& info = record.info();
  answering.leads = info.leads;
  report::HolterReport report;
  report.record = &record;
  Result<infer::LongAnswer> answer = infer::AnswerLong(record, ensemble, answering, progress);
  if (!answer.ok()) return answer.error();
  report.answer = std::move(*answer);
  if (ensemble != nullptr) report.model = model_line;
  if (!config.annotations.empty()) {
    const Result<score::RhythmTruth> truth =
        ReadRhythmTruth(config.annotations, info.sampling_rate,
                        static_cast<double>(info.samples) / info.sampling_rate);
    if (!truth.ok()) return truth.error();
    report.scored = score::ScoreRhythm(*truth, report.answer.beats, report.answer.episodes);
    report.scored_by = config.annotations.filename().string();
  }
  return HolterPages{report::HolterPage(report), report::HolterJson(report), std::move(warnings)};
}

}  // namespace

Result<score::RhythmTruth> ReadRhythmTruth(const fs::path& annotations, double rate,
                                           double duration) {
  const Result<wfdb::AnnotationFile> file = wfdb::ReadAnnotations(annotations);
  if (!file.ok()) return file.error();
  if (file->frequency > 0) rate = file->frequency;
  score::RhythmTruth truth;
  bool goes_on = false;  // fibrillation, since:
  double since = 0;
  const auto end = [&](double at) {
    if (goes_on && at > since) truth.fibrillation.push_back({since, at});
    goes_on = false;
  };
  for (const wfdb::Annotation& annotation : file->annotations) {
    const double at = static_cast<double>(annotation.sample) / rate;
    if (wfdb::IsBeat(annotation.type)) {
      truth.beats.push_back({at, TypeOf(annotation.type)});
    } else if (annotation.type == wfdb::kRhythmChange) {
      const bool fibrillates = annotation.aux.rfind("(AFIB", 0) == 0;
      if (!fibrillates) end(at);
      if (fibrillates && !goes_on) since = at;
      if (fibrillates) goes_on = true;
    }
  }
  end(duration);
  if (truth.beats.empty()) return InputError("holds no beat", annotations.string());
  return truth;
}

Result<HolterPages> MakeHolterPage(const fs::path& path, const record::OpenOptions& told,
                                   const infer::Ensemble* ensemble, const std::string& model_line,
                                   const HolterPageConfig& config, ProgressSink& progress) {
  const auto file = formats::Open(path, told);
  if (!file.ok()) return file.error();
  const record::EcgInfo& info = (*file)->info();
  infer::LongConfig answering = config.answer;
  if (answering.leads.empty()) answering.leads = infer::LeadsToLookAt(info);
  if (info.samples > 0) {
    if (const Status usable = data::CheckRecord(info); !usable.ok()) return usable.error();
  }
  // So that a day takes no more memory than an hour.
  const bool in_stretches = (*file)->ReadsStretches() && info.samples > 0;
  const auto memory = formats::TakeMemory(
      **file, path,
      ToBytes((in_stretches ? 0 : record::BytesToRead(info, answering.leads)) +
              infer::BytesOfLong(info, answering) + report::BytesOfHolterPage(info)));
  if (!memory.ok()) return memory.error();
  return WithinMemory(path.string(), [&]() -> Result<HolterPages> {
    LeadChoice choice = {answering.leads, config.taken_for};
    record::EcgRecord record;
    const Status read = in_stretches ? (*file)->ReadStretch(choice.Options(), 0, 1, record)
                                     : (*file)->Read(choice.Options(), record);
    if (!read.ok()) return read.error();
    if (in_stretches) record.info.samples = info.samples;
    if (const Status usable = data::CheckRecord(record.info); !usable.ok()) return usable.error();
    if (const Status chosen = choice.Apply(path, record); !chosen.ok()) return chosen.error();
    if (in_stretches) {
      const FileStretches stretches(**file, choice, record.info);
      return PagesOf(stretches, std::move(record.warnings), ensemble, model_line, config, answering,
                     progress);
    }
    return PagesOf(record::HeldStretches(record), record.warnings, ensemble, model_line, config,
                   answering, progress);
  });
}

}  // namespace ecg::jobs
