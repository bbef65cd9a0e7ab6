#include "ecg/record/signal_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/record/info_lines.h"
#include "ecg/record/leads.h"
#include "ecg/record/units.h"

namespace ecg::record {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr double kMostRate = 1e6;  // Hz, as WFDB headers have it

// "V1-V6" as V1, V2 ... V6; nothing where it is no range.
std::vector<std::string> LeadRange(std::string_view text) {
  const std::string lower = ToLower(Trim(text));
  if (lower.size() != 5 || lower[0] != 'v' || lower[2] != '-' || lower[3] != 'v') return {};
  const char first = lower[1], last = lower[4];
  if (first < '1' || last > '9' || last < first) return {};
  std::vector<std::string> leads;
  for (char number = first; number <= last; ++number) leads.push_back(std::string("V") + number);
  return leads;
}

std::string NameOrNumber(const SignalInfo& signal, std::size_t index) {
  const std::string name = CanonicalLead(signal.label);
  return name.empty() ? "signal " + std::to_string(index + 1) : name;
}

// What is told of a lead's samples, mV.
Json DescribeLead(const std::string& lead, double rate, const std::vector<float>& samples,
                  const std::string& file, const std::string& format) {
  std::size_t valid = 0;
  double low = std::numeric_limits<double>::infinity(), high = -low, sum = 0;
  for (const float sample : samples) {
    if (std::isnan(sample)) continue;
    const auto value = static_cast<double>(sample);
    low = std::min(low, value);
    high = std::max(high, value);
    sum += value;
    ++valid;
  }
  const bool any = valid > 0;
  Json json;
  json["lead"] = lead;
  json["file"] = file;
  json["format"] = format;
  json["sampling_rate"] = rate;
  json["samples"] = samples.size();
  json["invalid"] = samples.size() - valid;
  json["units"] = "mV";
  json["gain"] = nullptr;
  json["baseline"] = nullptr;
  json["first"] = samples.empty() || std::isnan(samples.front())
                      ? Json()
                      : Json(static_cast<double>(samples.front()));
  json["min"] = any ? Json(low) : Json();
  json["max"] = any ? Json(high) : Json();
  json["mean"] = any ? Json(sum / static_cast<double>(valid)) : Json();
  return json;
}

}  // namespace

double MillivoltsIn(std::string_view units) {
  const std::string_view text = Trim(units);
  const std::size_t end = std::min(text.find_first_not_of("0123456789.,"), text.size());
  if (end == 0) return MillivoltsPer(text);
  const std::optional<double> count = ParseDecimal(text.substr(0, end));
  const double unit = MillivoltsPer(text.substr(end));
  if (!count || !(*count > 0) || !std::isfinite(*count * unit)) return 0;
  return *count * unit;
}

std::vector<std::string> ExpandLeads(const std::vector<std::string>& leads) {
  std::vector<std::string> expanded;
  for (const std::string& entry : leads) {
    std::vector<std::string> range = LeadRange(entry);
    if (range.empty()) range = {CanonicalLead(entry)};
    std::move(range.begin(), range.end(), std::back_inserter(expanded));
  }
  return expanded;
}

std::optional<double> AgeBetween(const Date& birth, const Date& then) {
  const bool had_birthday = std::tie(then.month, then.day) >= std::tie(birth.month, birth.day);
  const double age = then.year - birth.year - (had_birthday ? 0 : 1);
  if (!(age >= 0 && age <= kOldest)) return {};
  return age;
}

std::optional<Date> MakeDate(int year, int month, int day) {
  constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1800 || year > 2200 || month < 1 || month > 12) return {};
  if (day < 1 || day > kDays[month - 1]) return {};
  return Date{year, month, day};
}

SignalFile::SignalFile(std::filesystem::path path, OpenOptions options)
    : path_(std::move(path)), options_(std::move(options)) {}

Error SignalFile::Fail(std::string message, std::string field) const {
  return InputError(std::move(message), path_.string(), 0, std::move(field));
}

void SignalFile::Warn(std::string message, std::string field) {
  warnings_.push_back(Fail(std::move(message), std::move(field)).ToString());
}

