#include "src/apps/jobs/interval_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "ecg/core/csv.h"
#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/core/text.h"
#include "ecg/dsp/measure/electrodes.h"
#include "ecg/infer/measurement.h"

namespace ecg::jobs {
namespace {

using dsp::Amplitudes;
using dsp::Measurements;

constexpr char kJsonEnding[] = ".jsonl";

struct AmplitudeField {
  const char* name;
  double Amplitudes::*value;
};
constexpr std::array<AmplitudeField, 6> kAmplitudes = {{{"p", &Amplitudes::p},
                                                        {"q", &Amplitudes::q},
                                                        {"r", &Amplitudes::r},
                                                        {"s", &Amplitudes::s},
                                                        {"st", &Amplitudes::st},
                                                        {"t", &Amplitudes::t}}};

constexpr std::array<const char*, 12> kLeads = {"I",  "II", "III", "aVR", "aVL", "aVF",
                                                "V1", "V2", "V3",  "V4",  "V5",  "V6"};

// Without a negative zero.
double Round(double value, int decimals) {
  const double scale = std::pow(10, decimals);
  return std::round(value * scale) / scale + 0.0;
}

Json Number(double value, int decimals) {
  if (!std::isfinite(value)) return nullptr;
  return Round(value, decimals);
}

std::string CsvRowOf(const std::string& record, const std::vector<std::string>& leads,
                     const Measurements& measured) {
  std::vector<std::string> cells = {record};
  for (const infer::Measurement& measurement : infer::MeasurementsOf(measured)) {
    cells.push_back(infer::FormatCell(measurement.value, measurement.decimals));
  }
  for (const char* lead : kLeads) {
    const auto found = std::find(leads.begin(), leads.end(), lead);
    for (const AmplitudeField& field : kAmplitudes) {
      cells.push_back(
          found == leads.end()
              ? ""
              : infer::FormatCell(
                    measured.leads[static_cast<std::size_t>(found - leads.begin())].*field.value,
                    3));
    }
  }
  return CsvLine(cells);
}

Json WaveJson(const dsp::Wave& wave, int r, double rate) {
  Json json = Json::object();
  const auto add = [&](const char* name, int at) {
    json[name] = at == dsp::kMissing ? Json() : Number((at - r) * 1000 / rate, 1);
  };
  add("onset_ms", wave.onset);
  add("peak_ms", wave.peak);
  add("offset_ms", wave.offset);
  return json;
}

// Empty where nothing was.
std::string MendedName(dsp::Exchange mended) {
  return mended == dsp::Exchange::kNone ? std::string() : dsp::ExchangeNames().NameOf(mended);
}

Json JsonOf(const std::string& record, double rate, const std::vector<std::string>& leads,
            const Measurements& measured) {
  Json json = {{"record", record}};
  for (const infer::Measurement& measurement : infer::MeasurementsOf(measured)) {
    json[measurement.name] = measurement.is_count && std::isfinite(measurement.value)
                                 ? Json(static_cast<std::int64_t>(measurement.value))
                                 : Number(measurement.value, measurement.decimals);
  }
  Json& amplitudes = json["amplitudes_mv"] = Json::object();
  for (std::size_t k = 0; k < leads.size(); ++k) {
    for (const AmplitudeField& field : kAmplitudes) {
      amplitudes[leads[k]][field.name] = Number(measured.leads[k].*field.value, 3);
    }
  }
  const dsp::MedianBeat& median = measured.median;
  Json& beat = json["median_beat"] = {{"sampling_rate", rate},
                                      {"r_sample", median.r},
                                      {"p", WaveJson(median.p, median.r, rate)},
                                      {"qrs", WaveJson(median.qrs, median.r, rate)},
                                      {"t", WaveJson(median.t, median.r, rate)}};
  for (std::size_t k = 0; k < leads.size(); ++k) {
    Json& samples = beat["leads_mv"][leads[k]] = Json::array();
    for (const double value : median.leads[k]) samples.push_back(Number(value, 4));
  }
  return json;
}

bool IsJson(const std::filesystem::path& path) {
  if (path.extension() == kJsonEnding) return true;
  if (path.extension() == ".csv") return false;
  throw Exception(UsageError("must end in .csv or .jsonl", path.string(), 0, "intervals"));
}

}  // namespace

IntervalTable::IntervalTable(const std::filesystem::path& path, bool mends)
    : json_(IsJson(path)), mends_(mends), file_(path) {
  if (json_) return;
  std::vector<std::string> cells = {"record"};
  for (const infer::Measurement& measurement : infer::MeasurementsOf({})) {
    cells.emplace_back(measurement.name);
  }
  for (const char* lead : kLeads) {
    for (const AmplitudeField& field : kAmplitudes) {
      cells.push_back(std::string(lead) + "_" + field.name + "_mv");
    }
  }
  if (mends_) cells.emplace_back("mended");
  file_.Write(CsvLine(cells) + '\n');
}

void IntervalTable::Add(const std::string& record, const infer::Measured& measured,
                        dsp::Exchange mended) {
  const std::vector<std::string>& leads = measured.measured_leads;
  if (json_) {
    Json json = JsonOf(record, measured.sampling_rate, leads, measured.values);
    if (mends_) json["mended"] = MendedName(mended);
    file_.Write(DumpJsonLine(json) + '\n');
    return;
  }
  const std::string row = CsvRowOf(record, leads, measured.values);
  file_.Write(row + (mends_ ? ',' + CsvLine({MendedName(mended)}) : "") + '\n');
}

}  // namespace ecg::jobs
