// What WFDB's files hold, for people who look at them. See formats/describe.h.
#pragma once

#include <filesystem>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/formats/wfdb/header.h"
#include "ecg/record/reader.h"

namespace ecg::wfdb {

// Of a record whose signals are resolved. Its samples are not kept, so its length costs no memory.
Result<Json> DescribeRecord(const Header& header, const record::EcgInfo& info,
                            const record::ReadOptions& options);
Result<Json> DescribeMatlab(const std::filesystem::path& path);
Result<Json> DescribeAnnotations(const std::filesystem::path& path);

}  // namespace ecg::wfdb
