// How far a long piece of work has come.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <string>

namespace ecg {

// As in "2:05" for minutes and seconds, "1h05m" from an hour on.
std::string FormatDuration(double seconds);

// What a library calls while it works; an executable decides what to show.
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  virtual void Begin(const std::string& label, std::size_t total) = 0;
  virtual void Advance(std::size_t done, const std::string& note) = 0;
  virtual void End() = 0;
};

struct ProgressState {
  std::string label;
  std::size_t done = 0;
  std::size_t total = 0;  // at least 1
  double elapsed = 0;     // s
  std::string note;
};

// One line for a terminal, no wider than `columns`: where all does not fit, the note is cut, then
// the bar goes, then the label.
std::string ProgressLine(const ProgressState& state, std::size_t columns);

// One line for a log: count, per cent, time so far and time left, note.
std::string ProgressLogLine(const ProgressState& state);

// On a terminal a bar with rate and time left, as wide as the terminal is at that moment; elsewhere
// a plain line every tenth of the work, and every five minutes. Safe to call from several threads.
// Nothing is written to a null stream.
class ProgressBar : public ProgressSink {
 public:
  explicit ProgressBar(std::FILE* stream);
  ProgressBar(std::FILE* stream, bool is_terminal);

  void Begin(const std::string& label, std::size_t total) override;
  void Advance(std::size_t done, const std::string& note) override;
  void End() override;

 private:
  using Clock = std::chrono::steady_clock;
  void Draw(const ProgressState& state);
  void WriteLine(const ProgressState& state);

  std::mutex mutex_;
  std::FILE* stream_;
  bool is_terminal_;
  std::string label_;
  std::size_t total_ = 0;
  std::size_t tenths_written_ = 0;
  bool active_ = false;
  Clock::time_point start_;
  Clock::time_point last_shown_;
};

}  // namespace ecg
