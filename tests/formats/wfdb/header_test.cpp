#include "ecg/formats/wfdb/header.h"

#include <filesystem>
#include <string>

#include "tests/core/encodings.h"
#include "tests/formats/wfdb/pack.h"
#include "tests/support.h"

namespace ecg::wfdb {
namespace {

Header Parse(const std::string& text) {
  Result<Header> header = ParseHeader(text, "r.hea");
  EXPECT_TRUE(header.ok()) << (header.ok() ? "" : header.error().ToString()) << "\n" << text;
  return header.ok() ? *header : Header();
}

SignalHeader ParseSignal(const std::string& line) {
  const Header header = Parse("r 1 500 10\n" + line + "\n");
  return header.signals.empty() ? SignalHeader() : header.signals[0];
}

// What an error must name: line, field.
void ExpectError(const std::string& text, std::size_t line, const std::string& field) {
  const Result<Header> header = ParseHeader(text, "r.hea");
  ASSERT_FALSE(header.ok()) << text;
  EXPECT_EQ(header.error().file, "r.hea");
  EXPECT_EQ(header.error().line, line) << header.error().ToString();
  EXPECT_EQ(header.error().field, field) << header.error().ToString();
  EXPECT_EQ(header.error().kind, ErrorKind::kInput);
}

TEST(Header, HasTheManualsDefaults) {
  const Header header = Parse("r 1\nr.dat 212\n");
  EXPECT_EQ(header.name, "r");
  EXPECT_EQ(header.sampling_rate, 250);
  EXPECT_EQ(header.counter_frequency, 250);
  EXPECT_FALSE(header.samples.has_value());
  const SignalHeader& signal = header.signals.at(0);
  EXPECT_EQ(signal.format, Format::kPacked12);
  EXPECT_EQ(signal.samples_per_frame, 1);
  EXPECT_EQ(signal.gain, 200);
  EXPECT_FALSE(signal.calibrated);
  EXPECT_EQ(signal.units, "mV");
  EXPECT_EQ(signal.adc_resolution, 12);
  EXPECT_EQ(signal.baseline, 0);
  EXPECT_FALSE(signal.initial_value.has_value());
  EXPECT_FALSE(signal.checksum.has_value());
  EXPECT_EQ(signal.description, "record r, signal 0");
}

TEST(Header, ReadsEveryField) {
  const Header header = Parse(
      "#wfdb 10.7\n# before\nr-1 2 62.4725/999.56(-3.5) 14400 12:44:02.25 10/12/2009\n"
      "r.dat 16x4:3+24 1.052e+04(-1600)/mmHg 14 8192 -7 -5 0 ABP, left arm\n"
      "\n"
      "s.dat 80 -2.5 0 3 4 65535 512 V 1\n# one\n#two\n#\n");
  EXPECT_EQ(header.name, "r-1");
  EXPECT_EQ(header.sampling_rate, 62.4725);
  EXPECT_EQ(header.counter_frequency, 999.56);
  EXPECT_EQ(header.base_counter, -3.5);
  EXPECT_EQ(header.samples, 14400U);
  EXPECT_EQ(header.base_time, 12 * 3600 + 44 * 60 + 2.25);
  ASSERT_TRUE(header.base_date.has_value());
  EXPECT_EQ(header.base_date->day, 10);
  EXPECT_EQ(header.base_date->month, 12);
  EXPECT_EQ(header.base_date->year, 2009);
  const SignalHeader& first = header.signals.at(0);
  EXPECT_EQ(first.file, "r.dat");
  EXPECT_EQ(first.samples_per_frame, 4);
  EXPECT_EQ(first.skew, 3);
  EXPECT_EQ(first.byte_offset, 24);
  EXPECT_EQ(first.gain, 10520);
  EXPECT_EQ(first.baseline, -1600);
  EXPECT_EQ(first.units, "mmHg");
  EXPECT_EQ(first.adc_resolution, 14);
  EXPECT_EQ(first.adc_zero, 8192);
  EXPECT_EQ(first.initial_value, -7);
  EXPECT_EQ(first.checksum, 65531);
  EXPECT_EQ(first.description, "ABP, left arm");
  const SignalHeader& second = header.signals.at(1);
  EXPECT_EQ(second.line, 6U);
  EXPECT_EQ(second.gain, -2.5);
  EXPECT_EQ(second.adc_resolution, 8);
  EXPECT_EQ(second.baseline, 3) << "the ADC zero, where no baseline is given";
  EXPECT_EQ(second.checksum, 65535);
  EXPECT_EQ(second.block_size, 512);
  EXPECT_EQ(header.info, (std::vector<std::string>{"before", "one", "two", ""}));
  EXPECT_TRUE(header.warnings.empty());
}

TEST(Header, ReadsTheChallengesDateBeforeTheTime) {
  const Header header = Parse("A0001 0 500 7500 12-May-2020 12:33:59\n");
  EXPECT_EQ(header.base_time, 12 * 3600 + 33 * 60 + 59);
  ASSERT_TRUE(header.base_date.has_value());
  EXPECT_EQ(header.base_date->month, 5);
  EXPECT_TRUE(header.warnings.empty());
}

TEST(Header, WarnsOfATimeThatIsNone) {
  const Header header = Parse("A0001 0 500 7500 noon and more\n");
  ASSERT_EQ(header.warnings.size(), 1U);
  EXPECT_EQ(header.warnings[0],
            "r.hea:1: base time: passed over what is neither HH:MM:SS nor DD/MM/YYYY");
}

TEST(Header, ReadsTheModifiersInAnyOrder) {
  const SignalHeader signal = ParseSignal("r.mat 16+24:5x2 1000/mV");
  EXPECT_EQ(signal.samples_per_frame, 2);
  EXPECT_EQ(signal.skew, 5);
  EXPECT_EQ(signal.byte_offset, 24);
}

TEST(Header, ReadsGainsOfTheWild) {
  EXPECT_EQ(ParseSignal("r.dat 16 1000.0(0)/mv").units, "mv");
  EXPECT_EQ(ParseSignal("r.dat 16 1000.0(0)/mv").gain, 1000);
  EXPECT_EQ(ParseSignal("r.dat 16 1.253e+04/NU").gain, 12530);
  EXPECT_EQ(ParseSignal("r.dat 16 16(-800)/mmHg").baseline, -800);
  EXPECT_EQ(ParseSignal("r.dat 16 1(-123456789012)/mV").baseline, -123456789012);
  EXPECT_EQ(ParseSignal("r.dat 16 0/mV").gain, 200);
  EXPECT_FALSE(ParseSignal("r.dat 16 0/mV").calibrated);
  EXPECT_EQ(ParseSignal("r.dat 16 100/").units, "mV");
  EXPECT_EQ(ParseSignal("r.dat 160 100").adc_resolution, 16);
  EXPECT_EQ(ParseSignal("r.dat 311 100").adc_resolution, 10);
}

TEST(Header, AcceptsCarriageReturnsAndAByteOrderMark) {
  const Header header =
      Parse("\xEF\xBB\xBFr 1 500 10\r\nr.dat 16 1000/mV 16 0 0 0 0 aVR\r\n# x\r\n");
  EXPECT_EQ(header.name, "r");
  EXPECT_EQ(header.signals.at(0).description, "aVR");
  EXPECT_EQ(header.info, std::vector<std::string>{"x"});
  EXPECT_TRUE(header.warnings.empty());
}

TEST(Header, ReadsUtf16AndLinesThatEndWithCr) {
  const std::string text = "r 1 500 10\rr.dat 16 1000/mV 16 0 0 0 0 aVR\r# x\r";
  for (const std::string& bytes :
       {text, ecg::test::MarkedUtf16(text), ecg::test::MarkedUtf16(text, true)}) {
    const Header header = Parse(bytes);
    EXPECT_EQ(header.signals.at(0).description, "aVR");
    EXPECT_EQ(header.info, std::vector<std::string>{"x"});
    EXPECT_TRUE(header.warnings.empty());
  }
  EXPECT_EQ(ParseHeader(ecg::test::Utf16(text), "r.hea").error().ToString(),
            "r.hea: looks like UTF-16 without a byte order mark: save it as UTF-8");
}

TEST(Header, WarnsOfTextAfterTheLastSignalLine) {
  const Header header = Parse("r 1 500 10\nr.dat 16\nr.dat 16\nmore\n#Dx: 1\n");
  EXPECT_EQ(header.signals.size(), 1U);
  ASSERT_EQ(header.warnings.size(), 1U);
  EXPECT_EQ(header.warnings[0],
            "r.hea:3: text: passed over 'r.dat 16' after the last expected line");
  EXPECT_EQ(header.info.size(), 1U);
}

TEST(Header, ReadsSegments) {
  const Header header = Parse("m/3 2 125 9\nlayout 0\n~ 4\nm_1 5\n");
  EXPECT_TRUE(header.multi_segment());
  EXPECT_EQ(header.name, "m");
  EXPECT_EQ(header.segments.at(1).name, "~");
  EXPECT_EQ(header.segments.at(2).samples, 5U);
  EXPECT_EQ(header.samples, 9U);
  EXPECT_TRUE(header.warnings.empty());
}

TEST(Header, SumsTheSegments) {
  EXPECT_EQ(Parse("m/2 2 125\na 4\nb 5\n").samples, 9U);
  const Header header = Parse("m/2 2 125 10\na 4\nb 5\n");
  EXPECT_EQ(header.samples, 9U);
  EXPECT_EQ(header.warnings.size(), 1U);
  ExpectError("m/2 1 125\na 4398046511104\nb 4398046511104\n", 3, "number of samples");
}

TEST(Header, NamesLineAndFieldOfWhatIsWrong) {
  ExpectError("", 0, "record line");
  ExpectError("\n# only a comment\n", 2, "record line");
  ExpectError("r\n", 1, "number of signals");
  ExpectError("r x\n", 1, "number of signals");
  ExpectError("r -1\n", 1, "number of signals");
  ExpectError("r 2147483647 500 10\n", 1, "number of signals");
  ExpectError("r 16384 500 10\nr.dat 16\n", 2, "number of signals");
  ExpectError("r 2 500 10\nr.dat 16\n", 2, "number of signals");
  ExpectError("r 1 0 10\n", 1, "sampling frequency");
  ExpectError("r 1 -5 10\n", 1, "sampling frequency");
  ExpectError("r 1 nan 10\n", 1, "sampling frequency");
  ExpectError("r 1 1e999 10\n", 1, "sampling frequency");
  ExpectError("r 1 500Hz 10\n", 1, "sampling frequency");
  ExpectError("r 1 500/x 10\n", 1, "counter frequency");
  ExpectError("r 1 500/1(x) 10\n", 1, "base counter");
  ExpectError("r 1 500 ten\n", 1, "number of samples");
  ExpectError("r 1 500 -10\n", 1, "number of samples");
  ExpectError("r 1 500 9223372036854775807\n", 1, "number of samples");
  ExpectError("r 1 500 10\nr.dat 17\n", 2, "format");
  ExpectError("r 1 500 10\nr.dat\n", 2, "format");
  ExpectError("r 1 500 10\nr.dat 16y3\n", 2, "format");
  ExpectError("r 1 500 10\nr.dat 16x0\n", 2, "samples per frame");
  ExpectError("r 1 500 10\nr.dat 16x99999999999\n", 2, "samples per frame");
  ExpectError("r 1 500 10\nr.dat 16:-1\n", 2, "skew");
  ExpectError("r 1 500 10\nr.dat 16+\n", 2, "byte offset");
  ExpectError("r 1 500 10\nr.dat 16 mV\n", 2, "gain");
  ExpectError("r 1 500 10\nr.dat 16 100mV\n", 2, "gain");
  ExpectError("r 1 500 10\nr.dat 16 1e999/mV\n", 2, "gain");
  ExpectError("r 1 500 10\nr.dat 16 1e-300/mV\n", 2, "gain");
  ExpectError("r 1 500 10\nr.dat 16 100(x)/mV\n", 2, "baseline");
  ExpectError("r 1 500 10\nr.dat 16 100(99999999999999999999)/mV\n", 2, "baseline");
  ExpectError("r 1 500 10\nr.dat 16 100 sixteen\n", 2, "ADC resolution");
  ExpectError("r 1 500 10\nr.dat 16 100 16 x\n", 2, "ADC zero");
  ExpectError("r 1 500 10\nr.dat 16 100 16 0 x\n", 2, "initial value");
  ExpectError("r 1 500 10\nr.dat 16 100 16 0 0 x\n", 2, "checksum");
  ExpectError("r 1 500 10\nr.dat 16 100 16 0 0 0 x\n", 2, "block size");
  ExpectError("m/3 1 500\na 1\nb 2\n", 3, "number of segments");
  ExpectError("m/0 1 500\n", 1, "number of segments");
  ExpectError("m/999999999 1 500\n", 1, "number of segments");
  ExpectError("m/1 1 500\na\n", 2, "number of samples");
}

TEST(Header, RefusesNamesThatLeaveTheFolder) {
  ExpectError("../r/x 1\n", 1, "record name");
  ExpectError("r 1 500 10\n../secret 16\n", 2, "file name");
  ExpectError("r 1 500 10\n/etc/passwd 16\n", 2, "file name");
  ExpectError("r 1 500 10\n.. 16\n", 2, "file name");
  ExpectError("r 1 500 10\nC:\\x.dat 16\n", 2, "file name");
  ExpectError("m/1 1 500\n../a 5\n", 2, "segment name");
}

TEST(Header, SaysThatANameHoldsAFolder) {
  for (const char* text : {"g1/r 2 500 600\n", "g1/g2/3 2 500 600\n", "r 1 500 10\ng1/r.dat 16\n",
                           "r 1 500 10\ng1\\r.dat 16\n", "m/1 1 500\ng1/a 5\n"}) {
    const Result<Header> header = ParseHeader(text, "r.hea");
    ASSERT_FALSE(header.ok()) << text;
    EXPECT_NE(header.error().message.find("holds a folder"), std::string::npos)
        << header.error().ToString();
  }
  EXPECT_EQ(ParseHeader("g1/r 2 500 600\n", "r.hea").error().field, "record name");
}

TEST(Header, RefusesSignalsOfAFileThatDisagree) {
  ExpectError("r 2 500 10\nr.dat 16\nr.dat 212\n", 3, "format");
  ExpectError("r 2 500 10\nr.dat 16+24\nr.dat 16\n", 3, "byte offset");
  ExpectError("r 3 500 10\na.dat 16\nb.dat 16\na.dat 16\n", 4, "file name");
}

TEST(Header, RefusesAHugeFileWithoutReadingIt) {
  const ecg::test::TemporaryFolder folder;
  test::WriteText(folder / "r.hea", "r 1\nr.dat 16\n");
  std::filesystem::resize_file(folder / "r.hea", std::uintmax_t{300} << 20);
  const Result<Header> header = ReadHeader(folder / "r.hea");
  ASSERT_FALSE(header.ok());
  EXPECT_NE(header.error().message.find("314572800 bytes"), std::string::npos);
}

TEST(Header, BoundsItsParts) {
  std::string comments = "r 0\n";
  for (std::size_t i = 0; i <= kMaxInfoLines; ++i) comments += "#\n";
  EXPECT_FALSE(ParseHeader(comments, "r.hea").ok());
}

}  // namespace
}  // namespace ecg::wfdb
