#include "src/wfdb/decode.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/wfdb/matlab.h"
#include "src/wfdb/formats.h"

namespace ecg::wfdb {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kBlockSamples = 3072;  // unpacked at a time, so that it stays in the L1 cache

// Consecutive signals that share a file.
struct SignalFile {
  std::size_t first_signal = 0;
  std::size_t signal_count = 0;
  std::size_t frame_samples = 0;  // samples of one frame, all signals
  std::string bytes;              // of the file, as far as needed; empty for FLAC
  std::uint64_t frames = 0;       // decoded from the file, those before sample 0 included
};

// How far a signal has been read, and what its checks need.
struct SignalState {
  std::uint64_t read = 0;  // file samples so far
  std::uint32_t sum = 0;
  std::int32_t first = 0;
  std::uint32_t accumulator = 0;  // format 8
};

std::string Count(std::uint64_t n, const char* unit) { return std::to_string(n) + " " + unit; }

class Decoder {
 public:
  Decoder(const Header& header, const ReadOptions& options, SampleSink& sink)
      : header_(header),
        options_(options),
        sink_(sink),
        folder_(std::filesystem::path(header.file).parent_path()),
        states_(header.signals.size()) {}

  Status Run(std::uint64_t frames, std::vector<std::string>* warnings);

 private:
  void FindFiles();
  Status Load(SignalFile& file, std::uint64_t wanted);
  Status CheckMatlab(const SignalFile& file, std::uint64_t wanted);
  Status CheckBudget() const;
  Status Decode(const SignalFile& file);
  void DecodeBlocks(const SignalFile& file);
  void DecodeLongFrames(const SignalFile& file);
  // Takes the next samples of a signal in the order of the file.
  void Take(std::size_t signal, std::int32_t* values, std::size_t count);
  Status Check(std::vector<std::string>* warnings) const;

  const SignalHeader& First(const SignalFile& file) const {
    return header_.signals[file.first_signal];
  }
  Error Fail(const SignalHeader& signal, const char* field, std::string message) const {
    return InputError(std::move(message), header_.file, signal.line, field);
  }
  std::filesystem::path PathOf(const SignalFile& file) const { return folder_ / First(file).file; }

