#include "ecg/report/ecg_paper.h"

#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "src/report/xml.h"

namespace ecg::report {
namespace {

wfdb::EcgRecord MakeRecord(const std::vector<std::string>& leads, double rate,
                           std::size_t samples) {
  wfdb::EcgRecord record;
  record.info.name = "A0001";
  record.info.sampling_rate = rate;
  record.info.samples = samples;
  record.info.leads = leads;
  record.leads.assign(leads.size(), std::vector<float>(samples, 0.0F));
  return record;
}

const std::vector<std::string> kTwelve = {"I",  "II", "III", "aVR", "aVL", "aVF",
                                          "V1", "V2", "V3",  "V4",  "V5",  "V6"};

// Empty where the text is well-formed XML (of the kind without comments and CDATA), else what is
// wrong. Every tag must close, attributes must be quoted and unique, & must start an entity.
std::string XmlFault(std::string_view text) {
  std::vector<std::string> open;
  bool root_seen = false;
  std::size_t i = 0;
  const auto entity = [&](std::size_t at) {
    for (const std::string_view name : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
      if (text.substr(at, name.size()) == name) return true;
    }
    return false;
  };
  while (i < text.size()) {
    if (text[i] == '&' && !entity(i)) return "bare &";
    if (static_cast<unsigned char>(text[i]) < 0x20 && std::isspace(text[i]) == 0) return "control";
    if (text[i] != '<') {
      if (open.empty() && std::isspace(static_cast<unsigned char>(text[i])) == 0)
        return "text outside";
      ++i;
      continue;
    }
    if (text.substr(i, 5) == "<?xml") {
      if (i != 0) return "late declaration";
      i = text.find("?>", i) + 2;
      continue;
    }
    const bool closing = text[i + 1] == '/';
    i += closing ? 2 : 1;
    std::size_t end = i;
    while (end < text.size() && std::isalnum(static_cast<unsigned char>(text[end])) != 0) ++end;
    const std::string name(text.substr(i, end - i));
    if (name.empty()) return "tag without name";
    i = end;
    if (closing) {
      if (open.empty() || open.back() != name) return "closes " + name;
      open.pop_back();
      if (text[i] != '>') return "closing tag";
      ++i;
      continue;
    }
    std::vector<std::string> seen;
    for (;;) {
      while (i < text.size() && std::isspace(static_cast<unsigned char>(text[i])) != 0) ++i;
      if (i >= text.size()) return "unfinished tag";
      if (text[i] == '>' || text.substr(i, 2) == "/>") break;
      const std::size_t equals = text.find('=', i);
      if (equals == std::string_view::npos || text[equals + 1] != '"')
        return "attribute in " + name;
      const std::string key(text.substr(i, equals - i));
      for (const std::string& other : seen) {
        if (other == key) return "attribute twice";
      }
      seen.push_back(key);
      i = equals + 2;
      while (i < text.size() && text[i] != '"') {
        if (text[i] == '<') return "< in attribute";
        if (text[i] == '&' && !entity(i)) return "bare & in attribute";
        ++i;
      }
      ++i;
    }
    if (open.empty() && root_seen) return "second root";
    root_seen = true;
    if (text[i] == '>') {
      open.push_back(name);
      ++i;
    } else {
      i += 2;
    }
  }
  return open.empty() ? "" : "open " + open.back();
}

TEST(XmlFault, FindsFaults) {
  EXPECT_EQ(XmlFault("<a b=\"1\"><c/>x &amp; y</a>"), "");
  EXPECT_NE(XmlFault("<a><b></a></b>"), "");
  EXPECT_NE(XmlFault("<a b=1/>"), "");
  EXPECT_NE(XmlFault("<a>x & y</a>"), "");
  EXPECT_NE(XmlFault("<a>"), "");
}

TEST(EscapeXml, LeavesNothingThatMeansSomething) {
  EXPECT_EQ(EscapeXml("a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c&#39;");
  EXPECT_EQ(EscapeXml("\xC3\xA9t\xC3\xA9"), "\xC3\xA9t\xC3\xA9");
  EXPECT_EQ(EscapeXml(std::string("a\x01"
                                  "b\xFF"
                                  "c",
                                  5)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD"
            "c");
  EXPECT_EQ(EscapeXml("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");          // overlong
  EXPECT_EQ(EscapeXml("\xED\xA0\x80").find('\xED'), std::string::npos);  // surrogate
  EXPECT_EQ(EscapeXml("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");          // cut short
}

TEST(EcgPaper, IsWellFormedWithoutScriptsOrNetwork) {
  wfdb::EcgRecord record = MakeRecord(kTwelve, 500, 5000);
  for (std::size_t i = 0; i < 12 * 5000; ++i) {
    record.leads[i / 5000][i % 5000] = static_cast<float>(std::sin(0.01 * static_cast<double>(i)));
  }
  for (const PaperLayout layout : {PaperLayout::kThreeByFour, PaperLayout::kAllLeads}) {
    PaperOptions options;
    options.layout = layout;
    options.caption = "<script>alert('&')</script>\x01";
    options.marks = {{0.5, "R"}, {1.0, "<T>"}, {99, "beyond"}, {2.0, ""}};
    const std::string svg = EcgPaperSvg(record, options).value();
    EXPECT_EQ(XmlFault(svg), "");
    EXPECT_EQ(svg.find("<script"), std::string::npos);
    EXPECT_EQ(svg.find("http"), svg.find("http://www.w3.org/2000/svg"));
    EXPECT_EQ(svg.find("beyond"), std::string::npos);
    EXPECT_NE(svg.find("&lt;T&gt;"), std::string::npos);
    for (const std::string& lead : kTwelve) {
      EXPECT_NE(svg.find(">" + lead + "<"), std::string::npos) << lead;
    }
  }
}

// The points of the first trace in hundredths of a millimetre.
std::vector<std::pair<long, long>> PointsOf(const std::string& svg) {
  const std::size_t start = svg.find("scale(0.01)\" d=\"M") + 16;
  std::vector<std::pair<long, long>> points;
  long x = 0;
  long y = 0;
  const char* at = svg.c_str() + start;
  while (*at == 'M' || *at == 'l') {
    const bool relative = *at == 'l';
    char* end = nullptr;
    const long a = std::strtol(at + 1, &end, 10);
    const long b = std::strtol(end, &end, 10);
    x = relative ? x + a : a;
    y = relative ? y + b : b;
    points.emplace_back(x, y);
    at = end;
  }
  return points;
}

TEST(EcgPaper, KeepsTimeAndVoltageToScale) {
  wfdb::EcgRecord record = MakeRecord(kTwelve, 360, 3600);
  record.leads[0][360] = 1.5F;  // lead I, after a second
  record.leads[0][720] = -0.7F;
  const std::vector<std::pair<long, long>> points = PointsOf(EcgPaperSvg(record).value());
  ASSERT_EQ(points.size(), 900u);                         // two and a half seconds
  EXPECT_EQ(points[360], std::make_pair(2500L, -1500L));  // 25 mm to the right, 15 mm up
  EXPECT_EQ(points[720], std::make_pair(5000L, 700L));
  EXPECT_EQ(points[899].first, std::lround(899.0 / 360 * 2500));
}

TEST(EcgPaper, CentresATraceOnItsMedianAndSkipsInvalidSamples) {
  wfdb::EcgRecord record = MakeRecord({"I"}, 100, 100);
  for (float& mv : record.leads[0]) mv = 4.0F;
  record.leads[0][10] = std::numeric_limits<float>::quiet_NaN();
  record.leads[0][50] = 5.0F;
  const std::string svg = EcgPaperSvg(record).value();
  EXPECT_EQ(XmlFault(svg), "");
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  const std::vector<std::pair<long, long>> points = PointsOf(svg);
  ASSERT_EQ(points.size(), 99u);
  EXPECT_EQ(points[9].second, 0);
  EXPECT_EQ(points[10].first, 275);  // the next after the gap
  EXPECT_EQ(points[49].second, -1000);
}

TEST(EcgPaper, TakesShortAndReducedRecords) {
  const wfdb::EcgRecord record = MakeRecord({"II", "V5"}, 500, 300);
  EXPECT_EQ(XmlFault(EcgPaperSvg(record).value()), "");
  PaperOptions options;
  options.layout = PaperLayout::kAllLeads;
  EXPECT_EQ(XmlFault(EcgPaperSvg(record, options).value()), "");
}

TEST(EcgPaper, RefusesWhatHasNothingToShow) {
  EXPECT_FALSE(EcgPaperSvg(MakeRecord(kTwelve, 500, 0)).ok());
  const wfdb::EcgRecord record = MakeRecord(kTwelve, 500, 500);
  PaperOptions options;
  for (const double start : {-1.0, 1.0, std::numeric_limits<double>::quiet_NaN()}) {
    options.start = start;
    EXPECT_FALSE(EcgPaperSvg(record, options).ok()) << start;
  }
}

}  // namespace
}  // namespace ecg::report
