// How large the features get that a network's residual blocks see.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "ecg/model/model_info.h"
#include "src/runtime/rows.h"

namespace ecg::runtime {

enum class BlockInput { kFirst, kSecond };  // of its first convolutions, of its second one

// May be used by several threads at a time; what they find does not depend on their order.
class RangeFinder {
 public:
  explicit RangeFinder(std::size_t blocks);

  // What a block sees of a window, in float. What is not a number counts for nothing.
  void Note(std::size_t block, BlockInput input, const Rows& x);

  // [blocks]: what one window in a hundred passes with one value in ten thousand. So a lone
  // artefact costs no resolution. Empty where there was no window.
  std::vector<model::ActivationRange> Ranges() const;

 private:
  struct Seen {
    std::vector<float> first, second;  // by window
  };

  mutable std::mutex mutex_;
  std::vector<Seen> blocks_;
};

}  // namespace ecg::runtime
