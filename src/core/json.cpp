#include "ecg/core/json.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/text_encoding.h"

namespace ecg {
namespace {

constexpr std::size_t kMaxJsonBytes = std::size_t{64} << 20;
constexpr int kMaxDepth = 64;
// The parser looks through all keys of an object, and all objects of an array, for each.
constexpr std::size_t kMaxKeys = 10000;
constexpr std::size_t kMaxObjects = 10000;
constexpr std::size_t kMaxKeyBytes = 1000;

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

// Follows the parser's events: refuses keys given twice and what would take long, and remembers
// the line of each key.
class KeyTracker {
 public:
  explicit KeyTracker(JsonDocument& document) : document_(document) {}

  void Handle(int depth, Json::parse_event_t event, const Json& parsed, std::size_t line) {
    if (depth > kMaxDepth) throw Exception(UsageError("nested too deeply", document_.file, line));
    const auto level = static_cast<std::size_t>(depth);
    switch (event) {
      case Json::parse_event_t::array_start:
        objects_.push_back({level, 0});
        break;
      case Json::parse_event_t::array_end:
        objects_.pop_back();
        break;
      case Json::parse_event_t::object_start:
        // Of an array, and not of an object in it.
        if (!objects_.empty() && objects_.back().level + 1 == level &&
            ++objects_.back().count > kMaxObjects) {
          throw Exception(UsageError("too many objects in one array", document_.file, line));
        }
        open_.resize(level);  // arrays on the way hold no keys
        open_.emplace_back();
        break;
      case Json::parse_event_t::key:
        open_.resize(level);
        HandleKey(open_.back(), parsed.get_ref<const std::string&>(), line);
        break;
      default:
        break;
    }
  }

 private:
  struct Object {
    std::set<std::string> keys;
    std::string key;  // the last
  };

  void HandleKey(Object& object, const std::string& key, std::size_t line) {
    const auto fail = [&](const char* message, const std::string& field) {
      throw Exception(UsageError(message, document_.file, line, field));
    };
    if (key.size() > kMaxKeyBytes) fail("a key is too long", {});
    object.key = key;
    // Objects inside arrays share their dotted names.
    const std::string field = objects_.empty() ? DottedName() : key;
    if (!object.keys.insert(key).second) fail("given twice", field);
    if (object.keys.size() > kMaxKeys) fail("too many keys in one object", {});
    if (!objects_.empty()) return;
    dotted_bytes_ += field.size();
    if (dotted_bytes_ > kMaxJsonBytes) fail("too many long keys", {});
    // As "a.b" beside an "a" that holds a "b".
    if (!document_.line_of.emplace(field, line).second) fail("given twice", field);
  }

  std::string DottedName() const {
    std::string dotted;
    for (const Object& object : open_) dotted += (dotted.empty() ? "" : ".") + object.key;
    return dotted;
  }

  JsonDocument& document_;
  std::vector<Object> open_;  // by depth
  struct Array {
    std::size_t level;
    std::size_t count;  // of its objects
  };
  std::vector<Array> objects_;  // of the arrays that are open
  std::size_t dotted_bytes_ = 0;
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

Result<JsonDocument> ParseJson(std::string_view bytes, const std::string& file) {
  std::string buffer;
  const Result<std::string_view> decoded = DecodeText(bytes, file, buffer);
  if (!decoded.ok()) return UsageError(decoded.error().message, file);
  const std::string_view text = *decoded;
  JsonDocument document;
  document.file = file;
  KeyTracker keys(document);
  std::size_t line = 1;
  const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
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
    return UsageError(Readable(error.what()), file, line);
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

std::string DumpJsonLine(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace ecg
