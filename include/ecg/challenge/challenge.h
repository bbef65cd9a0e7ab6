// The tables of the PhysioNet/CinC Challenges 2020 and 2021: scored classes, sources, the label
// mask, reward matrices and lead sets. The tables themselves, with their provenance, are in data/.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::challenge {

// A scored class: one diagnosis, or several that the challenge counts as the same.
struct DiagnosisClass {
  std::string abbreviation;        // as in "RBBB"
  std::string name;                // as in "complete right bundle branch block"
  std::vector<std::string> codes;  // SNOMED CT codes, equivalents together
};

// An ordered set of classes with the reward matrix that belongs to it.
class ClassSet {
 public:
  ClassSet(std::vector<DiagnosisClass> classes, std::vector<double> rewards);

  std::size_t size() const { return classes_.size(); }
  const DiagnosisClass& operator[](std::size_t i) const { return classes_[i]; }
  const std::vector<DiagnosisClass>& classes() const { return classes_; }

  // The class that a SNOMED CT code or an abbreviation stands for.
  std::optional<std::size_t> IndexOfCode(std::string_view code) const;
  std::optional<std::size_t> IndexOfAbbreviation(std::string_view abbreviation) const;

  // The class of sinus rhythm (SNOMED CT 426783006).
  std::size_t normal_index() const { return normal_index_; }

  // double [size][size], row = label, column = output; symmetric, unit diagonal.
  const std::vector<double>& rewards() const { return rewards_; }
  double Reward(std::size_t label, std::size_t output) const {
    return rewards_[label * size() + output];
  }

 private:
  std::vector<DiagnosisClass> classes_;
  std::vector<double> rewards_;
  std::map<std::string, std::size_t, std::less<>> index_of_code_;
  std::size_t normal_index_ = 0;
};

// The 26 classes of 2021 and the 24 of 2020, in the order of the official tables.
const ClassSet& Classes2021();
const ClassSet& Classes2020();

// Tells the source of a record by its name: the prefix, then a number in [first, last].
struct SourceRule {
  std::string source;  // as in "PTB_XL"
  std::string prefix;  // as in "HR"
  std::int64_t first_number = 0;
  std::int64_t last_number = 0;
};

// The rules of data/sources.csv, for the eight public sources.
const std::vector<SourceRule>& DefaultSourceRules();

// The source of a record by its name, as in "HR01234"; empty where no rule fits.
std::string SourceOfRecord(std::string_view record_name,
                           const std::vector<SourceRule>& rules = DefaultSourceRules());

// Which labels of a source can be trusted: 1 where a class takes part in the loss, else 0.
class LabelMask {
 public:
  // Text in the format of data/label_mask.csv: a header `source,<abbreviation>,...`, then one row
  // a source. `file` is named in errors.
  static Result<LabelMask> Parse(std::string_view text, const ClassSet& classes,
                                 const std::string& file);
  // The mask of data/label_mask.csv (paper Figure 3, with corrections; see data/README.md).
  static const LabelMask& Default();

  // uint8 [classes]; empty for a source that has no row.
  std::optional<std::vector<std::uint8_t>> Row(std::string_view source) const;

 private:
  std::map<std::string, std::vector<std::uint8_t>, std::less<>> rows_;
};

// The labels of a record, uint8 [classes], from its SNOMED CT codes. Codes that are not scored are
// passed over. `derive_bbb` adds BBB where LBBB or RBBB is present (paper section 2.2).
std::vector<std::uint8_t> LabelsOf(const std::vector<std::string>& codes, const ClassSet& classes,
                                   bool derive_bbb);

// The challenge's lead sets of 12, 6, 4, 3 and 2 leads.
struct LeadSet {
  std::string name;                // as in "12"
  std::vector<std::string> leads;  // in the challenge's order
};
const std::vector<LeadSet>& LeadSets();

}  // namespace ecg::challenge
