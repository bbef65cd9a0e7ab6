#include "src/formats/wfdb/decode.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/formats/wfdb/matlab.h"
#include "ecg/record/reader.h"
#include "src/core/simd.h"
#include "src/formats/wfdb/deinterleave.h"
#include "src/formats/wfdb/flac.h"
#include "src/formats/wfdb/formats.h"
#include "src/record/matlab5.h"

namespace ecg::wfdb {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();
// Samples unpacked at a time: few enough for the caches.
constexpr std::size_t kBlockSamples = 6144;
// Bytes read at a time: enough to make the cost of a system call small.
constexpr std::size_t kWindowBytes = 1 << 16;
// Of one record at a time: a header may name more files than a process may have open.
constexpr std::size_t kMostOpenFiles = 16;
constexpr std::size_t kPackedGroup = 6;  // samples after which every packed format is at a byte

// Consecutive signals that share a file.
struct SignalFile {
  std::size_t first_signal = 0;
  std::size_t signal_count = 0;
  std::size_t frame_samples = 0;  // samples of one frame, all signals
  std::optional<InputFile> input;
  std::unique_ptr<FlacReader> flac;
  std::uint64_t frames = 0;  // to be decoded, those before sample 0 included
};

// How far a signal has been read, and what its checks need.
struct SignalState {
  std::uint64_t read = 0;  // file samples so far
  std::uint32_t sum = 0;
  std::int32_t first = 0;
  std::uint32_t accumulator = 0;  // format 8
};

// The part of a file that was read last.
class FileWindow {
 public:
  // `count` bytes at `offset`, at most kWindowBytes; valid until the next call.
  Result<const char*> View(const InputFile& file, std::uint64_t offset, std::size_t count) {
    if (&file != file_ || offset < begin_ || offset + count > end_) {
      file_ = nullptr;
      const Result<std::size_t> got = file.ReadAt(offset, bytes_.get(), kWindowBytes);
      if (!got.ok()) return got.error();
      if (*got < count) return InputError("shrank while it was read", file.path().string());
      file_ = &file;
      begin_ = offset;
      end_ = offset + *got;
    }
    return bytes_.get() + (offset - begin_);
  }

  // What it holds is of a file that is there no more.
  void Forget() { file_ = nullptr; }

 private:
  std::unique_ptr<char[]> bytes_{new char[kWindowBytes]};  // not zeroed, as make_unique would do
  const InputFile* file_ = nullptr;
  std::uint64_t begin_ = 0, end_ = 0;
};

struct Tally {
  std::uint32_t sum = 0;
  std::int32_t lowest = 0;
};

ECG_VECTOR_CLONES Tally TallyOf(const std::int32_t* values, std::size_t count) {
  std::uint32_t sum = 0;
  std::int32_t lowest = std::numeric_limits<std::int32_t>::max();
  for (std::size_t i = 0; i < count; ++i) {
    sum += static_cast<std::uint32_t>(values[i]);
    lowest = std::min(lowest, values[i]);
  }
  return {sum, lowest};
}

// Whether the values of a matrix are samples of a format as they stand.
bool StoresAs(const MatlabMatrix& matrix, Format format) {
  switch (format) {
    case Format::kInt16:
      return matrix.type == MatlabType::kInt16 && !matrix.big_endian;
    case Format::kInt16BigEndian:
      return matrix.type == MatlabType::kInt16 && matrix.big_endian;
    case Format::kOffset16:
      return matrix.type == MatlabType::kUint16 && !matrix.big_endian;
    case Format::kInt32:
      return matrix.type == MatlabType::kInt32 && !matrix.big_endian;
    case Format::kOffset8:
      return matrix.type == MatlabType::kUint8;
    default:
      return false;
  }
}

class Decoder {
 public:
  Decoder(const Header& header, const record::ReadOptions& options, SampleSink& sink)
      : header_(header),
        options_(options),
        sink_(sink),
        folder_(std::filesystem::path(header.file).parent_path()),
        states_(header.signals.size()) {}

