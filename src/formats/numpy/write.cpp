#include "ecg/formats/numpy/write.h"

#include <cstdint>
#include <cstring>
#include <string>

#include "src/formats/numpy/npy.h"
#include "src/formats/numpy/sidecar.h"

namespace ecg::numpy {
namespace {

// Of version 1: its length is a multiple of 64.
std::string HeaderOf(std::size_t rows, std::size_t columns) {
  constexpr std::size_t kFixed = 10, kAlignment = 64;
  std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) +
                     ", " + std::to_string(columns) + "), }";
  text.append(kAlignment - 1 - (kFixed + text.size()) % kAlignment, ' ');
  text += '\n';
  std::string header(kNpyMagic);
  header += {'\x01', '\x00', static_cast<char>(text.size() & 0xFFU),
             static_cast<char>(text.size() >> 8U)};
  return header + text;
}

void AppendFloat(float value, std::string& bytes) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  for (unsigned shift = 0; shift < 32; shift += 8)
    bytes += static_cast<char>(bits >> shift & 0xFFU);
}

}  // namespace

record::WrittenRecord WriteNpy(const record::EcgRecord& record) {
  const std::size_t leads = record.leads.size(), samples = record.info.samples;
  std::string bytes = HeaderOf(samples, leads);
  bytes.reserve(bytes.size() + samples * leads * sizeof(float));
  for (std::size_t k = 0; k < samples; ++k) {
    for (const std::vector<float>& lead : record.leads) AppendFloat(lead[k], bytes);
  }
  record::WrittenRecord written;
  written.files.push_back({".npy", std::move(bytes)});
  written.files.push_back({kSidecarEnding, FormatSidecar(record.info)});
  return written;
}

}  // namespace ecg::numpy
