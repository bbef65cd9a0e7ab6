// ECG paper as PDF and PNG.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "ecg/report/ecg_paper.h"

namespace ecg::report {
namespace {

record::EcgRecord MakeRecord() {
  record::EcgRecord record;
  record.info.name = "A0001";
  record.info.sampling_rate = 500;
  record.info.samples = 5000;
  record.info.leads = {"I", "II", "III", "V1"};
  record.leads.assign(4, std::vector<float>(5000));
  for (std::size_t i = 0; i < 5000; ++i) {
    record.leads[1][i] = static_cast<float>(std::sin(0.01 * static_cast<double>(i)));
  }
  record.leads[2][17] = std::nanf("");
  return record;
}

std::uint32_t BigEndian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return value;
}

TEST(PaperFiles, APdfIsAsLargeAsThePaper) {
  PaperOptions options;
  options.caption = "A0001 <\xFF>";
  options.marks = {{0.5, "R"}, {1.0, "N", true}};
  options.shades = {{"II", 1, 2, 1, "AF"}};
  const std::string pdf = EcgPaperPdf(MakeRecord(), options).value();
  EXPECT_EQ(pdf.rfind("%PDF-", 0), 0u);
  EXPECT_NE(pdf.find("%%EOF"), std::string::npos);
  // 270 mm are 765.354 points.
  EXPECT_NE(pdf.find("/MediaBox [ 0 0 765.354"), std::string::npos);
  EXPECT_EQ(EcgPaperPdf(MakeRecord(), options).value(), pdf);
}

TEST(PaperFiles, APngHasThePixelsThatAreAskedFor) {
  const std::string png = EcgPaperPng(MakeRecord(), {}, 254).value();
  EXPECT_EQ(png.substr(1, 3), "PNG");
  EXPECT_EQ(BigEndian(png, 16), 2700u);  // of 270 mm, ten a millimetre
  EXPECT_FALSE(EcgPaperPng(MakeRecord(), {}, 1e6).ok());
  EXPECT_FALSE(EcgPaperPng(MakeRecord(), {}, 0).ok());
  EXPECT_FALSE(EcgPaperPdf(record::EcgRecord()).ok());
}

}  // namespace
}  // namespace ecg::report
