// Reading some leads of a record: the same bits as reading all, and no memory for the others.
#include <sys/resource.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "ecg/core/random.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/write.h"
#include "ecg/record/leads.h"
#include "ecg/record/reader.h"
#include "tests/formats/wfdb/memory.h"
#include "tests/formats/wfdb/pack.h"
#include "tests/support.h"

namespace ecg::wfdb {
namespace {

using Names = std::vector<std::string>;

// Noise in every lead.
void WriteNoise(const std::filesystem::path& folder, const Names& leads, std::size_t frames,
                SignalFileKind kind) {
  Rng rng({frames});
  Record record;
  record.header.name = "r";
  record.frames = frames;
  for (const std::string& name : leads) {
    SignalHeader signal;
    signal.gain = 1000;
    signal.description = name;
    record.header.signals.push_back(signal);
    std::vector<std::int32_t>& digital = record.digital.emplace_back();
    for (std::size_t i = 0; i < frames; ++i) {
      digital.push_back(static_cast<std::int32_t>(rng.Below(4000)) - 2000);
    }
  }
  WriteRecord(folder, record, kind, Durability::kCached).value();
}

record::EcgRecord Read(const std::filesystem::path& folder, const Names& wanted) {
  record::ReadOptions options;
  options.leads = wanted;
  return formats::ReadEcg(folder / "r.hea", options).value();
}

const Names kTwelve = {"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"};

TEST(WantedLeads, AreThoseOfTheWholeRecord) {
  for (const SignalFileKind kind : {SignalFileKind::kInt16, SignalFileKind::kMatlab,
                                    SignalFileKind::kPacked12, SignalFileKind::kFlac16}) {
    const ecg::test::TemporaryFolder folder;
    WriteNoise(folder.path(), kTwelve, 5003, kind);
    const record::EcgRecord all = Read(folder.path(), {});
    EXPECT_TRUE(all.other_leads.empty());
    const record::EcgRecord some = Read(folder.path(), {"V6", "V4", "V2"});
    EXPECT_EQ(some.info.leads, (Names{"V2", "V4", "V6"}));
    EXPECT_EQ(some.other_leads, (Names{"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V3", "V5"}));
    EXPECT_EQ(some.info.samples, 5003U);
    EXPECT_TRUE(some.leads == std::vector({all.leads[7], all.leads[9], all.leads[11]}));
  }
}

// Any of them may turn out to be dead.
TEST(WantedLeads, KeepWhatALimbLeadMayFollowFrom) {
  const ecg::test::TemporaryFolder folder;
  WriteNoise(folder.path(), {"V1", "aVF", "aVR", "III", "V2"}, 10, SignalFileKind::kInt16);
  EXPECT_EQ(Read(folder.path(), {"V1", "I"}).info.leads, (Names{"V1", "aVF", "aVR", "III"}));
  EXPECT_EQ(Read(folder.path(), {"aVF"}).info.leads, (Names{"aVF", "aVR", "III"}));
  EXPECT_EQ(Read(folder.path(), {"V2", "V3"}).info.leads, Names{"V2"});
  // What is derived is the same as with all leads.
  record::EcgRecord all = Read(folder.path(), {}), some = Read(folder.path(), {"I", "II"});
  record::DeriveLimbLeads(all);
  record::DeriveLimbLeads(some);
  for (const char* lead : {"I", "II", "aVL"}) {
    EXPECT_EQ(some.leads[*record::LeadIndex(some.info, lead)],
              all.leads[*record::LeadIndex(all.info, lead)]);
  }
}

TEST(WantedLeads, MayBeMissing) {
  const ecg::test::TemporaryFolder folder;
  WriteNoise(folder.path(), {"II", "V1"}, 10, SignalFileKind::kInt16);
  const record::EcgRecord none = Read(folder.path(), {"V5", "MLII"});
  EXPECT_TRUE(none.leads.empty());
  EXPECT_EQ(none.info.samples, 10U);
  EXPECT_EQ(none.other_leads, (Names{"II", "V1"}));
}

TEST(WantedLeads, LeaveTheChecksOfTheOthers) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.dat", test::Pack(Format::kInt16, {5, 6, 7, 8}));
  test::WriteText(folder / "r.hea",
                  "r 2 100 2\nr.dat 16 1000/mV 16 0 5 12 0 I\nr.dat 16 1000/mV 16 0 6 99 0 V1\n");
  const record::EcgRecord record = Read(folder.path(), {"I"});
  EXPECT_EQ(record.warnings, formats::ReadEcg(folder / "r.hea")->warnings);
  ASSERT_EQ(record.warnings.size(), 1U);
  EXPECT_NE(record.warnings[0].find(":3: checksum"), std::string::npos);
}

TEST(WantedLeads, HaveTheRateOfTheWholeRecord) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.dat", test::Pack(Format::kInt16, {10, 30, 7, 50, 90, 8}));
  test::WriteText(folder / "r.hea",
                  "r 2 100 2\nr.dat 16x2 1/mV 16 0 10 180 0 V1\nr.dat 16 1/mV 16 0 7 15 0 V2\n");
  const record::EcgRecord record = Read(folder.path(), {"V1"});
  EXPECT_EQ(record.info.sampling_rate, 100);
  EXPECT_EQ(record.leads, (std::vector<std::vector<float>>{{20, 70}}));
}

