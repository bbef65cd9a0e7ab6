// Recordings through every format that is written, and back by our readers.
#include "ecg/formats/writers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/record.h"
#include "tests/support.h"

namespace ecg::formats {
namespace {

constexpr Target kTargets[] = {Target::kWfdb16,  Target::kWfdb212, Target::kWfdb516,
                               Target::kWfdbMat, Target::kEdf,     Target::kCsv,
                               Target::kNumpy};
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Two leads of steps of 5 uV within 12 bits, and all that may be known of a recording.
record::EcgRecord MadeRecord(std::size_t samples = 1000, double rate = 500) {
  record::EcgRecord record;
  record::EcgInfo& info = record.info;
  info.sampling_rate = rate;
  info.samples = samples;
  info.leads = {"aVR", "MLII"};
  info.age = 64.5;
  info.sex = record::Sex::kFemale;
  info.dx = {"426783006", "59118001"};
  info.statements = {"sinus rhythm", "ST: lower than before"};
  info.source = "PTB-XL";
  info.patient_id = "P-17";
  info.acquisition.date = record::Date{2019, 3, 7};
  info.acquisition.time = 45296.25;
  info.acquisition.device = "MAC5000";
  info.acquisition.filters = "0.05-150 Hz";
  for (int lead = 0; lead < 2; ++lead) {
    std::vector<float>& values = record.leads.emplace_back();
    for (std::size_t i = 0; i < samples; ++i) {
      const double wave = std::sin(0.01 * static_cast<double>(i) + lead) * 400;
      values.push_back(static_cast<float>(std::round(wave)) * 0.005F);
    }
  }
  return record;
}

class WritersTest : public testing::Test {
 protected:
  // Writes a recording as r and its endings, and returns what was lost on the way.
  std::vector<std::string> WriteIt(const record::EcgRecord& record, Target target) {
    const record::WrittenRecord written = Write(record, "r", target).value();
    std::vector<std::string> endings = EndingsOf(target, record.info.leads.size());
    EXPECT_EQ(written.files.size(), endings.size());
    for (const record::WrittenRecord::File& file : written.files) {
      EXPECT_TRUE(Contains(endings, file.ending)) << file.ending;
      WriteFileAtomic(folder_ / ("r" + file.ending), file.bytes, Durability::kCached).value();
    }
    path_ = folder_ / ("r" + (endings.back() == ".json" ? endings.front() : endings.back()));
    return written.lost;
  }

  record::EcgRecord Back() const { return ReadEcg(path_).value(); }

