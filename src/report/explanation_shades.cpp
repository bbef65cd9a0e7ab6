#include "ecg/report/explanation_shades.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "ecg/core/json.h"
#include "ecg/core/text.h"

namespace ecg::report {
namespace {

constexpr double kWeakest = 0.08;  // of the strongest; less is not drawn

ExplanationShades ShadesOf(const Json& entry, double bin) {
  ExplanationShades made;
  char probability[32];
  std::snprintf(probability, sizeof(probability), " %.2f", entry.at("probability").get<double>());
  made.title = entry.at("class").get<std::string>() + probability;
  const auto evidence = entry.at("evidence").get<std::map<std::string, std::vector<double>>>();
  double strongest = 0;
  for (const auto& [lead, values] : evidence) {
    for (const double value : values) strongest = std::max(strongest, value);
  }
  for (const auto& [lead, values] : evidence) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!(values[i] > kWeakest * strongest)) continue;
      made.shades.push_back({lead, static_cast<double>(i) * bin, static_cast<double>(i + 1) * bin,
                             values[i] / strongest});
    }
  }
  return made;
}

}  // namespace

Result<ExplanationShades> ReadExplanation(const std::filesystem::path& path,
                                          const std::string& abbreviation) {
  const Result<JsonDocument> document = ReadJson(path);
  if (!document.ok()) return document.error();
  try {
    const Json& json = document->root;
    std::vector<std::string> names;
    for (const Json& entry : json.at("classes")) {
      names.push_back(entry.at("class").get<std::string>());
      if (abbreviation.empty() || names.back() == abbreviation) {
        return ShadesOf(entry, json.at("bin_s").get<double>());
      }
    }
    if (names.empty()) return UsageError("explains nothing: no class was found", path.string());
    return UsageError("explains " + Join(names, ", ") + ", not " + abbreviation, path.string());
  } catch (const Json::exception& error) {
    return InputError(std::string("is no explanation: ") + error.what(), path.string());
  }
}

}  // namespace ecg::report
