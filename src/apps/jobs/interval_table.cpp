#include "src/apps/jobs/interval_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "ecg/core/csv.h"
#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/core/text.h"

namespace ecg::jobs {
namespace {

using dsp::Amplitudes;
using dsp::Measurements;

constexpr char kJsonEnding[] = ".jsonl";

struct Field {
  const char* name;
  double Measurements::*value;
  double scale;
  int decimals;
};
constexpr std::array<Field, 13> kFields = {{
    {"heart_rate_bpm", &Measurements::heart_rate, 1, 1},
    {"rr_ms", &Measurements::rr, 1000, 0},
    {"p_ms", &Measurements::p, 1000, 0},
    {"pr_ms", &Measurements::pr, 1000, 0},
    {"qrs_ms", &Measurements::qrs, 1000, 0},
    {"qt_ms", &Measurements::qt, 1000, 0},
    {"qtc_bazett_ms", &Measurements::qtc_bazett, 1000, 0},
    {"qtc_fridericia_ms", &Measurements::qtc_fridericia, 1000, 0},
    {"qtc_framingham_ms", &Measurements::qtc_framingham, 1000, 0},
    {"qtc_hodges_ms", &Measurements::qtc_hodges, 1000, 0},
    {"p_axis_degrees", &Measurements::p_axis, 1, 0},
    {"qrs_axis_degrees", &Measurements::qrs_axis, 1, 0},
    {"t_axis_degrees", &Measurements::t_axis, 1, 0},
}};

struct TypeField {
  const char* name;
  dsp::BeatType type;
};
constexpr std::array<TypeField, 3> kTypes = {{
    {"atrial_premature_beats", dsp::BeatType::kAtrialPremature},
    {"ventricular_beats", dsp::BeatType::kVentricular},
    {"paced_beats", dsp::BeatType::kPaced},
}};

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

std::string Cell(double value, int decimals) {
  if (!std::isfinite(value)) return {};
  char text[40];
  std::snprintf(text, sizeof(text), "%.*f", decimals, Round(value, decimals));
  return text;
}

Json Number(double value, int decimals) {
  if (!std::isfinite(value)) return nullptr;
  return Round(value, decimals);
}

auto CountOf(const TypeField& field, const Measurements& measured) {
  return std::count(measured.types.begin(), measured.types.end(), field.type);
}

// Whether the beats' types are known.
bool AreTyped(const Measurements& measured) { return measured.types.size() == measured.beats; }

std::string CsvRowOf(const std::string& record, const std::vector<std::string>& leads,
                     const Measurements& measured) {
  std::vector<std::string> cells = {record, std::to_string(measured.beats)};
  for (const TypeField& field : kTypes) {
    cells.push_back(AreTyped(measured) ? std::to_string(CountOf(field, measured)) : "");
  }
  for (const Field& field : kFields) {
    cells.push_back(Cell(measured.*field.value * field.scale, field.decimals));
  }
  for (const char* lead : kLeads) {
    const auto found = std::find(leads.begin(), leads.end(), lead);
    for (const AmplitudeField& field : kAmplitudes) {
      cells.push_back(
          found == leads.end()
              ? ""
              : Cell(measured.leads[static_cast<std::size_t>(found - leads.begin())].*field.value,
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

Json JsonOf(const std::string& record, double rate, const std::vector<std::string>& leads,
            const Measurements& measured) {
  Json json = {{"record", record}, {"beats", measured.beats}};
  for (const TypeField& field : kTypes) {
    json[field.name] = AreTyped(measured) ? Json(CountOf(field, measured)) : Json();
  }
  for (const Field& field : kFields) {
    json[field.name] = Number(measured.*field.value * field.scale, field.decimals);
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

IntervalTable::IntervalTable(const std::filesystem::path& path) : json_(IsJson(path)), file_(path) {
  if (json_) return;
  std::vector<std::string> cells = {"record", "beats"};
  for (const TypeField& field : kTypes) cells.emplace_back(field.name);
  for (const Field& field : kFields) cells.emplace_back(field.name);
  for (const char* lead : kLeads) {
    for (const AmplitudeField& field : kAmplitudes) {
      cells.push_back(std::string(lead) + "_" + field.name + "_mv");
    }
  }
  file_.Write(CsvLine(cells) + '\n');
}

std::string IntervalTable::Line(const std::string& record, double rate,
                                const std::vector<std::string>& leads,
                                const Measurements& measured) const {
  return (json_ ? DumpJsonLine(JsonOf(record, rate, leads, measured))
                : CsvRowOf(record, leads, measured)) +
         '\n';
}

void IntervalTable::Add(std::size_t index, std::string line) {
  waiting_.emplace(index, std::move(line));
  for (auto first = waiting_.begin(); first != waiting_.end() && first->first == next_;
       first = waiting_.begin()) {
    file_.Write(first->second);
    waiting_.erase(first);
    ++next_;
  }
}

}  // namespace ecg::jobs
