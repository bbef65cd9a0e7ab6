// Stretches of recordings are what the whole has there.
#include "ecg/record/stretches.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "ecg/core/file.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/writers.h"
#include "tests/formats/ishne/ishne_file.h"
#include "tests/support.h"

namespace ecg::formats {
namespace {

namespace fs = std::filesystem;

record::EcgRecord MadeRecord(std::size_t samples) {
  record::EcgRecord record;
  record.info.sampling_rate = 250;
  record.info.samples = samples;
  record.info.leads = {"I", "II", "V1"};
  for (int lead = 0; lead < 3; ++lead) {
    std::vector<float>& values = record.leads.emplace_back();
    for (std::size_t i = 0; i < samples; ++i) {
      const double wave = std::sin(0.013 * static_cast<double>(i) + lead) * 400;
      values.push_back(static_cast<float>(std::round(wave)) * 0.005F);
    }
  }
  record.leads[1][17] = std::numeric_limits<float>::quiet_NaN();
  return record;
}

bool SameBits(const float* a, const float* b, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (std::isnan(a[i]) != std::isnan(b[i])) return false;
    if (!std::isnan(a[i]) && std::memcmp(a + i, b + i, sizeof(float)) != 0) return false;
  }
  return true;
}

void ExpectStretchesOfTheWhole(const record::RecordFile& file,
                               const std::vector<std::string>& leads) {
  record::ReadOptions options;
  options.leads = leads;
  record::EcgRecord whole;
  ASSERT_TRUE(file.Read(options, whole).ok());
  const std::size_t all = whole.info.samples;
  for (const std::size_t from :
       {std::size_t{0}, std::size_t{1}, std::size_t{17}, all / 2, all - 1}) {
    if (from >= all) continue;
    for (const std::size_t length : {std::size_t{1}, std::size_t{2}, std::size_t{333}, all}) {
      const std::size_t to = std::min(all, from + length);
      record::EcgRecord part;
      const Status read = file.ReadStretch(options, from, to, part);
      ASSERT_TRUE(read.ok()) << read.error().ToString();
      EXPECT_EQ(part.info.samples, to - from);
      EXPECT_EQ(part.info.leads, whole.info.leads);
      EXPECT_EQ(part.info.sampling_rate, whole.info.sampling_rate);
      ASSERT_EQ(part.leads.size(), whole.leads.size());
      for (std::size_t k = 0; k < part.leads.size(); ++k) {
        ASSERT_EQ(part.leads[k].size(), to - from);
        EXPECT_TRUE(SameBits(part.leads[k].data(), whole.leads[k].data() + from, to - from))
            << from << " to " << to << " of " << part.info.leads[k];
      }
    }
  }
}

struct Case {
  Target target;
  bool in_stretches;
};

class StretchesTest : public testing::TestWithParam<Case> {};

TEST_P(StretchesTest, AreWhatTheWholeHasThere) {
  const test::TemporaryFolder folder;
  // More than a block of any decoder, and no whole number of seconds.
  const record::WrittenRecord written = Write(MadeRecord(20011), "r", GetParam().target).value();
  for (const auto& one : written.files) {
    WriteFileAtomic(folder / ("r" + one.ending), one.bytes).value();
  }
  const auto file = Open(folder / ("r" + EndingsOf(GetParam().target, 3).back()), {});
  const auto other = Open(folder / ("r" + EndingsOf(GetParam().target, 3).front()), {});
  const record::RecordFile& opened = file.ok() ? **file : **other;
  EXPECT_EQ(opened.ReadsStretches(), GetParam().in_stretches);
  ExpectStretchesOfTheWhole(opened, {});
  ExpectStretchesOfTheWhole(opened, {"V1"});
}

INSTANTIATE_TEST_SUITE_P(Targets, StretchesTest,
                         testing::Values(Case{Target::kWfdb16, true}, Case{Target::kWfdb212, true},
                                         Case{Target::kWfdb516, false},
                                         Case{Target::kWfdbMat, true}, Case{Target::kEdf, true},
                                         Case{Target::kCsv, false}));

TEST(Stretches, OfIshneAreWhatTheWholeHasThere) {
  const test::TemporaryFolder folder;
  WriteFileAtomic(folder / "r.ecg", ishne::test::Made()).value();
  const auto file = Open(folder / "r.ecg", {}).value();
  EXPECT_TRUE(file->ReadsStretches());
  ExpectStretchesOfTheWhole(*file, {});
}

// Skew, differences and several samples a frame.
TEST(Stretches, OfWfdbAreRefusedOrRightWhateverItsFrames) {
  const test::TemporaryFolder folder;
  std::string samples;
  for (int i = 0; i < 3000; ++i) {
    samples += static_cast<char>(i * 7 % 251);
    samples += static_cast<char>(i % 3);
  }
  WriteFileAtomic(folder / "r.dat", samples).value();
  const auto open = [&](const std::string& lines) {
    WriteFileAtomic(folder / "r.hea", "r 2 250 500\n" + lines).value();
    return Open(folder / "r.hea", {}).value();
  };
  const auto groups = open("r.dat 16x2 200/mV 16 0 0 0 0 I\nr.dat 16x4 200/mV 16 0 0 0 0 II\n");
  EXPECT_TRUE(groups->ReadsStretches());
  ExpectStretchesOfTheWhole(*groups, {});
  const auto same = open("r.dat 16x3 200/mV 16 0 0 0 0 I\nr.dat 16x3 200/mV 16 0 0 0 0 II\n");
  EXPECT_TRUE(same->ReadsStretches());
  ExpectStretchesOfTheWhole(*same, {});
  const auto skewed = open("r.dat 16:3 200/mV 16 0 0 0 0 I\nr.dat 16 200/mV 16 0 0 0 0 II\n");
  EXPECT_FALSE(skewed->ReadsStretches());
  ExpectStretchesOfTheWhole(*skewed, {});
  const auto differences = open("r.dat 8 200/mV 16 0 0 0 0 I\nr.dat 8 200/mV 16 0 0 0 0 II\n");
  EXPECT_FALSE(differences->ReadsStretches());
  ExpectStretchesOfTheWhole(*differences, {});
}

}  // namespace
}  // namespace ecg::formats
