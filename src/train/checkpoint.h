// A run at one moment, in one file: what the run is made of, its state with all tensors, and a
// checksum over all of it.
#pragma once

#include <filesystem>
#include <string>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "src/train/state.h"

namespace ecg::train {

// The bytes of a checkpoint but for the checksum, for which there is room: a copy of the state as
// it is. The same state gives the same bytes.
std::string CopyState(const TrainState& state, const Json& identity);

// Puts the checksum of CopyState's bytes into them.
void Seal(std::string& bytes);

class Checkpoint {
 public:
  // Refuses bytes of which any bit has changed since they were sealed; `file` is named in errors.
  static Result<Checkpoint> Parse(std::string bytes, const std::string& file);
  static Result<Checkpoint> Read(const std::filesystem::path& path);

  const Json& identity() const { return description_["identity"]; }
  std::uint64_t log_lines() const;
  Best best() const;
  const std::string& bytes() const { return bytes_; }

  // Fills a state of the same network. Errors where the tensors are another network's.
  Status Restore(TrainState& state) const;

 private:
  std::string_view Tensors() const { return std::string_view(bytes_).substr(tensors_at_); }

  std::string bytes_;
  std::string file_;
  Json description_;
  std::size_t tensors_at_ = 0;
};

}  // namespace ecg::train
