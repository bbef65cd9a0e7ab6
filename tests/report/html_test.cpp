#include "ecg/report/html.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "ecg/report/figure.h"
#include "ecg/report/page.h"
#include "ecg/report/table.h"

namespace ecg::report {
namespace {

constexpr char kEvil[] = "</title><script>alert(1)</script><img src=x onerror='alert(\"2\")'>&amp;";

// How often a text stands in another.
std::size_t Count(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(Html, TextIsShownAndNotObeyed) {
  EXPECT_EQ(Html::Text("<b>&'\"").markup(), "&lt;b&gt;&amp;&#39;&quot;");
  EXPECT_EQ(Element("p", {{"title", "\"><b>"}}, "<i>").markup(),
            "<p title=\"&quot;&gt;&lt;b&gt;\">&lt;i&gt;</p>");
  EXPECT_EQ(VoidElement("input", {{"value", "a\"b"}}).markup(), "<input value=\"a&quot;b\">");
}

TEST(Html, NothingEndsADataScriptEarly) {
  const Json json = {{"</script><script>", "<!-- \xE2\x80\xA8 & \xFF"}};
  const std::string script = DataScript("data", json).markup();
  EXPECT_EQ(Count(script, "<"), 2u);
  EXPECT_EQ(Count(script, "</script>"), 1u);
  EXPECT_EQ(script.find("\xE2\x80\xA8"), std::string::npos);
  const std::size_t begin = script.find('>') + 1;
  const Json read = Json::parse(script.substr(begin, script.find("</script>") - begin));
  EXPECT_EQ(read.begin().key(), "</script><script>");
  EXPECT_EQ(read.begin().value(), "<!-- \xE2\x80\xA8 & \xEF\xBF\xBD");
}

TEST(Html, LinksLeadToFilesBesideThePageAndNowhereElse) {
  EXPECT_EQ(FileLink("javascript:alert(1)"), "./javascript%3Aalert%281%29");
  EXPECT_EQ(FileLink("a b/#1?.html"), "./a%20b/%231%3F.html");
  EXPECT_EQ(FileLink("//host/x"), ".///host/x");
}

TEST(Html, ADrawingLosesItsDeclarationOnly) {
  EXPECT_EQ(Html::Drawing("<?xml version=\"1.0\"?>\n<svg/>").markup(), "<svg/>");
  EXPECT_EQ(Html::Drawing("<svg/>").markup(), "<svg/>");
}

Table EvilTable() {
  Table table;
  table.caption = kEvil;
  table.columns = {{kEvil, false, kEvil}, {"value", true, {}}};
  table.rows = {{kEvil, Cell(0.5, 2)}, {"b", Cell()}};
  table.rows[0][0].link = kEvil;
  table.rows[0][1].bar = 0.5;
  return table;
}

Figure EvilFigure() {
  Figure figure;
  figure.title = figure.about = figure.x.title = figure.y.title = kEvil;
  figure.series = {{kEvil, Series::Kind::kLine, {0, 1, 2}, {0, 1, 0.5}, {}, {}},
                   {"b", Series::Kind::kBars, {0, 1, 2}, {0, 1, 0.5}, {}, {}}};
  figure.guides = {{1, kEvil}};
  return figure;
}

TEST(Page, MarkupInNamesIsInert) {
  Page page(kEvil, kEvil);
  page.AddLead(Html::Text(kEvil));
  page.AddSection("a", kEvil, TableHtml(EvilTable(), true) + FigureHtml(EvilFigure()));
  Matrix matrix;
  matrix.title = matrix.row_title = matrix.column_title = kEvil;
  matrix.rows = matrix.columns = {kEvil};
  matrix.values = {{3}};
  page.AddSection("b", "", MatrixHtml(matrix));
  page.AddData("data", Json(kEvil));
  const std::string document = page.Document();
  EXPECT_EQ(Count(document, "alert(1)</script>"), 0u);
  EXPECT_EQ(Count(document, "<img"), 0u);
  EXPECT_EQ(Count(document, "<script"), 2u);  // ours and the data
  EXPECT_EQ(Count(document, "</title>"), 1u);
  EXPECT_EQ(Count(document, "src="),
            Count(document, "&gt;&lt;img src=x") + Count(document, "\\u003cimg src=x"));
}

TEST(Page, NeedsNothingBesideIt) {
  Page page("Recording", "A0001");
  page.AddSection("a", "A", Html::Text("x"));
  const std::string document = page.Document();
  EXPECT_EQ(document.find("http://"), document.find("http://www.w3.org/2000/svg"));
  EXPECT_EQ(document.find("https://"), std::string::npos);
  EXPECT_NE(document.find("default-src &#39;none&#39;"), std::string::npos);
  EXPECT_EQ(document.find("unsafe-inline"), std::string::npos);
  EXPECT_EQ(document.find("@import"), std::string::npos);
  EXPECT_EQ(document.find("url("), std::string::npos);
  EXPECT_NE(document.find(kNotADevice), std::string::npos);
}

TEST(Page, ChunksMayBeLoadedWhereTheyAreAskedFor) {
  Page page("Folder", "all");
  EXPECT_EQ(page.Document().find(" file:"), std::string::npos);
  page.AllowChunks();
  EXPECT_NE(page.Document().find(" &#39;self&#39; file:"), std::string::npos);
  EXPECT_EQ(ChunkScript("rows-1", Json({{"a", "</script>"}})),
            "ecgChunk(\"rows-1\",{\"a\":\"\\u003c/script\\u003e\"});\n");
}

TEST(Table, SaysTheSameInEveryForm) {
  Table table;
  table.columns = {{"class", false, {}}, {"AUROC", true, {}}};
  table.rows = {{"AF", Cell(0.98765, 3)}, {"PVC", Cell(std::nan(""), 3)}};
  EXPECT_EQ(TableText(table), "class  AUROC\n-----  -----\nAF     0.988\nPVC\n");
  EXPECT_EQ(TableJson(table)[0]["AUROC"], 0.98765);
  EXPECT_EQ(TableJson(table)[1]["AUROC"], "");
  const std::string html = TableHtml(table).markup();
  EXPECT_NE(html.find("<td class=\"number\" data-value=\"0.98765\">0.988</td>"), std::string::npos);
  EXPECT_NE(html.find("<th scope=\"row\">AF</th>"), std::string::npos);
}

}  // namespace
}  // namespace ecg::report
