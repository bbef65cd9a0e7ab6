
#include <algorithm>
#include <cmath>
#include <vector>

#include "ecg/core/text.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/record.h"
#include "ecg/record/reader.h"
#include "tests/formats/wfdb/pack.h"
#include "tests/support.h"

namespace ecg::wfdb {
namespace {

using Leads = std::vector<std::vector<float>>;

std::vector<std::filesystem::path> HeadersIn(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> headers;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".hea") headers.push_back(entry.path());
  }
  std::sort(headers.begin(), headers.end());
  return headers;
}

// All leads have all samples.
void ExpectWhole(const record::EcgRecord& record) {
  ASSERT_EQ(record.leads.size(), record.info.leads.size());
  for (const auto& lead : record.leads) EXPECT_EQ(lead.size(), record.info.samples);
}

void ExpectCleanRecords(const std::filesystem::path& folder, std::size_t count) {
  const auto headers = HeadersIn(folder);
  EXPECT_EQ(headers.size(), count);
  record::ReadOptions strict;
  strict.strict = true;
  for (const auto& header : headers) {
    const Result<record::EcgRecord> record = formats::ReadEcg(header, strict);
    ASSERT_TRUE(record.ok()) << record.error().ToString();
    EXPECT_TRUE(record->warnings.empty()) << record->warnings.front();
    EXPECT_EQ(record->info.name, header.stem().string());
    ExpectWhole(*record);
    const Result<record::EcgInfo> info = formats::ReadEcgInfo(header);
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

TEST(ReadEcg, ReadsLudbWithoutAWarning) {
  ECG_NEED_SHARED(unpacked, "data/ludb.tar.xz");
  ExpectCleanRecords(unpacked / "ludb", 100);
}

// What a header of one lead of two samples says, with the given info strings.
record::EcgInfo InfoFrom(const std::string& record_line, const std::string& info) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.hea", record_line + "\nr.dat 16 1000/mV 16 0 0 0 0 AVL\n" + info);
  const Result<record::EcgInfo> read = formats::ReadEcgInfo(folder / "r.hea");
  EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().ToString());
  return read.ok() ? *read : record::EcgInfo();
}

TEST(ReadEcgInfo, ReadsBothDialects) {
  const record::EcgInfo first = InfoFrom("A0001 1 500 7500 12-May-2020 12:33:59",
                                         "#Age: 74\n#Sex: Male\n#Dx: 59118001\n#Rx: Unknown\n");
  EXPECT_EQ(first.name, "A0001");
  EXPECT_EQ(first.sampling_rate, 500);
  EXPECT_EQ(first.samples, 7500U);
  EXPECT_EQ(first.leads, std::vector<std::string>{"aVL"});
  EXPECT_EQ(first.age, 74);
  EXPECT_EQ(first.sex, record::Sex::kMale);
  EXPECT_EQ(first.dx, std::vector<std::string>{"59118001"});
  const record::EcgInfo second =
      InfoFrom("JS00002.mat 1 500 5000", "# Age: 59\n# Sex: F\n# Dx: 426177001,164934002\n");
  EXPECT_EQ(second.name, "JS00002");
  EXPECT_EQ(second.age, 59);
  EXPECT_EQ(second.sex, record::Sex::kFemale);
  EXPECT_EQ(second.dx, (std::vector<std::string>{"426177001", "164934002"}));
  const record::EcgInfo ludb = InfoFrom("1 1 500 5000", "#<age>: 51\n#<sex>: F\n");
  EXPECT_EQ(ludb.age, 51);
  EXPECT_EQ(ludb.sex, record::Sex::kFemale);
}

