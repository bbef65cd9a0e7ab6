#include "ecg/core/checksum.h"

#include <gtest/gtest.h>

namespace ecg {
namespace {

TEST(Checksum, EqualsPublishedVectors) {
  EXPECT_EQ(Sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283u);
}

}  // namespace
}  // namespace ecg
