#include "ecg/formats/wfdb/write.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/record/digitise.h"
#include "ecg/record/ecg_record.h"
#include "ecg/record/info_lines.h"
#include "src/formats/wfdb/flac_encode.h"
#include "src/formats/wfdb/formats.h"

namespace ecg::wfdb {
namespace {

static_assert(record::kNoCount == kInvalidSample);

std::string FormatTime(double seconds) {
  const auto whole = static_cast<long long>(seconds);
  char text[64];
  std::snprintf(text, sizeof(text), "%02lld:%02lld:%02lld", whole / 3600, whole / 60 % 60,
                whole % 60);
  std::string fraction =
      FormatDouble(std::round((seconds - static_cast<double>(whole)) * 1e6) / 1e6);
  // "0.25" -> ".25"; rounding up to a whole second is left out.
  return text + (fraction.compare(0, 2, "0.") == 0 ? fraction.substr(1) : std::string());
}

std::string FormatRecordLine(const Header& header) {
  std::string line = header.name;
  if (header.multi_segment()) line += "/" + std::to_string(header.segments.size());
  line +=
      " " + std::to_string(header.multi_segment() ? header.signal_count : header.signals.size());
  line += " " + FormatDouble(header.sampling_rate);
  if (header.counter_frequency != header.sampling_rate || header.base_counter != 0) {
    line += "/" + FormatDouble(header.counter_frequency);
  }
  if (header.base_counter != 0) line += "(" + FormatDouble(header.base_counter) + ")";
  if (header.samples || header.base_time || header.base_date) {
    line += " " + std::to_string(header.samples.value_or(0));
  }
  if (header.base_time || header.base_date) line += " " + FormatTime(header.base_time.value_or(0));
  if (header.base_date) {
    char date[64];
    std::snprintf(date, sizeof(date), " %02d/%02d/%04d", header.base_date->day,
                  header.base_date->month, header.base_date->year);
    line += date;
  }
  return line + "\n";
}

// The fields after the gain have fixed places, so one that is set needs those before it.
std::string FormatSignalLine(const SignalHeader& signal) {
  std::string line = signal.file + " " + std::to_string(static_cast<int>(signal.format));
  if (signal.samples_per_frame != 1) line += "x" + std::to_string(signal.samples_per_frame);
  if (signal.skew != 0) line += ":" + std::to_string(signal.skew);
  if (signal.byte_offset != 0) line += "+" + std::to_string(signal.byte_offset);
  line += " " + FormatDouble(signal.calibrated ? signal.gain : 0);
  if (signal.baseline != signal.adc_zero) line += "(" + std::to_string(signal.baseline) + ")";
  line += "/" + signal.units + " " + std::to_string(signal.adc_resolution) + " " +
          std::to_string(signal.adc_zero);
  if (!signal.initial_value) return line + "\n";
  line += " " + std::to_string(*signal.initial_value);
  if (!signal.checksum) return line + "\n";
  line += " " + std::to_string(static_cast<std::int16_t>(*signal.checksum)) + " " +
          std::to_string(signal.block_size) + " " + signal.description;
  return line + "\n";
}

Error Fail(const Record& record, std::size_t signal, const char* field, std::string message) {
  return InputError("signal " + std::to_string(signal) + ": " + std::move(message),
                    record.header.name, 0, field);
}

void AppendLittleEndian(std::string& bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
}

// Signals [first, first + count) of a record, to be written as one file.
struct FilePlan {
  std::string name, ending;
  std::size_t first = 0, count = 0;
};

// Of the file at this place among all of a record.
std::string SignalEnding(SignalFileKind kind, std::size_t place, std::size_t files) {
  const std::string number = files > 1 ? "_" + std::to_string(place + 1) : "";
  return number + (kind == SignalFileKind::kMatlab ? ".mat" : ".dat");
}

std::vector<FilePlan> PlanFiles(const Header& header, SignalFileKind kind) {
  std::vector<FilePlan> plans;
  for (std::size_t i = 0; i < header.signals.size(); ++i) {
    const bool joins =
        !plans.empty() && (kind != SignalFileKind::kFlac16 ||
                           (plans.back().count < kMaxFlacChannels &&
                            header.signals[i].samples_per_frame ==
                                header.signals[plans.back().first].samples_per_frame));
    if (!joins) plans.push_back({{}, {}, i, 0});
    ++plans.back().count;
  }
  for (std::size_t k = 0; k < plans.size(); ++k) {
    plans[k].ending = SignalEnding(kind, k, plans.size());
    plans[k].name = header.name + plans[k].ending;
  }
  return plans;
}

Format FormatOf(SignalFileKind kind) {
  if (kind == SignalFileKind::kPacked12) return Format::kPacked12;
  return kind == SignalFileKind::kFlac16 ? Format::kFlac16 : Format::kInt16;
}

// The values as the format stores them, with initial value and checksum entered in the header.
Result<std::vector<std::int32_t>> Store(const Record& record, std::size_t index, Format format,
                                        SignalHeader& signal) {
  const FormatTraits traits = TraitsOf(format);
  const std::vector<std::int32_t>& digital = record.digital[index];
  if (digital.size() != record.frames * static_cast<std::uint64_t>(signal.samples_per_frame)) {
    return Fail(record, index, "digital", "is not frames x samples_per_frame long");
  }
  std::vector<std::int32_t> stored(digital.size());
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < digital.size(); ++i) {
    const bool invalid = digital[i] == kInvalidSample;
    if (!invalid && (digital[i] <= traits.lowest || digital[i] > -(traits.lowest + 1))) {
      return Fail(record, index, "digital",
                  std::to_string(digital[i]) + " at sample " + std::to_string(i) +
                      " does not fit in format " + std::to_string(static_cast<int>(format)));
    }
    stored[i] = invalid ? traits.lowest : digital[i];
    sum += static_cast<std::uint32_t>(stored[i]);
  }
  signal.format = format;
  signal.skew = 0;
  signal.byte_offset = 0;
  signal.block_size = 0;
  signal.initial_value = stored.empty() ? 0 : stored[0];
  signal.checksum = static_cast<std::uint16_t>(sum & 0xffff);
  return stored;
}

// The samples of a file in its order: frame by frame, signal by signal.
std::vector<std::int32_t> Interleave(const std::vector<std::vector<std::int32_t>>& signals,
                                     const SignalHeader* headers, std::size_t frames) {
  std::vector<std::int32_t> samples;
  std::size_t total = 0;
  for (const std::vector<std::int32_t>& signal : signals) total += signal.size();
  samples.reserve(total);
  for (std::size_t frame = 0; frame < frames; ++frame) {
    for (std::size_t i = 0; i < signals.size(); ++i) {
      const auto spf = static_cast<std::size_t>(headers[i].samples_per_frame);
      const std::int32_t* from = signals[i].data() + frame * spf;
      samples.insert(samples.end(), from, from + spf);
    }
  }
  return samples;
}

std::string Pack12(const std::vector<std::int32_t>& samples) {
  std::string bytes;
  for (std::size_t i = 0; i < samples.size(); i += 2) {
    const auto first = static_cast<std::uint32_t>(samples[i]) & 0xfff;
    const auto second =
        i + 1 < samples.size() ? static_cast<std::uint32_t>(samples[i + 1]) & 0xfff : 0;
    AppendLittleEndian(bytes, first | (second >> 8) << 12, 2);
    if (i + 1 < samples.size()) AppendLittleEndian(bytes, second, 1);
  }
  return bytes;
}

// A MATLAB v4 matrix of int16, [rows][columns] stored by columns, named "val".
std::string MatlabPreamble(std::size_t rows, std::size_t columns) {
  std::string bytes;
  for (const std::size_t word : {std::size_t{30}, rows, columns, std::size_t{0}, std::size_t{4}}) {
    AppendLittleEndian(bytes, static_cast<std::uint32_t>(word), 4);
  }
  return bytes + std::string("val\0", 4);
}

Result<std::string> EncodeFile(const Record& record, const FilePlan& plan, SignalFileKind kind,
                               Header& header) {
  std::vector<std::vector<std::int32_t>> stored;
  for (std::size_t i = plan.first; i < plan.first + plan.count; ++i) {
    Result<std::vector<std::int32_t>> values = Store(record, i, FormatOf(kind), header.signals[i]);
    if (!values.ok()) return values.error();
    stored.push_back(std::move(*values));
    header.signals[i].file = plan.name;
  }
  if (kind == SignalFileKind::kFlac16) return EncodeFlac(stored, 16);
  SignalHeader* const signals = header.signals.data() + plan.first;
  const std::vector<std::int32_t> samples = Interleave(stored, signals, record.frames);
  if (kind == SignalFileKind::kPacked12) return Pack12(samples);
  std::string bytes;
  if (kind == SignalFileKind::kMatlab) {
    const std::size_t rows = record.frames > 0 ? samples.size() / record.frames : plan.count;
    bytes = MatlabPreamble(rows, record.frames);
    for (std::size_t i = 0; i < plan.count; ++i) {
      signals[i].byte_offset = static_cast<std::int64_t>(bytes.size());
    }
  }
  bytes.reserve(bytes.size() + 2 * samples.size());
  for (const std::int32_t sample : samples) {
    AppendLittleEndian(bytes, static_cast<std::uint32_t>(sample), 2);
  }
  return bytes;
}

Status CheckWritable(const Record& record) {
  const Header& header = record.header;
  if (!IsPlainFileName(header.name) || header.name.find_first_of(" \t\r\n") != std::string::npos) {
    return InputError("not a record name", header.name);
  }
  if (record.digital.size() != header.signals.size()) {
    return InputError("signals and samples differ in number", header.name);
  }
  for (std::size_t i = 0; i < record.scales.size(); ++i) {
    if (record.scales[i].size() > 1) return Fail(record, i, "gain", "changes with time");
  }
  for (std::size_t i = 0; i < header.signals.size(); ++i) {
    const SignalHeader& signal = header.signals[i];
    if (signal.units.empty() || signal.units.find_first_of(" \t\r\n") != std::string::npos) {
      return Fail(record, i, "units", "expected one word");
    }
    if (signal.description.find_first_of("\r\n") != std::string::npos) {
      return Fail(record, i, "description", "expected one line");
    }
  }
  for (const std::string& info : header.info) {
    if (info.find_first_of("\r\n") != std::string::npos) {
      return InputError("expected one line", header.name, 0, "comment");
    }
  }
  return {};
}

}  // namespace

