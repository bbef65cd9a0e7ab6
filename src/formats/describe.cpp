#include "ecg/formats/describe.h"

#include <string>
#include <utility>

#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/matlab.h"
#include "ecg/record/identity.h"
#include "ecg/record/reader.h"
#include "src/formats/wfdb/describe.h"

namespace ecg::formats {
namespace {

bool IsAnythingTold(const record::OpenOptions& told) {
  return !told.format.empty() || !told.units.empty() || told.sampling_rate != 0 ||
         !told.leads.empty() || !told.array.empty();
}

void AddIdentity(const record::EcgInfo& info, Json& json) {
  if (const std::string start = info.acquisition.Start(); !start.empty()) json["start"] = start;
  if (!info.patient_id.empty()) json["patient_id"] = info.patient_id;
}

void WithholdIdentity(Json& json) {
  Json told = Json::array();
  for (const Json& line : json.at("info")) {
    if (!record::MayIdentify(line.get<std::string>())) told.push_back(line);
  }
  const std::size_t withheld = json["info"].size() - told.size();
  json["info"] = std::move(told);
  if (withheld > 0) json["withheld_lines"] = withheld;
}

}  // namespace

Result<Json> Describe(const std::filesystem::path& path, const record::ReadOptions& options,
                      const record::OpenOptions& told, bool identify) {
  if (wfdb::HasMatlabName(path.filename().string()) && !IsAnythingTold(told)) {
    Result<Json> matrices = wfdb::DescribeMatlab(path);
    if (matrices.ok() || !IsRecording(path)) return matrices;
  }
  if (!told.format.empty() || IsRecording(path)) {
    const auto file = Open(path, told);
    if (!file.ok()) return file.error();
    Result<Json> json = (*file)->Describe(options);
    if (!json.ok()) return json;
    if (identify) {
      AddIdentity((*file)->info(), *json);
    } else {
      WithholdIdentity(*json);
    }
    return json;
  }
  return wfdb::DescribeAnnotations(path);
}

}  // namespace ecg::formats
