#include "ecg/infer/bundle.h"

#include "ecg/core/checksum.h"
#include "ecg/core/file.h"
#include "ecg/nn/weights.h"

namespace ecg::infer {
namespace {

constexpr char kDescription[] = "model.json";
constexpr char kWeights[] = "weights.safetensors";

}  // namespace

Status SaveBundle(const std::filesystem::path& folder, const ModelInfo& info,
                  const nn::SeResNet& model) {
  const std::string weights = nn::SerializeWeights(*model);
  if (Status status = WriteFileAtomic(folder / kWeights, weights); !status.ok()) return status;
  Json json = info.ToJson();
  json["weights"] = {{"file", kWeights}, {"bytes", weights.size()}, {"sha256", Sha256(weights)}};
  return WriteFileAtomic(folder / kDescription, DumpJson(json));
}

Result<Bundle> LoadBundle(const std::filesystem::path& folder) {
  const Result<JsonDocument> document = ReadJson(folder / kDescription);
  if (!document.ok()) {
    return InputError("is no model bundle: " + document.error().ToString(), folder.string());
  }
  Result<ModelInfo> info = ModelInfo::FromJson(*document);
  if (!info.ok()) return info.error();
  Bundle bundle;
  bundle.info = std::move(info).value();

  const std::filesystem::path path = folder / kWeights;
  const Result<std::string> weights = ReadFile(path);
  if (!weights.ok()) return weights.error();
  const Json named = document->root.value("weights", Json::object());
  if (!named.is_object() || named.value("sha256", "") != Sha256(*weights)) {
    return InputError("does not have the checksum that model.json names", path.string());
  }
  bundle.model = nn::SeResNet(bundle.info.architecture);
  if (Status status = nn::DeserializeWeights(*weights, path.string(), *bundle.model);
      !status.ok()) {
    return status.error();
  }
  bundle.model->eval();
  return bundle;
}

}  // namespace ecg::infer
