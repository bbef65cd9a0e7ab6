// What the tests share: temporary folders, golden files, real records.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

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

// Writes <folder>/<name>.hea and .mat as the challenge has them: 16-bit samples, 1000 per mV.
struct TestRecord {
  std::string name = "A0001";
  std::vector<std::string> leads = {"I",  "II", "III", "aVR", "aVL", "aVF",
                                    "V1", "V2", "V3",  "V4",  "V5",  "V6"};
  double sampling_rate = 500;
  std::size_t samples = 5000;
  std::string dx = "426783006";
  std::string sex = "Female";
  // mV of a lead at a time in seconds.
  std::function<double(std::size_t lead, double seconds)> signal;
};
void WriteRecord(const std::filesystem::path& folder, const TestRecord& record);

}  // namespace ecg::test

// Leaves the test with a message where the real records are not at hand.
#define ECG_NEED_SHARED(variable, archive)                                      \
  const std::optional<std::filesystem::path> variable##_found =                 \
      ::ecg::test::UnpackShared(archive);                                       \
  if (!variable##_found) GTEST_SKIP() << "needs the real records: " << archive; \
  const std::filesystem::path& variable = *variable##_found
