#include "src/apps/jobs/prediction_stamp.h"

#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/text.h"

namespace ecg::jobs {
namespace fs = std::filesystem;

Status StampFolder(const fs::path& folder, const Json& stamp) {
  const fs::path path = folder / kStampFile;
  // Of two processes that begin at once one writes it, and the other compares.
  const Result<bool> written = WriteNewFile(path, DumpJson(stamp));
  if (!written.ok()) return written.error();
  if (*written) return {};
  const Result<JsonDocument> earlier = ReadJson(path);
  if (!earlier.ok()) return earlier.error();
  std::vector<std::string> differences;
  for (const auto& [key, value] : stamp.items()) {
    const auto found = earlier->root.is_object() ? earlier->root.find(key) : earlier->root.end();
    if (found == earlier->root.end() || *found != value) differences.push_back(key);
  }
  if (differences.empty()) return {};
  return UsageError("holds predictions made otherwise (other: " + Join(differences, ", ") +
                        "); name another folder, or remove this one",
                    folder.string());
}

}  // namespace ecg::jobs
