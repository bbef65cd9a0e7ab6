#include "ecg/model/bundle.h"

#include <system_error>
#include <utility>

#include "ecg/core/checksum.h"
#include "ecg/core/file.h"
#include "src/model/sealed_json.h"

namespace ecg::model {
namespace {

constexpr char kDescription[] = "model.json";
constexpr char kWeights[] = "weights.safetensors";
constexpr std::size_t kMaxDescriptionBytes = std::size_t{16} << 20;

struct Description {
  JsonDocument document;
  ModelInfo info;
  std::string checksum;  // of the file
};

// `file` is named in errors, `place` where the text is no description at all.
Result<Description> ParseDescription(const Result<std::string>& text, const std::string& file,
                                     const std::string& place) {
  Result<JsonDocument> document =
      text.ok() ? ParseJson(*text, file) : Result<JsonDocument>(text.error());
  if (!document.ok()) {
    return InputError("is no model bundle: " + document.error().ToString(), place);
  }
  const Json& root = document->root;
  // Format 1 had no seal; whatever has one is checked, so that no bit of the format switches it
  // off.
  const bool sealed = root.is_object() && (root.contains("checksum") ||
                                           (root.contains("format") && root["format"] != 1));
  if (sealed) {
    if (Status status = CheckSeal(*text, *document); !status.ok()) return status.error();
  }
  Result<ModelInfo> info = ModelInfo::FromJson(*document);
  if (!info.ok()) return info.error();
  return Description{std::move(*document), std::move(*info), Sha256(*text)};
}

Result<Description> ReadDescription(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kDescription;
  return ParseDescription(ReadFile(path, kMaxDescriptionBytes), path.string(), folder.string());
}

// The checksum of the weights that a description names.
Result<std::string> NamedChecksum(const JsonDocument& document) {
  const auto fail = [&](const std::string& field, const std::string& message) {
    return InputError(message, document.file, document.LineOf(field), field);
  };
  const Json& root = document.root;
  if (!root.contains("weights") || !root["weights"].is_object()) {
    return fail("weights", "must name the checksum of the weights");
  }
  const Json& named = root["weights"];
  if (!named.contains("sha256") || !named["sha256"].is_string()) {
    return fail("weights.sha256", "must be the checksum of the weights");
  }
  return named["sha256"].get<std::string>();
}

Result<Bundle> Join(Description description, Result<std::string> weights,
                    const std::string& weights_file) {
  const Result<std::string> named = NamedChecksum(description.document);
  if (!named.ok()) return named.error();
  if (!weights.ok()) return weights.error();
  if (*named != Sha256(*weights)) {
    return InputError("does not have the checksum that model.json names", weights_file);
  }
  return Bundle{std::move(description.info), std::move(*weights), weights_file,
                std::move(description.checksum)};
}

}  // namespace

bool IsBundle(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder / kDescription, ignored);
}

Status SaveBundle(const std::filesystem::path& folder, const ModelInfo& info,
                  const std::string& weights) {
  if (Status status = info.Validate(); !status.ok()) return status;
  if (Status status = WriteFileAtomic(folder / kWeights, weights); !status.ok()) return status;
  Json json = info.ToJson();
  json["weights"] = {{"file", kWeights}, {"bytes", weights.size()}, {"sha256", Sha256(weights)}};
  return WriteFileAtomic(folder / kDescription, SealJson(std::move(json)));
}

Result<ModelInfo> ReadModelInfo(const std::filesystem::path& folder) {
  Result<Description> description = ReadDescription(folder);
  if (!description.ok()) return description.error();
  return std::move(description->info);
}

Result<Bundle> LoadBundle(const std::filesystem::path& folder) {
  Result<Description> description = ReadDescription(folder);
  if (!description.ok()) return description.error();
  const std::filesystem::path path = folder / kWeights;
  return Join(std::move(*description), ReadFile(path), path.string());
}

Result<Bundle> ParseBundle(std::string description, std::string weights) {
  Result<Description> parsed = ParseDescription(std::move(description), kDescription, kDescription);
  if (!parsed.ok()) return parsed.error();
  return Join(std::move(*parsed), std::move(weights), kWeights);
}

}  // namespace ecg::model