  Status Run(std::uint64_t frames, std::vector<std::string>& warnings);
  Status RunStretch(std::uint64_t from, std::uint64_t to, std::vector<std::string>& warnings);

  Result<std::uint64_t> CountFrames() {
    if (const Status opened = OpenFiles(0); !opened.ok()) return opened.error();
    return frames_;
  }

 private:
  // Samples as the file has them: sample `first` of what starts at `bytes`, and those after it.
  struct Piece {
    const std::uint8_t* bytes = nullptr;
    std::size_t first = 0;
  };

  void FindFiles();
  Status OpenFiles(std::uint64_t frames);
  Status Open(SignalFile& file);
  Status Reopen(SignalFile& file);
  void Close(SignalFile& file);
  Status OpenFlac(SignalFile& file, std::uint64_t wanted);
  Status CheckMatlab(const SignalFile& file);
  Status CheckMatrix(const SignalFile& file, const MatlabMatrix& matrix);
  Status Doubt(Error error);
  Status Measure(SignalFile& file, std::uint64_t wanted);
  Status Decode(SignalFile& file);
  Status DecodeFlac(SignalFile& file);
  Status DecodeBlocks(const SignalFile& file);
  Status DecodeLongFrames(const SignalFile& file);
  Result<Piece> View(const SignalFile& file, std::uint64_t position, std::size_t count);
  Status Fetch(const SignalFile& file, std::uint64_t position, std::size_t count);
  Status DealSingles(const SignalFile& file, std::uint64_t frame, std::size_t frames);
  Status DealGroups(const SignalFile& file, std::uint64_t frame, std::size_t frames);
  // Takes the next samples of a signal in the order of the file.
  void Take(std::size_t signal, std::int32_t* values, std::size_t count);
  Status Check(std::vector<std::string>& warnings) const;

  const SignalHeader& First(const SignalFile& file) const {
    return header_.signals[file.first_signal];
  }
  std::size_t SamplesPerFrame(std::size_t signal) const {
    return static_cast<std::size_t>(header_.signals[signal].samples_per_frame);
  }
  Error Fail(const SignalHeader& signal, const char* field, std::string message) const {
    return InputError(std::move(message), header_.file, signal.line, field);
  }
  Error TooShort(const SignalFile& file, std::uint64_t frames) const {
    return Fail(First(file), "number of samples",
                "the header says " + Counted(frames_, "frame") + ", " + First(file).file +
                    " holds " + std::to_string(frames));
  }

  const Header& header_;
  const record::ReadOptions& options_;
  SampleSink& sink_;
  std::filesystem::path folder_;
  std::vector<SignalState> states_;
  std::vector<SignalFile> files_;
  std::uint64_t max_skew_ = 0;
  std::uint64_t frames_ = 0;
  std::uint64_t longest_ = 0;  // frames to decode of any file
  std::uint64_t first_ = 0;    // frame that is decoded first
  std::vector<std::string> doubts_;
  FileWindow window_;
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
    files_.back().frame_samples += SamplesPerFrame(i);
  }
}

Status Decoder::Open(SignalFile& file) {
  Result<InputFile> input = InputFile::Open(folder_ / First(file).file);
  if (!input.ok()) return input.error();
  file.input.emplace(std::move(*input));
  return CheckMatlab(file);
}

// Where it was closed after it had been measured.
Status Decoder::Reopen(SignalFile& file) {
  if (file.input) return {};
  Result<InputFile> input = InputFile::Open(folder_ / First(file).file);
  if (!input.ok()) return input.error();
  file.input.emplace(std::move(*input));
  return IsFlac(First(file).format) ? OpenFlac(file, file.frames) : Status();
}

void Decoder::Close(SignalFile& file) {
  window_.Forget();
  file.flac.reset();
  file.input.reset();
}

// What a header and its files say differently, and does not keep the record from being read.
Status Decoder::Doubt(Error error) {
  if (options_.strict) return error;
  doubts_.push_back(error.ToString());
  return {};
}

