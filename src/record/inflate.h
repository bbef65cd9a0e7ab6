// What zlib packed, within bounds.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ecg::record {

enum class Packing { kZlib, kRawDeflate };

// The first `count` bytes of what was packed, or all where it has fewer; nothing where it is
// damaged. Memory grows with what is there, whatever a file promises of it.
std::optional<std::string> Inflate(std::string_view packed, Packing packing, std::size_t count);

}  // namespace ecg::record
