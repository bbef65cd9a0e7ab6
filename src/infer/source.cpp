#include "ecg/infer/source.h"

#include <algorithm>
#include <utility>

#include "ecg/core/memory_budget.h"
#include "ecg/core/prefetch.h"
#include "ecg/core/text.h"
#include "ecg/formats/memory.h"
#include "ecg/formats/registry.h"
#include "ecg/record/content.h"
#include "ecg/record/leads.h"
#include "ecg/record/stretches.h"
#include "src/infer/stretch_measure.h"

namespace ecg::infer {

namespace {

// Of a sample, for one lead at a time.
constexpr double kBytesToGrade = 56;
constexpr double kBytesToLookAt = 48;

bool IsAskedFor(const Wishes& wishes, const std::string& lead) {
  return wishes.leads.empty() || Contains(wishes.leads, lead);
}

// Faults are told of the leads that were asked for: other limb leads are there only in case one of
// them is dead.
dsp::RecordQuality QualityOf(const record::EcgRecord& record, const Wishes& wishes) {
  dsp::RecordQuality quality =
      dsp::MeasureQuality(record.info.leads, record.leads, record.info.sampling_rate);
  const auto others =
      std::remove_if(quality.leads.begin(), quality.leads.end(),
                     [&](const dsp::LeadQuality& lead) { return !IsAskedFor(wishes, lead.lead); });
  quality.leads.erase(others, quality.leads.end());
  return quality;
}

// A lead that is set aside has a fault that says why, however little it may have moved.
void NameDeadLeads(const std::vector<std::string>& dead, dsp::RecordQuality& quality) {
  for (dsp::LeadQuality& lead : quality.leads) {
    if (Contains(dead, lead.lead) && lead.faults.empty()) lead.faults = {dsp::Fault::kFlat};
  }
}

// Leads by other names than the twelve are passed over without a word only where none of those that
// were asked for is missing.
std::vector<std::string> UnusedLeads(const record::EcgRecord& record, const Wishes& wishes) {
  std::vector<std::string> unused = record.unread_leads;
  const auto is_missing = [&](const std::string& lead) {
    return !record::LeadIndex(record.info, lead) &&
           !record::FindDerivation(record.info.leads, lead);
  };
  if (!std::any_of(wishes.leads.begin(), wishes.leads.end(), is_missing)) return unused;
  for (const std::string& lead : record.other_leads) {
    if (!record::IsStandardLead(lead)) unused.push_back(lead);
  }
  return unused;
}

void TellOfUnused(RecordAnswer& answer, const std::string& name) {
  if (answer.unused_leads.empty()) return;
  answer.warnings.push_back(name + ": leads not used: " + Join(answer.unused_leads, ", "));
}

// The leads that are read: all, where it is by their likeness that exchanges are found.
std::vector<std::string> LeadsRead(const Wishes& wishes) {
  return wishes.mend_electrodes ? std::vector<std::string>() : wishes.leads;
}

// What is doubtful about a recording that has been measured.
void AddDoubts(const record::EcgRecord& record, RecordAnswer& answer) {
  const Measured& measured = *answer.measured;
  answer.exchange =
      dsp::FindExchange(measured.measured_leads, measured.values, measured.sampling_rate);
  answer.signal_doubts.repeated =
      dsp::AreCopies(record.leads, measured.beats, measured.sampling_rate);
}

// What is longer is delineated in stretches where nothing else is asked of it.
constexpr double kLongestWhole = 3600;  // s

bool IsForStretches(const record::RecordFile& file, const Wishes& wishes) {
  const bool measured_alone =
      wishes.measure && wishes.ways.empty() && !wishes.quality && !wishes.mend_electrodes;
  const record::EcgInfo& info = file.info();
  return measured_alone && file.ReadsStretches() &&
         static_cast<double>(info.samples) > kLongestWhole * info.sampling_rate;
}

// A recording on disk, read when it is asked for.
class StretchesOnDisk : public record::Stretches {
 public:
  // `info`: of the whole, with the leads that a stretch has.
  StretchesOnDisk(const record::RecordFile& file, const record::ReadOptions& options,
                  record::EcgInfo info)
      : file_(file), options_(options), info_(std::move(info)) {}

