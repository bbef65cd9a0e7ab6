// The checkpoints of a run: written beside the training, the last ones and the best kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "src/train/checkpoint.h"

namespace ecg::train {

// step-000001234.checkpoint is the run after its first 1234 steps.
class CheckpointFolder {
 public:
  // `log` is the file whose lines checkpoints count: it is on the disk before any of them. Keeps
  // the `keep` last ones.
  CheckpointFolder(std::filesystem::path folder, std::filesystem::path log, std::size_t keep);
  // Waits for the checkpoint that is being written.
  ~CheckpointFolder();

  std::filesystem::path PathOf(std::uint64_t step) const;
  // Ascending.
  std::vector<std::uint64_t> Steps() const;

  // Seals the bytes and writes them on another thread; waits first for the checkpoint before. Those
  // that are neither among the last ones nor `best` are removed once it is written. Throws the
  // failure of the checkpoint before (kOutput).
  void Save(std::uint64_t step, std::optional<std::uint64_t> best, std::string bytes);

  // Waits until the last one is on the disk; throws its failure.
  void Finish();

  // Removes all but `last` ones and the best.
  void Prune(std::size_t last, std::optional<std::uint64_t> best) const;
  // Removes those after a step, which a run that goes on from it makes again, and what a process
  // that was killed left half written.
  void RemoveAfter(std::uint64_t step) const;

 private:
  const std::filesystem::path folder_;
  const std::filesystem::path log_;
  const std::size_t keep_;
  std::future<void> writing_;
};

// The newest checkpoint from which a run can go on, and why newer ones cannot be used.
struct FoundCheckpoint {
  std::optional<Checkpoint> checkpoint;
  std::uint64_t step = 0;
  std::vector<Error> refused;
};

// A checkpoint is of use where it is whole, the one that it calls the best is too, and the log has
// the lines that it counts.
FoundCheckpoint FindCheckpoint(const CheckpointFolder& folder, std::uint64_t log_lines);

}  // namespace ecg::train
