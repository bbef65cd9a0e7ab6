#include "ecg/wfdb/ecg_record.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "ecg/core/text.h"
#include "src/core/simd.h"
#include "src/wfdb/decode.h"

namespace ecg::wfdb {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

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

// More than any record has; keeps the search for duplicates cheap.
constexpr std::size_t kMaxDiagnoses = 100;

void AddDiagnoses(std::string_view text, std::vector<std::string>& dx) {
  while (!text.empty() && dx.size() < kMaxDiagnoses) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view entry = Trim(text.substr(0, comma));
    if (!entry.empty() && std::find(dx.begin(), dx.end(), entry) == dx.end()) {
      dx.emplace_back(entry);
    }
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
}

// What the info strings say of the patient. The first age, sex and source count, all diagnoses do.
void ReadInfoStrings(const Header& header, EcgInfo& info) {
  for (const std::string& line : header.info) {
    const auto [key, value] = SplitInfo(line);
    if (key == "age" && !info.age) info.age = ParseAge(value);
    if (key == "sex" && !info.sex) info.sex = ParseSex(value);
    if (key == "dx") AddDiagnoses(value, info.dx);
    if (key == "source" && info.source.empty()) info.source = value;
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

// out = (values - baseline) * scale; returns the lowest value.
template <typename Real>
inline std::int32_t ConvertAs(const std::int32_t* values, std::size_t count, Real baseline,
                              Real scale, float* out) {
  std::int32_t lowest = std::numeric_limits<std::int32_t>::max();
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<float>((static_cast<Real>(values[i]) - baseline) * scale);
    lowest = std::min(lowest, values[i]);
  }
  return lowest;
}

ECG_VECTOR_CLONES std::int32_t ConvertInFloat(const std::int32_t* values, std::size_t count,
                                              float baseline, float scale, float* out) {
  return ConvertAs<float>(values, count, baseline, scale, out);
}

// Converts samples of one signal to millivolts.
class MillivoltScale {
 public:
  MillivoltScale() = default;
  explicit MillivoltScale(const SignalHeader& signal)
      : baseline_(static_cast<double>(signal.baseline)),
        scale_(MillivoltsPer(signal.units) / signal.gain) {
    // Differences below 2^24 are exact in single precision, where the loop is four times as fast.
    constexpr double kExact = 1 << 23;
    exact_in_float_ = std::abs(baseline_) < kExact && signal.format != Format::kInt32 &&
                      signal.format != Format::kDifference8;
  }

  void Convert(const std::int32_t* values, std::size_t count, float* out) const {
    const std::int32_t lowest = exact_in_float_
                                    ? ConvertInFloat(values, count, static_cast<float>(baseline_),
                                                     static_cast<float>(scale_), out)
                                    : ConvertAs(values, count, baseline_, scale_, out);
    // Apart, so that the compiler can vectorise what every sample needs.
    static_assert(kInvalidSample == std::numeric_limits<std::int32_t>::min());
    if (lowest != kInvalidSample) return;
    for (std::size_t i = 0; i < count; ++i) {
      if (values[i] == kInvalidSample) out[i] = kNan;
    }
  }

 private:
  double baseline_ = 0, scale_ = 1;
  bool exact_in_float_ = false;
};

// Writes the selected signals as [leads][samples], mV, at their full rate.
class MillivoltSink : public SampleSink {
 public:
  MillivoltSink(const Header& header, const Selection& selection, std::vector<float>& signal)
      : lead_of_(header.signals.size(), kNotSelected), signal_(signal) {
    for (const std::size_t i : selection.signals) {
      lead_of_[i] = leads_.size();
      leads_.emplace_back();
      leads_.back().spf = static_cast<std::size_t>(header.signals[i].samples_per_frame);
    }
  }

  void Begin(std::uint64_t frames) override {
    frames_ = static_cast<std::size_t>(frames);
    std::size_t total = 0;
    for (Lead& lead : leads_) {
      lead.begin = lead.next = total;
      total += lead.spf * frames_;
      lead.end = total;
    }
    signal_.resize(total);
  }

  void SetScale(std::size_t signal, std::size_t, const SignalHeader& source) override {
    if (lead_of_[signal] != kNotSelected) {
      leads_[lead_of_[signal]].scale = MillivoltScale(source);
    }
  }

  void Put(std::size_t signal, std::size_t start, const std::int32_t* values,
           std::size_t count) override {
    if (lead_of_[signal] == kNotSelected) return;
    Lead& lead = leads_[lead_of_[signal]];
    FillUpTo(lead, lead.begin + start);
    lead.scale.Convert(values, count, signal_.data() + lead.next);
    lead.next += count;
  }

  // To be called after the last sample; returns the number of frames.
  std::size_t Finish() {
    for (Lead& lead : leads_) FillUpTo(lead, lead.end);
    return frames_;
  }

 private:
  struct Lead {
    std::size_t spf = 1;
    std::size_t begin = 0, next = 0, end = 0;  // in signal_: the lead's, and the next to write
    MillivoltScale scale;
  };

  void FillUpTo(Lead& lead, std::size_t position) {
    std::fill(signal_.data() + lead.next, signal_.data() + position, kNan);
    lead.next = position;
  }

  static constexpr std::size_t kNotSelected = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> lead_of_;
  std::vector<Lead> leads_;
  std::vector<float>& signal_;
  std::size_t frames_ = 0;
};

// Replaces the samples of every frame by their mean, NaN where one of them is.
void AverageFrames(const Header& header, const Selection& selection, std::size_t frames,
                   std::vector<float>& signal) {
  std::size_t from = 0, to = 0;
  for (const std::size_t i : selection.signals) {
    const int spf = header.signals[i].samples_per_frame;
    for (std::size_t frame = 0; frame < frames; ++frame) {
      double sum = 0;
      for (int k = 0; k < spf; ++k) sum += static_cast<double>(signal[from++]);
      signal[to++] = static_cast<float>(sum / spf);
    }
  }
  signal.resize(to);
}

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
  const auto same_letter = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c + 0; };
    return lower(a) == lower(b);
  };
  for (const std::string_view lead : kLeads) {
    if (std::equal(lead.begin(), lead.end(), trimmed.begin(), trimmed.end(), same_letter)) {
      return std::string(lead);
    }
  }
  return std::string(trimmed);
}