std::string FormatHeader(const Header& header) {
  std::string text = FormatRecordLine(header);
  for (const SegmentHeader& segment : header.segments) {
    text += segment.name + " " + std::to_string(segment.samples) + "\n";
  }
  if (!header.multi_segment()) {
    for (const SignalHeader& signal : header.signals) text += FormatSignalLine(signal);
  }
  for (const std::string& info : header.info) text += "#" + info + "\n";
  return text;
}

Result<record::WrittenRecord> FormatRecord(const Record& record, SignalFileKind kind) {
  if (const Status writable = CheckWritable(record); !writable.ok()) return writable.error();
  record::WrittenRecord written;
  Header header = record.header;
  header.segments.clear();
  header.samples = record.frames;
  for (const FilePlan& plan : PlanFiles(header, kind)) {
    Result<std::string> bytes = EncodeFile(record, plan, kind, header);
    if (!bytes.ok()) return bytes.error();
    written.files.push_back({plan.ending, std::move(*bytes)});
  }
  written.files.push_back({".hea", FormatHeader(header)});
  return written;
}

Status WriteRecord(const std::filesystem::path& folder, const Record& record, SignalFileKind kind,
                   Durability durability) {
  const Result<record::WrittenRecord> formatted = FormatRecord(record, kind);
  if (!formatted.ok()) return formatted.error();
  for (const record::WrittenRecord::File& file : formatted->files) {
    const std::filesystem::path path = folder / (record.header.name + file.ending);
    if (Status written = WriteFileAtomic(path, file.bytes, durability); !written.ok()) {
      return written;
    }
  }
  return {};
}

