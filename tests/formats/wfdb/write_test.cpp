#include "ecg/formats/wfdb/write.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/random.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/matlab.h"
#include "ecg/record/reader.h"
#include "tests/support.h"

namespace ecg::wfdb {
namespace {

// Twelve bits at most, so that every kind can hold it; one signal is invalid throughout.
Record MakeRecord(std::size_t signals, std::size_t frames, int samples_per_frame) {
  Rng rng({signals, frames});
  Record record;
  record.header.name = "made-1";
  record.header.sampling_rate = record.header.counter_frequency = 257.5;
  record.header.base_time = 3661.25;
  record.header.base_date = record::Date{2009, 12, 1};
  record.header.info = {"Age: 74", "Dx: 426783006"};
  record.frames = frames;
  for (std::size_t i = 0; i < signals; ++i) {
    SignalHeader signal;
    signal.description = "lead no. " + std::to_string(i);
    signal.gain = 1234.5 + static_cast<double>(i);
    signal.baseline = static_cast<std::int64_t>(i) - 3;
    signal.units = i % 2 == 0 ? "mV" : "mmHg";
    signal.samples_per_frame = i == 1 ? samples_per_frame : 1;
    auto& digital = record.digital.emplace_back();
    for (std::size_t k = 0; k < frames * static_cast<std::size_t>(signal.samples_per_frame); ++k) {
      digital.push_back(i == 2 || rng.Chance(0.01)
                            ? kInvalidSample
                            : static_cast<std::int32_t>(rng.Below(4095)) - 2047);
    }
    record.header.signals.push_back(signal);
  }
  return record;
}

void ExpectRoundTrip(const Record& record, SignalFileKind kind) {
  SCOPED_TRACE(static_cast<int>(kind));
  const ecg::test::TemporaryFolder folder;
  const Status written = WriteRecord(folder.path(), record, kind);
  ASSERT_TRUE(written.ok()) << written.error().ToString();
  record::ReadOptions strict;
  strict.strict = true;
  const Result<Record> read = ReadRecord(folder / (record.header.name + ".hea"), strict);
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  EXPECT_TRUE(read->warnings.empty());
  EXPECT_EQ(read->digital, record.digital);
  const Header &a = read->header, &b = record.header;
  EXPECT_EQ(a.sampling_rate, b.sampling_rate);
  EXPECT_EQ(a.samples, record.frames);
  EXPECT_EQ(a.base_time, b.base_time);
  EXPECT_EQ(a.base_date->day, b.base_date->day);
  EXPECT_EQ(a.base_date->year, b.base_date->year);
  EXPECT_EQ(a.info, b.info);
  for (std::size_t i = 0; i < b.signals.size(); ++i) {
    EXPECT_EQ(a.signals[i].description, b.signals[i].description);
    EXPECT_EQ(a.signals[i].gain, b.signals[i].gain);
    EXPECT_EQ(a.signals[i].baseline, b.signals[i].baseline);
    EXPECT_EQ(a.signals[i].units, b.signals[i].units);
  }
}

TEST(WriteRecord, RoundTrips) {
  const Record record = MakeRecord(12, 5003, 1);
  for (const SignalFileKind kind : {SignalFileKind::kInt16, SignalFileKind::kMatlab,
                                    SignalFileKind::kPacked12, SignalFileKind::kFlac16}) {
    ExpectRoundTrip(record, kind);
  }
}

TEST(WriteRecord, RoundTripsSeveralSamplesAFrame) {
  const Record record = MakeRecord(3, 701, 4);
  for (const SignalFileKind kind :
       {SignalFileKind::kInt16, SignalFileKind::kPacked12, SignalFileKind::kFlac16}) {
    ExpectRoundTrip(record, kind);
  }
}

TEST(WriteRecord, RefusesWhatTheFormatCannotHold) {
  const ecg::test::TemporaryFolder folder;
  Record record = MakeRecord(1, 10, 1);
  record.digital[0][3] = 2048;
  EXPECT_FALSE(WriteRecord(folder.path(), record, SignalFileKind::kPacked12).ok());
  EXPECT_TRUE(WriteRecord(folder.path(), record, SignalFileKind::kInt16).ok());
  record.digital[0][3] = -32768;
  EXPECT_FALSE(WriteRecord(folder.path(), record, SignalFileKind::kInt16).ok())
      << "would be read as invalid";
  record.digital[0].pop_back();
  EXPECT_FALSE(WriteRecord(folder.path(), record, SignalFileKind::kInt16).ok());
  record = MakeRecord(1, 10, 1);
  record.header.name = "../up";
  EXPECT_FALSE(WriteRecord(folder.path(), record, SignalFileKind::kInt16).ok());
  record.header.name = "r";
  record.header.info = {"two\nlines"};
  EXPECT_FALSE(WriteRecord(folder.path(), record, SignalFileKind::kInt16).ok());
}

TEST(WriteRecord, WritesTheChallengesBytes) {
  const ecg::test::TemporaryFolder folder;
  record::EcgRecord ecg;
  ecg.info.name = "A0001";
  ecg.info.sampling_rate = 500;
  ecg.info.samples = 3;
  ecg.info.leads = {"I", "aVR"};
  ecg.info.age = 74;
  ecg.info.sex = record::Sex::kMale;
  ecg.info.dx = {"59118001", "426783006"};
  ecg.leads = {{0.028F, -0.0014F, 1}, {std::numeric_limits<float>::quiet_NaN(), 0, -32.767F}};
  const Status written = WriteChallengeRecord(folder.path(), ecg);
  ASSERT_TRUE(written.ok()) << written.error().ToString();
  EXPECT_EQ(*ReadFile(folder / "A0001.hea"),
            "A0001 2 500 3\n"
            "A0001.mat 16+24 1000/mV 16 0 28 1027 0 I\n"
            "A0001.mat 16+24 1000/mV 16 0 -32768 1 0 aVR\n"
            "#Age: 74\n#Sex: Male\n#Dx: 59118001,426783006\n");
  const std::string expected(
      "\x1e\0\0\0\2\0\0\0\3\0\0\0\0\0\0\0\4\0\0\0val\0"
      "\x1c\0\0\x80\xff\xff\0\0\xe8\3\1\x80",
      36);
  EXPECT_EQ(*ReadFile(folder / "A0001.mat"), expected);
  const Result<record::EcgRecord> read = formats::ReadEcg(folder / "A0001.hea");
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->warnings.empty());
  EXPECT_EQ(read->info.dx, ecg.info.dx);
  EXPECT_EQ(read->info.sex, record::Sex::kMale);
  EXPECT_EQ(read->info.age, 74);
  EXPECT_FLOAT_EQ(read->leads[0][0], 0.028F);
  EXPECT_TRUE(std::isnan(read->leads[1][0]));
  ecg.leads[0][0] = 40;
  EXPECT_FALSE(WriteChallengeRecord(folder.path(), ecg).ok()) << "beyond 16 bits";
}

}  // namespace
}  // namespace ecg::wfdb
