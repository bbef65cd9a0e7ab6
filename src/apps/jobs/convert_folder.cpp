#include "ecg/apps/jobs/convert_folder.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

#include "ecg/apps/jobs/output_folder.h"
#include "ecg/core/checksum.h"
#include "ecg/core/csv.h"
#include "ecg/core/file.h"
#include "ecg/core/file_name.h"
#include "ecg/core/memory_budget.h"
#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "ecg/core/utf8.h"
#include "ecg/data/records/input_guard.h"
#include "ecg/formats/memory.h"
#include "ecg/formats/registry.h"
#include "ecg/infer/measure.h"
#include "ecg/record/content.h"
#include "ecg/record/leads.h"
#include "src/apps/jobs/disclosure.h"
#include "src/apps/jobs/record_journal.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;
using RecordFiles = OutputFolder::RecordFiles;

constexpr char kTool[] = "ecgconvert";

// The memory that samples, counts and bytes take together, in that of the samples.
double TimesAsRead(formats::Target target) { return target == formats::Target::kCsv ? 9 : 5; }

// The memory that finding exchanged electrodes takes beside the samples.
double BytesToMend(const record::EcgInfo& info, const ConvertConfig& config) {
  if (!config.mend_electrodes) return 0;
  infer::MeasureConfig measure;
  measure.derive = true;
  measure.seconds = infer::kMeasuredSeconds;
  return infer::BytesToMeasure(info, measure);
}

// A recording and what was made of it.
struct Converted {
  record::WrittenRecord written;
  std::vector<std::string> warnings;
  Sha256Digest content{};
};

