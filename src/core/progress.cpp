#include "ecg/core/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "ecg/core/terminal.h"

namespace ecg {
namespace {

constexpr std::size_t kBarWidth = 24;
constexpr std::size_t kLeastNote = 7;      // columns, with the blanks before it
constexpr std::size_t kUsualColumns = 80;  // of a terminal that does not say
constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr auto kLongestSilence = std::chrono::minutes(5);  // of a log

// As in "85/s", "2.5/s" or, where one takes longer than a second, "12.3 s each".
std::string RateText(const ProgressState& state) {
  const double rate = static_cast<double>(state.done) / state.elapsed;
  char text[48];
  if (rate >= 10) {
    std::snprintf(text, sizeof(text), "%.0f/s", rate);
  } else if (rate >= 1) {
    std::snprintf(text, sizeof(text), "%.1f/s", rate);
  } else {
    std::snprintf(text, sizeof(text), "%.1f s each", 1 / rate);
  }
  return text;
}

bool HasRate(const ProgressState& state) { return state.done > 0 && state.elapsed > 0; }

// Empty where it cannot be told yet, and at the end.
std::string LeftText(const ProgressState& state) {
  if (!HasRate(state) || state.done >= state.total) return {};
  const auto ahead = static_cast<double>(state.total - state.done);
  return FormatDuration(ahead * state.elapsed / static_cast<double>(state.done)) + " left";
}

std::string CountText(const ProgressState& state) {
  return std::to_string(state.done) + "/" + std::to_string(state.total);
}

}  // namespace

std::string FormatDuration(double seconds) {
  const long whole = std::lround(seconds);
  char text[32];
  if (whole >= 3600) {
    std::snprintf(text, sizeof(text), "%ldh%02ldm", whole / 3600, whole / 60 % 60);
  } else {
    std::snprintf(text, sizeof(text), "%ld:%02ld", whole / 60, whole % 60);
  }
  return text;
}

std::string ProgressLine(const ProgressState& state, std::size_t columns) {
  const double share = static_cast<double>(state.done) / static_cast<double>(state.total);
  const auto filled = static_cast<std::size_t>(std::min(1.0, share) * kBarWidth);
  const std::string bar =
      " [" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "] ";
  std::string figures = CountText(state);
  if (HasRate(state)) figures += "  " + RateText(state);
  if (const std::string left = LeftText(state); !left.empty()) figures += "  " + left;
  const std::string all = state.label + bar + figures;
  if (const std::size_t used = DisplayColumns(all); used <= columns) {
    const bool has_note = !state.note.empty() && columns - used >= kLeastNote;
    return CutToColumns(has_note ? all + "  " + state.note : all, columns);
  }
  const std::string with_label = state.label + " " + figures;
  return CutToColumns(DisplayColumns(with_label) <= columns ? with_label : figures, columns);
}

std::string ProgressLogLine(const ProgressState& state) {
  std::string line = state.label + " " + CountText(state) + " (" +
                     std::to_string(state.done * 100 / state.total) + " %) after " +
                     FormatDuration(state.elapsed);
  if (const std::string left = LeftText(state); !left.empty()) line += ", " + left;
  return state.note.empty() ? line : line + "  " + state.note;
}

ProgressBar::ProgressBar(std::FILE* stream)
    : ProgressBar(stream, stream != nullptr && ::isatty(::fileno(stream)) == 1) {}

ProgressBar::ProgressBar(std::FILE* stream, bool is_terminal)
    : stream_(stream), is_terminal_(is_terminal) {}

void ProgressBar::Begin(const std::string& label, std::size_t total) {
  const std::lock_guard<std::mutex> lock(mutex_);
  label_ = label;
  total_ = total;
  tenths_written_ = 0;
  active_ = true;
  start_ = Clock::now();
  last_shown_ = is_terminal_ ? start_ - kRedraw : start_;
}

void ProgressBar::Advance(std::size_t done, const std::string& note) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stream_ == nullptr || !active_ || total_ == 0) return;
  const Clock::time_point now = Clock::now();
  const ProgressState state = {label_, done, total_,
                               std::chrono::duration<double>(now - start_).count(), note};
  if (is_terminal_) {
    if (now - last_shown_ < kRedraw && done < total_) return;
    Draw(state);
  } else {
    const std::size_t tenths = done * 10 / total_;
    if (tenths <= tenths_written_ && now - last_shown_ < kLongestSilence) return;
    tenths_written_ = std::max(tenths, tenths_written_);
    WriteLine(state);
  }
  last_shown_ = now;
}

void ProgressBar::End() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stream_ != nullptr && active_ && is_terminal_) {
    std::fputs("\r\033[K", stream_);
    std::fflush(stream_);
  }
  active_ = false;
}

// A line that fills the last column wraps on some terminals.
void ProgressBar::Draw(const ProgressState& state) {
  const std::size_t columns = TerminalColumns(::fileno(stream_));
  const std::string line = ProgressLine(state, (columns > 0 ? columns : kUsualColumns) - 1);
  std::fprintf(stream_, "\r\033[K%s", line.c_str());
  std::fflush(stream_);
}

void ProgressBar::WriteLine(const ProgressState& state) {
  std::fprintf(stream_, "%s\n", ProgressLogLine(state).c_str());
  std::fflush(stream_);
}

}  // namespace ecg
