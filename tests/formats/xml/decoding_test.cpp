// The parts of XML files that hold samples: base64, numbers as text, XLI.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/core/text.h"
#include "src/formats/xml/document.h"
#include "src/formats/xml/xli.h"
#include "tests/formats/xml/documents.h"

namespace ecg::xml {
namespace {

TEST(Base64, GivesBackBytesWhateverBlanksStandBetween) {
  Rng rng({1});
  for (std::size_t length = 0; length < 200; ++length) {
    std::string bytes;
    for (std::size_t i = 0; i < length; ++i) bytes += static_cast<char>(rng.Below(256));
    const std::string text = test::Base64(bytes);
    EXPECT_EQ(DecodeBase64(text).value(), bytes) << length;
    std::string spread;
    for (const char c : text) {
      if (rng.Chance(0.2)) spread += " \t\r\n"[rng.Below(4)];
      spread += c;
    }
    EXPECT_EQ(DecodeBase64(spread).value(), bytes) << spread;
  }
  EXPECT_EQ(DecodeBase64("TWFu TWE= TWFu").value(), "ManMa");  // the end is where the filling is
  for (const char* wrong : {"TW!u", "TWFuTWF\xC3", "-", "TWFuT*"}) {
    EXPECT_FALSE(DecodeBase64(wrong).ok()) << wrong;
  }
}

TEST(Numbers, AreReadAsAnyReaderOfNumbersDoes) {
  const std::string text = "1,-2 \n-0 007\t123456789 1234567890 -987654321,3.25 -1e3 ,,4294967296 ";
  const std::vector<float> numbers = ParseNumbers(text).value();
  std::size_t k = 0;
  std::string word;
  for (const char c : text) {
    if (c != ' ' && c != ',' && c != '\n' && c != '\t') {
      word += c;
      continue;
    }
    if (word.empty()) continue;
    ASSERT_LT(k, numbers.size());
    EXPECT_EQ(numbers[k], static_cast<float>(*ParseDouble(word))) << word;
    EXPECT_EQ(std::signbit(numbers[k]), word.front() == '-') << word;
    ++k;
    word.clear();
  }
  EXPECT_EQ(k, numbers.size());
  EXPECT_TRUE(ParseNumbers("").value().empty());
  EXPECT_TRUE(ParseNumbers(" ,\n").value().empty());
  for (const char* wrong : {"1 2x 3", "-", "1 - 2", "1;2", "12345678x", "--1"}) {
    EXPECT_FALSE(ParseNumbers(wrong).ok()) << wrong;
  }
}

// A channel of these codes of ten bits; its bytes are the high ones of all samples, then the low.
std::string ChannelOf(const std::vector<int>& codes) {
  std::string packed;
  std::uint32_t buffer = 0;
  int bits = 0;
  const auto put = [&](int code) {
    buffer = buffer << 10 | static_cast<std::uint32_t>(code);
    for (bits += 10; bits >= 8; bits -= 8) packed += static_cast<char>(buffer >> (bits - 8) & 0xFF);
  };
  for (const int code : codes) put(code);
  put(1023);
  put(0);
  std::string header;
  for (int i = 0; i < 4; ++i) header += static_cast<char>(packed.size() >> (8 * i) & 0xFF);
  return header + std::string(4, '\0') + packed;
}

// What the second differences add up to, by the same recursion in plain arithmetic.
std::vector<std::int32_t> SamplesOf(const std::string& bytes) {
  const std::size_t count = bytes.size() / 2;
  std::vector<std::int32_t> values;
  for (std::size_t i = 0; i < count; ++i) {
    const int high = static_cast<unsigned char>(bytes[i]);
    const int low = static_cast<unsigned char>(bytes[count + i]);
    values.push_back(static_cast<std::int16_t>(high * 256 + low));
  }
  std::int32_t last = 0;
  for (std::size_t i = 2; i < count; ++i) {
    const std::int32_t next = 2 * values[i - 1] - values[i - 2] - last;
    last = values[i] - 64;
    values[i] = static_cast<std::int16_t>(next);
  }
  return values;
}

TEST(Xli, UnpacksEntriesOfAnyLength) {
  Rng rng({2});
  for (int round = 0; round < 60; ++round) {
    // From bytes that are all alike, whose entries stand for themselves and one byte more, to
    // noise.
    std::string bytes;
    const std::size_t length = 2 * rng.Below(round % 2 == 0 ? 200 : 6000);
    const std::uint64_t kinds = 1 + rng.Below(round % 5 == 0 ? 256 : 4);
    for (std::size_t i = 0; i < length; ++i) bytes += static_cast<char>(rng.Below(kinds));
    const auto channels = DecodeXli(ChannelOf(test::XliCodes(bytes)), 100000).value();
    ASSERT_EQ(channels.size(), 1u);
    EXPECT_EQ(channels[0], SamplesOf(bytes)) << round;
  }
}

TEST(Xli, RefusesCodesOfNothingAndWhatIsTooLong) {
  EXPECT_FALSE(DecodeXli(ChannelOf({300}), 1000).ok());
  EXPECT_FALSE(DecodeXli(ChannelOf({65, 258}), 1000).ok());
  EXPECT_TRUE(DecodeXli(ChannelOf({65, 256}), 1000).ok());  // A, AA
  EXPECT_TRUE(DecodeXli(ChannelOf(test::XliCodes(std::string(2000, 'A'))), 1000).ok());
  EXPECT_FALSE(DecodeXli(ChannelOf(test::XliCodes(std::string(2002, 'A'))), 1000).ok());
}

}  // namespace
}  // namespace ecg::xml