Result<Converted> Convert(const fs::path& path, const record::OpenOptions& told,
                          const std::string& name, const ConvertConfig& config) {
  const auto file = formats::Open(path, told);
  if (!file.ok()) return file.error();
  const double bytes =
      std::max(TimesAsRead(config.target) * record::BytesToRead((*file)->info(), {}),
               record::BytesToRead((*file)->info(), {}) + BytesToMend((*file)->info(), config));
  const auto memory = formats::TakeMemory(**file, path, ToBytes(bytes));
  if (!memory.ok()) return memory.error();
  Converted converted;
  // Before it is read: should it change meanwhile, what is written is not of what it holds then.
  const Result<Sha256Digest> content = record::ContentOf(**file);
  if (!content.ok()) return content.error();
  converted.content = *content;
  record::EcgRecord record;
  if (const Status read = (*file)->Read({}, record); !read.ok()) return read.error();
  converted.warnings = std::move(record.warnings);
  const dsp::Exchange mended =
      config.mend_electrodes ? infer::MendElectrodes(record) : dsp::Exchange::kNone;
  const std::vector<std::string> withheld = Withhold(record.info, config.disclosure);
  Result<record::WrittenRecord> written = formats::Write(record, name, config.target);
  if (!written.ok()) return written.error();
  converted.written = std::move(*written);
  converted.written.lost.insert(converted.written.lost.end(), withheld.begin(), withheld.end());
  if (!record.info.measured.empty()) {
    converted.written.lost.emplace_back("what the recorder has measured is left out");
  }
  if (mended != dsp::Exchange::kNone) {
    const std::string what = dsp::ExchangeNames().NameOf(mended) + ": mended";
    converted.written.lost.push_back(what);
    converted.warnings.push_back(record.info.name + ": " + what);
  }
  return converted;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = FirstUtf8(text).length;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// WFDB's headers name their records, so a name may hold no blank and must be the file's. The
// journal holds UTF-8 alone.
std::string OutputId(const std::string& id, formats::Target target) {
  const fs::path path = id;
  if (IsUtf8(id)) {
    if (!formats::IsWfdb(target)) return id;
    return (path.parent_path() / FileNameOf(path.filename().string())).generic_string();
  }
  fs::path safe;
  for (const fs::path& part : path) safe /= FileNameOf(part.string());
  return safe.generic_string();
}

std::string BaseName(const std::string& id) { return fs::path(id).filename().string(); }

// The records with the endings of their files; those that cannot be opened, where that must be
// known for them, fail.
struct Plan {
  std::vector<RecordFiles> records;
  std::vector<data::FailedRecord> failed;
};

Plan PlanRecords(const data::RecordInputs& inputs, const ConvertConfig& config,
                 const data::RecordSelection& selection) {
  Plan plan;
  const auto add = [&](const data::RecordPath& record, std::size_t leads) {
    plan.records.push_back({record, formats::EndingsOf(config.target, leads)});
  };
  if (config.target != formats::Target::kWfdb516) {
    const auto records = data::SelectRecords(inputs, selection, &plan.failed).value();
    for (const data::RecordPath& record : records) add(record, 1);
    return plan;
  }
  data::RecordIndex index = data::ScanRecords(inputs, config.threads, selection).value();
  for (const data::RecordEntry& entry : index.records) add(entry, entry.info.leads.size());
  plan.failed = std::move(index.failed);
  return plan;
}

std::string Numbered(const char* what, std::size_t number) {
  constexpr std::size_t kDigits = 4;
  std::string digits = std::to_string(number);
  if (digits.size() < kDigits) digits.insert(0, kDigits - digits.size(), '0');
  return std::string(what) + "-" + digits;
}

// Gives the records names that tell nothing, in the order of their contents' checksums; what cannot
// be read comes last.
void Anonymise(Plan& plan, const record::OpenOptions& told, int threads) {
  std::vector<std::tuple<bool, Sha256Digest, std::size_t>> order(plan.records.size());
  ParallelFor(order.size(), threads, [&](std::size_t i) {
    const auto file = formats::Open(plan.records[i].record.path, told);
    const auto content = file.ok() ? record::ContentOf(**file) : file.error();
    order[i] = {!content.ok(), content.ok() ? *content : Sha256Digest{}, i};
  });
  std::sort(order.begin(), order.end());
  for (std::size_t k = 0; k < order.size(); ++k) {
    plan.records[std::get<2>(order[k])].record.id = Numbered("record", k + 1);
  }
  for (std::size_t i = 0; i < plan.failed.size(); ++i) {
    plan.failed[i] = {Numbered("unread", i + 1), InputError("cannot be opened")};
  }
}

// One share of the records of a plan, as data::SelectRecords takes it of the input's.
void KeepShare(const data::Shard& shard, Plan& plan) {
  std::vector<RecordFiles> kept;
  for (std::size_t i = shard.index - 1; i < plan.records.size(); i += shard.count) {
    kept.push_back(std::move(plan.records[i]));
  }
  plan.records = std::move(kept);
}

// Why a record failed, as it may be told. Errors name files, also those beside a file that is
// missing, and may quote what they hold; those of outputs know their new names alone.
Error Told(const Error& error, Disclosure disclosure) {
  if (disclosure != Disclosure::kAnonymous || error.kind == ErrorKind::kOutput) return error;
  return InputError("cannot be converted; without --anonymise it is said why");
}

std::string AskedFor(const ConvertConfig& config, const record::OpenOptions& told) {
  constexpr const char* kDisclosures[] = {"usual", "identify", "anonymous"};
  Json asked = {{"to", formats::NameOf(config.target)},
                {"tell", kDisclosures[static_cast<int>(config.disclosure)]}};
  if (config.mend_electrodes) asked["mend_electrodes"] = true;
  AddTold(told, asked);
  return DumpJsonLine(asked);
}

// Converts records on several threads.
class Converter {
 public:
  Converter(const OutputFolder& output, const record::OpenOptions& told,
            const ConvertConfig& config, ConvertSummary& summary)
      : output_(output),
        told_(told),
        config_(config),
        asked_(AskedFor(config, told)),
        known_(RecordJournal::ReadAll(output.path(), kTool).value()),
        own_(RecordJournal::FilesOf(output.path(), kTool).value()),
        journal_(RecordJournal::Open(output.path(), kTool, config.records.shard).value()),
        summary_(summary) {}

  void Run(ProgressSink& progress, const StopToken& stop) {
    const std::vector<RecordFiles>& records = output_.records();
    std::size_t done = 0;
    progress.Begin("convert", records.size());
    ParallelFor(records.size(), config_.threads, [&](std::size_t i) {
      if (stop.StopRequested()) return;
      const bool before = config_.resume && IsDone(records[i]);
      const Status status =
          before ? Status()
                 : WithinMemory(records[i].record.path.string(), [&] { return Do(records[i]); });
      const std::lock_guard lock(mutex_);
      if (!status.ok()) {
        summary_.failed.push_back({records[i].record.id, Told(status.error(), config_.disclosure)});
      } else {
        ++(before ? summary_.there_before : summary_.converted);
        written_.push_back(records[i]);
      }
      progress.Advance(++done, "");
    });
    progress.End();
    summary_.stopped = done < records.size();
    output_.CheckWritten(written_, "; --resume makes again what is missing").value();
    if (!summary_.stopped) journal_.Tidy().value();
  }

 private:
  bool IsDone(const RecordFiles& files) const {
    const std::string& id = files.record.id;
    const auto entry = known_.find(id);
    return entry != known_.end() && StillHolds(entry->second, files.record.path, told_,
                                               output_.PathOf(id, {}), files.endings, asked_);
  }

  Status Do(const RecordFiles& files) {
    const std::string& id = files.record.id;
    Result<Converted> converted = Convert(files.record.path, told_, BaseName(id), config_);
    if (!converted.ok()) return converted.error();
    JournalEntry entry{Hexadecimal(converted->content), asked_, {}};
    // Files of an earlier run in another format are still its own.
    if (const auto known = known_.find(id); known != known_.end()) {
      entry.files = known->second.files;
    }
    std::vector<fs::path> places;
    for (const auto& file : converted->written.files) {
      Result<fs::path> place = PlaceFor(id, file.ending);
      if (!place.ok()) return place.error();
      places.push_back(std::move(*place));
      entry.files[file.ending] = Sha256(file.bytes);
    }
    Note(id, *converted, entry);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::string& bytes = converted->written.files[i].bytes;
      WriteFileAtomic(places[i], bytes, Durability::kCached).value();
    }
    return {};
  }

  // Nothing is replaced that this tool did not write.
  Result<fs::path> PlaceFor(const std::string& id, const std::string& ending) const {
    Result<fs::path> place = output_.Place(id, ending);
    std::error_code ignored;
    if (!place.ok() || !fs::exists(*place, ignored)) return place;
    if (own_.count(id + ending) > 0) return place;
    return OutputError("is there already and not of ecgconvert's making, so it is not replaced",
                       place->string());
  }

  void Note(const std::string& id, const Converted& converted, const JournalEntry& entry) {
    const std::lock_guard lock(mutex_);
    journal_.Add(id, entry).value();
    for (const std::string& what : converted.written.lost) ++summary_.lost[what];
    if (config_.disclosure == Disclosure::kAnonymous) return;
    summary_.warnings.insert(summary_.warnings.end(), converted.warnings.begin(),
                             converted.warnings.end());
  }

  const OutputFolder& output_;
  const record::OpenOptions& told_;
  const ConvertConfig& config_;
  const std::string asked_;
  const JournalEntries known_;       // before this run
  const std::set<std::string> own_;  // files, before this run
  std::mutex mutex_;                 // of all below
  RecordJournal journal_;
  ConvertSummary& summary_;
  std::vector<RecordFiles> written_;
};

