// A net as a network that predicts: its windows side by side, each by one thread.
#pragma once

#include <cstddef>
#include <memory>

#include "ecg/model/network.h"
#include "src/runtime/net.h"
#include "src/runtime/range_finder.h"

namespace ecg::runtime {

// `ranges`, if there is one, gets what blocks see; the net must then be of float.
std::unique_ptr<model::Network> MakeNetwork(Net net, std::size_t threads,
                                            std::shared_ptr<RangeFinder> ranges = nullptr);

}  // namespace ecg::runtime
