#include "src/train/c10d_communicator.h"

#include "ecg/core/result.h"

#if ECG_DISTRIBUTED

// Without these words, which some builds of LibTorch hand on by themselves, its headers are empty.
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif
#if ECG_NCCL && !defined(USE_C10D_NCCL)
#define USE_C10D_NCCL
#endif
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#if ECG_NCCL
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif
#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>
#include <torch/version.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <map>
#include <string>
#include <thread>
#include <utility>

#include "ecg/core/share.h"

namespace ecg::train {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

std::string Seconds(milliseconds time) {
  const auto count = std::to_string(static_cast<double>(time.count()) / 1000);
  return count.substr(0, count.find('.') + 2) + " s";
}

// The first line of an exception, without the place in foreign sources that it begins with.
std::string Reason(const std::exception& error) {
  const auto* torch_error = dynamic_cast<const c10::Error*>(&error);
  std::string text = torch_error != nullptr ? torch_error->what_without_backtrace() : error.what();
  text = text.substr(0, text.find('\n'));
  const std::size_t place = text.find("] ");
  return text.rfind('[', 0) == 0 && place != std::string::npos ? text.substr(place + 2) : text;
}

Exception Internal(std::string message) {
  return Exception({ErrorKind::kInternal, std::move(message), {}, 0, {}});
}

// While one lives, this thread and those that it starts are not ended by writing to a connection
// that the other side has closed. Gloo leaves that to the process, whose signals are not ours.
class BrokenPipesAreErrors {
 public:
  BrokenPipesAreErrors() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~BrokenPipesAreErrors() {
    const timespec now = {};
    while (::sigtimedwait(&pipe_, nullptr, &now) == SIGPIPE) {
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  BrokenPipesAreErrors(const BrokenPipesAreErrors&) = delete;
  BrokenPipesAreErrors& operator=(const BrokenPipesAreErrors&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
};

// This machine's address on the way to process 0. Its name will not do: on Debian it stands for
// 127.0.1.1, which no other machine reaches.
std::string OwnAddress(const RankEnvironment& environment) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(environment.port);
  if (::getaddrinfo(environment.address.c_str(), port.c_str(), &hints, &found) != 0) {
    throw Exception(
        UsageError("no such machine: \"" + environment.address + "\"", {}, 0, "MASTER_ADDR"));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  std::string address;
  for (const addrinfo* way = found; way != nullptr && address.empty(); way = way->ai_next) {
    const int descriptor = ::socket(way->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) continue;
    sockaddr_storage own = {};
    socklen_t size = sizeof(own);
    char text[NI_MAXHOST] = {};
    // Connecting a datagram socket chooses the way and sends nothing.
    if (::connect(descriptor, way->ai_addr, way->ai_addrlen) == 0 &&
        ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &size) == 0 &&
        ::getnameinfo(reinterpret_cast<sockaddr*>(&own), size, text, sizeof(text), nullptr, 0,
                      NI_NUMERICHOST) == 0) {
      address = text;
    }
    ::close(descriptor);
  }
  if (address.empty()) {
    throw Exception(
        UsageError("no way leads to \"" + environment.address + "\"", {}, 0, "MASTER_ADDR"));
  }
  return address;
}

// The store at process 0, by which the processes find each other.
c10::intrusive_ptr<c10d::TCPStore> OpenStore(const RankEnvironment& environment,
                                             milliseconds timeout) {
  c10d::TCPStoreOptions options;
  options.port = environment.port;
  options.isServer = environment.rank == 0;
  options.waitWorkers = false;
  options.timeout = timeout;
#if TORCH_VERSION_MAJOR >= 2
  options.useLibUV = false;  // Debian's LibTorch is built without
#endif
  const std::string place = environment.address + ":" + std::to_string(environment.port);
  try {
    return c10::make_intrusive<c10d::TCPStore>(environment.address, options);
  } catch (const std::exception& error) {
    if (environment.rank == 0) {
      throw Exception(UsageError("cannot wait for the other processes at " + place +
                                 " (MASTER_ADDR, MASTER_PORT): " + Reason(error)));
    }
    throw Internal(NameRank(0, environment.size) + " did not answer at " + place +
                   " (MASTER_ADDR, MASTER_PORT) within " + Seconds(timeout));
  }
}

// Returns when every process has come to the store.
void WaitForAll(c10d::TCPStore& store, const RankEnvironment& environment, Clock::time_point end,
                milliseconds timeout) {
  constexpr milliseconds kPause(20);
  const std::string self = NameRank(environment.rank, environment.size);
  std::int64_t here = 0;
  bool twice = false;
  try {
    twice = store.add("rank " + std::to_string(environment.rank), 1) > 1;
    if (!twice) here = store.add("here", 1);
    while (!twice && here < static_cast<std::int64_t>(environment.size) && Clock::now() < end) {
      std::this_thread::sleep_for(kPause);
      here = store.add("here", 0);
    }
  } catch (const std::exception&) {
    // Process 0 gave up first, or was lost: what was known before stands.
  }
  if (twice) throw Exception(UsageError("two processes say that they are " + self));
  if (here < static_cast<std::int64_t>(environment.size)) {
    throw Internal(std::to_string(here) + " of " + std::to_string(environment.size) +
                   " processes came within " + Seconds(timeout));
  }
}

class C10dCommunicator : public Communicator {
 public:
  C10dCommunicator(const RankEnvironment& environment, milliseconds timeout)
      : rank_(environment.rank), size_(environment.size), timeout_(timeout) {
    const BrokenPipesAreErrors guard;
    const Clock::time_point end = Clock::now() + timeout;
    const std::string address = OwnAddress(environment);
    store_ = OpenStore(environment, timeout);
    WaitForAll(*store_, environment, end, timeout);
    OrLost([&] { Connect(address); });
    Any(false);  // nobody leaves, and process 0 with the store, before all are connected
  }

  std::size_t rank() const override { return rank_; }
  std::size_t size() const override { return size_; }

  // One sum for each type, over all its tensors in one buffer.
  void Sum(const std::vector<torch::Tensor>& tensors) override {
    const torch::NoGradGuard no_grad;
    std::map<Kind, std::vector<torch::Tensor>> kinds;
    for (const torch::Tensor& tensor : tensors) {
      kinds[{BufferDevice(tensor), tensor.scalar_type()}].push_back(tensor);
    }
    for (const auto& [kind, members] : kinds) {
      const torch::Tensor buffer = Buffer(kind, members);
      if (buffer.numel() == 0) continue;
      std::int64_t end = 0;
      std::vector<torch::Tensor> parts;
      for (const torch::Tensor& tensor : members) {
        parts.push_back(buffer.narrow(0, end, tensor.numel()).view(tensor.sizes()));
        parts.back().copy_(tensor);
        end += tensor.numel();
      }
      SumInTree(buffer);
      for (std::size_t i = 0; i < members.size(); ++i) members[i].copy_(parts[i]);
    }
  }

  bool Any(bool yes) override {
    const torch::Tensor count = torch::full({1}, yes ? 1 : 0, torch::kInt32);
    AllReduce(count);
    return count.item<int>() > 0;
  }

 private:
  using Kind = std::pair<torch::DeviceType, torch::ScalarType>;

  static torch::DeviceType BufferDevice(const torch::Tensor& tensor) {
#if ECG_NCCL
    return tensor.device().type();
#else
    (void)tensor;
    return torch::kCPU;
#endif
  }

  // Room for all elements of the tensors, kept for the next call.
  torch::Tensor Buffer(const Kind& kind, const std::vector<torch::Tensor>& tensors) {
    std::int64_t elements = 0;
    for (const torch::Tensor& tensor : tensors) elements += tensor.numel();
    torch::Tensor& buffer = buffers_[kind];
    if (!buffer.defined() || buffer.numel() < elements) {
      const bool same_device = tensors[0].device().type() == kind.first;
      buffer = torch::empty(
          {elements}, torch::dtype(kind.second)
                          .device(same_device ? tensors[0].device() : torch::Device(kind.first)));
    }
    return buffer.narrow(0, 0, elements);
  }

  void Connect(const std::string& address) {
    const auto options = c10d::ProcessGroupGloo::Options::create(timeout_);
    options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(address));
    options->threads = 1;  // one sum at a time
    gloo_ = c10::make_intrusive<c10d::ProcessGroupGloo>(store_, static_cast<int>(rank_),
                                                        static_cast<int>(size_), options);
#if ECG_NCCL
    const auto nccl_options = c10d::ProcessGroupNCCL::Options::create();
    nccl_options->timeout = timeout_;
    nccl_ = c10::make_intrusive<c10d::ProcessGroupNCCL>(
        c10::make_intrusive<c10d::PrefixStore>("nccl", store_), static_cast<int>(rank_),
        static_cast<int>(size_), nccl_options);
#endif
  }

  // In every process the same to the last bit, and the same as if one process had added up in the
  // tree of ecg::ShareOf: each process adds up a slice of what all have, and hands it round. That
  // moves as many bytes as an all-reduce. Between two, any order is that of the tree.
  void SumInTree(const torch::Tensor& buffer) {
    if (size_ == 2 || buffer.is_cuda()) return AllReduce(buffer);
    const auto sharers = static_cast<std::int64_t>(size_);
    const std::int64_t length = (buffer.numel() + sharers - 1) / sharers;
    torch::Tensor whole = torch::zeros({sharers, length}, buffer.options());
    whole.view({-1}).narrow(0, 0, buffer.numel()).copy_(buffer);
    torch::Tensor slices = torch::empty_like(whole);
    std::vector<torch::Tensor> sums = {torch::Tensor()};
    std::vector<std::vector<torch::Tensor>> rows = {whole.unbind(0)};
    OrLost([&] {
      std::vector<std::int64_t> equally;
      gloo_->alltoall_base(slices, whole, equally, equally)->wait();
      sums[0] = SumOfSharers(slices, 0, size_).contiguous();
      gloo_->allgather(rows, sums)->wait();
    });
    buffer.copy_(whole.view({-1}).narrow(0, 0, buffer.numel()));
  }

  // Of the rows first .. first + sharers - 1, one of each process.
  static torch::Tensor SumOfSharers(const torch::Tensor& rows, std::size_t first,
                                    std::size_t sharers) {
    if (sharers == 1) return rows[static_cast<std::int64_t>(first)];
    const std::size_t left = SharersOfLeft(sharers);
    return SumOfSharers(rows, first, left) + SumOfSharers(rows, first + left, sharers - left);
  }

  void AllReduce(const torch::Tensor& buffer) {
    OrLost([&] {
      std::vector<torch::Tensor> buffers = {buffer};
#if ECG_NCCL
      // Nobody has run this yet: no machine with GPUs and such a LibTorch was at hand. A process
      // that is lost is noticed by NCCL's own watchdog, which ends the process, or by the next
      // Any().
      if (buffer.is_cuda()) {
        nccl_->allreduce(buffers)->wait();
        return;
      }
#endif
      gloo_->allreduce(buffers)->wait();
    });
  }

  // Calls `body`, which fails where another process is lost. Closes the connections then, so that
  // those who wait for this process learn of it too.
  template <typename Body>
  void OrLost(const Body& body) {
    if (lost_.empty()) {
      try {
        body();
        return;
      } catch (const std::exception& error) {
        const std::string reason = Reason(error);
        const bool silent = reason.find("imed out") != std::string::npos;
        lost_ = silent ? "another process did not answer within " + Seconds(timeout_)
                       : "another process was lost";
        lost_ += ", says " + NameRank(rank_, size_) + ": " + reason;
        gloo_.reset();
      }
    }
    throw Internal(lost_);
  }

  const std::size_t rank_;
  const std::size_t size_;
  const milliseconds timeout_;
  std::string lost_;  // why, after a call has failed
  c10::intrusive_ptr<c10d::TCPStore> store_;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo_;
#if ECG_NCCL
  c10::intrusive_ptr<c10d::ProcessGroupNCCL> nccl_;
#endif
  std::map<Kind, torch::Tensor> buffers_;
};

}  // namespace

bool BuiltForSeveralProcesses() { return true; }

std::unique_ptr<Communicator> MakeCommunicator(const RankEnvironment& environment,
                                               milliseconds timeout) {
  if (environment.size == 1) return std::make_unique<SingleProcess>();
  return std::make_unique<C10dCommunicator>(environment, timeout);
}

}  // namespace ecg::train

#else

namespace ecg::train {

bool BuiltForSeveralProcesses() { return false; }

std::unique_ptr<Communicator> MakeCommunicator(const RankEnvironment& environment,
                                               std::chrono::milliseconds /*timeout*/) {
  if (environment.size == 1) return std::make_unique<SingleProcess>();
  throw Exception(UsageError("this build trains with one process (built without ECG_DISTRIBUTED)"));
}

}  // namespace ecg::train

#endif
