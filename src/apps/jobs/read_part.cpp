#include "src/apps/jobs/read_part.h"

#include <algorithm>
#include <cmath>

#include "ecg/record/leads.h"

namespace ecg::jobs {

Status ReadPart(const record::RecordFile& file, double from, double seconds,
                record::EcgRecord& record, double* read_from) {
  const record::EcgInfo& info = file.info();
  const auto at = [&](double second) {
    const double sample = std::round(std::max(second, 0.0) * info.sampling_rate);
    return static_cast<std::size_t>(std::min(sample, static_cast<double>(info.samples)));
  };
  const std::size_t begin = at(from), end = at(from + seconds);
  *read_from = begin < end ? from : 0;
  return begin < end ? file.ReadStretch({}, begin, end, record) : file.Read({}, record);
}

double BytesOfPart(const record::RecordFile& file, double seconds) {
  const double all = record::BytesToRead(file.info(), {});
  if (!file.ReadsStretches() || file.info().samples == 0) return all;
  const double length = static_cast<double>(file.info().samples) / file.info().sampling_rate;
  return all * std::min(1.0, seconds / std::max(length, 1e-9));
}

}  // namespace ecg::jobs
