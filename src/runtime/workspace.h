// What computing takes besides the weights: features, planned once and used again for whatever
// windows come, and all steps with the places that they read and write.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "ecg/model/network.h"
#include "src/runtime/net.h"
#include "src/runtime/range_finder.h"

namespace ecg::runtime {

class Workspace {
 public:
  // For so many windows at a time. The net must outlive it, and so must `ranges`, where there is
  // one, which gets what each block's convolutions see of every window.
  Workspace(const Net& net, std::size_t windows, RangeFinder* ranges = nullptr);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  // float [windows][channels][samples] -> float [windows][classes] and the windows' peak grids,
  // whichever is wanted; the other may be null.
  void Run(const float* signal, model::Wanted wanted, float* probabilities, float* peaks);

 private:
  friend class Planner;

  using Step = std::function<void()>;

  // Aligned for vectors and for the cache.
  struct Free {
    void operator()(void* memory) const;
  };
  using Memory = std::unique_ptr<void, Free>;
  static Memory Allocate(std::size_t bytes);

  const std::size_t windows_;
  std::vector<Memory> memory_;
  void* scratch_ = nullptr;  // of oneDNN
  std::vector<Step> features_, find_peaks_, classify_;
  // Of the windows that are being computed.
  const float* signal_ = nullptr;
  float* probabilities_ = nullptr;
  float* peaks_ = nullptr;
};

}  // namespace ecg::runtime
