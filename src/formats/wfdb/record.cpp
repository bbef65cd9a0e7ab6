#include "ecg/formats/wfdb/record.h"

#include <algorithm>
#include <utility>

#include "ecg/record/reader.h"
#include "ecg/record/units.h"
#include "src/formats/wfdb/decode.h"
#include "src/formats/wfdb/signal_buffer.h"

namespace ecg::wfdb {
namespace {

class DigitalSink : public SampleSink {
 public:
  explicit DigitalSink(Record& record) : record_(record) {}

  void Begin(std::uint64_t frames) override {
    record_.frames = frames;
    record_.scales.resize(record_.header.signals.size());
    record_.digital.resize(record_.header.signals.size());
    for (std::size_t i = 0; i < record_.digital.size(); ++i) {
      const auto spf = static_cast<std::size_t>(record_.header.signals[i].samples_per_frame);
      buffers_.emplace_back(record_.digital[i], frames * spf, kInvalidSample);
    }
  }

  void SetScale(std::size_t signal, std::size_t start, const SignalHeader& source) override {
    std::vector<Scale>& scales = record_.scales[signal];
    const Scale scale = ScaleOf(source, record_.header.signals[signal], start);
    if (scales.empty() || scales.back().gain != scale.gain ||
        scales.back().baseline != scale.baseline) {
      scales.push_back(scale);
    }
  }

  void Put(std::size_t signal, std::size_t start, const std::int32_t* values,
           std::size_t count) override {
    std::copy_n(values, count, buffers_[signal].Next(start, count));
  }

  // To be called after the last sample.
  void Finish() {
    for (SignalBuffer<std::int32_t>& buffer : buffers_) buffer.Finish();
  }

 private:
  Record& record_;
  std::vector<SignalBuffer<std::int32_t>> buffers_;
};

}  // namespace

Scale ScaleOf(const SignalHeader& source, const SignalHeader& target, std::size_t start) {
  const double from = record::MillivoltsPer(source.units), to = record::MillivoltsPer(target.units);
  const double ratio = from != 0 && to != 0 ? from / to : 1;  // target's units in one of source's
  return {start, source.gain / ratio, source.baseline};
}

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

Result<Record> ReadRecord(const std::filesystem::path& header, const record::ReadOptions& options) {
  Result<Header> parsed = ReadHeader(header);
  if (!parsed.ok()) return parsed.error();
  if (const Status resolved = ResolveSignals(*parsed); !resolved.ok()) return resolved.error();
  Record record;
  record.header = std::move(*parsed);
  record.warnings = record.header.warnings;
  DigitalSink sink(record);
  const Status decoded = DecodeRecord(record.header, options, sink, record.warnings);
  if (!decoded.ok()) return decoded.error();
  sink.Finish();
  return record;
}

}  // namespace ecg::wfdb
