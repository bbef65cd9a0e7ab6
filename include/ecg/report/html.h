// Markup that can only be put together from escaped text, so that what files say stays text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecg/core/json.h"

namespace ecg::report {

class Html {
 public:
  Html() = default;

  // Text as it stands: markup in it is shown, not obeyed.
  static Html Text(std::string_view text);

  // Markup that stands in our sources.
  template <std::size_t kSize>
  static Html Literal(const char (&markup)[kSize]) {
    return Html(std::string(markup, kSize - 1));
  }

  // An SVG document that this module has made, for the inside of a page.
  static Html Drawing(std::string_view svg);

  Html& operator+=(const Html& other) {
    markup_ += other.markup_;
    return *this;
  }
  friend Html operator+(Html left, const Html& right) { return left += right; }

  bool empty() const { return markup_.empty(); }
  const std::string& markup() const { return markup_; }

 private:
  explicit Html(std::string markup) : markup_(std::move(markup)) {}
  friend Html Element(const char*, const std::vector<std::pair<const char*, std::string>>&,
                      const Html&);
  friend Html VoidElement(const char*, const std::vector<std::pair<const char*, std::string>>&);
  friend Html DataScript(const char*, const Json&);

  std::string markup_;
};

// Values are escaped; names and tags stand in our sources.
using Attributes = std::vector<std::pair<const char*, std::string>>;

Html Element(const char* tag, const Attributes& attributes, const Html& content);
Html Element(const char* tag, const Attributes& attributes, std::string_view text);
Html VoidElement(const char* tag, const Attributes& attributes);  // as in <input ...>

// A JSON value for our script: <script type="application/json" id="...">, in which nothing ends the
// element early.
Html DataScript(const char* id, const Json& json);

// The same JSON as an expression of a script in a file of its own.
std::string ScriptJson(const Json& json);

// The value of a `href` to a file beside the page: a relative path, whatever it is called.
std::string FileLink(std::string_view relative_path);

}  // namespace ecg::report
