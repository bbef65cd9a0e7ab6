// FLAC streams, in which a few bytes can stand for any number of samples.
#include <string>
#include <vector>

#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/record.h"
#include "ecg/record/reader.h"
#include "src/formats/wfdb/flac_encode.h"
#include "tests/formats/wfdb/memory.h"
#include "tests/formats/wfdb/pack.h"
#include "tests/support.h"

namespace ecg::wfdb {
namespace {

using Channels = std::vector<std::vector<std::int32_t>>;

// Writes r.dat and a header of so many frames of one sample for each channel.
void WriteFlac(const ecg::test::TemporaryFolder& folder, const std::string& stream,
               std::size_t channels, const std::string& frames, const std::string& format = "516") {
  test::WriteText(folder / "r.dat", stream);
  std::string header = "r " + std::to_string(channels) + " 500 " + frames + "\n";
  for (std::size_t i = 0; i < channels; ++i) header += "r.dat " + format + " 1/mV\n";
  test::WriteText(folder / "r.hea", header);
}

// The stream with another number of samples in its head (36 bits; 0 = not said).
std::string WithLength(std::string stream, std::uint64_t samples) {
  stream[21] = static_cast<char>((stream[21] & 0xf0) | static_cast<int>(samples >> 32 & 0xf));
  for (std::size_t i = 0; i < 4; ++i) {
    stream[22 + i] = static_cast<char>(samples >> (24 - 8 * i) & 0xff);
  }
  return stream;
}

// A ramp that runs through 16 bits, so that every sample tells its place.
std::string RampStream(std::size_t samples) {
  std::vector<std::int32_t> ramp;
  for (std::size_t i = 0; i < samples; ++i) ramp.push_back(static_cast<std::int32_t>(i % 30011));
  return EncodeFlac({ramp}, 16).value();
}

TEST(Flac, ReadsConstantSignalsHoweverSmallTheirFileIs) {
  constexpr std::size_t kFrames = 3000000;
  for (const unsigned bits : {8U, 16U, 24U}) {
    SCOPED_TRACE(bits);
    const ecg::test::TemporaryFolder folder;
    const Channels channels = {std::vector<std::int32_t>(kFrames, 1),
                               std::vector<std::int32_t>(kFrames, -3),
                               std::vector<std::int32_t>(kFrames, 0)};
    const std::string stream = EncodeFlac(channels, bits).value();
    EXPECT_LT(stream.size(), 30000U);
    WriteFlac(folder, stream, 3, std::to_string(kFrames), std::to_string(500 + bits));
    const Result<Record> record = ReadRecord(folder / "r.hea");
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    EXPECT_TRUE(record->digital == channels);
    WriteFlac(folder, stream, 3, "", std::to_string(500 + bits));
    const Result<record::EcgRecord> ecg = formats::ReadEcg(folder / "r.hea");
    ASSERT_TRUE(ecg.ok()) << ecg.error().ToString();
    EXPECT_EQ(ecg->info.samples, kFrames);
    EXPECT_TRUE(ecg->leads[1] == std::vector<float>(kFrames, -3));
  }
}

TEST(Flac, HasACeiling) {
  const ecg::test::TemporaryFolder folder;
  const std::string stream =
      EncodeFlac(Channels(8, std::vector<std::int32_t>(2000, 1)), 16).value();
  WriteFlac(folder, stream, 8, "2000");
  record::ReadOptions options;
  options.max_samples = 16000;
  EXPECT_TRUE(formats::ReadEcg(folder / "r.hea", options).ok());
  options.max_samples = 15999;
  const Result<record::EcgRecord> refused = formats::ReadEcg(folder / "r.hea", options);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().ToString(),
            (folder / "r.hea").string() +
                ": number of samples: 2000 frames of 8 samples are more than the limit of 15999 "
                "samples");
  options.leads = {"I"};
  EXPECT_FALSE(formats::ReadEcg(folder / "r.hea", options).ok()) << "all signals are decoded";
  // By default, too: 2^34 frames of which the file has none.
  WriteFlac(folder, WithLength(stream, std::uint64_t{1} << 34), 8, "");
  EXPECT_FALSE(formats::ReadEcg(folder / "r.hea").ok());
}

TEST(Flac, SkewCountsForTheCeiling) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.dat", RampStream(5000));
  test::WriteText(folder / "r.hea", "r 1 500 1000\nr.dat 516:4000 1/mV\n");
  record::ReadOptions options;
  options.max_samples = 5000;
  const Result<record::EcgRecord> record = formats::ReadEcg(folder / "r.hea", options);
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->leads[0][0], 4000);
  options.max_samples = 4999;
  EXPECT_FALSE(formats::ReadEcg(folder / "r.hea", options).ok());
}

TEST(Flac, ReadsSkewedStreamsThatDoNotSayTheirLength) {
  const ecg::test::TemporaryFolder folder;
  const std::string stream = RampStream(5000);
  for (const std::string& bytes : {stream, WithLength(stream, 0)}) {
    test::WriteText(folder / "r.dat", bytes);
    test::WriteText(folder / "r.hea", "r 1 500 4000\nr.dat 516:1000 1/mV\n");
    const Result<record::EcgRecord> record = formats::ReadEcg(folder / "r.hea");
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    EXPECT_EQ(record->leads[0][3999], 4999);
  }
}

// A head that promises 3.2 GB, and one frame.
TEST(Flac, TakesMemoryForWhatIsDecodedOnly) {
  const ecg::test::TemporaryFolder folder;
  const std::string stream =
      EncodeFlac(Channels(8, std::vector<std::int32_t>(4096, 1)), 16).value();
  WriteFlac(folder, WithLength(stream, 100000000), 8, "100000000");
  const double megabytes = test::PeakMegabytes([&] {
    for (const bool digital : {false, true}) {
      record::EcgRecord record;
      const std::string error =
          digital ? ReadRecord(folder / "r.hea").error().ToString()
                  : (*formats::Open(folder / "r.hea"))->Read({}, record).error().ToString();
      EXPECT_NE(error.find("the header says 100000000 frames, r.dat holds 4096"), std::string::npos)
          << error;
    }
  });
#ifndef ECG_SANITIZED
  EXPECT_LT(megabytes, 8);
#endif
  (void)megabytes;
}

}  // namespace
}  // namespace ecg::wfdb
