// What the readers of files of arrays share (NumPy, MATLAB, HDF5): which array holds the signals,
// which of its axes are the leads, and what others beside it say.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/record/reader.h"

namespace ecg::record {

// An array of numbers, a number or a text of a file. The values are read when they are asked for.
struct NamedArray {
  std::string name;                // as the file calls it, or its path
  std::vector<std::size_t> shape;  // at most 2 axes that are longer than 1
  std::optional<double> number;    // its value, of an array of one
  std::vector<std::string> texts;  // its rows, of characters
  std::string units;               // said of this array; empty: not said
  // The values, the last axis running fastest; as many as `shape` says.
  std::function<Result<std::vector<float>>()> load;
};

// What a file says beside its arrays.
struct ArraysSaid {
  EcgInfo info;
  double sampling_rate = 0;
  std::string units;
  std::vector<std::string> leads;
  std::vector<std::string> warnings;         // of how it was found out
  std::vector<std::filesystem::path> files;  // beside the arrays', that say it
};

// The array is that which is told by name, or the only one of at least kLeastValues numbers, or of
// several the one with a usual name (val, ecg, ecg_data, data, signal, signals, tracings, feats).
// Arrays "gain" and "adczero" of a number a lead are counts a unit and the count of 0. Numbers of
// usual names give the rate (fs, freq, sampling_rate, sfreq, curr_sample_rate, ...), age
// and sex too, texts the units and the names of the leads (desc, leads, lead_names, labels). Leads
// lie along the axis of as many as were told, else along the shorter one, which is a warning.
inline constexpr std::size_t kLeastValues = 100;
Result<std::unique_ptr<RecordFile>> OpenArrays(const std::filesystem::path& path,
                                               const OpenOptions& told, ArraysSaid said,
                                               std::vector<NamedArray> arrays);

}  // namespace ecg::record
