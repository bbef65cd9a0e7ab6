// Probabilities for records: windows from many records fill the network's batches.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/preprocess.h"
#include "ecg/infer/model_info.h"
#include "ecg/nn/device_config.h"
#include "ecg/nn/se_resnet.h"

namespace ecg::infer {

struct PredictConfig {
  int batch_size = 32;     // windows at a time
  int loader_threads = 2;  // that read and prepare records ahead
  nn::DeviceConfig compute;
};

// Gives record i, ready for the network. Called from several threads.
using RecordProducer = std::function<Result<data::PreparedRecord>(std::size_t i)>;

// Takes record i's probabilities, float [classes], or the reason why there are none. Called in
// the order of the records, from the calling thread.
using ProbabilitySink =
    std::function<void(std::size_t i, const Result<std::vector<float>>& probabilities)>;

// Runs `count` records through the model, which must be in evaluation mode on its device. A
// record's probabilities do not depend on which other records share its batch.
void PredictRecords(nn::SeResNet& model, const WindowConfig& window, const PredictConfig& config,
                    std::size_t count, const RecordProducer& produce, const ProbabilitySink& sink);

}  // namespace ecg::infer