OutputFolder OpenOutput(const fs::path& path, std::vector<RecordFiles> records,
                        const ConvertConfig& config, const data::InputGuard& guard) {
  if (!config.mapping.empty()) guard.CheckFile(config.mapping, {".csv"}).value();
  const data::Shard& shard = config.records.shard;
  return OutputFolder::Create(path, std::move(records), guard,
                              {RecordJournal::NameOf(kTool, shard)}, shard)
      .value();
}

// The mapping, in the order of the new names. It is the same whichever share writes it.
void WriteMapping(std::vector<RecordFiles> records, const fs::path& path) {
  std::sort(records.begin(), records.end(),
            [](const RecordFiles& a, const RecordFiles& b) { return a.record.id < b.record.id; });
  std::string text = "record,original\n";
  for (const RecordFiles& files : records) {
    text += CsvLine({files.record.id, files.record.path.string()}) + "\n";
  }
  WriteFileAtomic(path, text).value();
}

bool IsSameFolder(const fs::path& a, const fs::path& b) {
  std::error_code ignored;
  return fs::weakly_canonical(a, ignored) / "" == fs::weakly_canonical(b, ignored) / "";
}

void CheckWishes(const ConvertConfig& config, const fs::path& output) {
  if (config.mapping.empty()) return;
  if (config.disclosure != Disclosure::kAnonymous) {
    throw Exception(UsageError("is of use with --anonymise alone", {}, 0, "mapping"));
  }
  if (IsSameFolder(fs::absolute(config.mapping).parent_path(), fs::absolute(output))) {
    throw Exception(UsageError("would lie beside the anonymous files; name another folder",
                               config.mapping.string(), 0, "mapping"));
  }
}

