#include "ecg/core/json.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "ecg/core/file.h"

namespace ecg {
namespace {

constexpr std::size_t kMaxJsonBytes = std::size_t{64} << 20;
constexpr int kMaxDepth = 64;

std::size_t LineOfByte(std::string_view text, std::size_t byte) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
  return 1 + static_cast<std::size_t>(std::count(text.begin(), end, '\n'));
}

// Reads a text and keeps a count of the lines begun, which the parser itself does not tell.
class LineCounter {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  LineCounter(const char* at, std::size_t* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  LineCounter& operator++() {
    if (*at_ == '\n') ++*line_;
    ++at_;
    return *this;
  }
  friend bool operator==(const LineCounter& a, const LineCounter& b) { return a.at_ == b.at_; }
  friend bool operator!=(const LineCounter& a, const LineCounter& b) { return !(a == b); }

 private:
  const char* at_;
  std::size_t* line_;
};

// Follows the parser's events: refuses keys given twice and remembers the line of each.
class KeyTracker {
 public:
  explicit KeyTracker(JsonDocument& document) : document_(document) {}

  void Handle(int depth, Json::parse_event_t event, const Json& parsed, std::size_t line) {
    if (depth > kMaxDepth) throw Exception(UsageError("nested too deeply", document_.file, line));
    const auto level = static_cast<std::size_t>(depth);
    if (event != Json::parse_event_t::key) return;
    path_.resize(level);
    path_[level - 1] = parsed.get<std::string>();
    std::string dotted;
    for (const std::string& key : path_) dotted += (dotted.empty() ? "" : ".") + key;
    // Objects inside arrays share their dotted names, so only keys outside arrays are told apart.
    if (array_depth_ == 0 && !document_.line_of.emplace(dotted, line).second) {
      throw Exception(UsageError("given twice", document_.file, line, dotted));
    }
  }
  void EnterArray() { ++array_depth_; }
  void LeaveArray() { --array_depth_; }

 private:
  JsonDocument& document_;
  std::vector<std::string> path_;
  int array_depth_ = 0;
};

// nlohmann's messages begin with "[json.exception.parse_error.101] ".
std::string Readable(std::string_view message) {
  const std::size_t end = message.find("] ");
  return std::string(end == std::string_view::npos ? message : message.substr(end + 2));
}

}  // namespace

std::size_t JsonDocument::LineOf(const std::string& dotted_key) const {
  const auto found = line_of.find(dotted_key);
  return found == line_of.end() ? 0 : found->second;
}

Result<JsonDocument> ParseJson(std::string_view text, const std::string& file) {
  JsonDocument document;
  document.file = file;
  KeyTracker keys(document);
  std::size_t line = 1;
  const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::array_start) keys.EnterArray();
    if (event == Json::parse_event_t::array_end) keys.LeaveArray();
    keys.Handle(depth, event, parsed, line);
    return true;
  };
  try {
    document.root = Json::parse(LineCounter(text.data(), &line),
                                LineCounter(text.data() + text.size(), &line), check,
                                /*allow_exceptions=*/true, /*ignore_comments=*/true);
    return document;
  } catch (const Json::parse_error& error) {
    return UsageError(Readable(error.what()), file, LineOfByte(text, error.byte));
  } catch (const Json::exception& error) {  // as for a number beyond a double
    return UsageError(Readable(error.what()), file);
  } catch (const Exception& error) {
    return error.error();
  }
}

Result<JsonDocument> ReadJson(const std::filesystem::path& path) {
  Result<std::string> text = ReadFile(path, kMaxJsonBytes);
  if (!text.ok()) return text.error();
  return ParseJson(*text, path.string());
}

std::string DumpJson(const Json& json) {
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ecg
