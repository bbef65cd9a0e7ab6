// All that libecg_torch.so shows.
#include "ecg/model/nn/networks.h"
#include "src/engines/libtorch_library.h"

extern "C" __attribute__((visibility("default"))) const ecg::engines::LibTorchLibrary*
EcgLibTorchLibrary() {
  static const ecg::engines::LibTorchLibrary library = {
      ecg::engines::BuildName(), ecg::nn::MakeNetworks, ecg::nn::NameArithmetic, ecg::nn::HasGpu};
  return &library;
}
