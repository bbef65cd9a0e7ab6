// Where the recordings that a model is asked about come from: files, memory, or what a caller
// thinks of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/core/stop_token.h"
#include "ecg/data/prepare/ready_record.h"
#include "ecg/infer/answer.h"
#include "ecg/record/reader.h"

namespace ecg::infer {

// What is wanted to be known of a recording before the networks see it.
struct Wishes {
  std::vector<data::PreprocessConfig> ways;  // to prepare it for the networks, none or several
  std::vector<std::string> leads;            // to read; empty: all
  bool content = false;                      // RecordAnswer::content
  bool quality = false;
  // Look whether anything can be said of it at all; where not, it is not measured nor prepared.
  bool refuse_unclassifiable = false;
  std::optional<MeasureConfig> measure;
  // Undo what looks exchanged (MendElectrodes) before it is measured or prepared.
  bool mend_electrodes = false;
};

// Bytes that reading a recording, looking at it and preparing it as wished takes at the same time,
// as far as is known before its signals are read.
double BytesToAsk(const record::EcgInfo& info, const Wishes& wishes);

// A recording on its way.
struct Asked {
  RecordAnswer answer;                  // as far as its file and signals tell
  std::vector<data::ReadyRecord> ways;  // as each of Wishes::ways wants it
  std::optional<Measured> as_seen;      // see MeasurePrepared
};

// Looks at a recording and prepares it, and uses it up.
Result<Asked> Prepare(record::EcgRecord&& record, const Wishes& wishes);

// Reads a recording and does the same, within the memory that recordings may take (MemoryBudget):
// one that does not fit is an error, and so is a rate of no ECG, before anything is read.
Result<Asked> AskFile(const record::RecordFile& file, const std::filesystem::path& path,
                      const Wishes& wishes);

class RecordSource {
 public:
  virtual ~RecordSource() = default;
  virtual std::size_t size() const = 0;
  // Bytes that record i takes while it waits, prepared as wished. Called once a record, in order.
  virtual std::size_t BytesOf(std::size_t i, const Wishes& wishes) = 0;
  // Record i, of which BytesOf was asked before; may be called from several threads, once a record.
  // Where memory runs out in it, that is an error of this record.
  virtual Result<Asked> Get(std::size_t i, const Wishes& wishes) = 0;
};

// Recordings on disk, each opened once.
class FileSource : public RecordSource {
 public:
  explicit FileSource(std::vector<std::filesystem::path> paths, record::OpenOptions told = {});
  ~FileSource() override;

  std::size_t size() const override { return paths_.size(); }
  std::size_t BytesOf(std::size_t i, const Wishes& wishes) override;
  Result<Asked> Get(std::size_t i, const Wishes& wishes) override;

 private:
  using Opened = Result<std::unique_ptr<record::RecordFile>>;
  std::vector<std::filesystem::path> paths_;
  record::OpenOptions told_;
  std::vector<std::optional<Opened>> opened_;  // between BytesOf and Get
};

// Recordings in memory, used up as they are asked about.
class MemorySource : public RecordSource {
 public:
  explicit MemorySource(std::vector<record::EcgRecord> records) : records_(std::move(records)) {}

  std::size_t size() const override { return records_.size(); }
  std::size_t BytesOf(std::size_t i, const Wishes& wishes) override;
  Result<Asked> Get(std::size_t i, const Wishes& wishes) override;

 private:
  std::vector<record::EcgRecord> records_;
};

// How recordings are read ahead.
struct ReadAheadConfig {
  int threads = 2;
  std::size_t depth = 128;  // recordings ahead of the consumer
  // Bytes of records that may be in memory at a time; a larger record goes through alone.
  std::size_t memory = std::size_t{512} << 20;
};

// Hands over the records of a source in order, read ahead by several threads, to be kept or used up
// by the sink; `refine`, where there is one, is done to each by these threads. Returns whether all
// were handed over: where a stop is wished, no more are.
bool ReadAhead(RecordSource& source, const Wishes& wishes, const ReadAheadConfig& config,
               const std::function<void(Asked&)>& refine,
               const std::function<void(std::size_t i, Result<Asked>& asked)>& sink,
               const StopToken& stop = {});

}  // namespace ecg::infer
