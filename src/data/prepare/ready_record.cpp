#include "ecg/data/prepare/ready_record.h"

#include <algorithm>
#include <utility>

namespace ecg::data {
namespace {

constexpr double kBytesToFilter = 28;  // a sample of the lead that is in hand

}  // namespace

ReadyRecord ToReady(PreparedRecord prepared) {
  const auto owner = std::make_shared<const PreparedRecord>(std::move(prepared));
  return {owner->View(), {}, owner};
}

double BytesToPrepare(const record::EcgInfo& info, const std::vector<PreprocessConfig>& ways) {
  const auto samples = static_cast<double>(info.samples);
  double prepared = 0, working = 0;
  for (const PreprocessConfig& way : ways) {
    const double resampled =
        samples * way.sampling_rate / std::max(info.sampling_rate, kMinRate) * sizeof(float);
    prepared += resampled * static_cast<double>(way.leads.size());
    const double filtered = way.highpass_hz > 0 ? samples * kBytesToFilter : 0;
    working = std::max({working, filtered, 2 * samples * sizeof(float) + resampled});
  }
  return prepared + working;
}

Result<std::vector<ReadyRecord>> PrepareAll(record::EcgRecord&& record,
                                            const std::vector<PreprocessConfig>& ways) {
  std::vector<ReadyRecord> ready;
  for (std::size_t i = 0; i < ways.size(); ++i) {
    // The last one may use the record up.
    Result<PreparedRecord> prepared =
        i + 1 < ways.size() ? Preprocess(record, ways[i]) : Preprocess(std::move(record), ways[i]);
    if (!prepared.ok()) return prepared.error();
    ready.push_back(ToReady(std::move(*prepared)));
  }
  return ready;
}

}  // namespace ecg::data