// A .mat file says itself what it holds, so a header that reads it otherwise is caught.
Status Decoder::CheckMatlab(const SignalFile& file) {
  const SignalHeader& first = First(file);
  if (!HasMatlabName(first.file)) return {};
  const std::size_t length = std::min<std::uint64_t>(512, file.input->size());
  const Result<const char*> head = window_.View(*file.input, 0, length);
  if (!head.ok()) return head.error();
  const std::string_view bytes(*head, length);
  const Result<MatlabMatrix> matrix = ParseMatlabPreamble(bytes, 0, file.input->path().string());
  if (matrix.ok()) return CheckMatrix(file, *matrix);
  if (record::HasMatlabText(bytes)) return matrix.error();
  return Doubt(Fail(first, "file name",
                    first.file + " is read as the header says, but is no MATLAB file: " +
                        matrix.error().message));
}

Status Decoder::CheckMatrix(const SignalFile& file, const MatlabMatrix& matrix) {
  const SignalHeader& first = First(file);
  const std::string whose = "the matrix of " + first.file;
  if (static_cast<std::uint64_t>(first.byte_offset) != matrix.data_offset) {
    return Fail(first, "byte offset",
                whose + " starts at byte " + std::to_string(matrix.data_offset) +
                    ", the header says " + std::to_string(first.byte_offset));
  }
  if (matrix.rows != file.frame_samples) {
    return Fail(first, "number of signals",
                whose + " has " + Counted(matrix.rows, "row") + ", the header names " +
                    Counted(file.frame_samples, "sample") + " a frame");
  }
  if (header_.samples && matrix.columns < *header_.samples) {
    return Fail(first, "number of samples",
                whose + " has " + Counted(matrix.columns, "column") + ", the header says " +
                    std::to_string(*header_.samples));
  }
  if (StoresAs(matrix, first.format)) return {};
  Error other = Fail(first, "format",
                     whose + " is of " + (matrix.big_endian ? "big-endian " : "little-endian ") +
                         NameOf(matrix.type) + ", the header says " +
                         std::to_string(static_cast<int>(first.format)));
  // Where the file is too short for what the matrix claims, the header may be right: wfdb2mat wrote
  // the wrong type where a record had signals of 24 or 32 bits before others.
  if (file.input->size() - matrix.data_offset >= matrix.DataBytes()) return other;
  return Doubt(std::move(other));
}

// Finds how many frames the file holds, up to what is wanted.
Status Decoder::Measure(SignalFile& file, std::uint64_t wanted) {
  const SignalHeader& first = First(file);
  if (IsFlac(first.format)) return OpenFlac(file, wanted);
  const auto offset = static_cast<std::uint64_t>(first.byte_offset);
  const std::uint64_t payload = file.input->size() - std::min(offset, file.input->size());
  file.frames = std::min(wanted, SamplesIn(first.format, payload) / file.frame_samples);
  return {};
}

Status Decoder::OpenFlac(SignalFile& file, std::uint64_t wanted) {
  const SignalHeader& first = First(file);
  for (std::size_t i = 0; i < file.signal_count; ++i) {
    const SignalHeader& signal = header_.signals[file.first_signal + i];
    if (signal.samples_per_frame != first.samples_per_frame) {
      return Fail(signal, "samples per frame", "differs within the FLAC file " + first.file);
    }
  }
  Result<std::unique_ptr<FlacReader>> reader = FlacReader::Open(
      *file.input, static_cast<std::uint64_t>(first.byte_offset),
      static_cast<unsigned>(file.signal_count), static_cast<unsigned>(TraitsOf(first.format).bits));
  if (!reader.ok()) return reader.error();
  file.flac = std::move(*reader);
  const auto spf = static_cast<std::uint64_t>(first.samples_per_frame);
  if (file.flac->length() == 0 && wanted == kNoLimit) {
    return Fail(first, "number of samples", "neither the header nor " + first.file + " says it");
  }
  // A stream without a length is as long as the header says until decoding tells otherwise.
  file.frames = file.flac->length() == 0 ? wanted : std::min(wanted, file.flac->length() / spf);
  return {};
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
  const FormatTraits traits = TraitsOf(header.format);
  const Tally tally = TallyOf(values, count);
  state.sum += tally.sum;
  if (tally.lowest <= traits.lowest && traits.lowest_is_invalid) {
    std::replace(values, values + count, traits.lowest, kInvalidSample);
  }
  const auto spf = static_cast<std::uint64_t>(header.samples_per_frame);
  const std::uint64_t skipped = static_cast<std::uint64_t>(header.skew) * spf;
  const std::uint64_t begin = std::max(state.read, skipped);
  const std::uint64_t end = std::min(state.read + count, skipped + frames_ * spf);
  if (begin < end) {
    sink_.Put(signal, begin - skipped - first_ * spf, values + (begin - state.read), end - begin);
  }
  state.read += count;
}

