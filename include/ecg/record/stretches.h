// A recording that is looked at bit by bit, be it in memory or on disk.
#pragma once

#include <cstddef>

#include "ecg/core/result.h"
#include "ecg/record/ecg_record.h"

namespace ecg::record {

// May be asked by several threads.
class Stretches {
 public:
  virtual ~Stretches() = default;

  // Of the whole recording, with the leads that a stretch has.
  virtual const EcgInfo& info() const = 0;

  // Samples [from, to) of every lead, which lie within info().samples, as a recording of their own.
  virtual Result<EcgRecord> Read(std::size_t from, std::size_t to) const = 0;
};

// Samples [from, to) of a recording and all that is known of it, without what is beside the rhythm.
EcgRecord CutOut(const EcgRecord& record, std::size_t from, std::size_t to);

// Of a recording in memory, which must outlive it.
class HeldStretches : public Stretches {
 public:
  explicit HeldStretches(const EcgRecord& record) : record_(record) {}

  const EcgInfo& info() const override { return record_.info; }
  Result<EcgRecord> Read(std::size_t from, std::size_t to) const override {
    return CutOut(record_, from, to);
  }

 private:
  const EcgRecord& record_;
};

}  // namespace ecg::record