TEST(ReadEcgInfo, LeavesOutWhatIsNotThere) {
  const record::EcgInfo info =
      InfoFrom("r 1 500", "#Age: NaN\n#Sex: Unknown\n#Dx: \n#Dx: 1,, 2 ,1,\n#Dx:3\n");
  EXPECT_FALSE(info.age.has_value());
  EXPECT_FALSE(info.sex.has_value());
  EXPECT_EQ(info.dx, (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(info.samples, 0U);
}

TEST(ReadEcgInfo, IsQuickWithManyDiagnoses) {
  std::string codes;
  for (int i = 0; i < 400000; ++i) codes += std::to_string(i) + ",";
  EXPECT_EQ(InfoFrom("r 1 500", "#Dx: " + codes + "\n").dx.size(), 100U);
}

TEST(ReadEcg, NormalisesUnitsToMillivolts) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.dat", test::Pack(Format::kInt16, {1500, 1500, 1500, 1500, 1500}));
  test::WriteText(folder / "r.hea",
                  "r 5 100 1\nr.dat 16 1000/MV\nr.dat 16 1/uV\nr.dat 16 1e6/V\n"
                  "r.dat 16 1/mmHg 16 0 1500 1500 0 ABP\nr.dat 16 0.001(500)/nV\n");
  const Result<record::EcgRecord> record = formats::ReadEcg(folder / "r.hea");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  ASSERT_EQ(record->leads.size(), 4U);
  EXPECT_FLOAT_EQ(record->leads[0][0], 1.5F);
  EXPECT_FLOAT_EQ(record->leads[1][0], 1.5F);
  EXPECT_FLOAT_EQ(record->leads[2][0], 1.5F);
  EXPECT_FLOAT_EQ(record->leads[3][0], 1.0F);
  ASSERT_EQ(record->warnings.size(), 1U);
  EXPECT_NE(record->warnings[0].find(":5: units: mmHg are no voltage, left out: ABP"),
            std::string::npos);
  EXPECT_EQ(record->unread_leads, std::vector<std::string>{"ABP: units mmHg"});
}

TEST(ReadEcg, NamesTheLeadsThatItLeavesOutForTheirUnits) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.dat", test::Pack(Format::kInt16, {1, 2, 3, 4}));
  test::WriteText(folder / "r.hea",
                  "r 4 100 1\nr.dat 16 1/adu 16 0 1 1 0 I\nr.dat 16 1/NU 16 0 2 2 0 RESP\n"
                  "r.dat 16 1/mVolt 16 0 3 3 0 V1\nr.dat 16 1/adu 16 0 4 4 0 AVR\n");
  record::EcgRecord record;
  for (int again = 0; again < 2; ++again) {
    ASSERT_TRUE((*formats::Open(folder / "r.hea"))->Read({}, record).ok());
    EXPECT_EQ(record.info.leads, std::vector<std::string>{"V1"});
    EXPECT_EQ(record.unread_leads,
              (std::vector<std::string>{"I: units adu", "RESP: units NU", "aVR: units adu"}));
    const std::string file = (folder / "r.hea").string();
    EXPECT_EQ(record.warnings,
              (std::vector<std::string>{file + ":3: units: NU are no voltage, left out: RESP",
                                        file + ":2: units: adu are no voltage, left out: I, aVR"}));
  }
}

TEST(ReadEcg, IsExactFarFromTheBaseline) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.dat", test::Pack(Format::kInt32, {2000000000, 2000000100}));
  test::WriteText(folder / "r.hea", "r 1 100 2\nr.dat 32 100(1999999900)/mV\n");
  const Result<record::EcgRecord> record = formats::ReadEcg(folder / "r.hea");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->leads, (Leads{{1, 2}}));
}

TEST(ReadEcg, AveragesFramesWhereRatesDiffer) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.dat", test::Pack(Format::kInt16, {10, 30, 7, 50, 90, 8}));
  test::WriteText(folder / "r.hea", "r 2 100 2\nr.dat 16x2 1/mV\nr.dat 16 1/mV\n");
  const Result<record::EcgRecord> mixed = formats::ReadEcg(folder / "r.hea");
  ASSERT_TRUE(mixed.ok()) << mixed.error().ToString();
  EXPECT_EQ(mixed->info.sampling_rate, 100);
  EXPECT_EQ(mixed->leads, (Leads{{20, 70}, {7, 8}}));
  test::WriteText(folder / "r.hea", "r 2 100 2\nr.dat 16x2 1/mV\nr.dat 16 1/mmHg\n");
  const Result<record::EcgRecord> alike = formats::ReadEcg(folder / "r.hea");
  ASSERT_TRUE(alike.ok());
  EXPECT_EQ(alike->info.sampling_rate, 200);
  EXPECT_EQ(alike->leads, (Leads{{10, 30, 50, 90}}));
}

