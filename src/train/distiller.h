// Distillation (Hinton et al., arXiv:1503.02531): what a trained model says of the very windows
// that are learnt from, augmented and mixed as they are, becomes part of their labels.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/data/samples/batch_loader.h"
#include "ecg/infer/ensemble.h"
#include "ecg/model/model_info.h"
#include "ecg/train/plan/config.h"

namespace ecg::train {

class Distiller {
 public:
  // Loads the teacher, a bundle or an ensemble whose general members see the same leads, rate,
  // preparation and window as the network that `info` describes and answer no class that it does
  // not have, by their codes; anything else is an Exception that says what differs.
  Distiller(const DistillationConfig& config, const model::ModelInfo& info,
            const model::NetworkFactory& factory);

  // Of the teacher's files.
  const std::string& checksum() const { return teacher_.checksum; }

  // Of the classes that the teacher answers: replaces a trusted label by (1 - weight) times itself
  // plus weight times the teacher's probability, and one that is not trusted by the latter. From
  // then on all of them count.
  void Teach(data::Batch& batch) const;

 private:
  const double weight_;
  const infer::Ensemble teacher_;
  std::vector<std::size_t> columns_;  // of the student's classes, one a class of the teacher
};

}  // namespace ecg::train