std::vector<std::string> EndingsOf(SignalFileKind kind, std::size_t leads) {
  const std::size_t files =
      kind == SignalFileKind::kFlac16
          ? std::max<std::size_t>(1, (leads + kMaxFlacChannels - 1) / kMaxFlacChannels)
          : 1;
  std::vector<std::string> endings;
  for (std::size_t i = 0; i < files; ++i) endings.push_back(SignalEnding(kind, i, files));
  endings.push_back(".hea");
  return endings;
}

Result<record::WrittenRecord> WriteWfdb(const record::EcgRecord& ecg, const std::string& name,
                                        SignalFileKind kind) {
  const record::EcgInfo& info = ecg.info;
  const std::int32_t most = -(TraitsOf(FormatOf(kind)).lowest + 1);
  Record record;
  record.header.name = name;
  record.header.sampling_rate = record.header.counter_frequency = info.sampling_rate;
  record.header.base_date = info.acquisition.date;
  record.header.base_time = info.acquisition.time;
  record.frames = info.samples;
  bool exact = true;
  for (std::size_t lead = 0; lead < info.leads.size(); ++lead) {
    const record::Gain gain = record::ChooseGain(ecg.leads[lead], most);
    exact = exact && gain.exact;
    SignalHeader signal;
    signal.gain = gain.counts_per_mv;
    signal.adc_resolution = kind == SignalFileKind::kPacked12 ? 12 : 16;
    signal.description = record::OneLine(info.leads[lead]);
    record.header.signals.push_back(std::move(signal));
    record.digital.push_back(record::Digitise(ecg.leads[lead], gain.counts_per_mv));
  }
  record.header.info = record::InfoLinesOf(info);
  for (const std::string& statement : info.statements) {
    record.header.info.push_back(record::OneLine(statement));
  }
  Result<record::WrittenRecord> written = FormatRecord(record, kind);
  if (written.ok() && !exact) {
    written->lost.push_back("samples are rounded to the finest steps that " +
                            std::to_string(most == 2047 ? 12 : 16) + " bits allow");
  }
  return written;
}