TEST(ReadEcg, ChecksInitialValueAndChecksum) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.dat", test::Pack(Format::kInt16, {5, 6}));
  test::WriteText(folder / "r.hea", "r 1 100 2\nr.dat 16 1000/mV 16 0 4 12 0 I\n");
  const Result<record::EcgRecord> record = formats::ReadEcg(folder / "r.hea");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  const std::string at = (folder / "r.hea").string() + ":2: ";
  EXPECT_EQ(record->warnings,
            (std::vector<std::string>{at + "initial value: the header says 4, r.dat has 5",
                                      at + "checksum: the header says 12, r.dat has 11"}));
  record::ReadOptions strict;
  strict.strict = true;
  const Result<record::EcgRecord> refused = formats::ReadEcg(folder / "r.hea", strict);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().field, "initial value");
  EXPECT_EQ(refused.error().line, 2U);
}

TEST(ReadEcg, RefusesFilesThatAreTooShortOrNoFiles) {
  const ecg::test::TemporaryFolder folder;
  const auto error_of = [&](const std::string& header) {
    test::WriteText(folder / "r.hea", header);
    const Result<record::EcgRecord> record = formats::ReadEcg(folder / "r.hea");
    return record.ok() ? std::string("read") : record.error().ToString();
  };
  test::WriteText(folder / "r.dat", std::string(20, 'x'));
  EXPECT_EQ(error_of("r 1 100 10\nr.dat 16 1\n"), "read");
  EXPECT_NE(error_of("r 1 100 11\nr.dat 16 1\n").find("says 11 frames, r.dat holds 10"),
            std::string::npos);
  EXPECT_NE(error_of("r 1 100 4398046511104\nr.dat 16 1\n").find("memory: needs 18 TB"),
            std::string::npos);
  EXPECT_NE(error_of("r 1 100 11\nr.dat 16+9223372036854775807 1\n").find("holds 0"),
            std::string::npos);
  EXPECT_NE(error_of("r 1 100 11\nnone.dat 16 1\n").find("none.dat: cannot open"),
            std::string::npos);
  EXPECT_NE(error_of("r 1 100 11\nr.DAT 16 1\n").find("; r.dat lies beside it: is that what was "),
            std::string::npos);
  std::filesystem::create_directory(folder / "d.dat");
  EXPECT_NE(error_of("r 1 100 11\nd.dat 16 1\n").find("not a regular file"), std::string::npos);
  EXPECT_NE(error_of("r 1 100 1000000000000\n~ 0 1\n").find("memory: needs 4.0 TB"),
            std::string::npos);
  EXPECT_NE(error_of("r 1 100 10\nr.dat 516 1\n").find("FLAC"), std::string::npos);
}

TEST(ReadEcg, NullSignalsAndShortSkewsAreInvalid) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.dat", test::Pack(Format::kInt16, {1, 2, 3}));
  test::WriteText(folder / "r.hea", "r 2 100 3\n~ 0 1/mV\nr.dat 16:2 1/mV\n");
  const Result<record::EcgRecord> record = formats::ReadEcg(folder / "r.hea");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  for (const float value : record->leads[0]) EXPECT_TRUE(std::isnan(value));
  EXPECT_EQ(record->leads[1][0], 3);
  for (const std::size_t i : {1, 2}) EXPECT_TRUE(std::isnan(record->leads[1][i])) << i;
}

TEST(ReadEcg, JoinsSegmentsOfAVariableLayout) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "m.hea", "m/4 2 100 7\nlayout 0\na 2\n~ 2\nb 3\n");
  test::WriteText(folder / "layout.hea",
                  "layout 2 100 0\n~ 0 1000/mV 16 0 0 0 0 I\n~ 0 1000/mV 16 0 0 0 0 II\n");
  test::WriteText(folder / "a.dat", test::Pack(Format::kInt16, {10, 20}));
  test::WriteText(folder / "a.hea", "a 1 100 2\na.dat 16 10/mV 16 0 10 30 0 II\n");
  test::WriteText(folder / "b.dat", test::Pack(Format::kInt16, {1, 100, 2, 200, 3, 300}));
  test::WriteText(folder / "b.hea",
                  "b 2 100 3\nb.dat 16 1/uV 16 0 1 6 0 II\n"
                  "b.dat 16 100/mV 16 0 100 600 0 I\n");
  const Result<record::EcgRecord> record = formats::ReadEcg(folder / "m.hea");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_TRUE(record->warnings.empty());
  EXPECT_EQ(record->info.leads, (std::vector<std::string>{"I", "II"}));
  ExpectWhole(*record);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(std::isnan(record->leads[0][i]));
  EXPECT_FLOAT_EQ(record->leads[0][6], 3);
  EXPECT_FLOAT_EQ(record->leads[1][0], 1);
  EXPECT_FLOAT_EQ(record->leads[1][1], 2);
  EXPECT_TRUE(std::isnan(record->leads[1][2]));
  EXPECT_FLOAT_EQ(record->leads[1][6], 0.003F);
  const Result<Record> digital = ReadRecord(folder / "m.hea");
  ASSERT_TRUE(digital.ok());
  EXPECT_DOUBLE_EQ(digital->Physical(1)[1], 2);
  EXPECT_DOUBLE_EQ(digital->Physical(1)[6], 0.003);
}

