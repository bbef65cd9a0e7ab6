#include "src/apps/cli/log_pattern.h"

#include <spdlog/pattern_formatter.h>

#include <string_view>

#include "ecg/core/shown_text.h"

namespace ecg::cli {
namespace {

class ShownMessage : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    const std::string text = ShownLine({message.payload.data(), message.payload.size()});
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<ShownMessage>();
  }
};

}  // namespace

std::unique_ptr<spdlog::formatter> LogFormatter(const std::string& pattern) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<ShownMessage>('*').set_pattern(pattern);
  return formatter;
}

}  // namespace ecg::cli
