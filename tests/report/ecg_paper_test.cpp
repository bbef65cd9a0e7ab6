#include "ecg/report/ecg_paper.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecg/record/ecg_record.h"
#include "ecg/record/stretches.h"
#include "src/report/xml.h"

namespace ecg::report {
namespace {

record::EcgRecord MakeRecord(const std::vector<std::string>& leads, double rate,
                             std::size_t samples) {
  record::EcgRecord record;
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
  record::EcgRecord record = MakeRecord(kTwelve, 500, 5000);
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
    EXPECT_NE(svg.find("<g clip-path=\"url(#page)\">"), std::string::npos);
    EXPECT_EQ(svg.find("http"), svg.find("http://www.w3.org/2000/svg"));
    EXPECT_EQ(svg.find("beyond"), std::string::npos);
    EXPECT_NE(svg.find("&lt;T&gt;"), std::string::npos);
    for (const std::string& lead : kTwelve) {
      EXPECT_NE(svg.find(">" + lead + "<"), std::string::npos) << lead;
    }
  }
}

struct Point {
  double x = 0;
  double y = 0;
};

// A trace as drawn: in hundredths of a millimetre from its strip's start and base line.
struct Trace {
  double left = 0;  // mm, as the base line
  double baseline = 0;
  std::vector<std::pair<long, long>> points;

  Point At(std::size_t i) const {
    return {left + 0.01 * static_cast<double>(points[i].first),
            baseline + 0.01 * static_cast<double>(points[i].second)};
  }
};

std::vector<Trace> TracesOf(const std::string& svg) {
  constexpr std::string_view kStart = "<path transform=\"translate(";
  std::vector<Trace> traces;
  for (std::size_t at = svg.find(kStart); at != std::string::npos; at = svg.find(kStart, at + 1)) {
    Trace trace;
    char* next = nullptr;
    trace.left = std::strtod(svg.c_str() + at + kStart.size(), &next);
    trace.baseline = std::strtod(next, nullptr);
    const char* d = svg.c_str() + svg.find(" d=\"", at) + 4;
    long x = 0;
    long y = 0;
    while (*d == 'M' || *d == 'l') {
      const bool relative = *d == 'l';
      const long a = std::strtol(d + 1, &next, 10);
      const long b = std::strtol(next, &next, 10);
      x = relative ? x + a : a;
      y = relative ? y + b : b;
      trace.points.emplace_back(x, y);
      d = next;
    }
    traces.push_back(trace);
  }
  return traces;
}

std::vector<std::pair<long, long>> PointsOf(const std::string& svg) {
  return TracesOf(svg).at(0).points;
}

struct PlacedText {
  double x = 0;
  double y = 0;
  double size = 0;
  std::string text;

