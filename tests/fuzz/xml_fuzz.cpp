// The first byte chooses the format.
#include <cstdint>

#include "ecg/formats/xml/reader.h"
#include "tests/fuzz/reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ecg::record::RecordReader* readers[] = {
      &ecg::xml::MuseReader(), &ecg::xml::SierraReader(), &ecg::xml::AecgReader(),
      &ecg::xml::SchillerReader(), &ecg::xml::FhirReader()};
  return ecg::fuzz::FuzzReader(*readers[data[0] % 5], data + 1, size - 1);
}
