// Records as the network learns from them, kept on disk once they are made.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/preprocess.h"
#include "ecg/data/ready_record.h"
#include "ecg/dsp/delineate.h"
#include "ecg/dsp/peaks.h"

namespace ecg::data {

// Prepares records and finds their peaks. With a cache folder this is done once for each record:
// what it gave is kept in a file with a checksum and with the identity of what it was made of (the
// settings, and path, size and time of change of every file of the record), and is mapped into
// memory from then on. A file that is damaged or of another identity is made anew. The folder may
// be shared by several runs at a time and deleted at any time between them.
class RecordStore {
 public:
  // Without `delineator` no peaks are looked for; without `cache` (an empty path) every call does
  // the work again. Nothing is written before the first call of Read.
  RecordStore(PreprocessConfig preprocess, std::optional<dsp::Delineator> delineator,
              std::filesystem::path cache);

  const PreprocessConfig& preprocess() const { return preprocess_; }

  // Safe to call from several threads. The result does not depend on whether it was cached.
  Result<ReadyRecord> Read(const std::filesystem::path& header) const;

  // Why entries could not be written, if so: then they are made again each time.
  std::optional<Error> write_failure() const;

  // How many entries were made rather than found.
  std::size_t made() const;

 private:
  Result<ReadyRecord> Make(const std::filesystem::path& header) const;
  std::optional<ReadyRecord> Find(const std::filesystem::path& header,
                                  const std::filesystem::path& entry) const;
  void Keep(const std::filesystem::path& header, const std::filesystem::path& entry,
            const ReadyRecord& record) const;
  std::string Identity(const std::filesystem::path& header) const;

  const PreprocessConfig preprocess_;
  const std::optional<dsp::Delineator> delineator_;
  std::filesystem::path folder_;  // of these settings
  std::string settings_;
  mutable std::mutex mutex_;
  mutable std::unordered_set<std::string> verified_;  // entries whose checksum has been compared
  mutable std::optional<Error> write_failure_;
  mutable std::size_t made_ = 0;
};

}  // namespace ecg::data
