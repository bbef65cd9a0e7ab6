#include "src/formats/hdf5/lzf.h"

namespace ecg::hdf5 {

std::optional<std::string> UnpackLzf(std::string_view packed, std::size_t most) {
  std::string bytes;
  std::size_t at = 0;
  const auto next = [&] {
    return static_cast<std::size_t>(static_cast<unsigned char>(packed[at++]));
  };
  while (at < packed.size()) {
    const std::size_t control = next();
    constexpr std::size_t kFirstReference = 32;
    if (control < kFirstReference) {
      const std::size_t run = control + 1;
      if (packed.size() - at < run || most - bytes.size() < run) return {};
      bytes += packed.substr(at, run);
      at += run;
      continue;
    }
    constexpr std::size_t kLong = 7;  // the length goes on in a byte of its own
    std::size_t length = control >> 5;
    if (length == kLong) {
      if (at == packed.size()) return {};
      length += next();
    }
    length += 2;
    if (at == packed.size()) return {};
    const std::size_t back = ((control & 31) << 8 | next()) + 1;
    if (back > bytes.size() || most - bytes.size() < length) return {};
    // What is copied may reach into what it makes.
    for (std::size_t i = 0; i < length; ++i) bytes += bytes[bytes.size() - back];
  }
  return bytes;
}

}  // namespace ecg::hdf5
