// A text file that grows by whole lines, whoever else adds to it.
#pragma once

#include <filesystem>
#include <string_view>

#include "ecg/core/result.h"

namespace ecg {

class LineLog {
 public:
  // Opens the file, which need not be there; a last line without an end gets one. An error
  // (kOutput): it cannot be written, or is no regular file.
  static Result<LineLog> Open(const std::filesystem::path& path);

  LineLog(LineLog&& other) noexcept;
  LineLog& operator=(LineLog&& other) noexcept;
  ~LineLog();

  // Adds a line, whose end it puts itself, in one call of the system, so that the lines of several
  // processes do not mix. It may be lost where the machine crashes.
  Status Add(std::string_view line);

 private:
  LineLog(int descriptor, std::filesystem::path path);

  int descriptor_ = -1;
  std::filesystem::path path_;
};

}  // namespace ecg
