// One member's side of a prediction: windows from many records fill its network's batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "ecg/data/prepare/peak_grid.h"
#include "ecg/data/prepare/ready_record.h"
#include "ecg/dsp/peaks.h"
#include "ecg/infer/ensemble.h"

namespace ecg::infer {

// What networks say of a record.
struct NetworkAnswer {
  std::vector<float> probabilities;  // [classes of the group]; empty if not asked for
  std::vector<float> spread;     // [classes]: the standard deviation of the members' probabilities
  std::vector<dsp::Peak> peaks;  // ascending; empty if not asked for
  double peak_rate = 0;          // Hz of the peaks' samples
};

class MemberPipeline {
 public:
  // `member` must outlive the object. Batches are smaller than `batch_size` where so many windows
  // would take more than a quarter of a gigabyte.
  MemberPipeline(const Member& member, model::Wanted wanted, std::size_t batch_size,
                 std::vector<std::uint8_t> keep);

  // Cuts a record into windows; runs the network whenever a batch is full. The record itself is
  // not needed any more afterwards.
  void Push(const data::SignalView& record);
  // Runs what is left in the last batch.
  void Finish();

  // Windows that wait for their batch to be full.
  std::size_t waiting() const { return windows_.size(); }

  // Whether the first record that has not been taken is complete; takes it if so.
  bool FrontIsDone() const { return !pending_.empty() && pending_.front().windows_left == 0; }
  Result<NetworkAnswer> TakeFront();

 private:
  // What is known of a record while its windows are on the way.
  struct Pending {
    std::size_t windows_left = 0;
    std::size_t windows = 0;
    std::optional<Error> error;
    std::vector<float> probabilities;
    std::vector<data::PeakGrid::Detection> detections;
  };
  // A window in the batch: its place in its record, and the samples whose peaks it answers for.
  struct Window {
    Pending* owner = nullptr;
    std::size_t start = 0;
    std::size_t from = 0;
    std::size_t to = 0;
  };

  void Run();
  void AddProbabilities();
  void AddPeaks();
  NetworkAnswer Conclude(Pending& pending) const;

  const Member& member_;
  const model::Wanted wanted_;
  const std::size_t batch_size_;
  const std::vector<std::uint8_t> keep_;
  const std::size_t samples_;  // of a window
  const std::size_t stride_;   // channels x samples
  std::deque<Pending> pending_;
  std::vector<float> signal_;  // [windows][channels][samples]
  std::vector<Window> windows_;
  model::NetworkOutput output_;
};

}  // namespace ecg::infer
