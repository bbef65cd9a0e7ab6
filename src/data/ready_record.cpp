#include "ecg/data/ready_record.h"

#include <utility>

#include "ecg/wfdb/ecg_record.h"

namespace ecg::data {

ReadyRecord ToReady(PreparedRecord prepared) {
  const auto owner = std::make_shared<const PreparedRecord>(std::move(prepared));
  return {owner->View(), {}, owner};
}

Result<std::vector<ReadyRecord>> ReadReady(const std::filesystem::path& header,
                                           const std::vector<PreprocessConfig>& ways,
                                           std::vector<std::string>* warnings) {
  wfdb::ReadOptions options;
  for (const PreprocessConfig& way : ways) {
    options.leads.insert(options.leads.end(), way.leads.begin(), way.leads.end());
  }
  Result<wfdb::EcgRecord> record = wfdb::ReadEcg(header, options);
  if (!record.ok()) return record.error();
  if (warnings != nullptr) *warnings = std::move(record->warnings);
  std::vector<ReadyRecord> ready;
  for (std::size_t i = 0; i < ways.size(); ++i) {
    // The last one may use the record up.
    Result<PreparedRecord> prepared = i + 1 < ways.size() ? Preprocess(*record, ways[i])
                                                          : Preprocess(std::move(*record), ways[i]);
    if (!prepared.ok()) return prepared.error();
    ready.push_back(ToReady(std::move(*prepared)));
  }
  return ready;
}

}  // namespace ecg::data
