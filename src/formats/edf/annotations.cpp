#include "src/formats/edf/annotations.h"

#include <cmath>

#include "ecg/core/text.h"

namespace ecg::edf {

// Each list is "+onset", after \x15 its duration, texts that end in \x14, and a zero byte.
std::vector<TimedTexts> ParseAnnotations(std::string_view bytes) {
  std::vector<TimedTexts> lists;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\0');
    if (end == std::string_view::npos) break;
    const std::string_view list = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (list.empty()) continue;
    std::vector<std::string_view> parts = Split(list, '\x14');
    const std::string_view stamp = parts.front().substr(0, parts.front().find('\x15'));
    if (stamp.size() < 2 || (stamp.front() != '+' && stamp.front() != '-')) break;
    const auto onset = ParseDouble(stamp.substr(stamp.front() == '+' ? 1 : 0));
    if (!onset || !std::isfinite(*onset)) break;
    TimedTexts timed{*onset, {}};
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (!parts[i].empty()) timed.texts.emplace_back(parts[i]);
    }
    lists.push_back(std::move(timed));
  }
  return lists;
}

}  // namespace ecg::edf
