// Five folds of recordings, by their places in the order of their ids.
#pragma once

#include <cstddef>

namespace ecg::fit {

inline constexpr std::size_t kFolds = 5;

// Whether a recording counts where `fold` is left out; nothing is left out of kFolds.
inline bool IsFittedTo(std::size_t recording, std::size_t fold) {
  return recording % kFolds != fold;
}

}  // namespace ecg::fit
