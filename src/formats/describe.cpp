#include "ecg/formats/describe.h"

#include <string>
#include <utility>
#include <vector>

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

// What each statement says, read one after the other; those that may name somebody are told only
// where they are asked for.
Json StatementsJson(const std::vector<std::string>& texts, bool identify,
                    const challenge::StatementTable& table) {
  const auto said = challenge::ReadStatements(texts, table);
  Json statements = Json::array();
  for (std::size_t i = 0; i < said.size(); ++i) {
    if (!identify && record::MayIdentify(texts[i])) continue;
    Json findings = Json::array();
    for (const challenge::Finding& finding : said[i].findings) {
      findings.push_back(
          {{"code", finding.code}, {"certainty", challenge::NameOf(finding.certainty)}});
    }
    statements.push_back({{"text", texts[i]},
                          {"findings", std::move(findings)},
                          {"of_another", said[i].of_another},
                          {"not_in_the_table", said[i].unread}});
  }
  return statements;
}

void AddMeasurements(const record::EcgInfo& info, Json& json) {
  Json& measurements = json["measurements"] = Json::object();
  for (std::size_t q = 0; q < record::kQuantities; ++q) {
    const auto quantity = static_cast<record::Quantity>(q);
    if (const auto value = info.measured.Of(quantity)) {
      measurements[record::NameOf(quantity)] = *value;
    }
  }
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
                      const record::OpenOptions& told, bool identify,
                      const challenge::StatementTable& table) {
  if (wfdb::HasMatlabName(path.filename().string()) && !IsAnythingTold(told)) {
    Result<Json> matrices = wfdb::DescribeMatlab(path);
    if (matrices.ok() || !IsRecording(path)) return matrices;
  }
  if (!told.format.empty() || IsRecording(path)) {
    const auto file = Open(path, told);
    if (!file.ok()) return file.error();
    Result<Json> json = (*file)->Describe(options);
    if (!json.ok()) return json;
    (*json)["statements"] = StatementsJson((*file)->info().statements, identify, table);
    AddMeasurements((*file)->info(), *json);
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
