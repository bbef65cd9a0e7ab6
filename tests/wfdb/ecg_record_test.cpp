#include "ecg/wfdb/ecg_record.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/support.h"

namespace ecg::wfdb {
namespace {

std::vector<std::filesystem::path> HeadersIn(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> headers;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".hea") headers.push_back(entry.path());
  }
  std::sort(headers.begin(), headers.end());
  return headers;
}

void ExpectCleanRecords(const std::filesystem::path& folder, std::size_t count) {
  const auto headers = HeadersIn(folder);
  EXPECT_EQ(headers.size(), count);
  ReadOptions strict;
  strict.strict = true;
  for (const auto& header : headers) {
    const Result<EcgRecord> record = ReadEcg(header, strict);
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    EXPECT_TRUE(record->warnings.empty()) << record->warnings.front();
    EXPECT_EQ(record->info.name, header.stem().string());
    EXPECT_EQ(record->signal.size(), record->info.leads.size() * record->info.samples);
    const Result<EcgInfo> info = ReadEcgInfo(header);
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->samples, record->info.samples);
    EXPECT_EQ(info->leads, record->info.leads);
  }
}

TEST(ReadEcg, ReadsTheChallengesRecordsWithoutAWarning) {
  ECG_NEED_SHARED(folder, "data/ecg_small.tar.xz");
  ExpectCleanRecords(folder, 65);
}

TEST(ReadEcg, ReadsReducedLeadSets) {
  ECG_NEED_SHARED(folder, "data/reduced_leads.tar.xz");
  ExpectCleanRecords(folder, 205);
}

TEST(ReadEcg, ReadsTheDialectsOfTheWild) {
  ECG_NEED_SHARED(folder, "data/header_dialects.tar.xz");
  ExpectCleanRecords(folder, 31);
}

TEST(CanonicalLead, KnowsTheTwelve) {
  EXPECT_EQ(CanonicalLead("AVR"), "aVR");
  EXPECT_EQ(CanonicalLead("avl"), "aVL");
  EXPECT_EQ(CanonicalLead(" v1\r"), "V1");
  EXPECT_EQ(CanonicalLead("iii"), "III");
  EXPECT_EQ(CanonicalLead("MLII"), "MLII");
  EXPECT_EQ(CanonicalLead(" V7 "), "V7");
}

}  // namespace
}  // namespace ecg::wfdb