// `count` samples from sample `position` of the file on.
Result<Decoder::Piece> Decoder::View(const SignalFile& file, std::uint64_t position,
                                     std::size_t count) {
  const Format format = First(file).format;
  const std::uint64_t aligned = position - position % kPackedGroup;
  const std::uint64_t from = BytesFor(format, aligned);
  const std::size_t length = BytesFor(format, position + count) - from;
  const Result<const char*> bytes =
      window_.View(*file.input, static_cast<std::uint64_t>(First(file).byte_offset) + from, length);
  if (!bytes.ok()) return bytes.error();
  return Piece{reinterpret_cast<const std::uint8_t*>(*bytes), position - aligned};
}

// The same samples into block_.
Status Decoder::Fetch(const SignalFile& file, std::uint64_t position, std::size_t count) {
  const Result<Piece> piece = View(file, position, count);
  if (!piece.ok()) return piece.error();
  if (block_.size() < count) block_.resize(count);
  Unpack(First(file).format, piece->bytes, piece->first, count, block_.data());
  return {};
}

// Deals frames out to signals that have one sample in each.
Status Decoder::DealSingles(const SignalFile& file, std::uint64_t frame, std::size_t frames) {
  const std::size_t width = file.frame_samples;
  if (run_.size() < frames * width) run_.resize(frames * width);
  if (First(file).format == Format::kInt16) {
    const Result<Piece> piece = View(file, frame * width, frames * width);
    if (!piece.ok()) return piece.error();
    DeinterleaveInt16(piece->bytes + 2 * piece->first, frames, width, run_.data());
  } else {
    const Status fetched = Fetch(file, frame * width, frames * width);
    if (!fetched.ok()) return fetched;
    Deinterleave(block_.data(), frames, width, run_.data());
  }
  for (std::size_t i = 0; i < width; ++i) {
    Take(file.first_signal + i, run_.data() + i * frames, frames);
  }
  return {};
}

// Deals frames out to signals that have several samples in each.
Status Decoder::DealGroups(const SignalFile& file, std::uint64_t frame, std::size_t frames) {
  const std::size_t width = file.frame_samples;
  const Status fetched = Fetch(file, frame * width, frames * width);
  if (!fetched.ok()) return fetched;
  if (run_.size() < frames * width) run_.resize(frames * width);
  std::size_t column = 0;
  for (std::size_t i = 0; i < file.signal_count; ++i) {
    const std::size_t signal = file.first_signal + i;
    const std::size_t spf = SamplesPerFrame(signal);
    for (std::size_t f = 0; f < frames; ++f) {
      std::copy_n(block_.data() + f * width + column, spf, run_.data() + f * spf);
    }
    Take(signal, run_.data(), frames * spf);
    column += spf;
  }
  return {};
}

Status Decoder::DecodeBlocks(const SignalFile& file) {
  const bool singles = file.frame_samples == file.signal_count;
  const std::size_t block_frames = kBlockSamples / file.frame_samples;
  for (std::uint64_t frame = first_; frame < file.frames; frame += block_frames) {
    const std::size_t frames = std::min<std::uint64_t>(block_frames, file.frames - frame);
    const Status dealt =
        singles ? DealSingles(file, frame, frames) : DealGroups(file, frame, frames);
    if (!dealt.ok()) return dealt;
  }
  return {};
}

