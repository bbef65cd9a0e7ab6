#include "src/runtime/native_network.h"

#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "ecg/core/parallel.h"
#include "ecg/core/result.h"
#include "src/runtime/workspace.h"

namespace ecg::runtime {
namespace {

// Workspaces that nobody uses at the moment, by the windows that they compute together.
class Workspaces {
 public:
  Workspaces(const Net& net, RangeFinder* ranges) : net_(net), ranges_(ranges) {}

  std::unique_ptr<Workspace> Take(std::size_t windows) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      std::vector<std::unique_ptr<Workspace>>& idle = idle_[windows];
      if (!idle.empty()) {
        std::unique_ptr<Workspace> taken = std::move(idle.back());
        idle.pop_back();
        return taken;
      }
    }
    return std::make_unique<Workspace>(net_, windows, ranges_);
  }

  void GiveBack(std::size_t windows, std::unique_ptr<Workspace> workspace) {
    const std::lock_guard<std::mutex> lock(mutex_);
    idle_[windows].push_back(std::move(workspace));
  }

 private:
  const Net& net_;
  RangeFinder* const ranges_;
  std::mutex mutex_;
  std::map<std::size_t, std::vector<std::unique_ptr<Workspace>>> idle_;
};

class NativeNetwork : public model::Network {
 public:
  NativeNetwork(Net net, std::size_t threads, std::shared_ptr<RangeFinder> ranges)
      : net_(std::move(net)),
        threads_(threads),
        ranges_(std::move(ranges)),
        workspaces_(net_, ranges_.get()) {}

  std::size_t threads() const override { return threads_; }

  // First as many windows together as suits the network, as long as every thread has some, then one
  // by one.
  void Run(const float* signal, std::size_t windows, model::Wanted wanted,
           model::NetworkOutput& output) override {
    if (wanted.peaks && !net_.peaks) {
      throw Exception({ErrorKind::kInternal, "the network has no peak branch", {}, 0, {}});
    }
    if (wanted.probabilities) output.probabilities.resize(windows * net_.head.out);
    if (wanted.peaks) output.peaks.resize(windows * net_.peaks->size());
    const std::size_t together = net_.WindowsTogether();
    const std::size_t round = threads_ * together;
    const std::size_t even = windows / round * round;
    const Work work{signal, wanted, output};
    RunSome(work, 0, even, together);
    RunSome(work, even, windows, 1);
  }

 private:
  struct Work {
    const float* signal;
    model::Wanted wanted;
    model::NetworkOutput& output;
  };

  void RunSome(const Work& work, std::size_t begin, std::size_t end, std::size_t together) {
    ParallelFor((end - begin) / together, static_cast<int>(threads_), [&](std::size_t i) {
      const std::size_t window = begin + i * together;
      model::NetworkOutput& out = work.output;
      float* probabilities =
          work.wanted.probabilities ? out.probabilities.data() + window * net_.head.out : nullptr;
      float* peaks = work.wanted.peaks ? out.peaks.data() + window * net_.peaks->size() : nullptr;
      std::unique_ptr<Workspace> workspace = workspaces_.Take(together);
      workspace->Run(work.signal + window * net_.channels * net_.samples, work.wanted,
                     probabilities, peaks);
      workspaces_.GiveBack(together, std::move(workspace));
    });
  }

  const Net net_;
  const std::size_t threads_;
  const std::shared_ptr<RangeFinder> ranges_;
  Workspaces workspaces_;
};

}  // namespace

std::unique_ptr<model::Network> MakeNetwork(Net net, std::size_t threads,
                                            std::shared_ptr<RangeFinder> ranges) {
  return std::make_unique<NativeNetwork>(std::move(net), threads, std::move(ranges));
}

}  // namespace ecg::runtime