Result<EcgInfo> ReadEcgInfo(const std::filesystem::path& header) {
  Result<Header> parsed = ReadHeader(header);
  if (!parsed.ok()) return parsed.error();
  if (const Status resolved = ResolveSignals(*parsed); !resolved.ok()) return resolved.error();
  return InfoOf(*parsed, SelectSignals(*parsed));
}

Result<EcgRecord> ReadEcg(const std::filesystem::path& header, const ReadOptions& options) {
  EcgRecord record;
  if (const Status read = ReadEcg(header, options, record); !read.ok()) return read.error();
  return record;
}

Status ReadEcg(const std::filesystem::path& header, const ReadOptions& options, EcgRecord& record) {
  Result<Header> parsed = ReadHeader(header);
  if (!parsed.ok()) return parsed.error();
  if (const Status resolved = ResolveSignals(*parsed); !resolved.ok()) return resolved;
  const Selection selection = SelectSignals(*parsed);
  record.info = InfoOf(*parsed, selection);
  record.warnings = std::move(parsed->warnings);
  WarnOfOtherSignals(*parsed, selection, record.warnings);
  MillivoltSink sink(*parsed, selection, record.signal);
  const Status decoded = DecodeRecord(*parsed, options, sink, record.warnings);
  if (!decoded.ok()) return decoded;
  const std::size_t frames = sink.Finish();
  if (selection.average) AverageFrames(*parsed, selection, frames, record.signal);
  record.info.samples = frames * static_cast<std::size_t>(selection.samples_per_frame);
  return {};
}

std::optional<std::size_t> LeadIndex(const EcgInfo& info, std::string_view lead) {
  const auto found = std::find(info.leads.begin(), info.leads.end(), lead);
  if (found == info.leads.end()) return {};
  return static_cast<std::size_t>(found - info.leads.begin());
}

}  // namespace ecg::wfdb