  // No font has narrower characters on the average than half of its size.
  double right() const { return x + 0.5 * size * static_cast<double>(text.size()); }
};

double AttributeOf(const std::string& svg, std::size_t at, const std::string& name) {
  return std::strtod(svg.c_str() + svg.find(name + "=\"", at) + name.size() + 2, nullptr);
}

std::vector<PlacedText> TextsOf(const std::string& svg) {
  std::vector<PlacedText> texts;
  for (std::size_t at = svg.find("<text "); at != std::string::npos;
       at = svg.find("<text ", at + 1)) {
    const std::size_t start = svg.find('>', at) + 1;
    texts.push_back({AttributeOf(svg, at, " x"), AttributeOf(svg, at, " y"),
                     AttributeOf(svg, at, "font-size"),
                     svg.substr(start, svg.find("</text>", start) - start)});
  }
  return texts;
}

TEST(EcgPaper, KeepsTimeAndVoltageToScale) {
  record::EcgRecord record = MakeRecord(kTwelve, 360, 3600);
  record.leads[0][360] = 1.5F;  // lead I, after a second
  record.leads[0][720] = -0.7F;
  const std::vector<std::pair<long, long>> points = PointsOf(EcgPaperSvg(record).value());
  ASSERT_EQ(points.size(), 900u);                         // two and a half seconds
  EXPECT_EQ(points[360], std::make_pair(2500L, -1500L));  // 25 mm to the right, 15 mm up
  EXPECT_EQ(points[720], std::make_pair(5000L, 700L));
  EXPECT_EQ(points[899].first, std::lround(899.0 / 360 * 2500));
}

TEST(EcgPaper, CentresATraceOnItsMedianAndSkipsInvalidSamples) {
  record::EcgRecord record = MakeRecord({"I"}, 100, 100);
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

// Whether a trace runs through the rectangle between two corners, looked at every 0.05 mm.
bool RunsThrough(const Trace& trace, Point low, Point high) {
  for (std::size_t i = 1; i < trace.points.size(); ++i) {
    const Point a = trace.At(i - 1);
    const Point b = trace.At(i);
    const int steps = 1 + static_cast<int>(std::hypot(b.x - a.x, b.y - a.y) / 0.05);
    for (int k = 0; k <= steps; ++k) {
      const double x = a.x + (b.x - a.x) * k / steps;
      const double y = a.y + (b.y - a.y) * k / steps;
      if (x > low.x && x < high.x && y > low.y && y < high.y) return true;
    }
  }
  return false;
}

// Beats of 2.1 mV up and 0.9 mV down in every lead, each a little later than in the one before.
record::EcgRecord TallRecord(double seconds) {
  record::EcgRecord record = MakeRecord(kTwelve, 500, static_cast<std::size_t>(seconds * 500));
  for (std::size_t lead = 0; lead < kTwelve.size(); ++lead) {
    for (std::size_t i = 0; i < record.info.samples; ++i) {
      const double phase = std::fmod(static_cast<double>(i + 15 * lead) / 500, 0.6) - 0.1;
      const double r = 2.1 * std::exp(-0.5 * std::pow(phase / 0.01, 2));
      const double s = 0.9 * std::exp(-0.5 * std::pow((phase - 0.03) / 0.01, 2));
      record.leads[lead][i] = static_cast<float>(r - s);
    }
  }
  return record;
}

TEST(EcgPaper, ColumnsShareTheTimeThatThereIs) {
  // 8 s at 100 Hz: columns of 2 s, 50 mm. Each lead has one spike, at a time of its own.
  record::EcgRecord record = MakeRecord(kTwelve, 100, 800);
  for (std::size_t lead = 0; lead < 12; ++lead) {
    record.leads[lead][lead / 3 * 200 + 20 + 10 * lead] = 1.0F;
  }
  const std::vector<Trace> traces = TracesOf(EcgPaperSvg(record).value());
  ASSERT_EQ(traces.size(), 13u);
  for (std::size_t lead = 0; lead < 12; ++lead) {
    const Trace& trace = traces[lead];
    ASSERT_EQ(trace.points.size(), 200u) << kTwelve[lead];
    EXPECT_EQ(trace.left, 15 + 50 * static_cast<double>(lead / 3)) << kTwelve[lead];
    EXPECT_EQ(trace.points[20 + 10 * lead].second, -1000) << kTwelve[lead];
    EXPECT_EQ(trace.baseline, traces[lead % 3].baseline);
  }
  ASSERT_EQ(traces[12].points.size(), 800u);
  EXPECT_EQ(traces[12].left, 15);
  EXPECT_EQ(traces[12].points[20 + 10].second, -1000);  // lead II
}

TEST(EcgPaper, EachColumnShowsAllOfWhatFitsIntoIt) {
  const std::vector<Trace> traces = TracesOf(EcgPaperSvg(MakeRecord(kTwelve, 100, 250)).value());
  ASSERT_EQ(traces.size(), 13u);
  for (const Trace& trace : traces) EXPECT_EQ(trace.points.size(), 250u);
  EXPECT_EQ(traces[11].left, 15 + 3 * 62.5);
}

TEST(EcgPaper, LeadsThatAreMissingLeaveTheirTimeToOthers) {
  // Four leads: I to III and V2 have half of the paper each.
  std::vector<Trace> traces =
      TracesOf(EcgPaperSvg(MakeRecord({"I", "II", "III", "V2"}, 100, 1000)).value());
  ASSERT_EQ(traces.size(), 5u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(traces[i].points.size(), 500u);
  EXPECT_EQ(traces[3].left, 15 + 125);
  EXPECT_EQ(traces[3].baseline, traces[0].baseline);
  // Three leads have all of it, and so need no rhythm strip.
  traces = TracesOf(EcgPaperSvg(MakeRecord({"I", "II", "V2"}, 100, 1000)).value());
  ASSERT_EQ(traces.size(), 3u);
  for (const Trace& trace : traces) EXPECT_EQ(trace.points.size(), 1000u);
}

TEST(EcgPaper, ShowsLeadsOfAnyNameAndTwice) {
  const std::string svg =
      EcgPaperSvg(MakeRecord({"MLII", "V5", "ECG", "ECG", "X"}, 100, 1000)).value();
  EXPECT_EQ(TracesOf(svg).size(), 6u);
  EXPECT_NE(svg.find(">MLII<"), std::string::npos);
  PaperOptions options;
  options.layout = PaperLayout::kAllLeads;
  const std::vector<std::string> many(40, std::string(5000, 'W'));
  const std::string all = EcgPaperSvg(MakeRecord(many, 100, 1000), options).value();
  EXPECT_EQ(TracesOf(all).size(), 40u);
  for (const PlacedText& text : TextsOf(all)) EXPECT_LT(text.right(), 270) << text.text;
}

TEST(EcgPaper, TakesTheRhythmLeadThatIsNamed) {
  record::EcgRecord record = MakeRecord({"I", "aVR", "V1", "V2"}, 100, 1000);
  record.leads[3][900] = 1.0F;
  PaperOptions options;
  options.rhythm_lead = "v2";
  EXPECT_EQ(TracesOf(EcgPaperSvg(record, options).value()).back().points[900].second, -1000);
  options.rhythm_lead = "II";
  const auto svg = EcgPaperSvg(record, options);
  ASSERT_FALSE(svg.ok());
  EXPECT_NE(svg.error().ToString().find("no lead II"), std::string::npos);
}

TEST(EcgPaper, NamesOfLeadsStandClearOfTraces) {
  for (const double seconds : {2.0, 3.0, 5.0, 8.0, 10.0}) {
    for (const PaperLayout layout : {PaperLayout::kThreeByFour, PaperLayout::kAllLeads}) {
      PaperOptions options;
      options.layout = layout;
      const std::string svg = EcgPaperSvg(TallRecord(seconds), options).value();
      const std::vector<Trace> traces = TracesOf(svg);
      std::size_t names = 0;
      for (const PlacedText& text : TextsOf(svg)) {
        if (text.size != 3.5) continue;
        ++names;
        for (const Trace& trace : traces) {
          EXPECT_FALSE(RunsThrough(trace, {text.x, text.y - 2.5}, {text.right(), text.y}))
              << text.text << " of " << seconds << " s";
        }
      }
      EXPECT_EQ(names, traces.size());
    }
  }
}

double PageHeight(const std::string& svg) { return AttributeOf(svg, 0, " height"); }

TEST(EcgPaper, RowsStandApartWhereComplexesAreTall) {
  record::EcgRecord record = MakeRecord(kTwelve, 500, 5000);
  EXPECT_LE(PageHeight(EcgPaperSvg(record).value()), 165);
  for (std::size_t i = 4300; i < 4310; ++i) {
    record.leads[9][i] = -1.9F;  // V4 down, V5 up at the same time
    record.leads[10][i] = 3.2F;
  }
  std::string svg = EcgPaperSvg(record).value();
  const std::vector<Trace> traces = TracesOf(svg);
  const std::size_t beat = 4305 - 3750;
  EXPECT_EQ(traces[9].points[beat].second, 1900);  // to scale as ever
  EXPECT_LT(traces[9].At(beat).y, traces[10].At(beat).y);
  EXPECT_LE(PageHeight(svg), 210);  // A4
  // An artefact in one row takes nothing from the others, and does not blow the page up.
  record.leads[1][100] = 27.0F;
  svg = EcgPaperSvg(record).value();
  EXPECT_LT(TracesOf(svg)[9].At(beat).y, TracesOf(svg)[10].At(beat).y);
  EXPECT_LE(PageHeight(svg), 210);
}

TEST(EcgPaper, CaptionStaysOnThePageAboveEverything) {
  PaperOptions options;
  for (int i = 0; i < 100; ++i) options.caption += "diagnosis " + std::to_string(i) + ", ";
  record::EcgRecord record = MakeRecord(kTwelve, 500, 5000);
  record.leads[0][100] = 500.0F;  // far beyond the paper
  const std::string svg = EcgPaperSvg(record, options).value();
  std::vector<PlacedText> lines;
  for (const PlacedText& text : TextsOf(svg)) {
    if (text.size == 4) lines.push_back(text);
  }
  ASSERT_EQ(lines.size(), 3u);
  for (const PlacedText& line : lines) EXPECT_LT(line.right(), 265);
  EXPECT_EQ(lines[2].text.substr(lines[2].text.size() - 3), "\xE2\x80\xA6");
  // Its ground is painted after the last trace.
  const std::size_t ground = svg.rfind("<rect x=\"0.00\" y=\"0.00\" width=\"270.00\"");
  EXPECT_GT(ground, svg.rfind("<path"));
  EXPECT_LT(ground, svg.find("diagnosis 0"));
  EXPECT_GT(AttributeOf(svg, ground, " height"), lines[2].y);
}

TEST(EcgPaper, FooterTellsScaleAndPart) {
  PaperOptions options;
  EXPECT_NE(EcgPaperSvg(MakeRecord(kTwelve, 100, 1000)).value().find(">25 mm/s, 10 mm/mV<"),
            std::string::npos);
  options.start = 2.5;
  EXPECT_NE(EcgPaperSvg(MakeRecord(kTwelve, 100, 6000), options)
                .value()
                .find("2.50 s to 12.50 s of 60.00 s"),
            std::string::npos);
}

// What has no column is not passed over in silence.
TEST(EcgPaper, SaysHowManyLeadsItDoesNotShow) {
  std::vector<std::string> leads;
  for (int i = 0; i < 16; ++i) leads.push_back("E" + std::to_string(i));
  EXPECT_EQ(EcgPaperSvg(MakeRecord({leads.begin(), leads.begin() + 3}, 100, 1000))
                .value()
                .find("not shown"),
            std::string::npos);
  // After the places of the standard leads there is one column of three.
  EXPECT_NE(EcgPaperSvg(MakeRecord(leads, 100, 1000)).value().find("not shown<"),
            std::string::npos);
  PaperOptions options;
  options.layout = PaperLayout::kAllLeads;
  EXPECT_EQ(EcgPaperSvg(MakeRecord(leads, 100, 1000), options).value().find("not shown"),
            std::string::npos);
}

TEST(EcgPaper, SaysWhereALeadHasNoSignal) {
  record::EcgRecord record = MakeRecord(kTwelve, 100, 1000);
  std::fill(record.leads[4].begin(), record.leads[4].end(), std::nanf(""));
  const std::string svg = EcgPaperSvg(record).value();
  EXPECT_NE(svg.find(">" + record.info.leads[4] + ": no signal<"), std::string::npos);
  EXPECT_EQ(TracesOf(svg).size(), 12u);
}

// As of a wrong unit: what leaves its row is not drawn over other leads, and the name says so.
TEST(EcgPaper, ALeadThatIsFarTooTallStaysInItsRow) {
  record::EcgRecord record = TallRecord(10);
  for (const std::size_t lead : {1U, 4U}) {  // II and aVL, in the second row; II as rhythm strip
    for (float& mv : record.leads[lead]) mv *= 100;
  }
  const std::string svg = EcgPaperSvg(record).value();
  EXPECT_EQ(XmlFault(svg), "");
  std::set<std::string> names;
  for (const PlacedText& text : TextsOf(svg)) {
    if (text.text.find("off scale") != std::string::npos) names.insert(text.text);
  }
  EXPECT_EQ(names, (std::set<std::string>{"II: off scale", "aVL: off scale"}));
  const std::vector<Trace> traces = TracesOf(svg);
  ASSERT_EQ(traces.size(), 13u);
  const auto expect_within = [](const Trace& trace, double top, double bottom) {
    ASSERT_FALSE(trace.points.empty());
    for (std::size_t i = 0; i < trace.points.size(); ++i) {
      EXPECT_GE(trace.At(i).y, top - 0.01);
      EXPECT_LE(trace.At(i).y, bottom + 0.01);
    }
  };
  const double second = traces[4].baseline, third = traces[5].baseline;
  expect_within(traces[4], (traces[3].baseline + second) / 2, (second + third) / 2);
  expect_within(traces[12], (third + traces[12].baseline) / 2, PageHeight(svg));
  EXPECT_LE(PageHeight(svg), PageHeight(EcgPaperSvg(TallRecord(10)).value()));
  // Others have every sample.
  EXPECT_EQ(traces[3].points.size(), 1250u);
  EXPECT_EQ(EcgPaperSvg(TallRecord(10)).value().find("off scale"), std::string::npos);
}

// A part of a recording is drawn as that is: the same traces, times and marks.
TEST(EcgPaper, APartIsDrawnAsTheWholeIs) {
  for (const double rate : {500.0, 257.0}) {
    record::EcgRecord whole = MakeRecord(kTwelve, rate, static_cast<std::size_t>(60 * rate));
    for (std::size_t lead = 0; lead < whole.leads.size(); ++lead) {
      for (std::size_t i = 0; i < whole.info.samples; ++i) {
        whole.leads[lead][i] = static_cast<float>(std::sin(0.001 * static_cast<double>(i * lead)));
      }
    }
    PaperOptions options;
    options.start = 33.33;
    options.marks = {{34, "R"}, {41.5, "R"}, {5, "R"}};
    options.waves = {{dsp::WaveType::kQrs, 33.9, 34.1}};
    options.shades = {{"V2", 39, 40}};
    const std::string expected = EcgPaperSvg(whole, options).value();
    const auto from = static_cast<std::size_t>(std::lround(options.start * rate));
    const record::EcgRecord part =
        record::CutOut(whole, from, from + static_cast<std::size_t>(10 * rate) + 1);
    EXPECT_NE(EcgPaperSvg(part).value(), expected);
    options.part = {static_cast<double>(from) / rate, 60};
    EXPECT_EQ(EcgPaperSvg(part, options).value(), expected) << rate;
    options.start = 60;
    EXPECT_FALSE(EcgPaperSvg(part, options).ok());
  }
}

// The lowest y of a trace, in millimetres of the page, between two places.
double HighestOf(const Trace& trace, double from, double to) {
  double y = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < trace.points.size(); ++i) {
    const Point point = trace.At(i);
    if (point.x >= from && point.x <= to) y = std::min(y, point.y);
  }
  return y;
}

// Upper ends of the ticks of marks.
std::vector<Point> TicksOf(const std::string& svg) {
  std::vector<Point> ticks;
  constexpr std::string_view kEnd = "\" fill=\"none\" stroke=\"#1a4fa0\"";
  for (std::size_t end = svg.find(kEnd); end != std::string::npos; end = svg.find(kEnd, end + 1)) {
    const char* d = svg.c_str() + svg.rfind(" d=\"", end) + 4;
    while (*d == 'M') {
      char* next = nullptr;
      const double x = std::strtod(d + 1, &next);
      const double y = std::strtod(next, &next);
      EXPECT_EQ(*next, 'v');
      ticks.push_back({x, y + std::strtod(next + 1, &next)});
      d = next;
    }
  }
  return ticks;
}

TEST(EcgPaper, MarksAreTicksAboveTheirTrace) {
  PaperOptions options;
  for (double seconds = 0.1; seconds < 10; seconds += 0.6) {
    options.marks.push_back({seconds - 0.02, "Q"});
    options.marks.push_back({seconds, "R"});
    options.marks.push_back({seconds + 0.03, "S"});
  }
  const std::string svg = EcgPaperSvg(TallRecord(10), options).value();
  const std::vector<Trace> traces = TracesOf(svg);
  const std::vector<Point> ticks = TicksOf(svg);
  // Each mark stands over the three rows of its column and over the rhythm strip.
  EXPECT_EQ(ticks.size(), 4 * options.marks.size());
  for (const Point& tick : ticks) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const Trace& trace : traces) {
      EXPECT_FALSE(RunsThrough(trace, {tick.x - 0.1, tick.y}, {tick.x + 0.1, tick.y + 1.5}));
      const double gap = HighestOf(trace, tick.x - 0.25, tick.x + 0.25) - (tick.y + 1.5);
      if (gap > 0) nearest = std::min(nearest, gap);
    }
    EXPECT_GT(nearest, 0.9);
    EXPECT_LT(nearest, 15);  // a Q's own trace may rise beside it
  }
  // Of each beat the rhythm strip has room for all three names, Q left of R and S right of it.
  std::string names;
  for (const PlacedText& text : TextsOf(svg)) {
    if (text.size == 2.4) names += text.text;
  }
  std::size_t beats = 0;
  for (const char c : names) beats += c == 'R' ? 1 : 0;
  EXPECT_EQ(beats, 17U);
  EXPECT_EQ(names.size(), 51U);
}

