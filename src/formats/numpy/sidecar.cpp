#include "src/formats/numpy/sidecar.h"

#include <cstdint>
#include <system_error>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "ecg/record/info_lines.h"

namespace ecg::numpy {
namespace {

constexpr std::size_t kMostStatements = 1000;
constexpr std::uintmax_t kMostBytes = std::uintmax_t{1} << 20;  // others are of another kind

std::string TextOf(const Json& json, const char* key) {
  const auto at = json.find(key);
  return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::vector<std::string> TextsOf(const Json& json, const char* key) {
  std::vector<std::string> texts;
  const auto at = json.find(key);
  if (at == json.end() || !at->is_array()) return texts;
  for (const Json& item : *at) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

double NumberOf(const Json& json, const char* key, double otherwise) {
  const auto at = json.find(key);
  return at != json.end() && at->is_number() ? at->get<double>() : otherwise;
}

}  // namespace

std::string FormatSidecar(const record::EcgInfo& info) {
  Json json = {{"sampling_rate", info.sampling_rate}, {"units", "mV"}, {"leads", info.leads}};
  if (info.age) json["age"] = *info.age;
  if (info.sex) json["sex"] = record::NameOf(*info.sex);
  if (!info.dx.empty()) json["dx"] = info.dx;
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
  };
  add("source", info.source);
  add("device", info.acquisition.device);
  add("filters", info.acquisition.filters);
  add("start", info.acquisition.Start());
  add("patient_id", info.patient_id);
  if (!info.statements.empty()) json["statements"] = info.statements;
  return DumpJson(json);
}

std::optional<record::ArraysSaid> ReadSidecar(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored) ||
      std::filesystem::file_size(path, ignored) > kMostBytes) {
    return {};
  }
  const Result<JsonDocument> document = ReadJson(path);
  if (!document.ok() || !document->root.is_object()) return {};
  const Json& json = document->root;
  record::ArraysSaid said;
  said.sampling_rate = NumberOf(json, "sampling_rate", 0);
  said.units = TextOf(json, "units");
  said.leads = TextsOf(json, "leads");
  if (!(said.sampling_rate > 0) || said.units.empty() || said.leads.empty()) return {};
  record::EcgInfo& info = said.info;
  info.age = record::ParseAge(FormatDouble(NumberOf(json, "age", -1)));
  info.sex = record::ParseSex(TextOf(json, "sex"));
  for (const std::string& entry : TextsOf(json, "dx")) record::AddDiagnoses(entry, info.dx);
  info.source = TextOf(json, "source");
  info.acquisition.device = TextOf(json, "device");
  info.acquisition.filters = TextOf(json, "filters");
  info.patient_id = TextOf(json, "patient_id");
  info.statements = TextsOf(json, "statements");
  if (info.statements.size() > kMostStatements) info.statements.resize(kMostStatements);
  return said;
}

}  // namespace ecg::numpy
