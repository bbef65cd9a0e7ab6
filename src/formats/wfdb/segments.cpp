// Multi-segment records: one signal after the other in time, from several single-segment records.
#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include "ecg/core/memory_budget.h"
#include "ecg/record/reader.h"
#include "ecg/record/units.h"
#include "src/formats/wfdb/decode.h"

namespace ecg::wfdb {
namespace {

constexpr std::size_t kMaxRepeats = 2048;  // a day of the same minute has 1439
constexpr std::size_t kAbsent = std::numeric_limits<std::size_t>::max();

bool IsGap(const SegmentHeader& segment) { return segment.name == "~"; }

// A first segment of length 0 is a layout: it only names the signals.
bool HasLayout(const Header& header) {
  return header.segments.front().samples == 0 && !IsGap(header.segments.front());
}

Error Fail(const Header& header, const SegmentHeader& segment, const char* field,
           std::string message) {
  return InputError(std::move(message), header.file, segment.line, field);
}

Result<Header> ReadSegmentHeader(const Header& header, const SegmentHeader& segment) {
  const std::filesystem::path folder = std::filesystem::path(header.file).parent_path();
  Result<Header> read = ReadHeader(folder / (segment.name + ".hea"));
  if (!read.ok()) return read;
  if (read->multi_segment()) {
    return Fail(header, segment, "segment name", segment.name + " has segments itself");
  }
  if (read->samples && *read->samples != segment.samples) {
    return Fail(header, segment, "number of samples",
                "expected " + std::to_string(*read->samples) + " as the header of " + segment.name +
                    " says, found " + std::to_string(segment.samples));
  }
  if (read->sampling_rate != header.sampling_rate) {
    return Fail(header, segment, "sampling frequency", segment.name + " has another one");
  }
  return read;
}

// Equal units, or two that can be converted: voltages.
bool SameQuantity(const std::string& a, const std::string& b) {
  return a == b || (record::MillivoltsPer(a) != 0 && record::MillivoltsPer(b) != 0);
}

// For every signal of a segment the record's signal that it belongs to: by position in a fixed
// layout, by description in a variable one.
Result<std::vector<std::size_t>> MapSignals(const Header& header, const SegmentHeader& segment,
                                            const Header& read) {
  std::vector<std::size_t> map(read.signals.size(), kAbsent);
  const bool by_name = HasLayout(header);
  if (!by_name && read.signals.size() != header.signals.size()) {
    return Fail(header, segment, "number of signals",
                segment.name + " has " + std::to_string(read.signals.size()) + ", expected " +
                    std::to_string(header.signals.size()));
  }
  std::map<std::string_view, std::size_t> by_description;
  for (std::size_t i = 0; i < header.signals.size() && by_name; ++i) {
    by_description.emplace(header.signals[i].description, i);
  }
  std::vector<bool> taken(header.signals.size(), false);
  for (std::size_t i = 0; i < map.size(); ++i) {
    std::size_t target = i;
    if (by_name) {
      const auto found = by_description.find(read.signals[i].description);
      target = found == by_description.end() ? header.signals.size() : found->second;
    }
    if (target == header.signals.size() || taken[target]) {
      return Fail(
          header, segment, "description",
          "the layout has no signal for '" + read.signals[i].description + "' of " + segment.name);
    }
    taken[target] = true;
    if (read.signals[i].samples_per_frame != header.signals[target].samples_per_frame) {
      return Fail(header, segment, "samples per frame", "differs in " + segment.name);
    }
    if (!SameQuantity(read.signals[i].units, header.signals[target].units)) {
      return Fail(header, segment, "units", "differ in " + segment.name);
    }
    map[i] = target;
  }
  return map;
}

// Puts a segment's samples in their place in the record.
class SegmentSink : public SampleSink {
 public:
  SegmentSink(const Header& header, SampleSink& sink) : header_(header), sink_(sink) {}