TEST(EcgPaper, WavesAreShadedFromOnsetToOffsetAndExplained) {
  PaperOptions options;
  EXPECT_EQ(EcgPaperSvg(MakeRecord({"II"}, 100, 1000), options).value().find(">QRS<"),
            std::string::npos);
  options.waves = {{dsp::WaveType::kP, 0.5, 0.6},
                   {dsp::WaveType::kQrs, 0.7, 0.8},
                   {dsp::WaveType::kT, 9.9, 10.3},    // half of it on the page
                   {dsp::WaveType::kT, 10.9, 11.3}};  // beyond it
  const std::string svg = EcgPaperSvg(MakeRecord({"II"}, 100, 2000), options).value();
  EXPECT_EQ(XmlFault(svg), "");
  std::vector<std::pair<double, double>> shades;  // left end, width
  for (std::size_t at = svg.find("<rect"); at != std::string::npos;
       at = svg.find("<rect", at + 1)) {
    if (svg.substr(at, svg.find('>', at) - at).find("fill-opacity=\"0.16\"") == std::string::npos)
      continue;
    shades.emplace_back(AttributeOf(svg, at, " x"), AttributeOf(svg, at, " width"));
  }
  const std::vector<std::pair<double, double>> expected = {{27.5, 2.5}, {32.5, 2.5}, {262.5, 2.5}};
  EXPECT_EQ(shades, expected);
  for (const char* name : {">P<", ">QRS<", ">T<"}) EXPECT_NE(svg.find(name), std::string::npos);
}

