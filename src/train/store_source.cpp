#include "src/train/store_source.h"

#include <utility>

#include "ecg/formats/registry.h"
#include "ecg/record/leads.h"

namespace ecg::train {

std::size_t StoreSource::BytesOf(std::size_t i, const infer::Wishes& /*wishes*/) {
  return data::BytesToPrepare(records_[i].info, {store_.preprocess()});
}

Result<infer::Asked> StoreSource::Get(std::size_t i, const infer::Wishes& wishes) {
  const data::RecordEntry& entry = records_[i];
  Result<data::ReadyRecord> ready = store_.Read(entry.path);
  if (!ready.ok()) return ready.error();
  infer::Asked asked;
  asked.answer.info = entry.info;
  if (wishes.measure) {
    record::ReadOptions options;
    options.leads = wishes.leads;
    Result<record::EcgRecord> record = formats::ReadEcg(entry.path, options);
    if (!record.ok()) return record.error();
    record::SetAsideDeadLeads(*record);
    Result<infer::Measured> measured = infer::MeasureRecord(*record, *wishes.measure);
    if (!measured.ok()) return measured.error();
    asked.answer.measured = std::move(*measured);
  }
  reference_[i] = std::move(ready->peaks);
  asked.ways.push_back(std::move(*ready));
  return asked;
}

}  // namespace ecg::train