  void StartSegment(std::uint64_t frame, std::vector<std::size_t> map) {
    frame_ = frame;
    map_ = std::move(map);
  }
  void Begin(std::uint64_t) override {}
  void SetScale(std::size_t signal, std::size_t start, const SignalHeader& source) override {
    sink_.SetScale(map_[signal], Offset(signal) + start, source);
  }
  void Put(std::size_t signal, std::size_t start, const std::int32_t* values,
           std::size_t count) override {
    sink_.Put(map_[signal], Offset(signal) + start, values, count);
  }

 private:
  std::size_t Offset(std::size_t signal) const {
    return frame_ * static_cast<std::size_t>(header_.signals[map_[signal]].samples_per_frame);
  }
  const Header& header_;
  SampleSink& sink_;
  std::uint64_t frame_ = 0;
  std::vector<std::size_t> map_;
};

// Frames of a segment's files that stand before its first and are decoded too.
std::uint64_t SkewOf(const Header& segment) {
  std::uint64_t skew = 0;
  for (const SignalHeader& signal : segment.signals) {
    skew = std::max(skew, static_cast<std::uint64_t>(signal.skew));
  }
  return skew;
}

// Before anything is allocated or decoded: are all segments there? A segment may occur more than
// once (an example of header(5) has one twice), which a few bytes of header could ask for any
// number of times: the limits hold for all that is decoded.
Status CheckSegments(const Header& header, const record::ReadOptions& options) {
  std::map<std::string, std::uint64_t> skew_of;
  std::size_t repeats = 0;
  std::uint64_t frames = 0;
  for (const SegmentHeader& segment : header.segments) {
    frames += segment.samples;
    if (IsGap(segment)) continue;
    auto known = skew_of.find(segment.name);
    if (known == skew_of.end()) {
      const Result<Header> read = ReadSegmentHeader(header, segment);
      if (!read.ok()) return read.error();
      known = skew_of.emplace(segment.name, SkewOf(*read)).first;
    } else if (++repeats > kMaxRepeats) {
      return Fail(header, segment, "segment name",
                  "more than " + std::to_string(kMaxRepeats) + " segments that occurred before");
    }
    frames += known->second;
  }
  return CheckSize(header, options, frames);
}

Status DecodeSegments(const Header& header, const record::ReadOptions& options, SampleSink& sink,
                      std::vector<std::string>& warnings) {
  if (const Status checked = CheckSegments(header, options); !checked.ok()) return checked;
  sink.Begin(header.samples.value_or(0));
  SegmentSink segment_sink(header, sink);
  std::uint64_t frame = 0;
  for (const SegmentHeader& segment : header.segments) {
    if (!IsGap(segment) && segment.samples > 0) {
      Result<Header> read = ReadSegmentHeader(header, segment);
      if (!read.ok()) return read.error();
      Result<std::vector<std::size_t>> map = MapSignals(header, segment, *read);
      if (!map.ok()) return map.error();
      segment_sink.StartSegment(frame, std::move(*map));
      for (std::string& warning : read->warnings) warnings.push_back(std::move(warning));
      const Status decoded = DecodeSegment(*read, options, segment.samples, segment_sink, warnings);
      if (!decoded.ok()) return decoded;
    }
    frame += segment.samples;
  }
  return {};
}

}  // namespace

Status ResolveSignals(Header& header) {
  if (!header.multi_segment()) return {};
  for (const SegmentHeader& segment : header.segments) {
    if (IsGap(segment)) continue;
    Result<Header> read = ReadSegmentHeader(header, segment);
    if (!read.ok()) return read.error();
    if (read->signals.size() != header.signal_count) {
      return Fail(header, segment, "number of signals",
                  segment.name + " has " + std::to_string(read->signals.size()) +
                      ", the record line says " + std::to_string(header.signal_count));
    }
    header.signals = std::move(read->signals);
    return {};
  }
  return InputError("expected at least one that is not a gap", header.file, 0, "segments");
}

Status DecodeRecord(const Header& header, const record::ReadOptions& options, SampleSink& sink,
                    std::vector<std::string>& warnings) {
  return WithinMemory(header.file, [&] {
    if (header.multi_segment()) return DecodeSegments(header, options, sink, warnings);
    return DecodeSegment(header, options, 0, sink, warnings);
  });
}

}  // namespace ecg::wfdb
