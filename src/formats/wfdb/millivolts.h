// From a header to physical millivolts.
#pragma once

#include <cstddef>

#include "ecg/core/result.h"
#include "ecg/formats/wfdb/header.h"
#include "ecg/record/reader.h"
#include "src/formats/wfdb/selection.h"

namespace ecg::wfdb {

// Reads the selected signals of a header whose signals are resolved; `info` is what InfoOf says of
// it. See record::RecordFile::Read.
Status ReadMillivolts(const Header& header, const record::EcgInfo& info, Selection selection,
                      const record::ReadOptions& options, record::EcgRecord& record);

// The same of samples [from, to), where DecodesStretches(header).
Status ReadMillivoltStretch(const Header& header, const record::EcgInfo& info, Selection selection,
                            const record::ReadOptions& options, std::size_t from, std::size_t to,
                            record::EcgRecord& record);

}  // namespace ecg::wfdb
