#include "tests/infer/old_bundle.h"

#include "ecg/runtime/engine.h"

namespace ecg::runtime {
namespace {

TEST(OldBundle, OfFormat1PredictsAsItsProgramDid) {
  model::ComputeConfig compute;
  compute.threads = 1;
  compute.precision = model::Precision::kFp32;
  test::ExpectFormat1PredictsAsItsProgramDid(Networks(compute));
}

}  // namespace
}  // namespace ecg::runtime