// Names that were told count where the file has none of a standard lead.
Status SignalFile::ApplyLeads() {
  if (options_.leads.empty()) return {};
  const std::vector<std::string> told = ExpandLeads(options_.leads);
  std::vector<SignalInfo*> rhythm;
  bool named = false;
  for (SignalInfo& signal : signals_) {
    if (!signal.kind.empty()) continue;
    if (!signal.units.empty() && MillivoltsIn(signal.units) == 0) continue;
    rhythm.push_back(&signal);
    named = named || IsStandardLead(CanonicalLead(signal.label));
  }
  if (named) {
    Warn("the file names its leads, which counts before those that were told", "leads");
    return {};
  }
  if (rhythm.size() != told.size()) {
    return Fail("holds " + Counted(rhythm.size(), "signal") + ", but " +
                    Counted(told.size(), "lead") + " were told",
                "leads");
  }
  for (std::size_t i = 0; i < told.size(); ++i) rhythm[i]->label = told[i];
  return {};
}

// What is missing is asked for at once, with the options that tell it.
Status SignalFile::CheckSaid() const {
  bool rhythm = false, rate = true, units = true, leads = true;
  for (const SignalInfo& signal : signals_) {
    if (!std::isfinite(signal.sampling_rate) || signal.sampling_rate < 0 ||
        signal.sampling_rate > kMostRate) {
      return Fail("is no rate: " + FormatDouble(signal.sampling_rate), "sampling rate");
    }
    rate = rate && signal.sampling_rate > 0;
    if (!signal.kind.empty()) continue;
    rhythm = true;
    units = units && !signal.units.empty();
    leads = leads && !signal.label.empty();
  }
  if (!rhythm) return Fail("holds no rhythm");
  std::vector<std::string> missing, tell;
  if (!units) {
    missing.push_back("the unit of its samples");
    tell.push_back("--units uV (of counts --units 4.88uV --zero 2048)");
  }
  if (!rate) {
    missing.push_back("its samples a second");
    tell.push_back("--rate 500");
  }
  if (!leads) {
    missing.push_back("the names of its " + Counted(signals_.size(), "lead"));
    tell.push_back("--lead-names I,II,V1-V6");
  }
  if (missing.empty()) return {};
  return Fail("the file does not say " + Join(missing, ", ") + "; to be told as in " +
              Join(tell, " "));
}

void SignalFile::ChooseRhythm() {
  // Of each rate: standard leads, signals.
  std::map<double, std::pair<std::size_t, std::size_t>> rates;
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    if (!signals_[i].kind.empty() || scales_[i].factor == 0) continue;
    auto& [standard, all] = rates[signals_[i].sampling_rate];
    standard += IsStandardLead(CanonicalLead(signals_[i].label)) ? 1 : 0;
    ++all;
  }
  double rate = 0;
  std::pair<std::size_t, std::size_t> most;
  for (const auto& [candidate, counts] : rates) {
    if (counts >= most) std::tie(rate, most) = std::tie(candidate, counts);
  }
  if (rates.empty()) {
    for (const SignalInfo& signal : signals_) rate = std::max(rate, signal.sampling_rate);
  }
  info_.sampling_rate = rate;
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    const SignalInfo& signal = signals_[i];
    if (!signal.kind.empty() || scales_[i].factor == 0 || signal.sampling_rate != rate) continue;
    rhythm_.push_back(i);
    info_.leads.push_back(NameOrNumber(signal, i));
    info_.samples = std::max(info_.samples, signal.samples);
  }
}

Status SignalFile::SetUp(std::vector<SignalInfo> signals) {
  signals_ = std::move(signals);
  if (options_.by_ending) Warn("is taken for " + info_.format + " by its ending alone", "format");
  if (info_.name.empty()) info_.name = path_.stem().string();
  if (const Status applied = ApplyLeads(); !applied.ok()) return applied;
  const double told = options_.units.empty() ? 0 : MillivoltsIn(options_.units);
  if (!options_.units.empty() && told == 0) {
    return UsageError("is no unit of voltage, as in mV, uV or 4.88uV: " + options_.units, {}, 0,
                      "units");
  }
  bool units_used = false, rate_used = false;
  for (SignalInfo& signal : signals_) {
    SignalScale scale;
    if (signal.units.empty() && told != 0) {
      signal.units = options_.units;
      scale.zero = options_.zero;
      units_used = true;
    }
    if (signal.sampling_rate == 0 && options_.sampling_rate > 0) {
      signal.sampling_rate = options_.sampling_rate;
      rate_used = true;
    }
    scale.factor = MillivoltsIn(signal.units) * signal.step;
    if (!std::isfinite(scale.factor)) {
      return Fail("is no scale: " + FormatDouble(signal.step), "scale");
    }
    scales_.push_back(scale);
  }
  if (told != 0 && !units_used) Warn("the file says its units, which count", "units");
  if (options_.sampling_rate > 0 && !rate_used)
    Warn("the file says its rate, which counts", "rate");
  if (const Status said = CheckSaid(); !said.ok()) return said;
  ChooseRhythm();
  return {};
}