TEST(EcgPaper, ShadesHaveALegendWithTheirScale) {
  PaperOptions options;
  options.shades = {{"II", 1, 2, 1}};
  options.shades_title = "speaks for AF:";
  options.shades_low = "0";
  options.shades_high = "0.35 of the logit";
  const std::string svg = EcgPaperSvg(MakeRecord({"II"}, 100, 1000), options).value();
  EXPECT_EQ(XmlFault(svg), "");
  std::vector<PlacedText> legend;
  for (const PlacedText& text : TextsOf(svg)) {
    if (text.size == 3 && text.text.find("mm/mV") == std::string::npos) legend.push_back(text);
  }
  ASSERT_EQ(legend.size(), 3U);  // from right to left
  EXPECT_EQ(legend[0].text, "0.35 of the logit");
  EXPECT_LE(legend[0].right(), 265);
  EXPECT_EQ(legend[1].text, "0");
  EXPECT_LT(legend[1].right(), legend[0].x - 15);  // the fields lie between
  EXPECT_EQ(legend[2].text, "speaks for AF:");
}

TEST(EcgPaper, ANameIsNearestToItsOwnLead) {
  // V1's deep S waves reach to where V2's name would stand, and V2 itself is flat.
  record::EcgRecord record = MakeRecord(kTwelve, 500, 5000);
  for (std::size_t i = 2500; i < 5000; i += 100) {
    for (std::size_t k = i; k < i + 12; ++k) record.leads[6][k] = -2.2F;
  }
  for (const PaperLayout layout : {PaperLayout::kThreeByFour, PaperLayout::kSixByTwo}) {
    PaperOptions options;
    options.layout = layout;
    const std::string svg = EcgPaperSvg(record, options).value();
    const std::vector<Trace> traces = TracesOf(svg);
    std::size_t drawn = 0;
    for (const PlacedText& text : TextsOf(svg)) {
      if (text.size != 3.5) continue;
      const Trace& own = traces[drawn++];
      const auto gap = [&](const Trace& trace) {
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < trace.points.size(); ++i) {
          const Point point = trace.At(i);
          if (point.x < text.x - 1 || point.x > text.right() + 1) continue;
          least = std::min(least, std::max(text.y - 2.6 - point.y, point.y - text.y));
        }
        return least;
      };
      EXPECT_GT(gap(own), 0.5) << text.text;
      for (const Trace& trace : traces) {
        if (&trace == &own) continue;
        EXPECT_GE(gap(trace), gap(own)) << text.text;
      }
    }
    EXPECT_EQ(drawn, traces.size());
  }
}

