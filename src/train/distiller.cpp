#include "src/train/distiller.h"

#include <algorithm>
#include <cstddef>

#include "ecg/core/result.h"
#include "ecg/infer/decide.h"
#include "ecg/infer/shipped_models.h"

namespace ecg::train {
namespace {

constexpr char kSetting[] = "distillation.teacher";

void CheckMember(const model::ModelInfo& teacher, const model::ModelInfo& student,
                 const std::string& path) {
  const auto fail = [&](const char* what) {
    throw Exception(UsageError(std::string("the teacher ") + what, path, 0, kSetting));
  };
  const auto& taught = teacher.task.classes();
  const auto& learnt = student.task.classes();
  if (!std::equal(taught.begin(), taught.end(), learnt.begin(), learnt.end(),
                  [](const auto& a, const auto& b) { return a.codes == b.codes; })) {
    fail("answers other classes");
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
  const std::size_t classes = batch.labels.size() / batch.size;
  std::vector<std::vector<float>> of_record(answers.size());
  for (std::size_t i = 0; i < batch.size; ++i) {
    for (std::size_t m = 0; m < answers.size(); ++m) {
      const auto row = answers[m].begin() + static_cast<std::ptrdiff_t>(i * classes);
      of_record[m].assign(row, row + static_cast<std::ptrdiff_t>(classes));
    }
    std::vector<float> taught = infer::Combine(group, of_record);
    infer::Calibrate(group.decision, taught);
    for (std::size_t k = 0; k < classes; ++k) {
      // A teacher that cannot say leaves the label as it is.
      if (!(taught[k] >= 0 && taught[k] <= 1)) continue;
      float& label = batch.labels[i * classes + k];
      float& mask = batch.mask[i * classes + k];
      const auto weight = mask != 0 ? static_cast<float>(weight_) : 1.0F;
      label = (1 - weight) * label + weight * taught[k];
      mask = 1;
    }
  }
}

}  // namespace ecg::train
