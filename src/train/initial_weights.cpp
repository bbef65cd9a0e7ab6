#include "src/train/initial_weights.h"

#include <algorithm>
#include <map>

#include "ecg/core/json.h"
#include "ecg/core/settings.h"
#include "ecg/infer/shipped_models.h"
#include "ecg/model/bundle.h"
#include "ecg/model/nn/torch_network.h"
#include "ecg/model/nn/weights.h"

namespace ecg::train {

namespace {

Json SettingsOf(model::ModelInfo info) {
  Settings settings;
  data::DescribeSettings(settings, "preprocess.", info.preprocess);
  model::DescribeSettings(settings, "window.", info.window);
  model::DescribeSettings(settings, "model.", info.architecture);
  return settings.ToJson();
}

// The settings that the other model was made with and this one was not, as --set takes them.
std::string Differences(const model::ModelInfo& other, const model::ModelInfo& own) {
  const Json wanted = SettingsOf(other), present = SettingsOf(own);
  std::string text;
  for (const auto& [section, values] : wanted.items()) {
    for (const auto& [name, value] : values.items()) {
      if (present[section][name] == value) continue;
      text += (text.empty() ? "" : " ") + section + "." + name + "=" + DumpJsonLine(value);
    }
  }
  return text;
}

// Whether a head answers the same questions.
bool SameClasses(const model::Task& a, const model::Task& b) {
  return std::equal(a.classes().begin(), a.classes().end(), b.classes().begin(), b.classes().end(),
                    [](const challenge::DiagnosisClass& x, const challenge::DiagnosisClass& y) {
                      return x.abbreviation == y.abbreviation;
                    });
}

}  // namespace

std::string CopyWeights(const std::string& wanted, const model::ModelInfo& info,
                        nn::SeResNetImpl& module) {
  const std::string folder = infer::FindModel(wanted).value().string();
  const model::Bundle bundle = model::LoadBundle(folder).value();
  const nn::SeResNet trained = nn::LoadModule(bundle).value();
  std::map<std::string, torch::Tensor> weights;
  for (const auto& [name, tensor] : nn::TensorsOf(*trained)) weights[name] = tensor;
  const bool same_classes = SameClasses(bundle.info.task, info.task);
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : nn::TensorsOf(module)) {
    const auto found = weights.find(name);
    const bool head = name.rfind("head.", 0) == 0;
    if (head && !same_classes) continue;
    if (found != weights.end() && found->second.sizes() == tensor.sizes()) {
      tensor.copy_(found->second);
    } else if (!head && name.rfind("peaks.", 0) != 0) {
      const std::string settings = Differences(bundle.info, info);
      throw Exception(UsageError("is of another network: " + name + " differs" +
                                     (settings.empty() ? "" : "; made with " + settings),
                                 folder, 0, "initial.bundle"));
    }
  }
  return bundle.checksum;
}

}  // namespace ecg::train
