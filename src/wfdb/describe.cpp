#include "ecg/wfdb/describe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/wfdb/annotation.h"
#include "ecg/wfdb/ecg_record.h"
#include "ecg/wfdb/matlab.h"

namespace ecg::wfdb {
namespace {

std::string Start(const Header& header) {
  char text[64];
  std::string start;
  if (header.base_date) {
    std::snprintf(text, sizeof(text), "%04d-%02d-%02d", header.base_date->year,
                  header.base_date->month, header.base_date->day);
    start = text;
  }
  if (header.base_time) {
    const double time = *header.base_time;
    const int minutes = static_cast<int>(time / 60);
    std::snprintf(text, sizeof(text), "%02d:%02d:%06.3f", minutes / 60, minutes % 60,
                  time - 60.0 * minutes);
    start += (start.empty() ? "" : " ") + std::string(text);
  }
  return start;
}

Json DescribeSignal(const Record& record, std::size_t index) {
  const SignalHeader& signal = record.header.signals[index];
  const std::vector<double> values = record.Physical(index);
  double low = std::numeric_limits<double>::infinity(), high = -low, sum = 0;
  std::size_t valid = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
    sum += value;
    ++valid;
  }
  Json json;
  json["lead"] = CanonicalLead(signal.description);
  json["file"] = signal.file;
  json["format"] = static_cast<int>(signal.format);
  json["sampling_rate"] = record.SamplingRate(index);
  json["samples"] = values.size();
  json["invalid"] = values.size() - valid;
  json["units"] = signal.units;
  json["gain"] = signal.gain;
  json["baseline"] = signal.baseline;
  // JSON has no NaN: nlohmann writes null.
  json["first"] = values.empty() ? std::nan("") : values.front();
  json["min"] = valid > 0 ? low : std::nan("");
  json["max"] = valid > 0 ? high : std::nan("");
  json["mean"] = valid > 0 ? sum / static_cast<double>(valid) : std::nan("");
  return json;
}

// Whether the files are what the header says they are.
const char* Checks(const Record& record, bool passed) {
  if (!passed) return "failed";
  const auto& signals = record.header.signals;
  const bool any = std::any_of(signals.begin(), signals.end(), [](const SignalHeader& signal) {
    return signal.checksum || signal.initial_value;
  });
  return any && record.header.samples ? "passed" : "none";
}

Result<Json> DescribeRecord(const std::filesystem::path& path, const ReadOptions& options) {
  const Result<EcgInfo> info = ReadEcgInfo(path);
  if (!info.ok()) return info.error();
  ReadOptions strict = options;
  strict.strict = true;
  Result<Record> record = ReadRecord(path, strict);
  const bool passed = record.ok();
  if (!passed) {
    if (options.strict) return record.error();
    record = ReadRecord(path, options);
    if (!record.ok()) return record.error();
  }
  const Header& header = record->header;
  Json json;
  json["file"] = path.string();
  json["name"] = header.name;
  json["sampling_rate"] = header.sampling_rate;
  json["frames"] = record->frames;
  json["seconds"] = static_cast<double>(record->frames) / header.sampling_rate;
  json["segments"] = std::max<std::size_t>(1, header.segments.size());
  if (const std::string start = Start(header); !start.empty()) json["start"] = start;
  json["checks"] = Checks(*record, passed);
  json["age"] = info->age ? Json(*info->age) : Json();
  json["sex"] = !info->sex ? Json() : Json(*info->sex == Sex::kFemale ? "female" : "male");
  json["dx"] = info->dx;
  json["source"] = info->source.empty() ? Json() : Json(info->source);
  json["signals"] = Json::array();
  for (std::size_t i = 0; i < header.signals.size(); ++i) {
    json["signals"].push_back(DescribeSignal(*record, i));
  }
  json["info"] = header.info;
  json["warnings"] = record->warnings;
  return json;
}

Result<Json> DescribeMatlab(const std::filesystem::path& path) {
  const Result<MatlabFile> file = MatlabFile::Read(path);
  if (!file.ok()) return file.error();
  constexpr std::array<const char*, 6> kTypes = {"float64", "float32", "int32",
                                                 "int16",   "uint16",  "uint8"};
  Json json;
  json["file"] = path.string();
  json["matrices"] = Json::array();
  for (const MatlabMatrix& matrix : file->matrices()) {
    json["matrices"].push_back({{"name", matrix.name},
                                {"type", kTypes[static_cast<std::size_t>(matrix.type)]},
                                {"rows", matrix.rows},
                                {"columns", matrix.columns},
                                {"complex", matrix.complex},
                                {"text", matrix.text}});
  }
  return json;
}

Result<Json> DescribeAnnotations(const std::filesystem::path& path) {
  const Result<AnnotationFile> file = ReadAnnotations(path);
  if (!file.ok()) return file.error();
  std::map<std::string, std::size_t> counts;
  for (const Annotation& annotation : file->annotations) {
    const std::string_view symbol = AnnotationSymbol(annotation.type);
    ++counts[symbol.empty() ? std::to_string(annotation.type) : std::string(symbol)];
  }
  Json json;
  json["file"] = path.string();
  json["annotations"] = file->annotations.size();
  if (file->frequency > 0) json["frequency"] = file->frequency;
  if (!file->annotations.empty()) {
    json["first_sample"] = file->annotations.front().sample;
    json["last_sample"] = file->annotations.back().sample;
  }
  json["types"] = counts;
  return json;
}

}  // namespace

Result<Json> Describe(const std::filesystem::path& path, const ReadOptions& options) {
  if (ToLower(path.extension().string()) == ".hea") return DescribeRecord(path, options);
  if (HasMatlabName(path.filename().string())) return DescribeMatlab(path);
  return DescribeAnnotations(path);
}

}  // namespace ecg::wfdb
