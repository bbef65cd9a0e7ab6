#include "ecg/model/network.h"

#include "ecg/core/result.h"

namespace ecg::model {

std::vector<std::vector<float>> Network::Attribute(const float* /*signal*/, std::size_t /*windows*/,
                                                   const std::vector<std::size_t>& /*classes*/) {
  throw Exception(UsageError("this network cannot say what its answers rest on"));
}

}  // namespace ecg::model
