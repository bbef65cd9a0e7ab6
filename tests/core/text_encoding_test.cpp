#include "ecg/core/text_encoding.h"

#include <gtest/gtest.h>

#include <string>

#include "ecg/core/csv.h"
#include "ecg/core/json.h"
#include "tests/core/encodings.h"
#include "tests/support.h"

namespace ecg {
namespace {

using test::MarkedUtf16;
using test::Utf16;

std::string Decoded(std::string_view bytes) {
  std::string buffer;
  const Result<std::string_view> text = DecodeText(bytes, "t.txt", buffer);
  return text.ok() ? std::string(*text) : "error: " + text.error().ToString();
}

TEST(DecodeText, LeavesPlainTextWhereItIs) {
  for (const std::string plain : {"", "a", "a,b\r\nc,d\r\n", "\xC3\xA4\n", "Latin-1 \xE4\n"}) {
    std::string buffer;
    const Result<std::string_view> text = DecodeText(plain, "t.txt", buffer);
    ASSERT_TRUE(text.ok());
    EXPECT_EQ(text->data(), plain.data());
    EXPECT_EQ(*text, plain);
  }
}

TEST(DecodeText, TakesOffAByteOrderMark) {
  EXPECT_EQ(Decoded("\xEF\xBB\xBFrecord"), "record");
  EXPECT_EQ(Decoded("\xFF\xFE"), "");
}

TEST(DecodeText, EndsLinesWithLf) {
  EXPECT_EQ(Decoded("a\rb\r"), "a\nb\n");
  EXPECT_EQ(Decoded("a\r\nb\rc\r\r\nd"), "a\r\nb\nc\n\r\nd");
  EXPECT_EQ(Decoded("\r"), "\n");
  EXPECT_EQ(Decoded(MarkedUtf16("a\rb\r\n")), "a\nb\r\n");
}

// By RFC 3629 and RFC 2781: one character of each length in UTF-8.
TEST(DecodeText, ReadsUtf16OfEitherByteOrder) {
  const std::string expected = "A\xC2\xB5\xE2\x82\xAC\xF0\x9F\x92\x93\n";
  const std::string little("A\0\xB5\0\xAC\x20\x3D\xD8\x93\xDC\n\0", 12);
  std::string big;
  for (std::size_t i = 0; i < little.size(); i += 2) {
    big += little[i + 1];
    big += little[i];
  }
  EXPECT_EQ(Decoded("\xFF\xFE" + little), expected);
  EXPECT_EQ(Decoded("\xFE\xFF" + big), expected);
}

TEST(DecodeText, ReplacesHalvesOfPairs) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(Decoded(std::string("\xFF\xFE\x3D\xD8", 4)), bad);
  EXPECT_EQ(Decoded(std::string("\xFF\xFE\x3D\xD8x\0", 6)), bad + "x");
  EXPECT_EQ(Decoded(std::string("\xFF\xFE\x93\xDCx\0", 6)), bad + "x");
  EXPECT_EQ(Decoded(std::string("\xFF\xFEx\0y", 5)), "x") << "an odd byte at the end";
}

TEST(DecodeText, RefusesUtf16WithoutItsMark) {
  for (const bool big_endian : {false, true}) {
    EXPECT_EQ(Decoded(Utf16("record,dx\n", big_endian)),
              "error: t.txt: looks like UTF-16 without a byte order mark: save it as UTF-8");
  }
  EXPECT_EQ(Decoded(std::string("a line with one\0in it\n", 22)),
            std::string("a line with one\0in it\n", 22));
}

TEST(ReadText, GivesTheTextOfAFile) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(WriteFileAtomic(folder / "t", MarkedUtf16("a\rb", true)).ok());
  EXPECT_EQ(*ReadText(folder / "t"), "a\nb");
  ASSERT_TRUE(WriteFileAtomic(folder / "t", "plain").ok());
  EXPECT_EQ(*ReadText(folder / "t"), "plain");
  EXPECT_FALSE(ReadText(folder / "t", 4).ok());
  EXPECT_FALSE(ReadText(folder / "none").ok());
}

TEST(DecodeText, IsHowTablesAndJsonAreRead) {
  const std::string table = "id,name\r1,\"a,b\"\r2,c\r";
  const std::string json = "{\"a\": 1,\r \"b\": 2}";
  for (const std::string& bytes : {table, MarkedUtf16(table), MarkedUtf16(table, true)}) {
    const Result<CsvTable> read = CsvTable::Parse(bytes, "t.csv");
    ASSERT_TRUE(read.ok()) << read.error().ToString();
    ASSERT_EQ(read->rows(), 2U);
    EXPECT_EQ(read->Cell(0, 1), "a,b");
    EXPECT_EQ(read->Line(1), 3U);
  }
  for (const std::string& bytes : {json, MarkedUtf16(json), MarkedUtf16(json, true)}) {
    const Result<JsonDocument> read = ParseJson(bytes, "t.json");
    ASSERT_TRUE(read.ok()) << read.error().ToString();
    EXPECT_EQ(read->root.at("b"), 2);
    EXPECT_EQ(read->LineOf("b"), 2U);
  }
  EXPECT_NE(CsvTable::Parse(Utf16(table), "t.csv").error().ToString().find("save it as UTF-8"),
            std::string::npos);
  const Error refused = ParseJson(Utf16(json), "t.json").error();
  EXPECT_EQ(refused.kind, ErrorKind::kUsage);
  EXPECT_NE(refused.ToString().find("save it as UTF-8"), std::string::npos);
}

}  // namespace
}  // namespace ecg
