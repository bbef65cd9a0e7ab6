// What PyTorch gives for formulas: see scripts/make_network_golden.py.
#pragma once

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <vector>

#include "ecg/core/json.h"
#include "tests/support.h"

namespace ecg::test {

inline torch::Tensor Wave(torch::IntArrayRef shape, double frequency, double phase, double scale) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  const torch::Tensor steps = torch::arange(count, torch::kFloat64);
  return (scale * torch::sin(frequency * steps + phase)).reshape(shape);
}

inline torch::Tensor ToTensor(const Json& rows) {
  std::vector<double> values;
  for (const Json& row : rows) {
    for (const Json& value : row) values.push_back(value.get<double>());
  }
  const auto n = static_cast<std::int64_t>(rows.size());
  return torch::tensor(values, torch::kFloat64).reshape({n, -1});
}

inline void ExpectClose(const torch::Tensor& actual, const torch::Tensor& expected,
                        double tolerance) {
  EXPECT_LT((actual - expected).abs().max().item<double>(), tolerance);
}

inline Json Golden() { return ReadJson(SourcePath("tests/golden/network.json"))->root; }

}  // namespace ecg::test
