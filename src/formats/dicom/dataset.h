// DICOM data elements (PS3.5): explicit and implicit, of either byte order, with sequences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::dicom {

using Tag = std::uint32_t;  // the group in the upper half

struct Element;
using Dataset = std::vector<Element>;

struct Element {
  Tag tag = 0;
  std::string_view value;      // of what is no sequence
  std::vector<Dataset> items;  // of a sequence
};

// A file's elements; its bytes must outlive them.
struct File {
  Dataset elements;
  bool big_endian = false;
};

// With or without the preamble of 128 bytes. An error: elements that are cut off or nested too
// deep, more than 100,000 of them, a compressed file.
Result<File> Parse(std::string_view bytes, const std::string& file);

// The value or the items of a tag; empty where it is not there.
std::string_view ValueOf(const Dataset& dataset, Tag tag);
const std::vector<Dataset>& ItemsOf(const Dataset& dataset, Tag tag);

// Text without padding; of several values the first.
std::string TextOf(const Dataset& dataset, Tag tag);
std::optional<double> DecimalOf(const Dataset& dataset, Tag tag);

}  // namespace ecg::dicom
