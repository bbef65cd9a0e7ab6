// A group's side of a prediction: its members' pipelines, and one answer from theirs.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "ecg/data/prepare/ready_record.h"
#include "ecg/infer/ensemble.h"
#include "src/infer/member_pipeline.h"

namespace ecg::infer {

class GroupPipeline {
 public:
  // `group` must outlive the object; `preparations` are those of the ensemble.
  GroupPipeline(const Group& group, const std::vector<data::PreprocessConfig>& preparations,
                model::Wanted wanted, std::size_t batch_size,
                const std::vector<std::uint8_t>& keep);

  // A record as each of the ensemble's preparations wants it; not needed any more afterwards.
  void Push(const std::vector<data::ReadyRecord>& ready);
  // Runs what is left in the last batches.
  void Finish();

  // Whether the first record that has not been taken is complete; takes it if so, with the group's
  // own classes.
  bool FrontIsDone() const;
  Result<NetworkAnswer> TakeFront();

 private:
  struct Side {
    const Member* member;
    std::size_t preparation;
    bool gives_peaks;
    MemberPipeline pipeline;
  };

  const Group& group_;
  std::deque<Side> members_;
};

}  // namespace ecg::infer