// Where a frame is longer than a block, a block is a part of it.
Status Decoder::DecodeLongFrames(const SignalFile& file) {
  const std::uint64_t total = file.frames * file.frame_samples;
  std::size_t signal = 0, left = SamplesPerFrame(file.first_signal);
  for (std::uint64_t position = first_ * file.frame_samples; position < total;
       position += kBlockSamples) {
    const std::size_t count = std::min<std::uint64_t>(kBlockSamples, total - position);
    const Status fetched = Fetch(file, position, count);
    if (!fetched.ok()) return fetched;
    for (std::size_t used = 0; used < count;) {
      const std::size_t run = std::min(left, count - used);
      Take(file.first_signal + signal, block_.data() + used, run);
      used += run;
      left -= run;
      if (left > 0) continue;
      signal = (signal + 1) % file.signal_count;
      left = SamplesPerFrame(file.first_signal + signal);
    }
  }
  return {};
}

Status Decoder::DecodeFlac(SignalFile& file) {
  const auto spf = static_cast<std::uint64_t>(First(file).samples_per_frame);
  const auto block = [&](const std::int32_t* const* channels, std::size_t count) {
    if (run_.size() < count) run_.resize(count);
    for (std::size_t i = 0; i < file.signal_count; ++i) {
      std::copy_n(channels[i], count, run_.data());
      Take(file.first_signal + i, run_.data(), count);
    }
  };
  const Result<std::uint64_t> samples = file.flac->Decode(file.frames * spf, block);
  if (!samples.ok()) return samples.error();
  if (*samples / spf < frames_) return TooShort(file, *samples / spf);
  return {};
}

Status Decoder::Decode(SignalFile& file) {
  if (file.flac) return DecodeFlac(file);
  return file.frame_samples <= kBlockSamples ? DecodeBlocks(file) : DecodeLongFrames(file);
}

// Both checks concern the whole file, so they need a length that the header states.
Status Decoder::Check(std::vector<std::string>& warnings) const {
  if (!header_.samples) return {};
  std::vector<Error> mismatches;
  for (std::size_t i = 0; i < header_.signals.size(); ++i) {
    const SignalHeader& signal = header_.signals[i];
    const SignalState& state = states_[i];
    if (state.read == 0) continue;
    if (signal.initial_value && *signal.initial_value != state.first) {
      mismatches.push_back(Fail(signal, "initial value",
                                "the header says " + std::to_string(*signal.initial_value) + ", " +
                                    signal.file + " has " + std::to_string(state.first)));
    }
    const auto sum = static_cast<std::uint16_t>(state.sum & 0xffff);
    if (signal.checksum && *signal.checksum != sum) {
      const auto as_signed = [](std::uint16_t word) {
        return std::to_string(static_cast<std::int16_t>(word));
      };
      mismatches.push_back(Fail(signal, "checksum",
                                "the header says " + as_signed(*signal.checksum) + ", " +
                                    signal.file + " has " + as_signed(sum)));
    }
  }
  if (options_.strict && !mismatches.empty()) return mismatches.front();
  for (const Error& mismatch : mismatches) warnings.push_back(mismatch.ToString());
  return {};
}

// Opens all files and finds how many frames there are: of the record, and at most in a file.
Status Decoder::OpenFiles(std::uint64_t frames) {
  FindFiles();
  frames_ = longest_ = header_.samples.value_or(frames);
  const bool known = frames_ > 0;
  const std::uint64_t wanted = known ? frames_ + max_skew_ : kNoLimit;
  std::uint64_t available = known || files_.empty() ? frames_ : kNoLimit;
  for (SignalFile& file : files_) {
    if (const Status opened = Open(file); !opened.ok()) return opened;
    if (const Status measured = Measure(file, wanted); !measured.ok()) return measured;
    if (known && file.frames < frames_) return TooShort(file, file.frames);
    available = std::min(available, file.frames);
    longest_ = std::max(longest_, file.frames);
    if (files_.size() > kMostOpenFiles) Close(file);
  }
  if (!known) frames_ = available;
  return {};
}

