// Annotation files: what is read and can be written again reads as the same; what is
// recognised as one can be read.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ecg/formats/wfdb/annotation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file =
      ecg::wfdb::ParseAnnotations({reinterpret_cast<const char*>(data), size}, "fuzz");
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  if (ecg::wfdb::IsAnnotationFile(all) && !file.ok()) std::abort();
  if (!file.ok()) return 0;
  const auto bytes = ecg::wfdb::FormatAnnotations(*file);
  if (!bytes.ok()) return 0;  // as with times that run backwards
  const auto again = ecg::wfdb::ParseAnnotations(*bytes, "again");
  if (!again.ok() || again->annotations.size() != file->annotations.size()) std::abort();
  for (std::size_t i = 0; i < file->annotations.size(); ++i) {
    const auto &a = file->annotations[i], &b = again->annotations[i];
    if (a.sample != b.sample || a.type != b.type || a.aux != b.aux || a.channel != b.channel ||
        a.number != b.number || a.subtype != b.subtype) {
      std::abort();
    }
  }
  return 0;
}
