#include "src/formats/wfdb/flac_encode.h"

#include <FLAC/stream_encoder.h>

#include <algorithm>
#include <memory>

namespace ecg::wfdb {
namespace {

// What signal(5) prescribes for the rate field: the real rate stands in the header.
constexpr unsigned kNominalRate = 96000;

// A growing file in memory; libFLAC goes back to complete the stream's head.
struct Buffer {
  std::string bytes;
  std::size_t position = 0;
};

FLAC__StreamEncoderWriteStatus OnWrite(const FLAC__StreamEncoder*, const FLAC__byte* bytes,
                                       std::size_t count, unsigned, unsigned, void* data) {
  Buffer& buffer = *static_cast<Buffer*>(data);
  buffer.bytes.resize(std::max(buffer.bytes.size(), buffer.position + count));
  std::copy_n(bytes, count, buffer.bytes.begin() + static_cast<std::ptrdiff_t>(buffer.position));
  buffer.position += count;
  return FLAC__STREAM_ENCODER_WRITE_STATUS_OK;
}

FLAC__StreamEncoderSeekStatus OnSeek(const FLAC__StreamEncoder*, FLAC__uint64 offset, void* data) {
  static_cast<Buffer*>(data)->position = offset;
  return FLAC__STREAM_ENCODER_SEEK_STATUS_OK;
}

FLAC__StreamEncoderTellStatus OnTell(const FLAC__StreamEncoder*, FLAC__uint64* offset, void* data) {
  *offset = static_cast<Buffer*>(data)->position;
  return FLAC__STREAM_ENCODER_TELL_STATUS_OK;
}

}  // namespace

Result<std::string> EncodeFlac(const std::vector<std::vector<std::int32_t>>& channels,
                               unsigned bits) {
  const Error failed = InputError("libFLAC cannot encode the signals");
  const std::unique_ptr<FLAC__StreamEncoder, decltype(&FLAC__stream_encoder_delete)> encoder(
      FLAC__stream_encoder_new(), &FLAC__stream_encoder_delete);
  if (encoder == nullptr || channels.empty() || channels.size() > kMaxFlacChannels) return failed;
  FLAC__StreamEncoder* const raw = encoder.get();
  FLAC__stream_encoder_set_channels(raw, static_cast<unsigned>(channels.size()));
  FLAC__stream_encoder_set_bits_per_sample(raw, bits);
  FLAC__stream_encoder_set_sample_rate(raw, kNominalRate);
  FLAC__stream_encoder_set_compression_level(raw, 5);
  Buffer buffer;
  if (FLAC__stream_encoder_init_stream(raw, OnWrite, OnSeek, OnTell, nullptr, &buffer) !=
      FLAC__STREAM_ENCODER_INIT_STATUS_OK) {
    return failed;
  }
  std::vector<const FLAC__int32*> pointers;
  for (const auto& channel : channels) pointers.push_back(channel.data());
  const auto samples = static_cast<unsigned>(channels.front().size());
  if (!FLAC__stream_encoder_process(raw, pointers.data(), samples) ||
      !FLAC__stream_encoder_finish(raw)) {
    return failed;
  }
  return std::move(buffer.bytes);
}

}  // namespace ecg::wfdb
