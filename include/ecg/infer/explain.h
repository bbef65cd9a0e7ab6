// Why a model decided: integrated gradients (Sundararajan et al. 2017, arXiv:1703.01365) of a
// class's logit along the way from a flat line to the recording.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ecg/data/prepare/ready_record.h"
#include "ecg/infer/answer.h"
#include "ecg/infer/ensemble.h"

namespace ecg::infer {

// One explanation for each class that is decided to be positive and that the network was asked
// about (sinus rhythm for lack of anything else is not), by the members that decided; of the
// classes `only`, columns of the ensemble's, where it names any. `ready` is the record as each of
// ensemble.Preparations() wants it; `keep` as in PredictConfig. Throws Exception where a network
// cannot explain itself.
std::vector<Explanation> Explain(const Ensemble& ensemble,
                                 const std::vector<data::ReadyRecord>& ready,
                                 const std::vector<std::uint8_t>& keep, const RecordAnswer& answer,
                                 const std::vector<std::size_t>& only = {});

}  // namespace ecg::infer
