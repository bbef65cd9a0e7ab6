// Records that come from the cache of prepared ones, for a model that sees them in that one way.
#pragma once

#include <cstddef>
#include <vector>

#include "ecg/data/prepare/record_store.h"
#include "ecg/data/records/record_index.h"
#include "ecg/dsp/peaks.h"
#include "ecg/infer/source.h"

namespace ecg::train {

class StoreSource : public infer::RecordSource {
 public:
  // `store` must outlive the object.
  StoreSource(const data::RecordStore& store, std::vector<data::RecordEntry> records)
      : store_(store), records_(std::move(records)), reference_(records_.size()) {}

  std::size_t size() const override { return records_.size(); }
  std::size_t BytesOf(std::size_t i, const infer::Wishes& wishes) override;
  // What is measured is measured in the recording itself, which is read for it.
  Result<infer::Asked> Get(std::size_t i, const infer::Wishes& wishes) override;

  // The peaks by the store's delineator of a record that has been got; they are forgotten then.
  std::vector<dsp::Peak> TakePeaks(std::size_t i) { return std::move(reference_[i]); }

 private:
  const data::RecordStore& store_;
  const std::vector<data::RecordEntry> records_;
  std::vector<std::vector<dsp::Peak>> reference_;
};

}  // namespace ecg::train
