#include "src/infer/group_pipeline.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "ecg/core/parallel.h"
#include "ecg/infer/decide.h"

namespace ecg::infer {
namespace {

// float [classes]: how far the members' answers, [members][classes], lie apart.
std::vector<float> Spread(const std::vector<std::vector<float>>& members) {
  std::vector<float> spread(members.front().size(), 0);
  const auto count = static_cast<double>(members.size());
  for (std::size_t k = 0; k < spread.size(); ++k) {
    double mean = 0;
    for (const std::vector<float>& member : members) mean += static_cast<double>(member[k]) / count;
    double variance = 0;
    for (const std::vector<float>& member : members) {
      const double off = static_cast<double>(member[k]) - mean;
      variance += off * off / count;
    }
    spread[k] = static_cast<float>(std::sqrt(variance));
  }
  return spread;
}

}  // namespace

GroupPipeline::GroupPipeline(const Group& group,
                             const std::vector<data::PreprocessConfig>& preparations,
                             model::Wanted wanted, std::size_t batch_size,
                             const std::vector<std::uint8_t>& keep)
    : group_(group) {
  const Member* peaks = wanted.peaks ? group.PeakMember() : nullptr;
  for (const Member& member : group.members) {
    const model::Wanted of_member{wanted.probabilities, &member == peaks};
    if (!of_member.probabilities && !of_member.peaks) continue;
    const auto way = std::find(preparations.begin(), preparations.end(), member.info.preprocess);
    members_.push_back({&member, static_cast<std::size_t>(way - preparations.begin()),
                        of_member.peaks, MemberPipeline(member, of_member, batch_size, keep)});
  }
}

void GroupPipeline::Push(const std::vector<data::ReadyRecord>& ready) {
  for (Side& side : members_) side.pipeline.Push(ready[side.preparation].signal);
}

// Where each member's windows leave threads idle, as those of a single record do, members are run
// side by side.
void GroupPipeline::Finish() {
  std::size_t threads = std::numeric_limits<std::size_t>::max(), most = 0;
  for (const Side& side : members_) {
    threads = std::min(threads, side.member->network->threads());
    most = std::max(most, side.pipeline.waiting());
  }
  const bool side_by_side = members_.size() > 1 && most > 0 && most < threads;
  ParallelFor(members_.size(), side_by_side ? static_cast<int>(threads) : 1,
              [this](std::size_t i) { members_[i].pipeline.Finish(); });
}

bool GroupPipeline::FrontIsDone() const {
  return std::all_of(members_.begin(), members_.end(),
                     [](const Side& side) { return side.pipeline.FrontIsDone(); });
}

Result<NetworkAnswer> GroupPipeline::TakeFront() {
  NetworkAnswer joined;
  std::vector<std::vector<float>> probabilities;
  std::optional<Error> error;
  for (Side& side : members_) {
    Result<NetworkAnswer> prediction = side.pipeline.TakeFront();
    if (!prediction.ok()) {
      error = prediction.error();
      continue;
    }
    if (side.gives_peaks) {
      joined.peaks = std::move(prediction->peaks);
      joined.peak_rate = prediction->peak_rate;
    }
    if (prediction->probabilities.empty()) continue;
    Calibrate(side.member->info.decision, prediction->probabilities);
    probabilities.push_back(std::move(prediction->probabilities));
  }
  if (error) return *error;
  if (probabilities.empty()) return joined;
  joined.spread = Spread(probabilities);
  joined.probabilities = Combine(group_, probabilities);
  Calibrate(group_.decision, joined.probabilities);
  return joined;
}

}  // namespace ecg::infer
