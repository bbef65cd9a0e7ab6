// Text files as people's programs write them: all encodings and ends of lines become UTF-8 with LF.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "ecg/core/file.h"
#include "ecg/core/result.h"

namespace ecg {

// The text of a file's bytes: without the byte order mark of UTF-8; UTF-16 of either byte order,
// told by its mark, as UTF-8; a CR without LF (old Macintosh) as LF. CR LF stays as it is. Gives
// `bytes`, or a copy in `buffer` where something had to change, so that plain text costs one look
// at it. Halves of surrogate pairs become U+FFFD; other bytes are not judged. An error, which names
// `file`: UTF-16 without its mark.
Result<std::string_view> DecodeText(std::string_view bytes, const std::string& file,
                                    std::string& buffer);

// The text of a file; errors are those of ReadFile and DecodeText.
Result<std::string> ReadText(const std::filesystem::path& path,
                             std::size_t max_bytes = kDefaultMaxFileBytes);

}  // namespace ecg
