#include "ecg/wfdb/ecg_record.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "ecg/core/text.h"
#include "src/wfdb/decode.h"

namespace ecg::wfdb {
namespace {

// Millivolts in one unit of a voltage; 0 for any other quantity.
double MillivoltsPer(std::string_view units) {
  const std::string lower = ToLower(units);
  if (lower == "mv") return 1;
  if (lower == "uv" || lower == "\xC2\xB5v" || lower == "\xCE\xBCv" || lower == "\xB5v")
    return 1e-3;
  if (lower == "nv") return 1e-6;
  if (lower == "v") return 1e3;
  return 0;
}

std::string WithoutEnding(std::string name) {
  for (const std::string_view ending : {".mat", ".hea"}) {
    if (name.size() > ending.size() &&
        ToLower(std::string_view(name).substr(name.size() - ending.size())) == ending) {
      name.resize(name.size() - ending.size());
    }
  }
  return name;
}

// "Age: 74" -> {"age", "74"}; the key also without the "<>" that some databases put around it.
std::pair<std::string, std::string_view> SplitInfo(std::string_view info) {
  const std::size_t colon = info.find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view key = Trim(info.substr(0, colon));
  if (key.size() > 2 && key.front() == '<' && key.back() == '>') {
    key = key.substr(1, key.size() - 2);
  }
  return {ToLower(key), Trim(info.substr(colon + 1))};
}

std::optional<double> ParseAge(std::string_view text) {
  const std::optional<double> age = ParseDouble(text);
  return age && std::isfinite(*age) && *age >= 0 ? age : std::nullopt;
}

std::optional<Sex> ParseSex(std::string_view text) {
  const std::string lower = ToLower(text);
  if (lower == "f" || lower == "female") return Sex::kFemale;
  if (lower == "m" || lower == "male") return Sex::kMale;
  return {};
}

void AddDiagnoses(std::string_view text, std::vector<std::string>& dx) {
  for (const std::string_view field : Split(text, ',')) {
    const std::string_view entry = Trim(field);
    if (!entry.empty() && std::find(dx.begin(), dx.end(), entry) == dx.end()) {
      dx.emplace_back(entry);
    }
  }
}

// What the info strings say of the patient. The first age and sex count, all diagnoses do.
void ReadInfoStrings(const Header& header, EcgInfo& info) {
  for (const std::string& line : header.info) {
    const auto [key, value] = SplitInfo(line);
    if (key == "age" && !info.age) info.age = ParseAge(value);
    if (key == "sex" && !info.sex) info.sex = ParseSex(value);
    if (key == "dx") AddDiagnoses(value, info.dx);
  }
}

// The signals that are voltages, and the rate at which all of them can be had.
struct Selection {
  std::vector<std::size_t> signals;
  int samples_per_frame = 1;  // as in all selected signals, else 1: frames are averaged
  bool average = false;
};

Selection SelectSignals(const Header& header) {
  Selection selection;
  for (std::size_t i = 0; i < header.signals.size(); ++i) {
    if (MillivoltsPer(header.signals[i].units) != 0) selection.signals.push_back(i);
  }
  if (selection.signals.empty()) return selection;
  selection.samples_per_frame = header.signals[selection.signals[0]].samples_per_frame;
  for (const std::size_t i : selection.signals) {
    if (header.signals[i].samples_per_frame != selection.samples_per_frame) {
      selection.average = true;
    }
  }
  if (selection.average) selection.samples_per_frame = 1;
  return selection;
}

EcgInfo InfoOf(const Header& header, const Selection& selection) {
  EcgInfo info;
  info.name = WithoutEnding(header.name);
  info.sampling_rate = header.sampling_rate * selection.samples_per_frame;
  info.samples = static_cast<std::size_t>(header.samples.value_or(0)) *
                 static_cast<std::size_t>(selection.samples_per_frame);
  for (const std::size_t i : selection.signals) {
    info.leads.push_back(CanonicalLead(header.signals[i].description));
  }
  ReadInfoStrings(header, info);
  return info;
}

// Converts samples of one signal to millivolts.
class MillivoltScale {
 public:
  explicit MillivoltScale(const SignalHeader& signal)
      : baseline_(static_cast<double>(signal.baseline)),
        scale_(MillivoltsPer(signal.units) / signal.gain) {
    // Differences below 2^24 are exact in single precision, where the loop is four times as fast.
    constexpr double kExact = 1 << 23;
    exact_in_float_ = std::abs(baseline_) < kExact && signal.format != Format::kInt32 &&
                      signal.format != Format::kDifference8;
  }

