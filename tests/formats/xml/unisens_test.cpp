#include <gtest/gtest.h>

#include <algorithm>

#include "ecg/formats/registry.h"
#include "ecg/formats/xml/reader.h"
#include "tests/formats/numpy/npy_file.h"
#include "tests/formats/reader_kit.h"
#include "tests/formats/wfdb/pack.h"
#include "tests/formats/xml/documents.h"
#include "tests/support.h"

namespace ecg::xml {
namespace {

using ecg::test::ErrorOf;
using ecg::test::TemporaryFolder;
using ecg::wfdb::test::WriteText;

const std::string kSamples("\x64\0\x65\0\x66\0\x60\0\x00\x80\xFF\x7F", 12);

TEST(Unisens, ReadsBinarySignals) {
  const TemporaryFolder folder;
  WriteText(folder / "ecg.bin", kSamples);
  WriteText(folder / "unisens.xml", test::Unisens(test::UnisensBinary("ecg.bin")));
  const auto record = formats::ReadEcg(folder / "unisens.xml");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.format, "Unisens");
  EXPECT_EQ(record->info.name, folder.path().filename().string());
  EXPECT_EQ(record->info.sampling_rate, 200);
  EXPECT_EQ(record->info.leads, (std::vector<std::string>{"II", "V1"}));
  EXPECT_EQ(record->leads[0], (std::vector<float>{0, 1, (-32768 - 100) / 2.0F}));
  EXPECT_EQ(record->leads[1], (std::vector<float>{0.5F, -2, (32767 - 100) / 2.0F}));
  EXPECT_EQ(record->info.age, 41);
  EXPECT_EQ(record->info.sex, record::Sex::kFemale);
  EXPECT_EQ(record->info.acquisition.Start().substr(0, 19), "2008-07-04 13:27:57");
}

TEST(Unisens, ReadsEitherByteOrder) {
  const TemporaryFolder folder;
  std::string swapped = kSamples;
  for (std::size_t i = 0; i < swapped.size(); i += 2) std::swap(swapped[i], swapped[i + 1]);
  WriteText(folder / "ecg.bin", swapped);
  WriteText(folder / "unisens.xml", test::Unisens(test::UnisensBinary("ecg.bin", "BIG")));
  const auto record = formats::ReadEcg(folder / "unisens.xml");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->leads[1][1], -2);
}

TEST(Unisens, ReadsTables) {
  const TemporaryFolder folder;
  WriteText(folder / "ecg.csv", "1,5\r\n-20;7\r\n3e2");
  WriteText(folder / "unisens.xml", test::Unisens(test::UnisensTable("ecg.csv")));
  const auto record = formats::ReadEcg(folder / "unisens.xml");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->leads[0], (std::vector<float>{0.0015F, -0.02F, 0.3F}));
  WriteText(folder / "ecg.csv", "1\nx\n");
  const auto refused = formats::ReadEcg(folder / "unisens.xml");
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().ToString().find("ecg.csv:2: column 1"), std::string::npos)
      << refused.error().ToString();
}

TEST(Unisens, AFolderIsOneRecording) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "r");
  WriteText(folder / "r/ecg.bin", kSamples);
  WriteText(folder / "r/acc.csv", "1\n2\n");
  WriteText(folder / "r/emg.csv", "1\n2\n");
  WriteText(folder / "r/unisens.xml",
            test::Unisens(test::UnisensTable("emg.csv", "EMG") + test::UnisensBinary("ecg.bin") +
                          test::UnisensTable("acc.csv", "ACC", "g")));
  WriteText(folder / "other.npz", ecg::numpy::test::MadeArchive());
  EXPECT_EQ(formats::ListRecords(folder.path())->records,
            (std::vector<std::string>{"other.npz", "r/unisens.xml"}));
  const auto file = formats::Open(folder / "r/unisens.xml");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_EQ((*file)->Files()->size(), 4U);
  record::EcgRecord record;
  ASSERT_TRUE((*file)->Read({}, record).ok());
  EXPECT_EQ(record.info.leads, (std::vector<std::string>{"II", "V1"}));
  ASSERT_EQ(record.other_waveforms.size(), 1U);
  EXPECT_EQ(record.other_waveforms[0].kind, "emg");
  EXPECT_EQ(record.unread_leads, (std::vector<std::string>{"I: units g"}));
}

TEST(Unisens, IsRefusedForAReason) {
  const auto error_of = [](const std::string& entry) {
    return ErrorOf(UnisensReader(), test::Unisens(entry));
  };
  for (const char* id : {"", "..", "../r.bin", "/etc/passwd"}) {
    EXPECT_NE(error_of(test::UnisensBinary(id)).find("signalEntry id"), std::string::npos) << id;
  }
  EXPECT_NE(error_of(test::UnisensBinary("r.bin", "LITTLE", "")).find("--units"), std::string::npos)
      << "counts of no stated value";
  EXPECT_NE(error_of(test::UnisensBinary("r.bin", "LITTLE", "lsbValue=\"x\"")).find("lsbValue"),
            std::string::npos);
  EXPECT_NE(error_of("").find("no rhythm"), std::string::npos);
  EXPECT_NE(error_of(test::UnisensBinary("gone.bin")), "(no error)");
}

// The signals are the header's own bytes.
TEST(Unisens, DamagedFilesAreReadOrRefused) {
  ecg::test::ExpectDamagedAreReadOrRefused(UnisensReader(),
                                           {test::Unisens(test::UnisensBinary("r.bin")),
                                            test::Unisens(test::UnisensBinary("r.bin", "BIG"))},
                                           true);
}

}  // namespace
}  // namespace ecg::xml