TEST(EcgPaper, ANameThatHasNoPlaceOfItsOwnGetsARim) {
  record::EcgRecord record = MakeRecord({"II"}, 500, 5000);
  for (std::size_t i = 0; i < 5000; ++i)
    record.leads[0][i] = 1.6F * (static_cast<float>(i % 3) - 1);
  const std::string svg = EcgPaperSvg(record).value();
  std::vector<PlacedText> names;
  for (const PlacedText& text : TextsOf(svg)) {
    if (text.size == 3.5) names.push_back(text);
  }
  ASSERT_EQ(names.size(), 2U);
  EXPECT_EQ(names[0].x, names[1].x);
  EXPECT_EQ(names[0].y, names[1].y);
  EXPECT_NE(svg.find("stroke=\"#fff\" stroke-width=\"1.20\""), std::string::npos);
}

TEST(EcgPaper, SixByTwoHasTwoColumnsAndARhythmStrip) {
  PaperOptions options;
  options.layout = PaperLayout::kSixByTwo;
  const std::string svg = EcgPaperSvg(MakeRecord(kTwelve, 100, 1000), options).value();
  const std::vector<Trace> traces = TracesOf(svg);
  ASSERT_EQ(traces.size(), 13u);
  EXPECT_EQ(traces[6].left, 15 + 125);  // V1
  EXPECT_EQ(traces[6].baseline, traces[0].baseline);
  EXPECT_EQ(traces[6].points.size(), 500u);
  EXPECT_EQ(traces[12].points.size(), 1000u);
  EXPECT_LE(PageHeight(svg), 210);  // A4
}

