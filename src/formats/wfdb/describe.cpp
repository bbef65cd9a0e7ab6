
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/formats/wfdb/annotation.h"
#include "ecg/formats/wfdb/matlab.h"
#include "ecg/formats/wfdb/record.h"
#include "ecg/record/leads.h"
#include "ecg/record/reader.h"
#include "src/formats/wfdb/decode.h"

namespace ecg::wfdb {
namespace {

// What is told of a signal's samples, in physical units.
struct Statistics {
  Scale scale;
  std::size_t valid = 0;
  double first = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::infinity(), high = -low, sum = 0;
};

// A record of hours is told of without keeping its samples.
struct Survey {
  Header header;
  std::uint64_t frames = 0;
  std::vector<Statistics> signals;
  std::vector<std::string> warnings;
};

class SurveySink : public SampleSink {
 public:
  explicit SurveySink(Survey& survey) : survey_(survey) {
    survey_.signals.resize(survey_.header.signals.size());
  }

  void Begin(std::uint64_t frames) override { survey_.frames = frames; }

  void SetScale(std::size_t signal, std::size_t start, const SignalHeader& source) override {
    survey_.signals[signal].scale = ScaleOf(source, survey_.header.signals[signal], start);
  }

  void Put(std::size_t signal, std::size_t start, const std::int32_t* values,
           std::size_t count) override {
    Statistics& statistics = survey_.signals[signal];
    const double gain = statistics.scale.gain;
    const auto baseline = static_cast<double>(statistics.scale.baseline);
    for (std::size_t i = 0; i < count; ++i) {
      if (values[i] == kInvalidSample) continue;
      const double value = (static_cast<double>(values[i]) - baseline) / gain;
      if (start + i == 0) statistics.first = value;
      statistics.low = std::min(statistics.low, value);
      statistics.high = std::max(statistics.high, value);
      statistics.sum += value;
      ++statistics.valid;
    }
  }

 private:
  Survey& survey_;
};

Result<Survey> SurveyRecord(const Header& header, const record::ReadOptions& options) {
  Survey survey{header, 0, {}, header.warnings};
  SurveySink sink(survey);
  const Status decoded = DecodeRecord(survey.header, options, sink, survey.warnings);
  if (!decoded.ok()) return decoded.error();
  return survey;
}

Json DescribeSignal(const Survey& survey, std::size_t index) {
  const SignalHeader& signal = survey.header.signals[index];
  const Statistics& statistics = survey.signals[index];
  const auto spf = static_cast<std::uint64_t>(signal.samples_per_frame);
  const std::uint64_t samples = survey.frames * spf;
  const bool any = statistics.valid > 0;
  Json json;
  json["lead"] = record::CanonicalLead(signal.description);
  json["file"] = signal.file;
  json["format"] = static_cast<int>(signal.format);
  json["sampling_rate"] = survey.header.sampling_rate * signal.samples_per_frame;
  json["samples"] = samples;
  json["invalid"] = samples - statistics.valid;
  json["units"] = signal.units;
  json["gain"] = signal.gain;
  json["baseline"] = signal.baseline;
  // JSON has no NaN: nlohmann writes null.
  json["first"] = statistics.first;
  json["min"] = any ? statistics.low : std::nan("");
  json["max"] = any ? statistics.high : std::nan("");
  json["mean"] = any ? statistics.sum / static_cast<double>(statistics.valid) : std::nan("");
  return json;
}

// Whether the files are what the header says they are.
const char* Checks(const Header& header, bool passed) {
  if (!passed) return "failed";
  const auto& signals = header.signals;
  const bool any = std::any_of(signals.begin(), signals.end(), [](const SignalHeader& signal) {
    return signal.checksum || signal.initial_value;
  });
  return any && header.samples ? "passed" : "none";
}

}  // namespace

Result<Json> DescribeRecord(const Header& header, const record::EcgInfo& info,
                            const record::ReadOptions& options) {
  record::ReadOptions strict = options;
  strict.strict = true;
  Result<Survey> survey = SurveyRecord(header, strict);
  const bool passed = survey.ok();
  if (!passed) {
    if (options.strict) return survey.error();
    survey = SurveyRecord(header, options);
    if (!survey.ok()) return survey.error();
  }
  Json json;
  json["file"] = header.file;
  json["name"] = header.name;
  json["sampling_rate"] = header.sampling_rate;
  json["frames"] = survey->frames;
  json["seconds"] = static_cast<double>(survey->frames) / header.sampling_rate;
  json["segments"] = std::max<std::size_t>(1, header.segments.size());
  json["checks"] = Checks(header, passed);
  json["age"] = info.age ? Json(*info.age) : Json();
  json["sex"] = info.sex ? Json(record::NameOf(*info.sex)) : Json();
  json["dx"] = info.dx;
  json["source"] = info.source.empty() ? Json() : Json(info.source);
  json["signals"] = Json::array();
  for (std::size_t i = 0; i < header.signals.size(); ++i) {
    json["signals"].push_back(DescribeSignal(*survey, i));
  }
  json["info"] = header.info;
  json["warnings"] = survey->warnings;
  return json;
}

Result<Json> DescribeMatlab(const std::filesystem::path& path) {
  const Result<MatlabFile> file = MatlabFile::Read(path);
  if (!file.ok()) return file.error();
  Json json;
  json["file"] = path.string();
  json["version"] = file->matrices().front().version;
  json["matrices"] = Json::array();
  for (const MatlabMatrix& matrix : file->matrices()) {
    json["matrices"].push_back({{"name", matrix.name},
                                {"type", NameOf(matrix.type)},
                                {"rows", matrix.rows},
                                {"columns", matrix.columns},
                                {"complex", matrix.complex},
                                {"text", matrix.text}});
  }
  return json;
}

Result<Json> DescribeAnnotations(const std::filesystem::path& path) {
  const Result<std::string> bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.error();
  if (!IsAnnotationFile(*bytes)) {
    return InputError("is neither a recording, MATLAB nor annotation file", path.string());
  }
  const Result<AnnotationFile> file = ParseAnnotations(*bytes, path.string());
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

}  // namespace ecg::wfdb