Status SignalFile::CheckSize(const ReadOptions& options) const {
  std::uint64_t stored = 0;
  for (const SignalInfo& signal : signals_) stored += signal.samples;
  const std::uint64_t samples = std::max(stored, std::uint64_t{info_.samples} * rhythm_.size());
  if (samples <= options.max_samples) return {};
  return Fail(Counted(samples, "sample") + " are more than the limit of " +
                  Counted(options.max_samples, "sample"),
              "number of samples");
}

void SignalFile::TellOfUnread(EcgRecord& record) const {
  std::map<std::string, std::vector<std::string>> by_units;
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    const SignalInfo& signal = signals_[i];
    if (!signal.kind.empty()) continue;
    const std::string name = NameOrNumber(signal, i);
    if (scales_[i].factor == 0) {
      by_units[signal.units].push_back(name);
      record.unread_leads.push_back(name + ": units " + signal.units);
    } else if (signal.sampling_rate != info_.sampling_rate) {
      record.unread_leads.push_back(name + ": " + FormatDouble(signal.sampling_rate) + " Hz");
      record.warnings.push_back(Fail("of " + FormatDouble(signal.sampling_rate) +
                                         " Hz, the record of " + FormatDouble(info_.sampling_rate) +
                                         " Hz, kept apart: " + name,
                                     "sampling rate")
                                    .ToString());
    } else if (signal.samples != info_.samples) {
      record.warnings.push_back(Fail("has " + Counted(signal.samples, "sample") + " of " +
                                         std::to_string(info_.samples) + ", the rest is missing",
                                     name)
                                    .ToString());
    }
  }
  for (const auto& [units, names] : by_units) {
    record.warnings.push_back(
        Fail(units + " are no voltage, left out: " + Join(names, ", "), "units").ToString());
  }
}

// What is not of the record, by kind and rate.
void SignalFile::CollectOthers(std::vector<std::vector<float>>& decoded, EcgRecord& record) const {
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    const SignalInfo& signal = signals_[i];
    const bool of_record = signal.kind.empty() && signal.sampling_rate == info_.sampling_rate;
    if (of_record || scales_[i].factor == 0) continue;
    const std::string kind = signal.kind.empty() ? "rhythm" : signal.kind;
    auto place = std::find_if(record.other_waveforms.begin(), record.other_waveforms.end(),
                              [&](const Waveform& waveform) {
                                return waveform.kind == kind &&
                                       waveform.sampling_rate == signal.sampling_rate;
                              });
    if (place == record.other_waveforms.end()) {
      record.other_waveforms.push_back({kind, signal.sampling_rate, {}, {}});
      place = record.other_waveforms.end() - 1;
    }
    place->leads.push_back(NameOrNumber(signal, i));
    place->samples.push_back(std::move(decoded[i]));
  }
}

// All that is told without samples.
void SignalFile::TellOfAll(EcgRecord& record) const {
  record.info = info_;
  record.info.leads.clear();
  record.leads.clear();
  record.other_leads.clear();
  record.unread_leads.clear();
  record.other_waveforms.clear();
  record.warnings = warnings_;
  TellOfUnread(record);
}

// With a factor where a signal is no lead, or one that is kept.
std::vector<SignalScale> SignalFile::ScalesOf(const std::vector<bool>& keep) const {
  std::vector<SignalScale> scales = scales_;
  for (std::size_t k = 0; k < rhythm_.size(); ++k) {
    if (!keep[k]) scales[rhythm_[k]].factor = 0;
  }
  return scales;
}

void SignalFile::CollectLeads(const std::vector<bool>& keep,
                              std::vector<std::vector<float>>& decoded, EcgRecord& record) const {
  for (std::size_t k = 0; k < rhythm_.size(); ++k) {
    if (!keep[k]) {
      record.other_leads.push_back(info_.leads[k]);
      continue;
    }
    record.info.leads.push_back(info_.leads[k]);
    record.leads.push_back(std::move(decoded[rhythm_[k]]));
    record.leads.back().resize(record.info.samples, kNan);
  }
}

