#include "ecg/wfdb/record.h"

#include <algorithm>
#include <utility>

#include "ecg/core/text.h"
#include "src/wfdb/decode.h"

namespace ecg::wfdb {
namespace {

// Units of the record's signal in one unit of the source's: 1 unless both are voltages.
double UnitRatio(const std::string& source, const std::string& target) {
  const double from = MillivoltsPer(source), to = MillivoltsPer(target);
  return from != 0 && to != 0 ? from / to : 1;
}

class DigitalSink : public SampleSink {
 public:
  explicit DigitalSink(Record& record) : record_(record) {}

  void Begin(std::uint64_t frames) override {
    record_.frames = frames;
    record_.scales.resize(record_.header.signals.size());
    for (const SignalHeader& signal : record_.header.signals) {
      const auto spf = static_cast<std::size_t>(signal.samples_per_frame);
      record_.digital.emplace_back(static_cast<std::size_t>(frames) * spf, kInvalidSample);
    }
  }

  void SetScale(std::size_t signal, std::size_t start, const SignalHeader& source) override {
    const double ratio = UnitRatio(source.units, record_.header.signals[signal].units);
    std::vector<Scale>& scales = record_.scales[signal];
    const Scale scale = {start, source.gain / ratio, source.baseline};
    if (scales.empty() || scales.back().gain != scale.gain ||
        scales.back().baseline != scale.baseline) {
      scales.push_back(scale);
    }
  }

  void Put(std::size_t signal, std::size_t start, const std::int32_t* values,
           std::size_t count) override {
    std::copy_n(values, count, record_.digital[signal].data() + start);
  }

 private:
  Record& record_;
};

}  // namespace

std::vector<double> Record::Physical(std::size_t signal) const {
  const std::vector<std::int32_t>& values = digital[signal];
  std::vector<double> physical(values.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t k = 0; k < scales[signal].size(); ++k) {
    const Scale& scale = scales[signal][k];
    const std::size_t end =
        k + 1 < scales[signal].size() ? scales[signal][k + 1].start : values.size();
    const auto baseline = static_cast<double>(scale.baseline);
    for (std::size_t i = scale.start; i < end; ++i) {
      if (values[i] == kInvalidSample) continue;
      physical[i] = (static_cast<double>(values[i]) - baseline) / scale.gain;
    }
  }
  return physical;
}

Result<Record> ReadRecord(const std::filesystem::path& header, const ReadOptions& options) {
  Result<Header> parsed = ReadHeader(header);
  if (!parsed.ok()) return parsed.error();
  if (const Status resolved = ResolveSignals(*parsed); !resolved.ok()) return resolved.error();
  Record record;
  record.header = std::move(*parsed);
  record.warnings = record.header.warnings;
  DigitalSink sink(record);
  const Status decoded = DecodeRecord(record.header, options, sink, record.warnings);
  if (!decoded.ok()) return decoded.error();
  return record;
}

double MillivoltsPer(std::string_view units) {
  const std::string lower = ToLower(units);
  if (lower == "mv") return 1;
  if (lower == "uv" || lower == "\xC2\xB5v" || lower == "\xCE\xBCv" || lower == "\xB5v") {
    return 1e-3;
  }
  if (lower == "nv") return 1e-6;
  if (lower == "v") return 1e3;
  return 0;
}

}  // namespace ecg::wfdb