// Files that are anonymous do not lie among others, nor does their journal name any.
void CheckAnonymous(const fs::path& output) {
  std::error_code ignored;
  if (!fs::is_directory(output, ignored)) return;
  const JournalEntries known = RecordJournal::ReadAll(output, kTool).value();
  for (const auto& [record, entry] : known) {
    if (entry.asked.find("\"anonymous\"") != std::string::npos) continue;
    throw Exception(
        UsageError("holds recordings that were converted without --anonymise; name another folder",
                   output.string()));
  }
}

}  // namespace

void DescribeSettings(Settings& settings, const std::string& prefix, ConvertConfig& config) {
  settings.Add(prefix + "threads", config.threads,
               "Threads; 0: the processors that this process may use.", {0, 4096});
}

ConvertSummary ConvertFolder(const data::RecordInputs& inputs, const fs::path& output,
                             const ConvertConfig& config, ProgressSink& progress,
                             const StopToken& stop) {
  CheckWishes(config, output);
  if (config.disclosure == Disclosure::kAnonymous) CheckAnonymous(output);
  const bool anonymous = config.disclosure == Disclosure::kAnonymous;
  // Every share gives all records their anonymous names, and so the same ones.
  data::RecordSelection selection = config.records;
  if (anonymous) selection.shard = {};
  Plan plan = PlanRecords(inputs, config, selection);
  data::InputGuard guard;
  for (const RecordFiles& files : plan.records) guard.Add(files.record);
  std::vector<RecordFiles> all;  // of a mapping
  if (anonymous) {
    Anonymise(plan, inputs.told, config.threads);
    if (!config.mapping.empty()) all = plan.records;
    KeepShare(config.records.shard, plan);
  } else {
    for (RecordFiles& files : plan.records) {
      files.record.id = OutputId(files.record.id, config.target);
    }
  }
  const OutputFolder folder = OpenOutput(output, std::move(plan.records), config, guard);
  if (!config.mapping.empty()) WriteMapping(std::move(all), config.mapping);
  ConvertSummary summary;
  summary.failed_list = folder.failed_list();
  summary.failed = std::move(plan.failed);
  summary.failed.insert(summary.failed.end(), folder.refused().begin(), folder.refused().end());
  const auto write_failed = [&] {
    std::sort(summary.failed.begin(), summary.failed.end(),
              [](const data::FailedRecord& a, const data::FailedRecord& b) { return a.id < b.id; });
    return folder.WriteFailed(summary.failed);
  };
  try {
    Converter(folder, inputs.told, config, summary).Run(progress, stop);
  } catch (...) {
    // Whatever ended the run: what failed before is still told, where that can be written.
    static_cast<void>(write_failed());
    throw;
  }
  write_failed().value();
  return summary;
}

ConvertSummary ConvertFile(const fs::path& input, const record::OpenOptions& told,
                           const fs::path& output, const ConvertConfig& config) {
  if (!config.mapping.empty() || config.resume || !config.records.list.empty() ||
      !config.records.shard.IsAll()) {
    throw Exception(
        UsageError("--mapping, --resume, --list and --shard are of use with a folder alone"));
  }
  const std::string name = output.stem().string();
  if (formats::IsWfdb(config.target) && FileNameOf(name) != name) {
    throw Exception(UsageError("is no name of a WFDB record", output.string()));
  }
  Converted converted =
      WithinMemory(input.string(), [&] { return Convert(input, told, name, config); }).value();
  std::vector<fs::path> places;
  for (const auto& file : converted.written.files) {
    places.push_back(output.parent_path() / (name + file.ending));
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(places.back(), ignored))) {
      throw Exception(UsageError("is there already, so it is not replaced; name another file",
                                 places.back().string()));
    }
  }
  ConvertSummary summary;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!WriteNewFile(places[i], converted.written.files[i].bytes).value()) {
      throw Exception(OutputError("appeared meanwhile, so it is not replaced", places[i].string()));
    }
  }
  summary.converted = 1;
  summary.warnings = std::move(converted.warnings);
  for (const std::string& what : converted.written.lost) summary.lost[what] = 1;
  return summary;
}

}  // namespace ecg::jobs