// One sample a second of something else must not take the leads down to its rate.
TEST(ReadEcg, LeavesOutRatesOfNoEcgWhereRatesDiffer) {
  const ecg::test::TemporaryFolder folder;
  std::vector<std::int64_t> values(101, 7);
  for (std::size_t i = 0; i < 100; ++i) values[i] = static_cast<std::int64_t>(i);
  test::WriteText(folder / "a.dat", test::Pack(Format::kInt16, values));
  test::WriteText(folder / "a.hea",
                  "a 2 1 1\na.dat 16x100 10/mV 16 0 0 0 0 II\na.dat 16 10/mV 16 0 0 0 0 trend\n");
  const Result<record::EcgRecord> record = formats::ReadEcg(folder / "a.hea");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.leads, std::vector<std::string>{"II"});
  EXPECT_EQ(record->info.sampling_rate, 100);
  ASSERT_EQ(record->leads.at(0).size(), 100u);
  EXPECT_FLOAT_EQ(record->leads[0][99], 9.9F);
  EXPECT_EQ(record->unread_leads, std::vector<std::string>{"trend: 1 Hz"});
  EXPECT_NE(Join(record->warnings, "\n")
                .find("a.hea:3: sampling frequency: 1 Hz is the rate of no ECG, left out: trend"),
            std::string::npos);
  // Where all have the same, whoever wants an ECG refuses it; the samples can be had.
  test::WriteText(folder / "b.hea", "b 1 1 101\na.dat 16 10/mV 16 0 0 0 0 II\n");
  const Result<record::EcgRecord> slow = formats::ReadEcg(folder / "b.hea");
  ASSERT_TRUE(slow.ok()) << slow.error().ToString();
  EXPECT_EQ(slow->info.sampling_rate, 1);
  // Where they differ and none is that of an ECG, there is no lead.
  test::WriteText(folder / "c.hea",
                  "c 2 100000 1\na.dat 16x100 10/mV 16 0 0 0 0 II\n~ 0x2 10/mV 16 0 0 0 0 V1\n");
  const Result<record::EcgRecord> fast = formats::ReadEcg(folder / "c.hea");
  ASSERT_TRUE(fast.ok()) << fast.error().ToString();
  EXPECT_TRUE(fast->info.leads.empty());
}

// What reading will take must be known before, also where the header does not say it.
TEST(ReadEcg, TellsTheLengthOfFilesBeforeTheyAreRead) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "a.dat", test::Pack(Format::kInt16, std::vector<std::int64_t>(90, 5)));
  test::WriteText(folder / "a.hea", "a 2 100\na.dat 16x2 10/mV 16 0 0 0 0 II\na.dat 16 10/mV\n");
  EXPECT_EQ(formats::ReadEcgInfo(folder / "a.hea")->samples, 30u);
  test::WriteText(folder / "b.hea", "b 1 100\nmissing.dat 16 10/mV 16 0 0 0 0 II\n");
  EXPECT_EQ(formats::ReadEcgInfo(folder / "b.hea")->samples, 0u);
  EXPECT_FALSE(formats::ReadEcg(folder / "b.hea").ok());
}

// Frames of a million samples are averaged in the memory of what comes of them.
TEST(ReadEcg, AveragesWithoutKeepingTheFrames) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "a.hea",
                  "a 2 100 600\n~ 0 10/mV 16 0 0 0 0 II\n~ 0x1000 10/mV 16 0 0 0 0 V1\n");
  test::WriteText(folder / "wide.hea",
                  "wide 2 100 100000000\n~ 0 10/mV 16 0 0 0 0 II\n~ 0x9 10/mV 16 0 0 0 0 V1\n");
  EXPECT_EQ(formats::ReadEcg(folder / "a.hea")->leads.at(1).size(), 600u);
  EXPECT_EQ(formats::ReadEcg(folder / "wide.hea").error().ToString(),
            (folder / "wide.hea").string() +
                ": memory: needs 800 MB; of files of 0.1 kB no more than 269 MB is made");
}

