// A file that is written bit by bit and appears whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ecg {

// Grows under its name with ".partial" behind it, and takes its name when it is finished; a
// device, a pipe and standard output ("-") are written to as it grows. Throws Exception (kOutput)
// where it cannot be written, or a folder has its name.
class PartialFile {
 public:
  // Missing folders are created.
  explicit PartialFile(std::filesystem::path path);
  ~PartialFile();
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  void Write(std::string_view bytes);
  // What was written is on the disk before the file takes its name.
  void Finish();

 private:
  bool IsStream() const { return partial_ == path_; }
  void Flush();
  [[noreturn]] void Fail() const;

  const std::filesystem::path path_;
  const std::filesystem::path partial_;
  std::string waiting_;
  int descriptor_ = -1;
};

}  // namespace ecg