  const record::EcgInfo& info() const override { return info_; }
  Result<record::EcgRecord> Read(std::size_t from, std::size_t to) const override {
    record::EcgRecord record;
    if (const Status read = file_.ReadStretch(options_, from, to, record); !read.ok()) {
      return read.error();
    }
    return record;
  }

 private:
  const record::RecordFile& file_;
  const record::ReadOptions& options_;
  const record::EcgInfo info_;
};

// As Prepare, of what is asked here: a whole recording's doubts are those of its first ten minutes.
Result<Asked> AskStretches(const record::RecordFile& file, const record::ReadOptions& options,
                           const Wishes& wishes) {
  record::EcgRecord first;
  const std::size_t to = SampleAt(file.info(), kStretchSeconds);
  if (const Status read = file.ReadStretch(options, 0, to, first); !read.ok()) return read.error();
  Asked asked;
  RecordAnswer& answer = asked.answer;
  answer.info = first.info;
  answer.info.samples = file.info().samples;
  answer.warnings = std::move(first.warnings);
  answer.unused_leads = UnusedLeads(first, wishes);
  TellOfUnused(answer, first.info.name);
  const StretchesOnDisk stretches(file, options, answer.info);
  Result<MeasuredLong> measured = MeasureLong(stretches, *wishes.measure);
  if (!measured.ok()) return measured.error();
  if (wishes.refuse_unclassifiable) answer.unclassifiable = measured->unclassifiable;
  if (answer.unclassifiable) return asked;
  answer.signal_doubts =
      dsp::FindSignalDoubts(first.info.leads, first.leads, first.info.sampling_rate);
  answer.measured = std::move(measured->measured);
  answer.exchange = dsp::FindExchange(answer.measured->measured_leads, answer.measured->values,
                                      answer.measured->sampling_rate);
  return asked;
}

// Before anything is made of it: what a few seconds of a wild rate are has any length.
Status CheckUsable(const record::EcgInfo& info, const Wishes& wishes) {
  if (!wishes.measure && wishes.ways.empty()) return {};
  return data::CheckRecord(info);
}

}  // namespace

double BytesToAsk(const record::EcgInfo& info, const Wishes& wishes) {
  const auto samples = static_cast<double>(info.samples);
  double working = wishes.ways.empty() ? 0 : data::BytesToPrepare(info, wishes.ways);
  if (wishes.measure) working = std::max(working, BytesToMeasure(info, *wishes.measure));
  if (wishes.quality) working = std::max(working, samples * kBytesToGrade);
  if (wishes.refuse_unclassifiable) {
    const double piece = std::min(samples, dsp::kUnclassifiablePiece * info.sampling_rate);
    working = std::max(working, piece * kBytesToLookAt);
  }
  if (wishes.mend_electrodes) {
    MeasureConfig all;
    all.derive = true;
    all.seconds = kMeasuredSeconds;
    working = std::max(working, BytesToMeasure(info, all));
  }
  return record::BytesToRead(info, LeadsRead(wishes)) + working;
}

Result<Asked> Prepare(record::EcgRecord&& record, const Wishes& wishes) {
  if (const Status usable = CheckUsable(record.info, wishes); !usable.ok()) return usable.error();
  Asked asked;
  RecordAnswer& answer = asked.answer;
  answer.warnings = std::move(record.warnings);
  if (wishes.quality) answer.quality = QualityOf(record, wishes);
  answer.unused_leads = UnusedLeads(record, wishes);
  TellOfUnused(answer, record.info.name);
  if (wishes.refuse_unclassifiable && !record.leads.empty()) {
    answer.unclassifiable = dsp::WhyUnclassifiable(record.leads, record.info.sampling_rate);
    answer.info = record.info;
    if (answer.unclassifiable) return asked;
  }
  if (wishes.measure) {  // before leads that hardly move are set aside: their unit may be wrong
    answer.signal_doubts =
        dsp::FindSignalDoubts(record.info.leads, record.leads, record.info.sampling_rate);
  }
  const std::vector<std::string> dead = record::SetAsideDeadLeads(record);
  if (answer.quality) NameDeadLeads(dead, *answer.quality);
  if (wishes.mend_electrodes) answer.mended = MendElectrodes(record);
  if (wishes.measure) {
    Result<Measured> measured = MeasureRecord(record, *wishes.measure);
    if (!measured.ok()) return measured.error();
    answer.measured = std::move(*measured);
    AddDoubts(record, answer);
  }
  answer.info = record.info;
  if (wishes.ways.empty()) return asked;
  Result<std::vector<data::ReadyRecord>> ways = data::PrepareAll(std::move(record), wishes.ways);
  if (!ways.ok()) return ways.error();
  asked.ways = std::move(*ways);
  return asked;
}

Result<Asked> AskFile(const record::RecordFile& file, const std::filesystem::path& path,
                      const Wishes& wishes) {
  const record::EcgInfo& info = file.info();
  if (info.samples > 0) {  // or reading tells why it is not known
    if (const Status usable = CheckUsable(info, wishes); !usable.ok()) return usable.error();
  }
  const bool in_stretches = IsForStretches(file, wishes);
  if (in_stretches) {  // a stretch takes little, but a few bytes may stand for any number of them
    const Status fits = formats::CheckProportion(file, path, ToBytes(BytesToAsk(info, wishes)));
    if (!fits.ok()) return fits.error();
  }
  const double bytes = BytesToAsk(in_stretches ? LongestPiece(info) : info, wishes);
  const auto memory = formats::TakeMemory(file, path, ToBytes(bytes));
  if (!memory.ok()) return memory.error();
  // Before it is read: should it change meanwhile, what is said of it is not of what it holds then.
  std::optional<Sha256Digest> content;
  if (wishes.content) {
    const Result<Sha256Digest> held = record::ContentOf(file);
    if (held.ok()) content = *held;
  }
  record::ReadOptions options;
  options.leads = LeadsRead(wishes);
  const auto ask = [&]() -> Result<Asked> {
    if (in_stretches) return AskStretches(file, options, wishes);
    record::EcgRecord record;
    if (const Status read = file.Read(options, record); !read.ok()) return read.error();
    return Prepare(std::move(record), wishes);
  };
  Result<Asked> asked = ask();
  if (asked.ok()) asked->answer.content = content;
  return asked;
}

FileSource::FileSource(std::vector<std::filesystem::path> paths, record::OpenOptions told)
    : paths_(std::move(paths)), told_(std::move(told)), opened_(paths_.size()) {}
FileSource::~FileSource() = default;

std::size_t FileSource::BytesOf(std::size_t i, const Wishes& wishes) {
  opened_[i] = formats::Open(paths_[i], told_);
  if (!opened_[i]->ok()) return 0;
  return ToBytes(data::BytesToPrepare((**opened_[i])->info(), wishes.ways));
}

Result<Asked> FileSource::Get(std::size_t i, const Wishes& wishes) {
  const Opened file = std::move(*opened_[i]);
  opened_[i].reset();
  if (!file.ok()) return file.error();
  return AskFile(**file, paths_[i], wishes);
}

std::size_t MemorySource::BytesOf(std::size_t i, const Wishes& wishes) {
  return ToBytes(data::BytesToPrepare(records_[i].info, wishes.ways));
}

Result<Asked> MemorySource::Get(std::size_t i, const Wishes& wishes) {
  const record::EcgInfo& info = records_[i].info;
  if (const Status usable = CheckUsable(info, wishes); !usable.ok()) return usable.error();
  const auto memory = MemoryBudget::OfProcess().Take(ToBytes(BytesToAsk(info, wishes)), info.name);
  if (!memory.ok()) return memory.error();
  return Prepare(std::move(records_[i]), wishes);
}

bool ReadAhead(RecordSource& source, const Wishes& wishes, const ReadAheadConfig& config,
               const std::function<void(Asked&)>& refine,
               const std::function<void(std::size_t i, Result<Asked>& asked)>& sink,
               const StopToken& stop) {
  const auto get = [&](std::size_t i) {
    return WithinMemory({}, [&] {
      Result<Asked> asked = source.Get(i, wishes);
      if (asked.ok() && refine) refine(*asked);
      return asked;
    });
  };
  OrderedPrefetch<Result<Asked>> records(
      source.size(), config.threads, config.depth, get,
      {config.memory, [&](std::size_t i) { return source.BytesOf(i, wishes); }});
  const StopToken::Callback on_stop(stop, [&] { records.Stop(); });
  for (std::size_t i = 0; i < source.size(); ++i) {
    std::optional<Result<Asked>> asked = records.Next();
    if (!asked) return false;
    sink(i, *asked);
  }
  return true;
}

}  // namespace ecg::infer
