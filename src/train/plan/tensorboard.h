// TensorBoard's event files: length-prefixed records with masked CRC-32C, each a protocol-buffer
// Event message of which only scalars are needed.
#pragma once

#include <cstdint>
#include <string>

namespace ecg::train {

// The record that begins every event file.
std::string EventFileHeader(double wall_time);

// One scalar as a record.
std::string ScalarEvent(double wall_time, std::int64_t step, const std::string& tag, float value);

}  // namespace ecg::train