// The example of header(5): a segment, nothing, and the segment again.
TEST(ReadEcg, ReadsASegmentThatOccursTwice) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "m.hea", "m/3 1 100 5\na 2\nnull 1\na 2\n");
  test::WriteText(folder / "null.hea", "null 1 100 1\n~ 0 10/mV\n");
  test::WriteText(folder / "a.dat", test::Pack(Format::kInt16, {7, 10, 20}));
  test::WriteText(folder / "a.hea", "a 1 100 2\na.dat 16:1 10/mV\n");
  const Result<record::EcgRecord> record = formats::ReadEcg(folder / "m.hea");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  const std::vector<float>& lead = record->leads.at(0);
  ASSERT_EQ(lead.size(), 5U);
  EXPECT_EQ((std::vector<float>{lead[0], lead[1], lead[3], lead[4]}),
            (std::vector<float>{1, 2, 1, 2}));
  EXPECT_TRUE(std::isnan(lead[2]));
}

// A small header could ask for the same samples any number of times.
TEST(ReadEcg, BoundsHowOftenASegmentOccurs) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "a.dat", test::Pack(Format::kInt16, std::vector<std::int64_t>(1001, 5)));
  test::WriteText(folder / "a.hea", "a 1 100 1\na.dat 16:1000 10/mV\n");
  const auto error_of = [&](int times, std::uint64_t limit) {
    std::string header = "m/" + std::to_string(times) + " 1 100\n";
    for (int i = 0; i < times; ++i) header += "a 1\n";
    test::WriteText(folder / "m.hea", header);
    record::ReadOptions options;
    options.max_samples = limit;
    const Result<record::EcgRecord> record = formats::ReadEcg(folder / "m.hea", options);
    return record.ok() ? std::string("read") : record.error().ToString();
  };
  EXPECT_EQ(error_of(10, 10010), "read");
  EXPECT_NE(error_of(10, 10009).find("more than the limit"), std::string::npos);
  EXPECT_NE(error_of(3000, 1 << 30).find("more than 2048 segments"), std::string::npos);
}

TEST(ReadEcg, RefusesSegmentsThatDoNotFit) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "a.dat", test::Pack(Format::kInt16, {10, 20}));
  test::WriteText(folder / "a.hea", "a 1 100 2\na.dat 16 10/mV\n");
  test::WriteText(folder / "n.hea", "n/1 1 100\na 2\n");
  test::WriteText(folder / "fast.hea", "fast 1 200 2\na.dat 16 10/mV\n");
  const auto error_of = [&](const std::string& header) {
    test::WriteText(folder / "m.hea", header);
    const Result<record::EcgRecord> record = formats::ReadEcg(folder / "m.hea");
    return record.ok() ? std::string("read") : record.error().ToString();
  };
  EXPECT_EQ(error_of("m/2 1 100\na 2\n~ 5\n"), "read");
  EXPECT_NE(error_of("m/1 1 100\na 3\n").find("number of samples"), std::string::npos);
  EXPECT_NE(error_of("m/1 1 100\nfast 2\n").find("sampling frequency"), std::string::npos);
  EXPECT_NE(error_of("m/1 1 100\nn 2\n").find("has segments itself"), std::string::npos);
  EXPECT_NE(error_of("m/1 1 100\nm 2\n").find("has segments itself"), std::string::npos);
  EXPECT_EQ(error_of("m/3 1 100\na 2\n~ 1\na 2\n"), "read");
  EXPECT_NE(error_of("m/3 1 100\na 2\nm 2\na 2\n").find("m has segments itself"),
            std::string::npos);
  EXPECT_NE(error_of("m/1 2 100\na 2\n").find("number of signals"), std::string::npos);
  EXPECT_NE(error_of("m/1 1 100\n~ 2\n").find("at least one"), std::string::npos);
  EXPECT_NE(error_of("m/2 1 100\na 2\n~ 1000000000000\n").find("memory: needs 4.0 TB"),
            std::string::npos);
}

}  // namespace
}  // namespace ecg::wfdb
