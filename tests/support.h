// What the tests share: temporary folders, golden files, real records.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

namespace ecg::test {

// A fresh folder that is removed with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// The repository's own files.
std::filesystem::path SourcePath(const std::string& relative);

// The folder of real records: $ECG_SHARED, or shared/ beside the checkout. Empty where absent.
std::optional<std::filesystem::path> SharedFolder();

// An archive of the shared folder (as in "data/ecg_small.tar.xz"), unpacked once per process into a
// temporary folder. Empty where absent.
std::optional<std::filesystem::path> UnpackShared(const std::string& archive);

}  // namespace ecg::test

// Leaves the test with a message where the real records are not at hand.
#define ECG_NEED_SHARED(variable, archive)                                      \
  const std::optional<std::filesystem::path> variable##_found =                 \
      ::ecg::test::UnpackShared(archive);                                       \
  if (!variable##_found) GTEST_SKIP() << "needs the real records: " << archive; \
  const std::filesystem::path& variable = *variable##_found
