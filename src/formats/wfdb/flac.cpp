#include "src/formats/wfdb/flac.h"

#include <FLAC/stream_decoder.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "ecg/core/text.h"

namespace ecg::wfdb {
namespace {

class LibFlacReader : public FlacReader {
 public:
  LibFlacReader(const InputFile& file, std::uint64_t offset, unsigned channels, unsigned bits)
      : file_(file), offset_(offset), channels_(channels), bits_(bits) {}
  ~LibFlacReader() override {
    if (decoder_ != nullptr) FLAC__stream_decoder_delete(decoder_);
  }
  LibFlacReader(const LibFlacReader&) = delete;
  LibFlacReader& operator=(const LibFlacReader&) = delete;

  Status Open() {
    decoder_ = FLAC__stream_decoder_new();
    if (decoder_ == nullptr) return InputError("no memory for a FLAC decoder");
    const auto state = FLAC__stream_decoder_init_stream(
        decoder_, &LibFlacReader::OnRead, nullptr, nullptr, nullptr, nullptr,
        &LibFlacReader::OnWrite, &LibFlacReader::OnMetadata, &LibFlacReader::OnError, this);
    if (state != FLAC__STREAM_DECODER_INIT_STATUS_OK ||
        !FLAC__stream_decoder_process_until_end_of_metadata(decoder_)) {
      Fail("cannot start to decode");
    }
    if (!error_ && !has_head_) Fail("not a FLAC stream");
    return error_ ? Status(*error_) : Status();
  }

  std::uint64_t length() const override { return length_; }

  Result<std::uint64_t> Decode(std::uint64_t samples, const Block& block) override {
    block_ = &block;
    wanted_ = samples;
    while (!error_ && decoded_ < wanted_ &&
           FLAC__stream_decoder_get_state(decoder_) < FLAC__STREAM_DECODER_END_OF_STREAM) {
      if (!FLAC__stream_decoder_process_single(decoder_)) Fail("cannot be decoded");
    }
    if (error_) return *error_;
    return decoded_;
  }

 private:
  void Fail(const std::string& message) {
    if (!error_) error_ = InputError("FLAC stream: " + message, file_.path().string());
  }
  static LibFlacReader& Self(void* data) { return *static_cast<LibFlacReader*>(data); }

  static FLAC__StreamDecoderReadStatus OnRead(const FLAC__StreamDecoder*, FLAC__byte* buffer,
                                              std::size_t* bytes, void* data) {
    LibFlacReader& self = Self(data);
    const Result<std::size_t> got =
        self.file_.ReadAt(self.offset_, reinterpret_cast<char*>(buffer), *bytes);
    if (!got.ok() || self.error_) {
      if (!self.error_) self.error_ = got.error();
      return FLAC__STREAM_DECODER_READ_STATUS_ABORT;
    }
    *bytes = *got;
    self.offset_ += *got;
    return *got == 0 ? FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM
                     : FLAC__STREAM_DECODER_READ_STATUS_CONTINUE;
  }

  static FLAC__StreamDecoderWriteStatus OnWrite(const FLAC__StreamDecoder*,
                                                const FLAC__Frame* frame,
                                                const FLAC__int32* const* channels, void* data) {
    LibFlacReader& self = Self(data);
    if (!self.CheckShape(frame->header.channels, frame->header.bits_per_sample)) {
      return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
    }
    const std::uint64_t count =
        std::min<std::uint64_t>(frame->header.blocksize, self.wanted_ - self.decoded_);
    if (self.block_ != nullptr && count > 0) (*self.block_)(channels, count);
    self.decoded_ += count;
    return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
  }

  static void OnMetadata(const FLAC__StreamDecoder*, const FLAC__StreamMetadata* metadata,
                         void* data) {
    if (metadata->type != FLAC__METADATA_TYPE_STREAMINFO) return;
    LibFlacReader& self = Self(data);
    const FLAC__StreamMetadata_StreamInfo& info = metadata->data.stream_info;
    self.has_head_ = true;
    self.length_ = info.total_samples;
    self.CheckShape(info.channels, info.bits_per_sample);
  }

  static void OnError(const FLAC__StreamDecoder*, FLAC__StreamDecoderErrorStatus status,
                      void* data) {
    Self(data).Fail(FLAC__StreamDecoderErrorStatusString[status]);
  }

  bool CheckShape(unsigned channels, unsigned bits) {
    if (channels == channels_ && bits == bits_) return true;
    Fail("has " + Counted(channels, "channel") + " of " + Counted(bits, "bit") +
         ", the header says " + std::to_string(channels_) + " of " + std::to_string(bits_));
    return false;
  }

  const InputFile& file_;
  std::uint64_t offset_;
  unsigned channels_, bits_;
  FLAC__StreamDecoder* decoder_ = nullptr;
  bool has_head_ = false;
  std::uint64_t length_ = 0;
  std::uint64_t wanted_ = 0, decoded_ = 0;
  const Block* block_ = nullptr;
  std::optional<Error> error_;
};

}  // namespace

Result<std::unique_ptr<FlacReader>> FlacReader::Open(const InputFile& file, std::uint64_t offset,
                                                     unsigned channels, unsigned bits) {
  auto reader = std::make_unique<LibFlacReader>(file, offset, channels, bits);
  if (const Status opened = reader->Open(); !opened.ok()) return opened.error();
  return std::unique_ptr<FlacReader>(std::move(reader));
}

}  // namespace ecg::wfdb
