// A signal's samples while they are decoded.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ecg::wfdb {

// Fills a vector from its begin to its end. Memory is reserved at once, but touched only as samples
// come: a stream that promises more than it holds costs none.
template <typename Sample>
class SignalBuffer {
 public:
  // `out` will have `length` samples, `invalid` where none come. Its memory is used again.
  SignalBuffer(std::vector<Sample>& out, std::size_t length, Sample invalid)
      : out_(&out), length_(length), invalid_(invalid) {
    if (out.size() > length) out.resize(length);
    out.reserve(length);
  }

  // Where samples [start, start + count) go; what was left out before them is invalid.
  Sample* Next(std::size_t start, std::size_t count) {
    FillUpTo(start);
    next_ = start + count;
    if (out_->size() < next_) out_->resize(next_);
    return out_->data() + start;
  }

  void Finish() { FillUpTo(length_); }

 private:
  void FillUpTo(std::size_t position) {
    if (next_ == position) return;
    const std::size_t present = std::min(out_->size(), position);
    if (next_ < present) std::fill(out_->data() + next_, out_->data() + present, invalid_);
    if (out_->size() < position) out_->resize(position, invalid_);
    next_ = position;
  }

  std::vector<Sample>* out_;
  std::size_t length_;
  Sample invalid_;
  std::size_t next_ = 0;
};

}  // namespace ecg::wfdb
