#include "src/train/agreement.h"

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

}  // namespace ecg::train
