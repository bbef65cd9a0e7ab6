// How a number of pieces is shared, so that sums over them are the same whoever shares them.
#pragma once

#include <cstddef>

namespace ecg {

// The pieces of numbers first, first + stride, first + 2 stride, ... Sums over pieces are made in
// the tree whose nodes are such shares: the sum of (f, s) is that of (f, 2s) plus that of (f + s,
// 2s). With a number of sharers that is a power of two each of them has every n-th piece.
struct Share {
  std::size_t first = 0;
  std::size_t stride = 1;

  Share Left() const { return {first, 2 * stride}; }
  Share Right() const { return {first + stride, 2 * stride}; }
};

// How many of `sharers`, two or more, the left one of a node's two shares goes to.
constexpr std::size_t SharersOfLeft(std::size_t sharers) { return (sharers + 1) / 2; }

// The share of one of `sharers`, which together have all pieces: a node of the tree each.
inline Share ShareOf(std::size_t sharer, std::size_t sharers) {
  Share share;
  while (sharers > 1) {
    const std::size_t left = SharersOfLeft(sharers);
    const bool goes_left = sharer < left;
    share = goes_left ? share.Left() : share.Right();
    sharer = goes_left ? sharer : sharer - left;
    sharers = goes_left ? left : sharers - left;
  }
  return share;
}

}  // namespace ecg