  void Convert(const std::int32_t* values, std::size_t count, float* out) const {
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    if (exact_in_float_) {
      const auto baseline = static_cast<float>(baseline_);
      const auto scale = static_cast<float>(scale_);
      for (std::size_t i = 0; i < count; ++i) {
        const float value = (static_cast<float>(values[i]) - baseline) * scale;
        out[i] = values[i] == kInvalidSample ? kNan : value;
      }
      return;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const double value = (static_cast<double>(values[i]) - baseline_) * scale_;
      out[i] = values[i] == kInvalidSample ? kNan : static_cast<float>(value);
    }
  }

 private:
  double baseline_, scale_;
  bool exact_in_float_;
};

// Writes the selected signals as [leads][samples], mV.
class MillivoltSink : public SampleSink {
 public:
  MillivoltSink(const Header& header, const Selection& selection, EcgRecord& record)
      : spf_(static_cast<std::size_t>(selection.samples_per_frame)),
        lead_of_(header.signals.size(), kNotSelected),
        record_(record) {
    for (std::size_t lead = 0; lead < selection.signals.size(); ++lead) {
      lead_of_[selection.signals[lead]] = lead;
    }
    for (const SignalHeader& signal : header.signals) scales_.emplace_back(signal);
  }

  void Begin(std::uint64_t frames) override {
    record_.info.samples = static_cast<std::size_t>(frames) * spf_;
    record_.signal.assign(record_.info.leads.size() * record_.info.samples,
                          std::numeric_limits<float>::quiet_NaN());
  }

  void Put(std::size_t signal, std::size_t start, const std::int32_t* values,
           std::size_t count) override {
    const std::size_t lead = lead_of_[signal];
    if (lead == kNotSelected) return;
    scales_[signal].Convert(values, count,
                            record_.signal.data() + lead * record_.info.samples + start);
  }

 private:
  static constexpr std::size_t kNotSelected = std::numeric_limits<std::size_t>::max();
  std::size_t spf_;
  std::vector<std::size_t> lead_of_;
  std::vector<MillivoltScale> scales_;
  EcgRecord& record_;
};

void WarnOfOtherSignals(const Header& header, const Selection& selection,
                        std::vector<std::string>& warnings) {
  if (selection.signals.size() == header.signals.size()) return;
  for (const SignalHeader& signal : header.signals) {
    if (MillivoltsPer(signal.units) != 0) continue;
    warnings.push_back(InputError("signal '" + signal.description + "' in " + signal.units +
                                      " is not a voltage and is left out",
                                  header.file, signal.line, "units")
                           .ToString());
  }
}

}  // namespace

std::string CanonicalLead(std::string_view name) {
  constexpr std::array<std::string_view, 12> kLeads = {"I",  "II", "III", "aVR", "aVL", "aVF",
                                                       "V1", "V2", "V3",  "V4",  "V5",  "V6"};
  const std::string_view trimmed = Trim(name);
  const std::string lower = ToLower(trimmed);
  for (const std::string_view lead : kLeads) {
    if (lower == ToLower(lead)) return std::string(lead);
  }
  return std::string(trimmed);
}

Result<EcgInfo> ReadEcgInfo(const std::filesystem::path& header) {
  const Result<Header> parsed = ReadHeader(header);
  if (!parsed.ok()) return parsed.error();
  return InfoOf(*parsed, SelectSignals(*parsed));
}

Result<EcgRecord> ReadEcg(const std::filesystem::path& header, const ReadOptions& options) {
  Result<Header> parsed = ReadHeader(header);
  if (!parsed.ok()) return parsed.error();
  const Selection selection = SelectSignals(*parsed);
  EcgRecord record;
  record.info = InfoOf(*parsed, selection);
  record.warnings = std::move(parsed->warnings);
  WarnOfOtherSignals(*parsed, selection, record.warnings);
  MillivoltSink sink(*parsed, selection, record);
  const Status decoded = DecodeSignals(*parsed, options, 0, sink, &record.warnings);
  if (!decoded.ok()) return decoded.error();
  return record;
}

}  // namespace ecg::wfdb
