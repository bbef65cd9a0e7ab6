// The tables of the PhysioNet/CinC Challenges 2020 and 2021: scored classes with their rewards,
// diagnoses, sources, the label mask and lead sets. The tables themselves, with their provenance,
// are in data/.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/challenge/class_set.h"
#include "ecg/challenge/labels.h"
#include "ecg/challenge/sources.h"
#include "ecg/core/result.h"

namespace ecg::challenge {

// Which labels of a source can be trusted: 1 where a class takes part in the loss, else 0.
class LabelMask {
 public:
  // Text in the format of data/label_mask.csv: a header `source,<abbreviation>,...`, then one row
  // a source. `file` is named in errors.
  static Result<LabelMask> Parse(std::string_view text, const ClassSet& classes,
                                 const std::string& file);
  // The same with a column for each name of `required`, and maybe for some of `further`.
  static Result<LabelMask> Parse(std::string_view text, const std::vector<std::string>& required,
                                 const std::vector<std::string>& further, const std::string& file);
  // The mask of data/label_mask.csv (paper Figure 3, with corrections; see data/README.md).
  static const LabelMask& Default();

  // uint8 [classes], those that are required; empty for a source that has no row.
  std::optional<std::vector<std::uint8_t>> Row(std::string_view source) const;
  bool HasRow(std::string_view source) const { return rows_.find(source) != rows_.end(); }
  // Whether a source's labels of a class can be trusted; empty where the mask does not say.
  std::optional<bool> Trusts(std::string_view source, std::string_view abbreviation) const;

 private:
  std::vector<std::string> names_;  // of the values of a row; those required come first
  std::size_t required_ = 0;
  std::map<std::string, std::vector<std::uint8_t>, std::less<>> rows_;
};

// The challenge's lead sets of 12, 6, 4, 3 and 2 leads.
struct LeadSet {
  std::string name;                // as in "12"
  std::vector<std::string> leads;  // in the challenge's order
};
const std::vector<LeadSet>& LeadSets();

}  // namespace ecg::challenge
