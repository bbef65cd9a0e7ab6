// JSON files that people write: what is read can be written and read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ecg/core/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = ecg::ParseJson({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!json.ok()) return 0;
  if (!ecg::ParseJson(ecg::DumpJson(json->root), "again").ok()) std::abort();
  return 0;
}
