#include "ecg/data/prepare/ready_record.h"

#include <algorithm>
#include <utility>

namespace ecg::data {

ReadyRecord ToReady(PreparedRecord prepared) {
  const auto owner = std::make_shared<const PreparedRecord>(std::move(prepared));
  return {owner->View(), {}, owner};
}

std::size_t BytesToPrepare(const record::EcgInfo& info, const std::vector<PreprocessConfig>& ways) {
  const auto samples = static_cast<double>(info.samples);
  double floats = samples * static_cast<double>(info.leads.size());
  for (const PreprocessConfig& way : ways) {
    floats += samples * way.sampling_rate / std::max(info.sampling_rate, kMinRate) *
              static_cast<double>(way.leads.size());
  }
  return static_cast<std::size_t>(floats * sizeof(float));
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
