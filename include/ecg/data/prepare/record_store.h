// Records as the network learns from them, kept on disk once they are made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "ecg/core/checksum.h"
#include "ecg/core/result.h"
#include "ecg/data/prepare/preprocess.h"
#include "ecg/data/prepare/ready_record.h"
#include "ecg/dsp/measure/delineate.h"
#include "ecg/dsp/peaks.h"
#include "ecg/record/reader.h"

namespace ecg::data {

class RecordPacks;

// Prepares records and finds their peaks. With a cache folder this is done once for each record:
// what it gave is kept as an entry of a large file, with a checksum and with the identity of what
// it was made of (the settings, and path, size and time of change of every file of the record), and
// is mapped into memory from then on, for as long as a ReadyRecord of it lives. An entry that is
// damaged or of another identity is made anew. The folder may be shared by several runs at a time,
// and deleted between them, which is how to free the space of entries that no longer fit.
class RecordStore {
 public:
  // Without `delineator` no peaks are looked for; without `cache` (an empty path) every call does
  // the work again. Nothing is written before the first call of Read.
  RecordStore(PreprocessConfig preprocess, std::optional<dsp::Delineator> delineator,
              std::filesystem::path cache);
  ~RecordStore();

  const PreprocessConfig& preprocess() const { return preprocess_; }

  // Safe to call from several threads. The result does not depend on whether it was cached. A
  // record that is to be made must fit into the memory that there is (formats/memory.h).
  Result<ReadyRecord> Read(const std::filesystem::path& path) const;

  // Bytes that making a record takes, as far as is known before its signals are read.
  double BytesToMake(const record::EcgInfo& info) const;

  // Why entries could not be written, if so: then they are made again each time.
  std::optional<Error> write_failure() const;

  // How many entries were made rather than found.
  std::size_t made() const;

 private:
  Result<ReadyRecord> Make(const record::RecordFile& file, const std::filesystem::path& path) const;
  Result<ReadyRecord> ReadAndPrepare(const record::RecordFile& file) const;
  std::vector<std::string> LeadsToRead() const;
  void Keep(std::uint64_t key, const Sha256Digest& identity, const ReadyRecord& record) const;
  std::optional<Sha256Digest> Identity(const record::RecordFile& file) const;

  const PreprocessConfig preprocess_;
  const std::optional<dsp::Delineator> delineator_;
  std::string settings_;
  std::unique_ptr<RecordPacks> packs_;  // of these settings; null without a cache
  mutable std::mutex mutex_;
  mutable std::optional<Error> write_failure_;
  mutable std::size_t made_ = 0;
};

}  // namespace ecg::data
