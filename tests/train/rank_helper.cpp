// One process of several, for the tests. usage: rank_helper TIMEOUT_S MODE [WORD]
#include <cstdio>
#include <cstdlib>
#include <string>

#include "ecg/core/checksum.h"
#include "src/train/agreement.h"
#include "src/train/c10d_communicator.h"

namespace {

using ecg::train::Communicator;

std::string Bytes(const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.contiguous();
  return std::string(static_cast<const char*>(plain.data_ptr()), plain.nbytes());
}

// What process `rank` brings to the sum of that round.
std::vector<torch::Tensor> Share(std::size_t rank, int round) {
  torch::manual_seed(rank * 100 + static_cast<std::size_t>(round));
  const int n = round == 1 ? 100003 : 1009;  // the buffers grow and are used again
  return {torch::randn({n}),
          torch::randn({3, 5}, torch::kFloat64),
          torch::randn({7, 11}).t(),
          torch::empty({0}),
          torch::randint(-100, 100, {13}, torch::kInt64),
          torch::randn({}),
          torch::randn({4, 6}).narrow(1, 1, 3)};
}

// Prints the sums' checksum, equal in all processes, if they are what they should be.
int Sum(Communicator& communicator) {
  std::string bytes;
  for (int round = 0; round < 3; ++round) {
    const std::vector<torch::Tensor> own = Share(communicator.rank(), round);
    communicator.Sum(own);
    std::vector<torch::Tensor> expected = Share(0, round);
    for (std::size_t rank = 1; rank < communicator.size(); ++rank) {
      const std::vector<torch::Tensor> other = Share(rank, round);
      for (std::size_t i = 0; i < other.size(); ++i) expected[i] = expected[i] + other[i];
    }
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (!torch::equal(own[i], expected[i])) return 50 + static_cast<int>(i);
      bytes += Bytes(own[i]);
    }
  }
  communicator.Sum({});
  std::printf("%s\n", ecg::Sha256(bytes).c_str());
  return 0;
}

int Any(Communicator& communicator) {
  std::string answers;
  for (const bool yes : {false, true, communicator.rank() == 0, communicator.rank() == 1}) {
    answers += communicator.Any(yes) ? "yes " : "no ";
  }
  std::printf("%s\n", answers.c_str());
  return 0;
}

// Says when it has begun, and sums until a process is lost.
int Forever(Communicator& communicator) {
  const torch::Tensor values = torch::ones({1000000});
  communicator.Sum({values});
  std::printf("ready\n");
  std::fflush(stdout);
  for (;;) communicator.Sum({values});
}

int Agree(Communicator& communicator, const std::string& text) {
  ecg::train::CheckAgreement(communicator, text);
  return 0;
}

int Run(const std::string& mode, const std::string& word, std::chrono::milliseconds timeout) {
  const auto environment = ecg::train::ReadRankEnvironment(std::getenv).value();
  const auto communicator = ecg::train::MakeCommunicator(environment, timeout);
  if (mode == "sum") return Sum(*communicator);
  if (mode == "any") return Any(*communicator);
  if (mode == "forever") return Forever(*communicator);
  if (mode == "agree") return Agree(*communicator, word);
  return mode == "join" ? 0 : 99;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 99;
  try {
    return Run(argv[2], argc > 3 ? argv[3] : "",
               std::chrono::milliseconds(std::atoi(argv[1]) * 1000));
  } catch (const ecg::Exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.error().kind == ecg::ErrorKind::kUsage ? 2 : 1;
  }
}
