#include "src/formats/scp/bimodal.h"

#include <algorithm>
#include <cmath>

namespace ecg::scp {
namespace {

// `samples` of what `means` stand for, `factor` for each.
void AppendBetween(const std::int32_t* means, std::size_t rows, std::size_t factor,
                   std::size_t samples, std::vector<std::int32_t>& out) {
  const auto width = static_cast<double>(factor), last = static_cast<double>(rows - 1);
  for (std::size_t i = 0; i < samples; ++i) {
    const double row = (static_cast<double>(i) - (width - 1) / 2) / width;
    const double inside = std::clamp(row, 0.0, last), before = std::floor(inside);
    const std::int32_t* mean = means + static_cast<std::size_t>(before);
    const double here = *mean, next = inside > before ? *(mean + 1) : *mean;
    out.push_back(static_cast<std::int32_t>(std::lround(here + (inside - before) * (next - here))));
  }
}

}  // namespace

std::vector<std::int32_t> Expand(const std::vector<std::int32_t>& stored,
                                 const std::vector<Zone>& zones, std::size_t factor,
                                 std::size_t count) {
  std::vector<std::int32_t> out;
  auto zone = zones.begin();
  for (std::size_t next = 0; out.size() < count && next < stored.size();) {
    const std::size_t at = out.size(), left = stored.size() - next;
    while (zone != zones.end() && zone->end < at) ++zone;
    if (zone != zones.end() && zone->begin <= at) {
      const std::size_t kept = std::min({zone->end + 1 - at, count - at, left});
      const auto from = stored.begin() + static_cast<std::ptrdiff_t>(next);
      out.insert(out.end(), from, from + static_cast<std::ptrdiff_t>(kept));
      next += kept;
      continue;
    }
    const std::size_t end = zone == zones.end() ? count : std::min(count, zone->begin);
    const std::size_t rows = std::min((end - at - 1) / factor + 1, left);
    AppendBetween(&stored[next], rows, factor, std::min(end - at, rows * factor), out);
    next += rows;
  }
  return out;
}

}  // namespace ecg::scp
