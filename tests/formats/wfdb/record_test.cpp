#include "ecg/formats/wfdb/record.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "tests/process.h"
#include "tests/support.h"

namespace ecg::wfdb {
namespace {

// What a format writes for an invalid sample, as the reference reader reports it.
std::int64_t InvalidMark(Format format) {
  const std::map<Format, std::int64_t> marks = {
      {Format::kInt24, -(1 << 23)},  {Format::kFlac24, -(1 << 23)},
      {Format::kOffset8, -128},      {Format::kFlac8, -128},
      {Format::kPacked12, -2048},    {Format::kPacked10, -512},
      {Format::kPacked10Word, -512}, {Format::kInt16, -32768},
      {Format::kFlac16, -32768},     {Format::kInt16BigEndian, -32768},
      {Format::kOffset16, -32768}};
  const auto found = marks.find(format);
  return found == marks.end() ? std::int64_t{-2147483648LL} : found->second;
}

// The reference gives one sample a frame: the mean of the frame's ADC values, invalid ones
// included, cut towards zero.
std::vector<std::int64_t> ReferenceDigital(const Record& record, std::size_t signal) {
  const SignalHeader& header = record.header.signals[signal];
  std::vector<std::int64_t> values(record.digital[signal].begin(), record.digital[signal].end());
  std::replace(values.begin(), values.end(), std::int64_t{kInvalidSample},
               InvalidMark(header.format));
  const auto spf = static_cast<std::size_t>(header.samples_per_frame);
  if (spf == 1) return values;
  std::vector<std::int64_t> means;
  for (auto frame = values.begin(); frame != values.end();
       frame += static_cast<std::ptrdiff_t>(spf)) {
    const auto end = frame + static_cast<std::ptrdiff_t>(spf);
    means.push_back(std::accumulate(frame, end, std::int64_t{0}) / static_cast<std::int64_t>(spf));
  }
  return means;
}

// Of the reference's means too, where a frame has several samples.
std::vector<double> ReferencePhysical(const Record& record, std::size_t signal) {
  const SignalHeader& header = record.header.signals[signal];
  if (header.samples_per_frame == 1) return record.Physical(signal);
  std::vector<double> physical;
  for (const std::int64_t value : ReferenceDigital(record, signal)) {
    physical.push_back(value == InvalidMark(header.format)
                           ? std::nan("")
                           : static_cast<double>(value - header.baseline) / header.gain);
  }
  return physical;
}

void ExpectDigital(const Record& record, std::size_t signal, const Json& expected) {
  const std::vector<std::int64_t> values = ReferenceDigital(record, signal);
  const auto first = expected.at("first").get<std::vector<std::int64_t>>();
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(values.at(i), first[i]) << i;
  EXPECT_EQ(std::accumulate(values.begin(), values.end(), std::int64_t{0}),
            expected.at("sum").get<std::int64_t>());
  EXPECT_EQ(*std::min_element(values.begin(), values.end()), expected.at("min"));
  EXPECT_EQ(*std::max_element(values.begin(), values.end()), expected.at("max"));
}

void ExpectPhysical(const Record& record, std::size_t signal, const Json& expected) {
  const std::vector<double> values = ReferencePhysical(record, signal);
  const Json& first = expected.at("first");
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i].is_null()) {
      EXPECT_TRUE(std::isnan(values.at(i))) << i;
    } else {
      // The file gives nine decimals.
      EXPECT_NEAR(values.at(i), first[i].get<double>(), 5.1e-10) << i;
    }
  }
  double sum = 0, magnitude = 0;
  std::size_t nan = 0;
  for (const double value : values) {
    if (std::isnan(value)) {
      ++nan;
    } else {
      sum += value;
      magnitude += std::abs(value);
    }
  }
  EXPECT_EQ(nan, expected.at("nan").get<std::size_t>());
  EXPECT_NEAR(sum, expected.at("sum").get<double>(), 1e-9 * std::max(1.0, magnitude));
}

