#include "ecg/formats/registry.h"

#include <gtest/gtest.h>

#include <string>

#include "ecg/core/file.h"
#include "ecg/data/records/record_selection.h"
#include "tests/formats/edf/edf_file.h"
#include "tests/formats/numpy/npy_file.h"
#include "tests/formats/xml/documents.h"
#include "tests/support.h"

namespace ecg::formats {
namespace {

using ecg::test::TemporaryFolder;

std::string EdfBytes() {
  edf::test::MadeFile file;
  file.signals.push_back(
      {"ECG II", "uV", "-1000", "1000", "-2000", "2000", {edf::test::Samples({2, 4})}});
  return file.Bytes();
}

std::string Numbers(int rows) {
  std::string text = "II (mV)\n";
  for (int i = 0; i < rows; ++i) text += std::to_string(i % 7) + ".5\n";
  return text;
}

void Write(const TemporaryFolder& folder, const std::string& name, const std::string& bytes) {
  WriteFileAtomic(folder / name, bytes, Durability::kCached).value();
}

TEST(ListRecords, FindsEveryKindByContentAndCountsTheRest) {
  const TemporaryFolder folder;
  ecg::test::WriteRecord(folder.path(), {});  // A0001.hea, .mat
  Write(folder, "A0001.atr", "annotations");
  Write(folder, "A0001.edf", EdfBytes());  // belongs to A0001.hea
  Write(folder, "sub/b.edf", EdfBytes());
  Write(folder, "sub/b.xml",
        xml::test::Muse(xml::test::MuseWaveform("Rhythm", {"I"}, std::vector<int>{1})));
  Write(folder, "sub/b.notes", "beside a recording of its name");
  Write(folder, "strange.name", EdfBytes());
  Write(folder, "numbers.csv", Numbers(100));
  Write(folder, "numbers.log", Numbers(100));
  Write(folder, "labels.csv", "record,AF\nA0001,1\n");
  Write(folder, "page.PDF", "%PDF-1.4");
  Write(folder, "other.pdf", "%PDF-1.4");
  Write(folder, "README", "text");
  const Result<Listing> listing = ListRecords(folder.path());
  ASSERT_TRUE(listing.ok()) << listing.error().ToString();
  EXPECT_EQ(listing->records, (std::vector<std::string>{"A0001.hea", "numbers.csv", "strange.name",
                                                        "sub/b.edf", "sub/b.xml"}));
  EXPECT_EQ(listing->PassedOver(),
            "4 files of other kinds were passed over: 2 pdf, 1 csv, 1 without an ending");
}

TEST(ListRecords, TakesOneFormatWhereItIsTold) {
  const TemporaryFolder folder;
  ecg::test::WriteRecord(folder.path(), {});
  Write(folder, "b.edf", EdfBytes());
  record::OpenOptions told;
  told.format = "wfdb";
  EXPECT_EQ(ListRecords(folder.path(), told)->records, std::vector<std::string>{"A0001.hea"});
  told.format = "mp3";
  EXPECT_NE(ListRecords(folder.path(), told).error().message.find("EDF"), std::string::npos);
}

TEST(ListRecords, SaysWhatItFoundInstead) {
  const TemporaryFolder folder;
  Write(folder, "page.pdf", "%PDF-1.4");
  const std::string error = ListRecords(folder.path()).error().message;
  EXPECT_NE(error.find("1 file of other kinds was passed over: 1 pdf"), std::string::npos) << error;
}

TEST(SelectRecords, KeepsTheEndingWhereNothingElseDiffers) {
  const TemporaryFolder folder;
  Write(folder, "b.edf", EdfBytes());
  Write(folder, "b.xml", xml::test::Muse(""));
  Write(folder, "c.edf", EdfBytes());
  Write(folder, "d.pdf", "%PDF-1.4");
  data::RecordInputs inputs(folder.path());
  std::string note;
  inputs.note = [&](const std::string& text) { note = text; };
  const auto records = data::SelectRecords(inputs).value();
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].id, "b.edf");
  EXPECT_EQ(records[1].id, "b.xml");
  EXPECT_EQ(records[2].id, "c");
  EXPECT_NE(note.find("1 pdf"), std::string::npos);
}

TEST(Open, GoesByContentWhateverTheName) {
  const TemporaryFolder folder;
  Write(folder, "a.csv", EdfBytes());
  EXPECT_EQ(ReadEcgInfo(folder / "a.csv")->format, "EDF");
  Write(folder, "a.edf", Numbers(100));
  record::OpenOptions told;
  told.sampling_rate = 500;
  EXPECT_EQ(ReadEcgInfo(folder / "a.edf", told)->format, "CSV");
  told.format = "edf";
  EXPECT_FALSE(ReadEcgInfo(folder / "a.edf", told).ok());
}

TEST(Open, SaysWhereTheEndingDecided) {
  // A line of two numbers may be the first of a header of WFDB, too.
  std::string text;
  for (int i = 0; i < 100; ++i) text += "12 1\n";
  const TemporaryFolder folder;
  Write(folder, "a.txt", text);
  Write(folder, "a.dat", text);
  record::OpenOptions told;
  told.sampling_rate = 500;
  told.units = "uV";
  told.leads = {"I", "II"};
  const auto record = ReadEcg(folder / "a.txt", {}, told);
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  ASSERT_FALSE(record->warnings.empty());
  EXPECT_NE(record->warnings.front().find("by its ending alone"), std::string::npos);
  const auto refused = ReadEcg(folder / "a.dat", {}, told);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("WFDB or CSV"), std::string::npos)
      << refused.error().ToString();
}

TEST(Open, FindsTheHeaderBesideASignalFile) {
  const TemporaryFolder folder;
  ecg::test::WriteRecord(folder.path(), {});
  EXPECT_EQ(ReadEcgInfo(folder / "A0001.mat")->format, "WFDB");
}

TEST(Readers, AreNamedForPeople) {
  const std::string text = ReadersInWords();
  for (const char* name : {"WFDB", "EDF", "MUSE", "SCP", "DICOM", "CSV"}) {
    EXPECT_NE(text.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace ecg::formats