Status WriteChallengeRecord(const std::filesystem::path& folder, const record::EcgRecord& ecg,
                            double gain, Durability durability) {
  const record::EcgInfo& info = ecg.info;
  Record record;
  record.header.name = info.name;
  record.header.sampling_rate = record.header.counter_frequency = info.sampling_rate;
  record.frames = info.samples;
  for (std::size_t lead = 0; lead < info.leads.size(); ++lead) {
    SignalHeader signal;
    signal.gain = gain;
    signal.adc_resolution = 16;
    signal.description = info.leads[lead];
    record.header.signals.push_back(std::move(signal));
    std::vector<std::int32_t>& digital = record.digital.emplace_back(info.samples, kInvalidSample);
    for (std::size_t i = 0; i < info.samples; ++i) {
      const double value = std::round(static_cast<double>(ecg.Lead(lead)[i]) * gain);
      if (std::isnan(value)) continue;
      // Beyond 16 bits anyway, and saturated so that the conversion is defined.
      digital[i] = static_cast<std::int32_t>(std::clamp(value, -1e9, 1e9));
    }
  }
  const std::string codes = Join(info.dx, ",");
  record.header.info.push_back("Age: " + (info.age ? FormatDouble(*info.age) : "NaN"));
  record.header.info.push_back(std::string("Sex: ") + (!info.sex ? "Unknown"
                                                       : *info.sex == record::Sex::kFemale
                                                           ? "Female"
                                                           : "Male"));
  record.header.info.push_back("Dx: " + codes);
  return WriteRecord(folder, record, SignalFileKind::kMatlab, durability);
}

}  // namespace ecg::wfdb
