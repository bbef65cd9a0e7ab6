#include "src/train/gradient_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/core/share.h"

namespace ecg::train {
namespace {

// Numbers of very different sizes, so that every order of adding up has its own last bits.
std::vector<Gradients> Pieces(std::size_t count) {
  Rng rng({count});
  std::vector<Gradients> pieces;
  for (std::size_t i = 0; i < count; ++i) {
    const torch::Tensor some = torch::zeros({50});
    for (int k = 0; k < 50; ++k) some[k] = rng.Normal() * std::pow(10, rng.Uniform(-3, 3));
    pieces.push_back({some, i % 3 == 0 ? torch::ones({2}) : torch::Tensor(), torch::Tensor()});
  }
  return pieces;
}

// The definition of ecg::Share.
Gradients SumOf(const std::vector<Gradients>& pieces, Share share) {
  if (share.first >= pieces.size()) return {};
  if (share.first + share.stride >= pieces.size()) return pieces[share.first];
  return AddGradients(SumOf(pieces, share.Left()), SumOf(pieces, share.Right()));
}

TEST(GradientTree, AddsUpInOneOrderWhoeverComesFirst) {
  ThreadTeam team(2);
  Rng rng({1});
  for (std::size_t count = 1; count < 12; ++count) {
    const std::vector<Gradients> pieces = Pieces(count);
    const Gradients expected = SumOf(pieces, {});
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    for (int again = 0; again < 10; ++again) {
      rng.Shuffle(order);
      GradientTree tree(count);
      for (const std::size_t i : order) tree.Add(i, pieces[i]);
      const Gradients sum = tree.Take(team);
      ASSERT_EQ(sum.size(), 3u);
      EXPECT_TRUE(torch::equal(sum[0], expected[0])) << count;
      EXPECT_EQ(sum[1][0].item<float>(), static_cast<float>((count + 2) / 3));
      EXPECT_FALSE(sum[2].defined());
    }
  }
}

TEST(GradientTree, TakesPiecesThatHaveNothing) {
  ThreadTeam team(2);
  GradientTree tree(3);
  tree.Add(2, {});
  tree.Add(0, {torch::ones({1})});
  tree.Add(1, {});
  EXPECT_EQ(tree.Take(team)[0].item<float>(), 1);
}

// What the sharers have added up, added up as the communicator does it.
Gradients SumOfSharers(const std::vector<Gradients>& sums, std::size_t first, std::size_t sharers) {
  if (sharers == 1) return sums[first];
  const std::size_t left = SharersOfLeft(sharers);
  return AddGradients(SumOfSharers(sums, first, left),
                      SumOfSharers(sums, first + left, sharers - left));
}

TEST(GradientTree, IsTheSameForAnyNumberOfSharers) {
  ThreadTeam team(2);
  for (const std::size_t count : {4u, 7u, 8u, 13u}) {
    const std::vector<Gradients> pieces = Pieces(count);
    const Gradients expected = SumOf(pieces, {});
    for (std::size_t sharers = 1; sharers <= 4; ++sharers) {
      std::vector<Gradients> sums;
      std::size_t shared = 0;
      for (std::size_t sharer = 0; sharer < sharers; ++sharer) {
        const Share share = ShareOf(sharer, sharers);
        std::vector<Gradients> own;
        for (std::size_t i = share.first; i < count; i += share.stride) own.push_back(pieces[i]);
        shared += own.size();
        GradientTree tree(own.size());
        for (std::size_t i = 0; i < own.size(); ++i) tree.Add(i, own[i]);
        sums.push_back(tree.Take(team));
      }
      EXPECT_EQ(shared, count);
      EXPECT_TRUE(torch::equal(SumOfSharers(sums, 0, sharers)[0], expected[0]))
          << count << " " << sharers;
    }
  }
}

}  // namespace
}  // namespace ecg::train
