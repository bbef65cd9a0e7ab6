#include "src/train/distiller.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "ecg/core/result.h"
#include "ecg/core/text.h"
#include "ecg/infer/decide.h"
#include "ecg/infer/shipped_models.h"

namespace ecg::train {
namespace {

constexpr char kSetting[] = "distillation.teacher";

// Where the student learns what the teacher calls by this class: where a code is the same.
std::optional<std::size_t> FindClass(const challenge::DiagnosisClass& entry,
                                     const model::Task& student) {
  const auto& learnt = student.classes();
  for (std::size_t k = 0; k < learnt.size(); ++k) {
    for (const std::string& code : entry.codes) {
      if (Contains(learnt[k].codes, code)) return k;
    }
  }
  return std::nullopt;
}

void CheckMember(const model::ModelInfo& teacher, const model::ModelInfo& student,
                 const std::string& path) {
  const auto fail = [&](const std::string& what) {
    throw Exception(UsageError("the teacher " + what, path, 0, kSetting));
  };
  const auto& classes = teacher.task.classes();
  for (const challenge::DiagnosisClass& entry : classes) {
    if (!FindClass(entry, student.task)) fail("answers a class more: " + entry.abbreviation);
  }
  if (!(teacher.preprocess == student.preprocess)) fail("sees records prepared in another way");
  if (teacher.window.samples != student.window.samples) fail("sees windows of another length");
}

}  // namespace

Distiller::Distiller(const DistillationConfig& config, const model::ModelInfo& info,
                     const model::NetworkFactory& factory)
    : weight_(config.weight),
      teacher_(infer::LoadEnsemble(infer::FindModel(config.teacher).value(), factory).value()) {
  for (const infer::Member& member : teacher_.general.members) {
    CheckMember(member.info, info, config.teacher);
  }
  for (const challenge::DiagnosisClass& entry : teacher_.general.task().classes()) {
    columns_.push_back(*FindClass(entry, info.task));
  }
}

void Distiller::Teach(data::Batch& batch) const {
  if (batch.size == 0) return;
  const infer::Group& group = teacher_.general;
  const std::vector<float>& seen = batch.all_leads.empty() ? batch.signal : batch.all_leads;
  std::vector<std::vector<float>> answers;  // [members][size][classes]
  for (const infer::Member& member : group.members) {
    model::NetworkOutput output;
    member.network->Run(seen.data(), batch.size, {/*probabilities=*/true, false}, output);
    infer::Calibrate(member.info.decision, output.probabilities);
    answers.push_back(std::move(output.probabilities));
  }
  const std::size_t classes = batch.labels.size() / batch.size, taught_classes = columns_.size();
  std::vector<std::vector<float>> of_record(answers.size());
  for (std::size_t i = 0; i < batch.size; ++i) {
    for (std::size_t m = 0; m < answers.size(); ++m) {
      const auto row = answers[m].begin() + static_cast<std::ptrdiff_t>(i * taught_classes);
      of_record[m].assign(row, row + static_cast<std::ptrdiff_t>(taught_classes));
    }
    std::vector<float> taught = infer::Combine(group, of_record);
    infer::Calibrate(group.decision, taught);
    for (std::size_t k = 0; k < taught_classes; ++k) {
      // A teacher that cannot say leaves the label as it is.
      if (!(taught[k] >= 0 && taught[k] <= 1)) continue;
      float& label = batch.labels[i * classes + columns_[k]];
      float& mask = batch.mask[i * classes + columns_[k]];
      const auto weight = mask != 0 ? static_cast<float>(weight_) : 1.0F;
      label = (1 - weight) * label + weight * taught[k];
      mask = 1;
    }
  }
}

}  // namespace ecg::train
