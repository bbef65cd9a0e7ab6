#include "ecg/report/page.h"

#include "ecg/core/checksum.h"
#include "ecg/core/version.h"
#include "src/report/base64.h"
#include "src/report/page_files.h"
#include "src/report/xml.h"

namespace ecg::report {
namespace {

std::string HashSource(std::string_view text) {
  const Sha256Digest digest = Sha256Bytes(text);
  return "'sha256-" + Base64({reinterpret_cast<const char*>(digest.data()), digest.size()}) + "'";
}

// Only this style sheet and this script run, whatever else stands in the page, and nothing is
// fetched; downloads of what the page itself has made are left.
std::string ContentPolicy(const std::string& style, bool chunks) {
  return "default-src 'none'; style-src " + HashSource(style) + "; script-src " +
         HashSource(PageScript()) + (chunks ? " 'self' file:" : "") +
         "; img-src data:; base-uri 'none'; form-action 'none'";
}

}  // namespace

Page::Page(std::string kind, std::string title)
    : kind_(std::move(kind)), title_(std::move(title)) {}

void Page::AddSection(std::string id, std::string title, Html content) {
  sections_.push_back({std::move(id), std::move(title), std::move(content)});
}

std::string Page::Document() const {
  const std::string style =
      std::string(PageStyle()) + (landscape_ ? "@page { size: A4 landscape; margin: 8mm 13mm; }\n"
                                             : "@page { size: A4 portrait; margin: 15mm; }\n");
  Html links;
  Html parts;
  for (const Section& section : sections_) {
    Html content;
    Attributes attributes = {{"id", section.id}};
    if (!section.title.empty()) {
      links += Element("li", {}, Element("a", {{"href", "#" + section.id}}, section.title));
      attributes.emplace_back("aria-labelledby", section.id + "-title");
      content +=
          Element("h2", {{"id", section.id + "-title"}}, section.title) + Html::Literal("\n");
    }
    parts += Element("section", attributes, content + section.content) + Html::Literal("\n");
  }
  const Html nav = links.empty() ? Html()
                                 : Element("nav", {{"aria-label", "Parts of this report"}},
                                           Element("ul", {}, links));
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += VoidElement("meta", {{"http-equiv", "Content-Security-Policy"},
                              {"content", ContentPolicy(style, chunks_)}})
             .markup();
  out +=
      "\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n";
  if (renew_ > 0) {
    out += VoidElement("meta", {{"http-equiv", "refresh"}, {"content", std::to_string(renew_)}})
               .markup() +
           "\n";
  }
  out += Element("title", {}, title_ + " - " + kind_).markup() + "\n<style>" + style +
         "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the report</a>\n"
         "<header>\n<div class=\"title\">" +
         Element("p", {{"class", "kind"}}, kind_).markup() + Element("h1", {}, title_).markup() +
         lead_.markup() + "</div>\n" + nav.markup() + "\n</header>\n<main id=\"main\">\n" +
         parts.markup() + "</main>\n<footer><p>" + EscapeXml(kNotADevice) + " Made by ecg " +
         EscapeXml(Version()) + ".</p></footer>\n" + data_.markup() + "<script>" +
         std::string(PageScript()) + "</script>\n</body>\n</html>\n";
  return out;
}

std::string ChunkScript(const std::string& name, const Json& json) {
  return "ecgChunk(" + ScriptJson(Json(name)) + "," + ScriptJson(json) + ");\n";
}

}  // namespace ecg::report