Status SignalFile::Read(const ReadOptions& options, EcgRecord& record) const {
  if (const Status fits = CheckSize(options); !fits.ok()) return fits;
  TellOfAll(record);
  const std::vector<bool> keep = LeadsToRead(info_, options.leads);
  std::vector<std::vector<float>> decoded(signals_.size());
  const Status status = Decode(ScalesOf(keep), decoded, record.warnings);
  if (!status.ok()) return status;
  CollectLeads(keep, decoded, record);
  CollectOthers(decoded, record);
  return {};
}

Status SignalFile::ReadStretch(const ReadOptions& options, std::size_t from, std::size_t to,
                               EcgRecord& record) const {
  if (!ReadsStretches()) return RecordFile::ReadStretch(options, from, to, record);
  TellOfAll(record);
  record.info.samples = to - from;
  const std::vector<bool> keep = LeadsToRead(info_, options.leads);
  std::vector<SignalScale> scales = ScalesOf(keep);
  std::vector<bool> is_lead(signals_.size());
  for (const std::size_t i : rhythm_) is_lead[i] = true;
  for (std::size_t i = 0; i < scales.size(); ++i) {
    if (!is_lead[i]) scales[i].factor = 0;
  }
  std::vector<std::vector<float>> decoded(signals_.size());
  const Status status = DecodeStretch(scales, from, to, decoded);
  if (!status.ok()) return status;
  CollectLeads(keep, decoded, record);
  return {};
}

Status SignalFile::DecodeStretch(const std::vector<SignalScale>&, std::size_t, std::size_t,
                                 std::vector<std::vector<float>>&) const {
  return Fail("is not read in stretches");
}

Result<std::vector<std::filesystem::path>> SignalFile::Files() const {
  return std::vector<std::filesystem::path>{path_};
}

Result<Json> SignalFile::Describe(const ReadOptions& options) const {
  EcgRecord record;
  if (const Status read = Read(options, record); !read.ok()) return read.error();
  Json json;
  json["file"] = path_.string();
  json["name"] = info_.name;
  json["sampling_rate"] = info_.sampling_rate;
  json["frames"] = info_.samples;
  json["seconds"] = static_cast<double>(info_.samples) / info_.sampling_rate;
  json["segments"] = 1;
  json["checks"] = "none";
  json["age"] = info_.age ? Json(*info_.age) : Json();
  json["sex"] = info_.sex ? Json(NameOf(*info_.sex)) : Json();
  json["dx"] = info_.dx;
  json["source"] = info_.source.empty() ? Json() : Json(info_.source);
  json["signals"] = Json::array();
  const std::string file = path_.filename().string();
  for (std::size_t k = 0; k < record.leads.size(); ++k) {
    json["signals"].push_back(
        DescribeLead(info_.leads[k], info_.sampling_rate, record.leads[k], file, info_.format));
  }
  json["info"] = info_.statements;
  json["warnings"] = record.warnings;
  return json;
}

Result<std::unique_ptr<RecordFile>> HeldFile::Make(std::filesystem::path path, OpenOptions options,
                                                   EcgInfo info, std::vector<SignalInfo> signals,
                                                   Values values,
                                                   std::vector<std::string> warnings) {
  std::unique_ptr<HeldFile> file(new HeldFile(std::move(path), std::move(options)));
  file->info_ = std::move(info);
  file->values_ = std::move(values);
  for (std::string& warning : warnings) file->Warn(std::move(warning));
  for (std::size_t i = 0; i < signals.size(); ++i) signals[i].samples = file->values_[i].size();
  if (const Status set_up = file->SetUp(std::move(signals)); !set_up.ok()) return set_up.error();
  return std::unique_ptr<RecordFile>(std::move(file));
}

Status HeldFile::Decode(const std::vector<SignalScale>& scales,
                        std::vector<std::vector<float>>& out, std::vector<std::string>&) const {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (scales[i].factor == 0) continue;
    out[i].resize(values_[i].size());
    std::transform(values_[i].begin(), values_[i].end(), out[i].begin(),
                   [&](float value) { return scales[i].Apply(static_cast<double>(value)); });
  }
  return {};
}

}  // namespace ecg::record
