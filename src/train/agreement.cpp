#include "src/train/agreement.h"

#include <cstring>

#include "ecg/core/checksum.h"
#include "ecg/core/result.h"

namespace ecg::train {

void CheckAgreement(Communicator& communicator, const std::string& digest) {
  if (communicator.size() == 1) return;
  // A digest of it has the same length everywhere.
  const std::string text = Sha256(digest);
  torch::Tensor own = torch::empty({static_cast<std::int64_t>(text.size())}, torch::kInt64);
  for (std::size_t i = 0; i < text.size(); ++i) own.data_ptr<std::int64_t>()[i] = text[i];
  const torch::Tensor sum = own.clone();
  communicator.Sum({sum});
  // Whoever is not the mean of all differs from somebody; where all are the mean, all are the same.
  const bool differs = !torch::equal(sum, own * static_cast<std::int64_t>(communicator.size()));
  if (!communicator.Any(differs)) return;
  throw Exception(UsageError(
      "the processes of this run do not agree: their program versions, configurations or data "
      "differ"));
}

std::string Broadcast(Communicator& communicator, const std::string& bytes) {
  if (communicator.size() == 1) return bytes;
  const bool first = communicator.rank() == 0;
  const torch::Tensor size = torch::zeros({1}, torch::kInt64);
  if (first) size.fill_(static_cast<std::int64_t>(bytes.size()));
  communicator.Sum({size});
  const std::int64_t count = size.item<std::int64_t>();
  if (count == 0) return {};
  // The others add zeros.
  const torch::Tensor sum = torch::zeros({count}, torch::kUInt8);
  if (first) std::memcpy(sum.data_ptr(), bytes.data(), bytes.size());
  communicator.Sum({sum});
  return {static_cast<const char*>(sum.data_ptr()), static_cast<std::size_t>(count)};
}

}  // namespace ecg::train
