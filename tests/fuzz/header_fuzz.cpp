// WFDB headers: any bytes give a header or an error; a header that is written reads as the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ecg/formats/wfdb/header.h"
#include "ecg/formats/wfdb/write.h"

namespace {

// A name may be anything that is no path; one that starts with a byte-order mark cannot be written.
bool IsOrdinary(std::string_view name) {
  return name.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") ==
         std::string_view::npos;
}

bool Same(const ecg::wfdb::Header& a, const ecg::wfdb::Header& b) {
  if (a.name != b.name || a.sampling_rate != b.sampling_rate || a.samples != b.samples ||
      a.signals.size() != b.signals.size() || a.segments.size() != b.segments.size() ||
      a.info != b.info) {
    return false;
  }
  for (std::size_t i = 0; i < a.signals.size(); ++i) {
    const ecg::wfdb::SignalHeader &x = a.signals[i], &y = b.signals[i];
    if (x.file != y.file || x.format != y.format || x.gain != y.gain || x.units != y.units ||
        x.baseline != y.baseline || x.skew != y.skew || x.byte_offset != y.byte_offset) {
      return false;
    }
    if (x.checksum && x.initial_value && x.description != y.description) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto header = ecg::wfdb::ParseHeader(text, "fuzz.hea");
  if (!header.ok()) {
    if (header.error().ToString().empty()) std::abort();
    return 0;
  }
  // With zero bytes, what is written may look like another encoding.
  if (!IsOrdinary(header->name) || text.find('\0') != std::string_view::npos) return 0;
  const auto again = ecg::wfdb::ParseHeader(ecg::wfdb::FormatHeader(*header), "again.hea");
  if (!again.ok() || !Same(*header, *again)) std::abort();
  return 0;
}
