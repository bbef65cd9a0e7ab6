// Every binary format against a plain encoder, in whole records and at every awkward length.
#include "src/formats/wfdb/formats.h"

#include <cmath>
#include <string>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/formats/wfdb/record.h"
#include "ecg/record/reader.h"
#include "src/formats/wfdb/deinterleave.h"
#include "tests/formats/wfdb/pack.h"
#include "tests/support.h"

namespace ecg::wfdb {
namespace {

using test::BinaryFormats;
using test::Pack;
using test::WriteText;

std::vector<std::int64_t> RandomSamples(Format format, std::size_t count) {
  Rng rng({static_cast<std::uint64_t>(format), count});
  std::vector<std::int64_t> samples;
  const FormatTraits traits = TraitsOf(format);
  std::int64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (format == Format::kDifference8) {
      value += static_cast<std::int64_t>(rng.Below(256)) - 128;
    } else {
      // The whole range but for the mark of an invalid sample.
      const auto span = (std::uint64_t{1} << traits.bits) - 1;
      value = traits.lowest + 1 + static_cast<std::int64_t>(rng.Below(span));
    }
    samples.push_back(value);
  }
  return samples;
}

TEST(Formats, UnpackWhatAPlainEncoderPacked) {
  for (const Format format : BinaryFormats()) {
    if (format == Format::kDifference8) continue;
    for (std::size_t count = 1; count <= 40; ++count) {
      const std::vector<std::int64_t> samples = RandomSamples(format, count);
      const std::string bytes = Pack(format, samples);
      ASSERT_EQ(BytesFor(format, count), bytes.size());
      // Two samples of a group of three take as many bytes as all three.
      ASSERT_GE(SamplesIn(format, bytes.size()), count);
      ASSERT_EQ(BytesFor(format, SamplesIn(format, bytes.size())), bytes.size());
      for (std::size_t first = 0; first < count; ++first) {
        std::vector<std::int32_t> out(count - first);
        Unpack(format, reinterpret_cast<const std::uint8_t*>(bytes.data()), first, out.size(),
               out.data());
        for (std::size_t i = 0; i < out.size(); ++i) {
          ASSERT_EQ(out[i], samples[first + i]) << static_cast<int>(format) << " at " << first + i;
        }
      }
    }
  }
}

// The second of three samples ends in the third byte of format 311 and in the fourth of 310, and
// writers may pad both to whole words.
TEST(Formats, TwoSamplesAtTheEndOfAPackedFile) {
  const ecg::test::TemporaryFolder folder;
  for (const Format format : {Format::kPacked10, Format::kPacked10Word}) {
    SCOPED_TRACE(static_cast<int>(format));
    const std::size_t needed = format == Format::kPacked10 ? 4 : 3;
    const std::vector<std::int64_t> samples = RandomSamples(format, 5);
    const std::string f = std::to_string(static_cast<int>(format));
    const std::string padded = Pack(format, samples) + std::string(4 - needed, '\0');
    ASSERT_EQ(padded.size(), 8U);
    test::WriteText(folder / "known.hea", "known 1 100 5\nr.dat " + f + " 1/mV\n");
    test::WriteText(folder / "open.hea", "open 1 100\nr.dat " + f + " 1/mV\n");
    for (std::size_t bytes = 6; bytes <= 8; ++bytes) {
      WriteText(folder / "r.dat", padded.substr(0, bytes));
      const Result<Record> known = ReadRecord(folder / "known.hea");
      ASSERT_EQ(known.ok(), bytes >= 4 + needed) << bytes;
      if (known.ok()) {
        EXPECT_EQ(known->digital[0][4], samples[4]);
      }
      const Result<Record> open = ReadRecord(folder / "open.hea");
      ASSERT_TRUE(open.ok());
      EXPECT_EQ(open->frames, bytes == 8 ? 6U : bytes >= 4 + needed ? 5U : 4U);
    }
  }
}

TEST(Formats, SizesDoNotOverflow) {
  EXPECT_EQ(BytesFor(Format::kInt32, std::uint64_t{1} << 63), ~std::uint64_t{0});
  EXPECT_EQ(SamplesIn(Format::kPacked12, 1), 0U);
  EXPECT_EQ(SamplesIn(Format::kPacked10, 7), 4U);
  EXPECT_EQ(SamplesIn(Format::kPacked10Word, 7), 5U);
  EXPECT_EQ(SamplesIn(Format::kInt24, 5), 1U);
}

TEST(Formats, DeinterleaveTransposes) {
  for (const std::size_t width : {1, 2, 3, 4, 5, 8, 12, 13}) {
    for (const std::size_t frames : {0, 1, 3, 4, 7, 64, 65}) {
      std::vector<std::int32_t> in(width * frames), out(width * frames);
      for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<std::int32_t>(i);
      Deinterleave(in.data(), frames, width, out.data());
      for (std::size_t i = 0; i < in.size(); ++i) {
        ASSERT_EQ(out[i % width * frames + i / width], in[i]) << width << " x " << frames;
      }
    }
  }
}

TEST(Formats, DeinterleaveInt16TransposesBytesAtAnyAddress) {
  for (const std::size_t width : {1, 2, 7, 8, 9, 12, 15, 16, 21}) {
    for (const std::size_t frames : {0, 1, 3, 4, 7, 64, 65}) {
      const auto samples = RandomSamples(Format::kInt16, width * frames);
      const std::string bytes = "x" + Pack(Format::kInt16, samples);
      std::vector<std::int32_t> out(width * frames);
      DeinterleaveInt16(reinterpret_cast<const std::uint8_t*>(bytes.data()) + 1, frames, width,
                        out.data());
      for (std::size_t i = 0; i < samples.size(); ++i) {
        ASSERT_EQ(out[i % width * frames + i / width], samples[i]) << width << " x " << frames;
      }
    }
  }
}

// Three signals of different rates, skew and a preamble, longer than one block.
TEST(Formats, SamplesPerFrameSkewAndOffsetTogether) {
  constexpr std::size_t kFrames = 4001, kFrameSamples = 6;
  for (const Format format : BinaryFormats()) {
    if (format == Format::kDifference8) continue;
    SCOPED_TRACE(static_cast<int>(format));
    const std::vector<std::int64_t> samples = RandomSamples(format, kFrames * kFrameSamples);
    const ecg::test::TemporaryFolder folder;
    WriteText(folder / "r.dat", "prefix." + Pack(format, samples));
    const std::string f = std::to_string(static_cast<int>(format));
    WriteText(folder / "r.hea",
              "r 3 100 4000\nr.dat " + f + "x2+7\nr.dat " + f + "x3:5+7\nr.dat " + f + ":1+7\n");
    const Result<Record> record = ReadRecord(folder / "r.hea");
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    ASSERT_EQ(record->digital[0].size(), 8000U);
    ASSERT_EQ(record->digital[1].size(), 12000U);
    for (std::size_t frame = 0; frame < 4000; ++frame) {
      for (std::size_t k = 0; k < 3; ++k) {
        if (k < 2) {
          ASSERT_EQ(record->digital[0][frame * 2 + k], samples[frame * 6 + k]);
        }
        ASSERT_EQ(record->digital[1][frame * 3 + k],
                  frame + 5 < kFrames ? samples[(frame + 5) * 6 + 2 + k] : kInvalidSample)
            << frame;
      }
      ASSERT_EQ(record->digital[2][frame], samples[(frame + 1) * 6 + 5]);
    }
  }
}

TEST(Formats, FramesLongerThanABlock) {
  constexpr std::size_t kLong = 10007;
  const std::vector<std::int64_t> samples = RandomSamples(Format::kPacked12, 3 * (kLong + 2));
  const ecg::test::TemporaryFolder folder;
  WriteText(folder / "r.dat", Pack(Format::kPacked12, samples));
  WriteText(folder / "r.hea", "r 2 1 3\nr.dat 212x10007\nr.dat 212x2\n");
  const Result<Record> record = ReadRecord(folder / "r.hea");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  for (std::size_t frame = 0; frame < 3; ++frame) {
    for (std::size_t k = 0; k < kLong; ++k) {
      ASSERT_EQ(record->digital[0][frame * kLong + k], samples[frame * (kLong + 2) + k]);
    }
    ASSERT_EQ(record->digital[1][frame * 2 + 1], samples[frame * (kLong + 2) + kLong + 1]);
  }
}

TEST(Formats, DifferencesStartAtTheInitialValue) {
  const std::vector<std::int64_t> a = {100, 227, 99, 98}, b = {-5, -5, -133, -6};
  const ecg::test::TemporaryFolder folder;
  std::string bytes;
  for (std::size_t i = 0; i < 4; ++i) {
    bytes += Pack(Format::kDifference8, {a[i]}, i == 0 ? 100 : a[i - 1]);
    bytes += Pack(Format::kDifference8, {b[i]}, i == 0 ? -5 : b[i - 1]);
  }
  bytes += '\1';  // the begin of a frame that is not whole
  WriteText(folder / "r.dat", bytes);
  WriteText(folder / "r.hea", "r 2 100\nr.dat 8 200 12 0 100 524\nr.dat 8 200 12 -5\n");
  const Result<Record> record = ReadRecord(folder / "r.hea");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->digital[0], std::vector<std::int32_t>(a.begin(), a.end()));
  EXPECT_EQ(record->digital[1], std::vector<std::int32_t>(b.begin(), b.end()));
}

TEST(Formats, TheLowestValueIsInvalid) {
  for (const Format format : BinaryFormats()) {
    if (format == Format::kDifference8) continue;
    const std::int64_t lowest = TraitsOf(format).lowest;
    const std::vector<std::int64_t> samples = {5, lowest, lowest + 1};
    const ecg::test::TemporaryFolder folder;
    WriteText(folder / "r.dat", Pack(format, samples));
    WriteText(folder / "r.hea", "r 1 100 3\nr.dat " + std::to_string(static_cast<int>(format)) +
                                    " 100 0 0 5 " + std::to_string(test::Checksum(samples)) + "\n");
    record::ReadOptions strict;
    strict.strict = true;
    const Result<Record> record = ReadRecord(folder / "r.hea", strict);
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    EXPECT_EQ(record->digital[0], (std::vector<std::int32_t>{
                                      5, kInvalidSample, static_cast<std::int32_t>(lowest + 1)}));
    EXPECT_TRUE(std::isnan(record->Physical(0)[1]));
    EXPECT_EQ(record->Physical(0)[0], 0.05);
  }
}

}  // namespace
}  // namespace ecg::wfdb
