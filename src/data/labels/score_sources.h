// Where labels and predictions come from: folders of small files, or tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/data/labels/header_labels.h"
#include "ecg/data/labels/prediction_reader.h"
#include "ecg/data/labels/score_input.h"

namespace ecg::data {

// What a thread that reads keeps from record to record.
struct Scratch {
  Scratch(const challenge::ClassSet& classes, PredictionRules rules) : reader(classes, rules) {}
  PredictionReader reader;
  std::string buffer;   // a file's bytes
  std::string decoded;  // and its text, where that is something else
};

// The labels of a number of records. Read may be called from several threads, each with a scratch
// of its own.
class LabelSource {
 public:
  virtual ~LabelSource() = default;
  // Records by path below the root without extension, or by the name in the table.
  const std::vector<std::string_view>& keys() const { return keys_; }
  // What is worth telling of the source as a whole.
  const std::vector<std::string>& warnings() const { return warnings_; }
  // Fills labels [classes], source, leads, age and sex.
  virtual Result<LabelNotes> Read(std::size_t index, Scratch& scratch, std::uint8_t* labels,
                                  ScoredRecord& record) const = 0;

 protected:
  std::vector<std::string_view> keys_;  // into texts that the source holds
  std::vector<std::string> warnings_;
};

// The predictions of a number of records. Read may be called from several threads, each with a
// scratch of its own.
class PredictionSource {
 public:
  virtual ~PredictionSource() = default;
  const std::vector<std::string_view>& keys() const { return keys_; }
  const std::vector<std::string>& warnings() const { return warnings_; }
  // Fills decisions and scores, [classes] each; gives PredictionNote bits.
  virtual Result<unsigned> Read(std::size_t index, Scratch& scratch, std::uint8_t* decisions,
                                double* scores) const = 0;

 protected:
  std::vector<std::string_view> keys_;  // into texts that the source holds
  std::vector<std::string> warnings_;
};

Result<std::unique_ptr<LabelSource>> OpenLabels(const std::filesystem::path& path,
                                                const InputOptions& options);
Result<std::unique_ptr<PredictionSource>> OpenPredictions(const std::filesystem::path& path,
                                                          const InputOptions& options);

// The tables' side of the two functions above.
Result<std::unique_ptr<LabelSource>> OpenLabelTable(const std::filesystem::path& path,
                                                    const InputOptions& options);
Result<std::unique_ptr<PredictionSource>> OpenPredictionTable(const std::filesystem::path& path,
                                                              const InputOptions& options);

// The part of a key after the last '/'.
std::string_view BaseName(std::string_view key);

// For every label key the index of its prediction: the one with the same path, or else the one
// with the same base name where both sides have that name once.
inline constexpr std::size_t kNoPrediction = static_cast<std::size_t>(-1);
inline constexpr std::size_t kAmbiguous = static_cast<std::size_t>(-2);
std::vector<std::size_t> PairByName(const std::vector<std::string_view>& labels,
                                    const std::vector<std::string_view>& predictions);

}  // namespace ecg::data
