// Bytes as text of 64 characters (RFC 4648).
#pragma once

#include <string>
#include <string_view>

namespace ecg::report {

std::string Base64(std::string_view bytes);

}  // namespace ecg::report
