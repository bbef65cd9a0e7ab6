#include "ecg/runtime/calibration.h"

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "ecg/core/parallel.h"
#include "src/runtime/native_network.h"
#include "src/runtime/net.h"
#include "src/runtime/range_finder.h"

namespace ecg::runtime {

struct Calibration::Seen {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<RangeFinder>> of;  // by the bundle's checksum
};

Calibration::Calibration() : seen_(std::make_shared<Seen>()) {}

model::NetworkFactory Calibration::Networks(const model::ComputeConfig& config) const {
  return [config, seen = seen_](const model::Bundle& bundle) {
    Net net =
        Net::Make(bundle.info.architecture, bundle.weights, bundle.path, Number::kFp32).value();
    std::size_t blocks = 0;
    for (const std::vector<Block>& stage : net.stages) blocks += stage.size();
    auto ranges = std::make_shared<RangeFinder>(blocks);
    const std::lock_guard<std::mutex> lock(seen->mutex);
    seen->of[bundle.checksum] = ranges;
    return MakeNetwork(
        std::move(net),
        static_cast<std::size_t>(config.threads > 0 ? config.threads : AvailableThreads()),
        std::move(ranges));
  };
}

std::vector<model::ActivationRange> Calibration::RangesOf(const model::Bundle& bundle) const {
  const std::lock_guard<std::mutex> lock(seen_->mutex);
  const auto found = seen_->of.find(bundle.checksum);
  return found == seen_->of.end() ? std::vector<model::ActivationRange>() : found->second->Ranges();
}

}  // namespace ecg::runtime
