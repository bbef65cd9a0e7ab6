#include "ecg/model/network.h"

#include "ecg/core/result.h"

namespace ecg::model {

std::vector<float> Network::Attribute(const float* /*signal*/, std::size_t /*windows*/,
                                      std::size_t /*column*/) {
  throw Exception(UsageError("this network cannot say what its answers rest on"));
}

}  // namespace ecg::model