  const Header& header_;
  const ReadOptions& options_;
  SampleSink& sink_;
  std::filesystem::path folder_;
  std::vector<SignalState> states_;
  std::vector<SignalFile> files_;
  std::uint64_t max_skew_ = 0;
  std::uint64_t frames_ = 0;
  std::uint64_t file_bytes_ = 0;
  std::vector<std::int32_t> block_, run_;
};

void Decoder::FindFiles() {
  for (std::size_t i = 0; i < header_.signals.size(); ++i) {
    const SignalHeader& signal = header_.signals[i];
    if (signal.format == Format::kNull) continue;
    max_skew_ = std::max(max_skew_, static_cast<std::uint64_t>(signal.skew));
    const bool continues = !files_.empty() &&
                           files_.back().first_signal + files_.back().signal_count == i &&
                           First(files_.back()).file == signal.file;
    if (!continues) {
      files_.emplace_back();
      files_.back().first_signal = i;
    }
    ++files_.back().signal_count;
    files_.back().frame_samples += static_cast<std::size_t>(signal.samples_per_frame);
  }
}

// Reads no more of a file than `wanted` frames take.
Status Decoder::Load(SignalFile& file, std::uint64_t wanted) {
  const SignalHeader& first = First(file);
  const auto offset = static_cast<std::uint64_t>(first.byte_offset);
  std::uint64_t bytes_wanted = kNoLimit;
  if (wanted != kNoLimit && wanted <= kNoLimit / 4 / file.frame_samples) {
    bytes_wanted = BytesFor(first.format, wanted * file.frame_samples);
    if (bytes_wanted <= kNoLimit - offset) bytes_wanted += offset;
  }
  Result<std::string> bytes = bytes_wanted >= kDefaultMaxFileBytes
                                  ? ReadFile(PathOf(file))
                                  : ReadFilePrefix(PathOf(file), bytes_wanted);
  if (!bytes.ok()) return bytes.error();
  file.bytes = std::move(*bytes);
  file_bytes_ += file.bytes.size();
  if (const Status checked = CheckMatlab(file, wanted); !checked.ok()) return checked;
  const std::uint64_t payload =
      file.bytes.size() - std::min<std::uint64_t>(offset, file.bytes.size());
  file.frames = std::min(wanted, SamplesIn(first.format, payload) / file.frame_samples);
  return {};
}

// A .mat file says itself what it holds, so a header that reads it otherwise is caught.
Status Decoder::CheckMatlab(const SignalFile& file, std::uint64_t wanted) {
  const SignalHeader& first = First(file);
  if (!HasMatlabName(first.file)) return {};
  const Result<MatlabMatrix> preamble = ParseMatlabPreamble(file.bytes, 0, PathOf(file).string());
  if (!preamble.ok()) return preamble.error();
  if (preamble->type != MatlabType::kInt16 || preamble->big_endian ||
      first.format != Format::kInt16) {
    return Fail(first, "format", "expected 16 and a matrix of little-endian int16");
  }
  if (static_cast<std::uint64_t>(first.byte_offset) != preamble->data_offset) {
    return Fail(first, "byte offset",
                "the matrix of " + first.file + " starts at byte " +
                    std::to_string(preamble->data_offset) + ", the header says " +
                    std::to_string(first.byte_offset));
  }
  if (preamble->rows != file.frame_samples) {
    return Fail(first, "number of signals",
                "the matrix of " + first.file + " has " + Count(preamble->rows, "rows") +
                    ", the header names " + Count(file.frame_samples, "samples a frame"));
  }
  if (wanted != kNoLimit && header_.samples && preamble->columns < *header_.samples) {
    return Fail(first, "number of samples",
                "the matrix of " + first.file + " has " + Count(preamble->columns, "columns") +
                    ", the header says " + std::to_string(*header_.samples));
  }
  return {};
}

// Nothing is allocated for samples that no file can hold.
Status Decoder::CheckBudget() const {
  std::uint64_t frame_samples = 0;
  for (const SignalHeader& signal : header_.signals) {
    frame_samples += static_cast<std::uint64_t>(signal.samples_per_frame);
  }
  const std::uint64_t limit = options_.max_unstored_samples + 8 * file_bytes_;
  if (frame_samples == 0 || frames_ <= limit / frame_samples) return {};
  return InputError(Count(frames_, "frames") + " of " + Count(frame_samples, "samples") +
                        " are more than files of " + Count(file_bytes_, "bytes") +
                        " hold, and more than max_unstored_samples allows",
                    header_.file, 0, "number of samples");
}

void Decoder::Take(std::size_t signal, std::int32_t* values, std::size_t count) {
  const SignalHeader& header = header_.signals[signal];
  SignalState& state = states_[signal];
  if (header.format == Format::kDifference8) {
    if (state.read == 0) {
      state.accumulator =
          static_cast<std::uint32_t>(header.initial_value.value_or(header.adc_zero));
    }
    for (std::size_t i = 0; i < count; ++i) {
      state.accumulator += static_cast<std::uint32_t>(values[i]);
      values[i] = static_cast<std::int32_t>(state.accumulator);
    }
  }
  if (state.read == 0 && count > 0) state.first = values[0];
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += static_cast<std::uint32_t>(values[i]);
  state.sum += sum;
  const FormatTraits traits = TraitsOf(header.format);
  if (traits.lowest_is_invalid) {
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = values[i] == traits.lowest ? kInvalidSample : values[i];
    }
  }
  const auto spf = static_cast<std::uint64_t>(header.samples_per_frame);
  const std::uint64_t skipped = static_cast<std::uint64_t>(header.skew) * spf;
  const std::uint64_t begin = std::max(state.read, skipped);
  const std::uint64_t end = std::min(state.read + count, skipped + frames_ * spf);
  if (begin < end) {
    sink_.Put(signal, begin - skipped, values + (begin - state.read), end - begin);
  }
  state.read += count;
}

void Decoder::DecodeBlocks(const SignalFile& file) {
  const Format format = First(file).format;
  const auto* bytes =
      reinterpret_cast<const std::uint8_t*>(file.bytes.data()) + First(file).byte_offset;
  const std::size_t width = file.frame_samples;
  const std::size_t block_frames = kBlockSamples / width;
  block_.resize(kBlockSamples);
  run_.resize(kBlockSamples);
  for (std::size_t frame = 0; frame < file.frames; frame += block_frames) {
    const std::size_t frames = std::min<std::size_t>(block_frames, file.frames - frame);
    Unpack(format, bytes, frame * width, frames * width, block_.data());
    std::size_t column = 0;
    for (std::size_t i = 0; i < file.signal_count; ++i) {
      const std::size_t signal = file.first_signal + i;
      const auto spf = static_cast<std::size_t>(header_.signals[signal].samples_per_frame);
      std::int32_t* out = run_.data();
      const std::int32_t* in = block_.data() + column;
      if (spf == 1) {
        for (std::size_t f = 0; f < frames; ++f) out[f] = in[f * width];
      } else {
        for (std::size_t f = 0; f < frames; ++f) {
          std::copy_n(in + f * width, spf, out + f * spf);
        }
      }
      Take(signal, out, frames * spf);
      column += spf;
    }
  }
}

