#include "ecg/core/result.h"

namespace ecg {

std::string Error::ToString() const {
  std::string text;
  if (!file.empty()) text += file + (line > 0 ? ":" + std::to_string(line) : "") + ": ";
  if (!field.empty()) text += field + ": ";
  return text + message;
}

}  // namespace ecg