  test::TemporaryFolder folder_;
  std::filesystem::path path_;
};

bool SameBits(const std::vector<float>& a, const std::vector<float>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

// The largest difference between two recordings, in units of a float's last bit; samples that only
// one of them has count as infinitely far.
double Ulps(const record::EcgRecord& a, const record::EcgRecord& b) {
  double most = 0;
  for (std::size_t k = 0; k < a.leads.size(); ++k) {
    if (b.leads[k].size() < a.leads[k].size()) return INFINITY;
    for (std::size_t i = 0; i < a.leads[k].size(); ++i) {
      const float x = a.leads[k][i], y = b.leads[k][i];
      if (std::isnan(x) && std::isnan(y)) continue;
      if (x == y) continue;
      if (!std::isfinite(x) || !std::isfinite(y)) return INFINITY;
      const float next = std::nextafter(std::abs(x), INFINITY) - std::abs(x);
      most = std::max(most, static_cast<double>(std::abs(x - y)) / static_cast<double>(next));
    }
  }
  return most;
}

TEST_F(WritersTest, KeepSamplesAndAllThatIsKnown) {
  const record::EcgRecord record = MadeRecord();
  for (const Target target : kTargets) {
    SCOPED_TRACE(NameOf(target));
    EXPECT_TRUE(WriteIt(record, target).empty());
    const record::EcgRecord back = Back();
    EXPECT_EQ(back.info.leads, record.info.leads);
    EXPECT_EQ(back.info.sampling_rate, record.info.sampling_rate);
    EXPECT_EQ(back.info.samples, record.info.samples);
    EXPECT_EQ(back.info.age, record.info.age);
    EXPECT_EQ(back.info.sex, record.info.sex);
    EXPECT_EQ(back.info.dx, record.info.dx);
    EXPECT_EQ(back.info.statements, record.info.statements);
    EXPECT_EQ(back.info.source, record.info.source);
    EXPECT_EQ(back.info.patient_id, record.info.patient_id);
    EXPECT_EQ(back.info.acquisition.device, record.info.acquisition.device);
    EXPECT_EQ(back.info.acquisition.filters, record.info.acquisition.filters);
    EXPECT_LE(Ulps(record, back), target == Target::kEdf ? 1 : 0);
    if (target == Target::kCsv || target == Target::kNumpy) continue;
    ASSERT_TRUE(back.info.acquisition.date);
    EXPECT_EQ(back.info.acquisition.date->year, 2019);
    const double start = target == Target::kEdf ? 45296 : 45296.25;
    EXPECT_EQ(back.info.acquisition.time, start);
    EXPECT_TRUE(back.warnings.empty());
  }
}

TEST_F(WritersTest, MarkInvalidSamplesWhereTheFormatCan) {
  record::EcgRecord record = MadeRecord();
  record.leads[1][0] = record.leads[1][7] = kNan;
  std::fill(record.leads[0].begin(), record.leads[0].end(), kNan);
  for (const Target target : kTargets) {
    SCOPED_TRACE(NameOf(target));
    const std::vector<std::string> lost = WriteIt(record, target);
    const record::EcgRecord back = Back();
    if (target == Target::kEdf) {
      ASSERT_EQ(lost.size(), 1U);
      EXPECT_NE(lost[0].find("0 mV"), std::string::npos);
      EXPECT_EQ(back.leads[1][7], 0);
      continue;
    }
    EXPECT_TRUE(lost.empty());
    EXPECT_TRUE(SameBits(back.leads[0], record.leads[0]));
    EXPECT_TRUE(SameBits(back.leads[1], record.leads[1]));
  }
}

TEST_F(WritersTest, TakeAnyRateAndLength) {
  for (const double rate : {500.0, 257.0, 360.0, 128.5, 333.333, 1000.0 / 3, 100.0}) {
    for (const std::size_t samples : {150, 997, 4999, 5000, 15013}) {
      const record::EcgRecord record = MadeRecord(samples, rate);
      for (const Target target : kTargets) {
        SCOPED_TRACE(NameOf(target) + " " + FormatDouble(rate) + " " + std::to_string(samples));
        const std::vector<std::string> lost = WriteIt(record, target);
        const record::EcgRecord back = Back();
        EXPECT_NEAR(back.info.sampling_rate, rate, 2e-6 * rate);
        EXPECT_LE(Ulps(record, back), 1);
        // EDF says where it pads.
        EXPECT_EQ(back.info.samples != samples,
                  std::any_of(lost.begin(), lost.end(), [](const std::string& what) {
                    return what.find("repeated") != std::string::npos;
                  }));
        if (back.info.samples == samples) continue;
        EXPECT_EQ(back.leads[0].back(), back.leads[0][samples - 1]);
        EXPECT_LT(static_cast<double>(back.info.samples - samples), 10 * rate);
      }
    }
  }
}

TEST_F(WritersTest, TakeHostileNamesAndTexts) {
  record::EcgRecord record = MadeRecord();
  record.info.leads = {"a,b;\"c\" (x)", "\x1b[31mV1\n"};
  record.info.statements = {"two\nlines\x14 and \x1b[31m", std::string(3000, 'x'), "#", "Dx: 1"};
  record.info.acquisition.device = "a b\nc \xC3\xA9" + std::string(200, 'y');
  record.info.acquisition.filters = std::string(300, 'z');
  record.info.patient_id = "  =1+1 ";
  for (const Target target : kTargets) {
    SCOPED_TRACE(NameOf(target));
    const std::vector<std::string> lost = WriteIt(record, target);
    const record::EcgRecord back = Back();
    EXPECT_EQ(back.leads.size(), 2U);
    EXPECT_EQ(back.info.samples, record.info.samples);
    EXPECT_LE(Ulps(record, back), 1);
    EXPECT_EQ(lost.empty(), target != Target::kEdf && target != Target::kCsv);
    if (target != Target::kNumpy && target != Target::kEdf) {
      EXPECT_EQ(ReadFile(path_)->find('\x1b'), std::string::npos);
    }
  }
  for (const std::string name : {"a b", "", "..", "a/b", "a\nb"}) {
    EXPECT_FALSE(Write(record, name, Target::kWfdb16).ok()) << name;
  }
}

TEST_F(WritersTest, ShortTablesAreKnownTooAndNoLeadIsTakenForAnnotations) {
  record::EcgRecord record = MadeRecord(5);
  EXPECT_TRUE(WriteIt(record, Target::kCsv).empty());
  EXPECT_EQ(Ulps(record, Back()), 0);
  record.info.leads = {"EDF Annotations", "BDF Annotations "};
  EXPECT_EQ(WriteIt(record, Target::kEdf).size(), 1U);
  EXPECT_EQ(Back().leads.size(), 2U);
}

TEST_F(WritersTest, RefuseWhatHoldsNothing) {
  record::EcgRecord record = MadeRecord(0);
  for (const Target target : kTargets) EXPECT_FALSE(Write(record, "r", target).ok());
  record = MadeRecord();
  record.leads.clear();
  record.info.leads.clear();
  record.unread_leads = {"I: units adu"};
  const auto error = Write(record, "r", Target::kEdf);
  ASSERT_FALSE(error.ok());
  EXPECT_NE(error.error().message.find("adu"), std::string::npos);
}

TEST_F(WritersTest, SayWhatIsLeftOut) {
  record::EcgRecord record = MadeRecord();
  record.other_waveforms.emplace_back();
  record.unread_leads = {"pleth: units NU"};
  record.leads[0][3] = 31.0F;
  EXPECT_EQ(WriteIt(record, Target::kWfdb212).size(), 3U);
  EXPECT_EQ(WriteIt(record, Target::kWfdb16).size(), 2U);
}

// The fields of the header where the specification has them.
TEST_F(WritersTest, EdfIsWhatTheSpecificationSays) {
  record::EcgRecord record = MadeRecord(1500);
  WriteIt(record, Target::kEdf);
  std::string bytes = ReadFile(path_).value();
  const auto field = [&](std::size_t at, std::size_t width) {
    return std::string(Trim(bytes.substr(at, width)));
  };
  EXPECT_EQ(field(0, 8), "0");
  EXPECT_EQ(field(8, 80), "P-17 F X X age=64.5");
  EXPECT_EQ(field(88, 80), "Startdate 07-MAR-2019 X X MAC5000");
  EXPECT_EQ(field(168, 16), "07.03.1912.34.56");
  EXPECT_EQ(field(184, 8), "1024");
  EXPECT_EQ(field(192, 44), "EDF+C");
  EXPECT_EQ(field(236, 8), "3");
  EXPECT_EQ(field(244, 8), "1");
  EXPECT_EQ(field(252, 4), "3");
  EXPECT_EQ(field(256, 16), "ECG aVR");
  EXPECT_EQ(field(272, 16), "MLII");
  EXPECT_EQ(field(288, 16), "EDF Annotations");
  // The first annotation tells the fraction of a second that the header cannot.
  const std::string end("\x14\0", 2);
  EXPECT_NE(bytes.find("+0.25\x14" + end + "+0\x14" + "Dx: 426783006,59118001" + end),
            std::string::npos);
  EXPECT_NE(bytes.find(std::string("+2.25\x14\x14\0", 8)), std::string::npos);
  record.info.acquisition = {};
  record.info.patient_id.clear();
  record.info.sex.reset();
  record.info.age.reset();
  WriteIt(record, Target::kEdf);
  bytes = ReadFile(path_).value();
  EXPECT_EQ(field(8, 80), "X X X X");
  EXPECT_EQ(field(88, 80), "Startdate X X X X");
  EXPECT_EQ(field(168, 16), "01.01.8500.00.00");
  const record::EcgRecord back = Back();
  EXPECT_TRUE(back.info.acquisition.Start().empty());
  EXPECT_TRUE(back.info.patient_id.empty());
}

// Of real recordings WFDB's formats of 16 bits give back every bit, and others what they got.
TEST_F(WritersTest, GiveBackRealRecords) {
  ECG_NEED_SHARED(records, "data/ecg_small.tar.xz");
  std::size_t samples = 0, count = 0;
  double most = 0;
  const Listing listing = ListRecords(records).value();
  for (const std::string& name : listing.records) {
    const record::EcgRecord record = ReadEcg(records / name).value();
    for (const Target target : kTargets) {
      if (target == Target::kWfdb212) continue;
      WriteIt(record, target);
      const record::EcgRecord back = Back();
      ASSERT_EQ(back.info.leads, record.info.leads) << name;
      EXPECT_EQ(back.info.dx, record.info.dx);
      const double ulps = Ulps(record, back);
      most = std::max(most, ulps);
      EXPECT_LE(ulps, target == Target::kEdf ? 1 : 0) << name << " " << NameOf(target);
      // EDF holds the very same counts, as WFDB shows that is written from it.
      if (target != Target::kEdf) continue;
      WriteIt(back, Target::kWfdb16);
      const wfdb::Record again = wfdb::ReadRecord(path_).value();
      const wfdb::Record before = wfdb::ReadRecord(records / name).value();
      for (std::size_t k = 0; k < again.digital.size(); ++k) {
        const std::vector<double> a = before.Physical(k), b = again.Physical(k);
        ASSERT_TRUE(std::equal(a.begin(), a.end(), b.begin())) << name << " " << k;
      }
    }
    samples += record.info.samples * record.leads.size();
    ++count;
  }
  std::printf("%zu recordings, %zu samples, EDF within %g ulp\n", count, samples, most);
}

TEST_F(WritersTest, GiveBackPublicFiles) {
  ECG_NEED_SHARED(folder, "data/formats_public.tar.xz");
  std::size_t count = 0, exact = 0;
  const Listing listing = ListRecords(folder).value();
  for (const std::string& name : listing.records) {
    const auto record = ReadEcg(folder / name);
    if (!record.ok() || record->leads.empty()) continue;
    for (const Target target : {Target::kWfdb16, Target::kEdf, Target::kCsv, Target::kNumpy}) {
      SCOPED_TRACE(name + " " + NameOf(target));
      const std::vector<std::string> lost = WriteIt(*record, target);
      const bool rounded = std::any_of(lost.begin(), lost.end(), [](const std::string& what) {
        return what.find("rounded") != std::string::npos || what.find("0 mV") != std::string::npos;
      });
      const record::EcgRecord back = Back();
      ASSERT_EQ(back.leads.size(), record->leads.size());
      EXPECT_NEAR(back.info.sampling_rate, record->info.sampling_rate, 1e-6);
      EXPECT_TRUE(rounded || Ulps(*record, back) <= 2) << Ulps(*record, back);
      ++count;
      exact += rounded ? 0 : 1;
    }
  }
  EXPECT_GT(count, 80U);
  std::printf("%zu conversions, %zu exact\n", count, exact);
}

}  // namespace
}  // namespace ecg::formats