Status Decoder::Run(std::uint64_t frames, std::vector<std::string>& warnings) {
  if (const Status opened = OpenFiles(frames); !opened.ok()) return opened;
  // Those that skew lets precede sample 0 are decoded too.
  const Status size = CheckSize(header_, options_, longest_);
  if (!size.ok()) return size;
  sink_.Begin(frames_);
  for (std::size_t i = 0; i < header_.signals.size(); ++i) {
    sink_.SetScale(i, 0, header_.signals[i]);
  }
  std::move(doubts_.begin(), doubts_.end(), std::back_inserter(warnings));
  for (SignalFile& file : files_) {
    if (const Status opened = Reopen(file); !opened.ok()) return opened;
    if (const Status decoded = Decode(file); !decoded.ok()) return decoded;
    Close(file);
  }
  return Check(warnings);
}

// Nothing precedes a frame that counts for it, so decoding may begin with any of them.
Status Decoder::RunStretch(std::uint64_t from, std::uint64_t to,
                           std::vector<std::string>& warnings) {
  if (const Status opened = OpenFiles(to); !opened.ok()) return opened;
  first_ = from;
  frames_ = to;
  sink_.Begin(to - from);
  for (std::size_t i = 0; i < header_.signals.size(); ++i) {
    sink_.SetScale(i, 0, header_.signals[i]);
    states_[i].read = from * SamplesPerFrame(i);
  }
  std::move(doubts_.begin(), doubts_.end(), std::back_inserter(warnings));
  for (SignalFile& file : files_) {
    file.frames = std::min(file.frames, to);
    if (const Status opened = Reopen(file); !opened.ok()) return opened;
    if (const Status decoded = Decode(file); !decoded.ok()) return decoded;
    Close(file);
  }
  return {};
}

// Takes nothing.
class NoSink : public SampleSink {
 public:
  void Begin(std::uint64_t) override {}
  void SetScale(std::size_t, std::size_t, const SignalHeader&) override {}
  void Put(std::size_t, std::size_t, const std::int32_t*, std::size_t) override {}
};

}  // namespace

Status CheckSize(const Header& header, const record::ReadOptions& options, std::uint64_t frames) {
  std::uint64_t frame_samples = 0;
  for (const SignalHeader& signal : header.signals) {
    frame_samples += static_cast<std::uint64_t>(signal.samples_per_frame);
  }
  if (frame_samples == 0 || frames <= options.max_samples / frame_samples) return {};
  return InputError(Counted(frames, "frame") + " of " + Counted(frame_samples, "sample") +
                        " are more than the limit of " + Counted(options.max_samples, "sample"),
                    header.file, 0, "number of samples");
}

Status DecodeSegment(const Header& header, const record::ReadOptions& options, std::uint64_t frames,
                     SampleSink& sink, std::vector<std::string>& warnings) {
  return Decoder(header, options, sink).Run(frames, warnings);
}

bool DecodesStretches(const Header& header) {
  if (header.multi_segment()) return false;
  return std::all_of(header.signals.begin(), header.signals.end(), [](const SignalHeader& signal) {
    return signal.skew == 0 && signal.format != Format::kDifference8 && !IsFlac(signal.format);
  });
}

Status DecodeStretch(const Header& header, const record::ReadOptions& options, std::uint64_t from,
                     std::uint64_t to, SampleSink& sink, std::vector<std::string>& warnings) {
  return Decoder(header, options, sink).RunStretch(from, to, warnings);
}

Result<std::uint64_t> CountFrames(const Header& header) {
  const record::ReadOptions options;
  NoSink none;
  return Decoder(header, options, none).CountFrames();
}

}  // namespace ecg::wfdb
