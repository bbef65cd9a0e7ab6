#include "src/formats/hdf5/lzf.h"

#include <gtest/gtest.h>

namespace ecg::hdf5 {
namespace {

TEST(Lzf, UnpacksRunsAndReferences) {
  EXPECT_EQ(UnpackLzf(std::string("\x02"
                                  "abc",
                                  4),
                      100),
            "abc");
  // Three bytes from three before; then ten of the last one.
  EXPECT_EQ(UnpackLzf(std::string("\x02"
                                  "abc\x20\x02\xE0\x01\x00",
                                  9),
                      100),
            "abcabccccccccccc");
  EXPECT_EQ(UnpackLzf("", 100), "");
}

TEST(Lzf, RefusesWhatIsDamaged) {
  EXPECT_FALSE(UnpackLzf(std::string("\x05"
                                     "abc",
                                     4),
                         100))
      << "a run that is cut off";
  EXPECT_FALSE(UnpackLzf(std::string("\x02"
                                     "abc\x20\x03",
                                     6),
                         100))
      << "before the beginning";
  EXPECT_FALSE(UnpackLzf(std::string("\x02"
                                     "abc\x20",
                                     5),
                         100))
      << "no offset";
  EXPECT_FALSE(UnpackLzf(std::string("\x02"
                                     "abc\xE0",
                                     5),
                         100))
      << "no length";
  EXPECT_FALSE(UnpackLzf(std::string("\x02"
                                     "abc",
                                     4),
                         2))
      << "too long";
}

}  // namespace
}  // namespace ecg::hdf5
