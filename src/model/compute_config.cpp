#include "ecg/model/compute_config.h"

namespace ecg::model {

void DescribeSettings(Settings& settings, const std::string& prefix, ComputeConfig& config) {
  settings
      .Add(prefix + "engine", config.engine,
           "What computes the network in prediction: native (CPUs, by oneDNN), libtorch, or auto: "
           "native on CPUs but for explanations. Training always computes by LibTorch.")
      .MayChange();
  settings
      .Add(prefix + "device", config.device,
           "auto (a GPU where there is one), cpu, cuda or cuda:N.")
      .MayChange();
  settings
      .Add(prefix + "precision", config.precision,
           "auto: bf16 where the processor or GPU multiplies it natively, else fp32. int8: the "
           "convolutions of a model that was quantised (ecgmodel quantise), by the native engine.",
           {{"auto", Precision::kAuto},
            {"fp32", Precision::kFp32},
            {"bf16", Precision::kBf16},
            {"int8", Precision::kInt8}})
      .MayChange();
  settings
      .Add(prefix + "threads", config.threads,
           "Threads to compute with; 0: the processors that this process may use.", {0, 4096})
      .MayChange();
}

}  // namespace ecg::model
