#include "src/record/bytes.h"

#include <gtest/gtest.h>

namespace ecg::record {
namespace {

TEST(Load24, HasASignOrNone) {
  EXPECT_EQ(LoadInt24("\x01\x02\x03"), 0x030201);
  EXPECT_EQ(LoadInt24("\xFF\xFF\xFF"), -1);
  EXPECT_EQ(LoadInt24("\x00\x00\x80"), -(1 << 23));
  EXPECT_EQ(LoadInt24("\xFF\xFF\x7F"), (1 << 23) - 1);
  EXPECT_EQ(LoadUint24("\xFF\xFF\xFF"), (1u << 24) - 1);
  EXPECT_EQ(LoadUint24("\x00\x00\x80"), 1u << 23);
}

}  // namespace
}  // namespace ecg::record
