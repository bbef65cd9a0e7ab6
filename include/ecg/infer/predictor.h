// Probabilities and peaks for records: windows from many records fill the network's batches.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/preprocess.h"
#include "ecg/dsp/peaks.h"
#include "ecg/infer/model_info.h"
#include "ecg/nn/device_config.h"
#include "ecg/nn/se_resnet.h"

namespace ecg::infer {

struct PredictConfig {
  int batch_size = 32;     // windows at a time
  int loader_threads = 2;  // that read and prepare records ahead
  bool classify = true;
  bool detect_peaks = false;  // needs a model with a peak branch
  nn::DeviceConfig compute;
};

struct RecordPrediction {
  std::vector<float> probabilities;  // [classes]; empty if not asked for
  std::vector<dsp::Peak> peaks;      // ascending, at the network's rate; empty if not asked for
};

// Gives record i, ready for the network. Called from several threads.
using RecordProducer = std::function<Result<data::PreparedRecord>(std::size_t i)>;

// Takes what the model says of record i, or the reason why it says nothing. Called in the order of
// the records, from the calling thread.
using PredictionSink =
    std::function<void(std::size_t i, const Result<RecordPrediction>& prediction)>;

// Runs `count` records through the model, which must be in evaluation mode on its device. What it
// says of a record does not depend on which other records share its batch. Where windows overlap,
// peaks are taken from the window whose edge is further away.
void PredictRecords(nn::SeResNet& model, const ModelInfo& info, const PredictConfig& config,
                    std::size_t count, const RecordProducer& produce, const PredictionSink& sink);

}  // namespace ecg::infer
