#include "src/train/store_source.h"

#include <utility>

#include "ecg/core/memory_budget.h"
#include "ecg/formats/registry.h"

namespace ecg::train {

std::size_t StoreSource::BytesOf(std::size_t i, const infer::Wishes& /*wishes*/) {
  return ToBytes(data::BytesToPrepare(records_[i].info, {store_.preprocess()}));
}

Result<infer::Asked> StoreSource::Get(std::size_t i, const infer::Wishes& wishes) {
  const data::RecordEntry& entry = records_[i];
  Result<data::ReadyRecord> ready = store_.Read(entry.path);
  if (!ready.ok()) return ready.error();
  infer::Asked asked;
  if (wishes.measure) {
    const auto file = formats::Open(entry.path);
    if (!file.ok()) return file.error();
    infer::Wishes measured;
    measured.leads = wishes.leads;
    measured.measure = wishes.measure;
    Result<infer::Asked> said = infer::AskFile(**file, entry.path, measured);
    if (!said.ok()) return said.error();
    asked = std::move(*said);
  }
  asked.answer.info = entry.info;
  reference_[i] = std::move(ready->peaks);
  asked.ways.push_back(std::move(*ready));
  return asked;
}

}  // namespace ecg::train
