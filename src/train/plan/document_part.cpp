#include "src/train/plan/document_part.h"

namespace ecg::train {
namespace fs = std::filesystem;

JsonDocument PartOf(const JsonDocument& document, const Json& part, const std::string& prefix) {
  JsonDocument own;
  own.root = part;
  own.file = document.file;
  for (const auto& [key, line] : document.line_of) {
    if (key.compare(0, prefix.size(), prefix) == 0) own.line_of[key.substr(prefix.size())] = line;
  }
  return own;
}

void ResolvePath(std::string& path, const fs::path& base) {
  if (!path.empty()) path = fs::absolute(base / path).lexically_normal().string();
}

}  // namespace ecg::train
