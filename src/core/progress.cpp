#include "ecg/core/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace ecg {
namespace {

constexpr std::size_t kBarWidth = 24;
constexpr auto kRedraw = std::chrono::milliseconds(100);

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
  last_drawn_ = start_ - kRedraw;
}

void ProgressBar::Advance(std::size_t done, const std::string& note) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stream_ == nullptr || !active_ || total_ == 0) return;
  if (is_terminal_) {
    const Clock::time_point now = Clock::now();
    if (now - last_drawn_ < kRedraw && done < total_) return;
    last_drawn_ = now;
    DrawBar(done, note);
  } else if (const std::size_t tenths = done * 10 / total_; tenths > tenths_written_) {
    tenths_written_ = tenths;
    WriteLine(done, note);
  }
}

void ProgressBar::End() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stream_ != nullptr && active_ && is_terminal_) {
    std::fputs("\r\033[K", stream_);
    std::fflush(stream_);
  }
  active_ = false;
}

void ProgressBar::DrawBar(std::size_t done, const std::string& note) {
  const double elapsed = std::chrono::duration<double>(Clock::now() - start_).count();
  const double rate = elapsed > 0 ? static_cast<double>(done) / elapsed : 0;
  const double left = rate > 0 ? static_cast<double>(total_ - std::min(done, total_)) / rate : 0;
  const std::size_t filled = std::min(kBarWidth, done * kBarWidth / total_);
  const std::string bar = std::string(filled, '#') + std::string(kBarWidth - filled, '.');
  std::fprintf(stream_, "\r\033[K%s [%s] %zu/%zu  %.0f/s  %s left  %s", label_.c_str(), bar.c_str(),
               done, total_, rate, FormatDuration(left).c_str(), note.c_str());
  std::fflush(stream_);
}

void ProgressBar::WriteLine(std::size_t done, const std::string& note) {
  const double elapsed = std::chrono::duration<double>(Clock::now() - start_).count();
  std::fprintf(stream_, "%s %zu/%zu (%zu %%) after %s  %s\n", label_.c_str(), done, total_,
               done * 100 / total_, FormatDuration(elapsed).c_str(), note.c_str());
  std::fflush(stream_);
}

}  // namespace ecg
