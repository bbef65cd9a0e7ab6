#include "tests/support.h"

#include <unistd.h>

#include <cstdlib>
#include <map>
#include <memory>

namespace ecg::test {
namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (fs::temp_directory_path() / "ecg-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path SourcePath(const std::string& relative) { return fs::path(ECG_SOURCE_DIR) / relative; }

std::optional<fs::path> SharedFolder() {
  const char* named = std::getenv("ECG_SHARED");
  const fs::path folder = named != nullptr ? fs::path(named) : SourcePath("../shared");
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) return std::nullopt;
  return fs::canonical(folder);
}

std::optional<fs::path> UnpackShared(const std::string& archive) {
  static std::map<std::string, std::unique_ptr<TemporaryFolder>> unpacked;
  const std::optional<fs::path> shared = SharedFolder();
  if (!shared || !fs::exists(*shared / archive)) return std::nullopt;
  std::unique_ptr<TemporaryFolder>& folder = unpacked[archive];
  if (!folder) {
    folder = std::make_unique<TemporaryFolder>();
    const std::string command =
        "tar -xf '" + (*shared / archive).string() + "' -C '" + folder->path().string() + "'";
    if (std::system(command.c_str()) != 0) return std::nullopt;
  }
  return folder->path();
}

}  // namespace ecg::test
