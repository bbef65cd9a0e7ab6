#include "ecg/record/stretches.h"

#include "ecg/record/reader.h"

namespace ecg::record {

EcgRecord CutOut(const EcgRecord& record, std::size_t from, std::size_t to) {
  EcgRecord piece;
  piece.info = record.info;
  piece.info.samples = to - from;
  for (const std::vector<float>& lead : record.leads) {
    piece.leads.emplace_back(lead.begin() + static_cast<std::ptrdiff_t>(from),
                             lead.begin() + static_cast<std::ptrdiff_t>(to));
  }
  return piece;
}

Status RecordFile::ReadStretch(const ReadOptions& options, std::size_t from, std::size_t to,
                               EcgRecord& record) const {
  if (const Status read = Read(options, record); !read.ok()) return read;
  for (std::vector<float>& lead : record.leads) {
    lead.erase(lead.begin() + static_cast<std::ptrdiff_t>(to), lead.end());
    lead.erase(lead.begin(), lead.begin() + static_cast<std::ptrdiff_t>(from));
  }
  record.info.samples = to - from;
  return {};
}

}  // namespace ecg::record
