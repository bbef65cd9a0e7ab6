// Networks and recordings that a test makes up.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "ecg/infer/source.h"
#include "ecg/model/network.h"

namespace ecg::test {

// Answers each window by a function of its samples, which adds to the output.
class FakeNetwork : public model::Network {
 public:
  using Answer = std::function<void(const float* window, std::vector<float>& output)>;

  // `stride`: floats of a window. What is not given says nothing.
  FakeNetwork(std::size_t stride, Answer probabilities, Answer peaks = {})
      : stride_(stride), probabilities_(std::move(probabilities)), peaks_(std::move(peaks)) {}

  void Run(const float* signal, std::size_t windows, model::Wanted wanted,
           model::NetworkOutput& output) override {
    output.probabilities.clear();
    output.peaks.clear();
    for (std::size_t w = 0; w < windows; ++w, signal += stride_) {
      if (wanted.probabilities && probabilities_) probabilities_(signal, output.probabilities);
      if (wanted.peaks && peaks_) peaks_(signal, output.peaks);
    }
  }

 private:
  const std::size_t stride_;
  const Answer probabilities_, peaks_;
};

// Says the same of every window.
inline std::shared_ptr<model::Network> ConstantNetwork(std::vector<float> row) {
  return std::make_shared<FakeNetwork>(0, [row](const float*, std::vector<float>& output) {
    output.insert(output.end(), row.begin(), row.end());
  });
}

// Prepared records by number.
struct FakeSource : infer::RecordSource {
  std::size_t count = 0;
  std::function<std::size_t(std::size_t i)> bytes = [](std::size_t) { return std::size_t{1000}; };
  std::function<Result<std::vector<data::ReadyRecord>>(std::size_t i)> ready;

  std::size_t size() const override { return count; }
  std::size_t BytesOf(std::size_t i, const infer::Wishes&) override { return bytes(i); }
  Result<infer::Asked> Get(std::size_t i, const infer::Wishes&) override {
    Result<std::vector<data::ReadyRecord>> ways = ready(i);
    if (!ways.ok()) return ways.error();
    infer::Asked asked;
    asked.ways = std::move(*ways);
    return asked;
  }
};

}  // namespace ecg::test
