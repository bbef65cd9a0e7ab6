#include "src/train/plan/tensorboard.h"

#include <gtest/gtest.h>

namespace ecg::train {
namespace {

std::string Hex(const std::string& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

// Made with Python's struct and a bit-by-bit CRC-32C from the file format's description.
TEST(EventFile, HasTheBytesOfTheFormat) {
  EXPECT_EQ(Hex(EventFileHeader(1.5)),
            "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c");
  EXPECT_EQ(
      Hex(ScalarEvent(1.5, 300, "loss", 0.25F)),
      "1b000000000000001a0d9e1309000000000000f83f10ac022a0d0a0b0a046c6f7373150000803e9908deed");
}

}  // namespace
}  // namespace ecg::train
