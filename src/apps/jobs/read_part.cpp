#include "src/apps/jobs/read_part.h"

#include <algorithm>
#include <cmath>

#include "ecg/record/leads.h"

namespace ecg::jobs {

double LengthOf(const record::EcgInfo& info) {
  return info.sampling_rate > 0 ? static_cast<double>(info.samples) / info.sampling_rate : 0;
}

Status ReadPart(const record::RecordFile& file, double from, double seconds,
                record::EcgRecord& record, double* begins) {
  const record::EcgInfo& info = file.info();
  *begins = 0;
  if (info.samples == 0) return file.Read({}, record);
  const auto at = [&](double second) {
    const double sample = std::round(std::max(second, 0.0) * info.sampling_rate);
    return static_cast<std::size_t>(std::min(sample, static_cast<double>(info.samples)));
  };
  const std::size_t begin = std::min(at(from), info.samples - 1);
  // One more, so that the rounding of shorter stretches of it loses none.
  const std::size_t end = std::min(std::max(at(from + seconds), begin) + 1, info.samples);
  *begins = static_cast<double>(begin) / info.sampling_rate;
  return file.ReadStretch({}, begin, end, record);
}

double BytesOfPart(const record::RecordFile& file, double seconds) {
  const double all = record::BytesToRead(file.info(), {});
  const double length = LengthOf(file.info());
  return file.ReadsStretches() && length > 0 ? all * std::min(1.0, seconds / length) : all;
}

}  // namespace ecg::jobs
