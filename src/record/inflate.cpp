#include "src/record/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace ecg::record {

std::optional<std::string> Inflate(std::string_view packed, Packing packing, std::size_t count) {
  constexpr std::size_t kFirstBytes = 65536;
  constexpr std::size_t kMostAtOnce = std::numeric_limits<uInt>::max();
  if (packed.size() > kMostAtOnce) return {};
  z_stream stream{};
  if (inflateInit2(&stream, packing == Packing::kZlib ? MAX_WBITS : -MAX_WBITS) != Z_OK) return {};
  // zlib does not write there.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string bytes;
  int status = Z_OK;
  while (status == Z_OK && bytes.size() < count) {
    const std::size_t before = bytes.size();
    bytes.resize(std::min(count, std::max(2 * before, kFirstBytes)));
    const auto room = static_cast<uInt>(std::min(bytes.size() - before, kMostAtOnce));
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data() + before);
    stream.avail_out = room;
    status = inflate(&stream, Z_NO_FLUSH);
    bytes.resize(before + room - stream.avail_out);
    if (status == Z_BUF_ERROR) break;
  }
  inflateEnd(&stream);
  if (status != Z_OK && status != Z_STREAM_END) return {};
  return bytes;
}

}  // namespace ecg::record