void ExpectRecord(const Record& record, const Json& expected) {
  if (expected.contains("digital")) {
    EXPECT_EQ(record.frames, expected.at("sig_len"));
    EXPECT_EQ(record.header.info, expected.at("comments").get<std::vector<std::string>>());
    for (std::size_t i = 0; i < expected.at("digital").size(); ++i) {
      SCOPED_TRACE("signal " + std::to_string(i));
      const SignalHeader& signal = record.header.signals.at(i);
      EXPECT_EQ(std::to_string(static_cast<int>(signal.format)), expected.at("fmt")[i]);
      EXPECT_EQ(signal.gain, expected.at("gain")[i]);
      EXPECT_EQ(signal.baseline, expected.at("baseline")[i]);
      EXPECT_EQ(signal.samples_per_frame, expected.at("samps_per_frame")[i]);
      ExpectDigital(record, i, expected.at("digital")[i]);
    }
  }
  const Json& physical = expected.at("phys");
  EXPECT_EQ(record.header.sampling_rate, physical.at("fs"));
  EXPECT_EQ(record.frames, physical.at("sig_len"));
  ASSERT_EQ(record.header.signals.size(), physical.at("sig_name").size());
  for (std::size_t i = 0; i < record.header.signals.size(); ++i) {
    SCOPED_TRACE("signal " + std::to_string(i));
    EXPECT_EQ(record.header.signals[i].description, physical.at("sig_name")[i]);
    ExpectPhysical(record, i, physical.at("physical")[i]);
  }
}

const std::map<std::string, std::size_t> kDeservedWarnings = {
    {"mixedsignals", 4}, {"test01_00s_frame", 1}, {"test01_00s_skewframe", 1}};

TEST(ReadRecord, GivesWhatTheReferenceReaderGives) {
  ECG_NEED_SHARED(unpacked, "data/wfdb_samples.tar.xz");
  const std::filesystem::path folder = unpacked / "wfdb_samples";
  const Result<JsonDocument> all = ReadJson(folder / "expected.json");
  ASSERT_TRUE(all.ok()) << all.error().ToString();
  std::size_t compared = 0;
  for (const auto& [name, expected] : all->root.items()) {
    SCOPED_TRACE(name);
    const Result<Record> record = ReadRecord(folder / (name + ".hea"));
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    // Three headers give initial values that are not those of their files.
    const auto deserved = kDeservedWarnings.find(name);
    EXPECT_EQ(record->warnings.size(), deserved == kDeservedWarnings.end() ? 0 : deserved->second);
    for (const std::string& warning : record->warnings) {
      EXPECT_NE(warning.find("initial value"), std::string::npos) << warning;
    }
    if (!expected.contains("phys")) continue;
    ExpectRecord(*record, expected);
    ++compared;
  }
  EXPECT_EQ(compared, 46U);
}

// A header may name more files than a process may have open.
TEST(ReadRecord, KeepsFewFilesOpen) {
  constexpr int kFiles = 300;
  const test::TemporaryFolder folder;
  std::string header = "many " + std::to_string(kFiles) + " 500 100\n";
  for (int i = 0; i < kFiles; ++i) {
    const std::string name = "s" + std::to_string(i) + ".dat";
    header += name + " 16 1000/mV 16 0 0 0 0 L" + std::to_string(i) + "\n";
    const std::string sample = {static_cast<char>(i & 0xff), static_cast<char>(i >> 8)};
    std::string bytes;
    for (int k = 0; k < 100; ++k) bytes += sample;
    WriteFileAtomic(folder / name, bytes, Durability::kCached).value();
  }
  WriteFileAtomic(folder / "many.hea", header).value();
  EXPECT_EQ(
      test::InChildProcess([&] {
        const rlimit few = {64, 64};
        ::setrlimit(RLIMIT_NOFILE, &few);
        const Record record = ReadRecord(folder / "many.hea").value();
        for (int i = 0; i < kFiles; ++i) {
          if (record.digital[static_cast<std::size_t>(i)] != std::vector<std::int32_t>(100, i)) {
            return 1;
          }
        }
        return 0;
      }),
      0);
}

}  // namespace
}  // namespace ecg::wfdb
