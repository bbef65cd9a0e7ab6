#include "ecg/core/json.h"

#include <algorithm>
#include <set>
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

// nlohmann's messages begin with "[json.exception.parse_error.101] ".
std::string Readable(std::string_view message) {
  const std::size_t end = message.find("] ");
  return std::string(end == std::string_view::npos ? message : message.substr(end + 2));
}

}  // namespace

Result<Json> ParseJson(std::string_view text, const std::string& file) {
  std::vector<std::set<std::string>> keys;
  const auto check = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kMaxDepth) throw Exception(UsageError("nested too deeply", file));
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys.back().insert(key).second) {
        throw Exception(UsageError("given twice", file, 0, key));
      }
    }
    return true;
  };
  try {
    return Json::parse(text, check, /*allow_exceptions=*/true, /*ignore_comments=*/true);
  } catch (const Json::parse_error& error) {
    return UsageError(Readable(error.what()), file, LineOfByte(text, error.byte));
  } catch (const Exception& error) {
    return error.error();
  }
}

Result<Json> ReadJson(const std::filesystem::path& path) {
  Result<std::string> text = ReadFile(path, kMaxJsonBytes);
  if (!text.ok()) return text.error();
  return ParseJson(*text, path.string());
}

std::string DumpJson(const Json& json) {
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ecg