TEST(EcgPaper, NamesOfMarksStandBelowTheCaption) {
  record::EcgRecord record = TallRecord(10);
  for (auto& lead : record.leads) {
    for (float& mv : lead) mv *= 3;  // taller than the page can grow for
  }
  PaperOptions options;
  options.layout = PaperLayout::kAllLeads;
  options.caption = "caption";
  options.marks = {{1.00, "Q"}, {1.01, "R"}, {1.02, "S"}};
  const std::string svg = EcgPaperSvg(record, options).value();
  std::size_t names = 0;
  for (const PlacedText& text : TextsOf(svg)) {
    if (text.size != 2.4) continue;
    ++names;
    EXPECT_GT(text.y - 1.8, 10) << text.text;
  }
  EXPECT_EQ(names, 3u);
}

TEST(EcgPaper, NamesOfMarksDoNotStandOnOneAnother) {
  PaperOptions options;
  for (int i = 0; i < 400; ++i) {
    options.marks.push_back({0.02 * i, i % 7 == 0 ? std::string(300, 'x') : "R"});
  }
  const std::string svg = EcgPaperSvg(TallRecord(8), options).value();
  std::vector<PlacedText> names;
  for (const PlacedText& text : TextsOf(svg)) {
    if (text.size == 2.4) names.push_back(text);
  }
  EXPECT_GT(names.size(), 20u);
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_LT(names[i].right(), 270);
    for (std::size_t k = 0; k < i; ++k) {
      const bool same_line = std::abs(names[i].y - names[k].y) < 1.8;
      EXPECT_FALSE(same_line && names[i].x < names[k].right()) << names[k].text;
    }
    for (const Trace& trace : TracesOf(svg)) {
      EXPECT_FALSE(
          RunsThrough(trace, {names[i].x, names[i].y - 1.7}, {names[i].right(), names[i].y}));
    }
  }
}

TEST(EcgPaper, TakesShortAndReducedRecords) {
  const record::EcgRecord record = MakeRecord({"II", "V5"}, 500, 300);
  EXPECT_EQ(XmlFault(EcgPaperSvg(record).value()), "");
  PaperOptions options;
  options.layout = PaperLayout::kAllLeads;
  EXPECT_EQ(XmlFault(EcgPaperSvg(record, options).value()), "");
}

TEST(EcgPaper, RefusesWhatHasNothingToShow) {
  EXPECT_FALSE(EcgPaperSvg(MakeRecord(kTwelve, 500, 0)).ok());
  record::EcgRecord unread = MakeRecord({}, 500, 500);
  unread.unread_leads = {"I: units adu"};
  EXPECT_EQ(EcgPaperSvg(unread).error().message, "has no leads that can be read (I: units adu)");
  const record::EcgRecord record = MakeRecord(kTwelve, 500, 500);
  PaperOptions options;
  for (const double start : {-1.0, 1.0, std::numeric_limits<double>::quiet_NaN()}) {
    options.start = start;
    EXPECT_FALSE(EcgPaperSvg(record, options).ok()) << start;
  }
}

}  // namespace
}  // namespace ecg::report