// Frames of many samples need no transposition.
void Decoder::DecodeLongFrames(const SignalFile& file) {
  const Format format = First(file).format;
  const auto* bytes =
      reinterpret_cast<const std::uint8_t*>(file.bytes.data()) + First(file).byte_offset;
  run_.resize(kBlockSamples);
  std::size_t position = 0;
  for (std::uint64_t frame = 0; frame < file.frames; ++frame) {
    for (std::size_t i = 0; i < file.signal_count; ++i) {
      const std::size_t signal = file.first_signal + i;
      auto left = static_cast<std::size_t>(header_.signals[signal].samples_per_frame);
      while (left > 0) {
        const std::size_t count = std::min(left, kBlockSamples);
        Unpack(format, bytes, position, count, run_.data());
        Take(signal, run_.data(), count);
        position += count;
        left -= count;
      }
    }
  }
}

Status Decoder::Decode(const SignalFile& file) {
  if (IsFlac(First(file).format)) {
    return Fail(First(file), "format", "FLAC is not decoded");
  }
  if (file.frame_samples <= kBlockSamples) {
    DecodeBlocks(file);
  } else {
    DecodeLongFrames(file);
  }
  return {};
}

// Both checks concern the whole file, so they need a length that the header states.
Status Decoder::Check(std::vector<std::string>* warnings) const {
  if (!header_.samples) return {};
  for (std::size_t i = 0; i < header_.signals.size(); ++i) {
    const SignalHeader& signal = header_.signals[i];
    const SignalState& state = states_[i];
    if (signal.format == Format::kNull || state.read == 0) continue;
    std::optional<Error> mismatch;
    if (signal.initial_value && signal.format != Format::kDifference8 &&
        *signal.initial_value != state.first) {
      mismatch = Fail(signal, "initial value",
                      "the header says " + std::to_string(*signal.initial_value) + ", " +
                          signal.file + " starts with " + std::to_string(state.first));
    } else if (signal.checksum && *signal.checksum != (state.sum & 0xffff)) {
      mismatch =
          Fail(signal, "checksum",
               "the header says " + std::to_string(static_cast<std::int16_t>(*signal.checksum)) +
                   ", the sum of " + signal.file + " is " +
                   std::to_string(static_cast<std::int16_t>(state.sum & 0xffff)));
    }
    if (!mismatch) continue;
    if (options_.strict) return std::move(*mismatch);
    warnings->push_back(mismatch->ToString());
  }
  return {};
}

Status Decoder::Run(std::uint64_t frames, std::vector<std::string>* warnings) {
  FindFiles();
  frames_ = header_.samples.value_or(frames);
  const bool known = frames_ > 0;
  const std::uint64_t wanted = known ? frames_ + max_skew_ : kNoLimit;
  std::uint64_t available = known || files_.empty() ? frames_ : kNoLimit;
  for (SignalFile& file : files_) {
    if (const Status loaded = Load(file, wanted); !loaded.ok()) return loaded;
    if (known && file.frames < frames_) {
      return Fail(First(file), "number of samples",
                  "the header says " + Count(frames_, "frames") + ", " + First(file).file +
                      " holds " + std::to_string(file.frames));
    }
    if (!known) available = std::min(available, file.frames);
  }
  frames_ = available;
  if (const Status budget = CheckBudget(); !budget.ok()) return budget;
  sink_.Begin(frames_);
  for (SignalFile& file : files_) {
    if (const Status decoded = Decode(file); !decoded.ok()) return decoded;
    std::string().swap(file.bytes);
  }
  return Check(warnings);
}

}  // namespace

Status DecodeSignals(const Header& header, const ReadOptions& options, std::uint64_t frames,
                     SampleSink& sink, std::vector<std::string>* warnings) {
  return Decoder(header, options, sink).Run(frames, warnings);
}

}  // namespace ecg::wfdb