// Memory that is used again must not show what was in it.
TEST(WantedLeads, TakeTheMemoryOfTheRecordBefore) {
  const ecg::test::TemporaryFolder folder;
  WriteNoise(folder.path(), {"I", "II"}, 100, SignalFileKind::kInt16);
  record::EcgRecord record;
  ASSERT_TRUE((*formats::Open(folder / "r.hea"))->Read({}, record).ok());
  test::WriteText(folder / "g.hea", "g/3 1 250 9\n~ 3\nr1 2\n~ 4\n");
  test::WriteText(folder / "r1.hea", "r1 1 250 2\nr1.dat 16 1/mV\n");
  test::WriteText(folder / "r1.dat", test::Pack(Format::kInt16, {4, 5}));
  ASSERT_TRUE((*formats::Open(folder / "g.hea"))->Read({}, record).ok());
  ASSERT_EQ(record.leads.size(), 1U);
  ASSERT_EQ(record.leads[0].size(), 9U);
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(std::isnan(record.leads[0][i]), i < 3 || i > 4) << i;
  }
  EXPECT_EQ(record.leads[0][4], 5);
}

#ifndef ECG_SANITIZED

TEST(WantedLeads, CostTheirSamplesAndLittleMore) {
  constexpr std::size_t kFrames = 1000000;
  constexpr double kMegabytesALead = 4.0 * kFrames / (1 << 20);
  for (const SignalFileKind kind :
       {SignalFileKind::kInt16, SignalFileKind::kMatlab, SignalFileKind::kFlac16}) {
    const ecg::test::TemporaryFolder folder;
    WriteNoise(folder.path(), kTwelve, kFrames, kind);
    EXPECT_LT(test::PeakMegabytes([&] { Read(folder.path(), {}); }), 12 * kMegabytesALead + 4);
    EXPECT_LT(test::PeakMegabytes([&] {
                Read(folder.path(), {"V1", "V6"});
              }),
              2 * kMegabytesALead + 4);
    // With a limb lead all six of them.
    EXPECT_LT(test::PeakMegabytes([&] {
                Read(folder.path(), {"I", "V6"});
              }),
              7 * kMegabytesALead + 4);
  }
}

// A machine that has not the memory for a record refuses that record.
TEST(WantedLeads, ThatDoNotFitIntoMemoryAreAnError) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.hea", "r 2 500 500000000\n~ 0 1/mV\n~ 0 1/mV\n");
  const auto read_with_little = [&] {
    const rlimit limit = {std::size_t{1} << 30, std::size_t{1} << 30};
    setrlimit(RLIMIT_AS, &limit);
    const auto file = formats::Open(folder / "r.hea");
    record::EcgRecord record;
    const Status read = (*file)->Read({}, record);
    if (!read.ok()) std::fputs(read.error().ToString().c_str(), stderr);
    std::_Exit(read.ok() ? 1 : 0);
  };
  EXPECT_EXIT(read_with_little(), testing::ExitedWithCode(0), "needs more memory than there is");
}

#endif

}  // namespace
}  // namespace ecg::wfdb
