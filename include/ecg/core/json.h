// JSON files that people write: with comments, and with errors that name file, line and key.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "ecg/core/result.h"

namespace ecg {

// Keeps the order of keys, so that what we write reads like what was given.
using Json = nlohmann::ordered_json;

// A parsed file that still knows where its keys stood.
struct JsonDocument {
  Json root;
  std::string file;
  std::map<std::string, std::size_t> line_of;  // by the keys on the way, joined with '.'

  // The line of a key, 0 where it is not known.
  std::size_t LineOf(const std::string& dotted_key) const;
};

// Reads `bytes` as DecodeText has them, with // and /* */ comments. Errors: a key given twice in
// one object, text that is neither UTF-8 nor UTF-16, numbers beyond a double, and what would take
// long to read: nesting deeper than 64, more than 10000 keys in one object, keys longer than 1000
// bytes. `file` is only named in errors.
Result<JsonDocument> ParseJson(std::string_view bytes, const std::string& file);
Result<JsonDocument> ReadJson(const std::filesystem::path& path);

// Two blanks of indentation and a final line end. Bytes that are not UTF-8, as paths may hold them,
// become U+FFFD.
std::string DumpJson(const Json& json);

// The same on one line, without a line end.
std::string DumpJsonLine(const Json& json);

}  // namespace ecg
