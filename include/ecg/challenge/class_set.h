// Ordered sets of diagnoses that a classifier tells apart: the scored classes of the challenges,
// parts of them, and classes of any other task.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::challenge {

// A class: one diagnosis, or several that count as the same.
struct DiagnosisClass {
  std::string abbreviation;        // as in "RBBB"
  std::string name;                // as in "complete right bundle branch block"
  std::vector<std::string> codes;  // SNOMED CT codes, equivalents together
};

// An ordered set of classes, with the reward matrix of the challenge metric where it has one.
class ClassSet {
 public:
  // `rewards` is empty or double [size][size]. Throws Exception (kInput) where it is neither, or
  // where two classes have the same abbreviation or share a code.
  explicit ClassSet(std::vector<DiagnosisClass> classes, std::vector<double> rewards = {});

  std::size_t size() const { return classes_.size(); }
  const DiagnosisClass& operator[](std::size_t i) const { return classes_[i]; }
  const std::vector<DiagnosisClass>& classes() const { return classes_; }

  // The class that a SNOMED CT code, an abbreviation as it is written, or an abbreviation or name
  // in any case stands for. For whatever else a diagnosis may be called see labels.h.
  std::optional<std::size_t> IndexOfCode(std::string_view code) const;
  std::optional<std::size_t> IndexOfAbbreviation(std::string_view abbreviation) const;
  std::optional<std::size_t> IndexOfText(std::string_view text) const;

  // The class of sinus rhythm (SNOMED CT 426783006), if it is among them.
  std::optional<std::size_t> normal_index() const { return normal_index_; }

  // Empty, or double [size][size], row = label, column = output; symmetric, unit diagonal.
  const std::vector<double>& rewards() const { return rewards_; }
  // Only where there are rewards.
  double Reward(std::size_t label, std::size_t output) const {
    return rewards_[label * size() + output];
  }

  // Whether the challenge metric is defined: it takes rewards, and sinus rhythm to compare with.
  bool HasChallengeMetric() const { return !rewards_.empty() && normal_index_.has_value(); }

  // The classes of these abbreviations, in their order, with their part of the rewards. An error
  // (kUsage): none at all, one that is not in the set, or one given twice.
  Result<ClassSet> Subset(const std::vector<std::string>& abbreviations) const;

 private:
  std::vector<DiagnosisClass> classes_;
  std::vector<double> rewards_;
  std::map<std::string, std::size_t, std::less<>> index_of_code_;
  std::map<std::string, std::size_t, std::less<>> index_of_text_;  // in lower case
  std::optional<std::size_t> normal_index_;
};

// The 26 classes of 2021 and the 24 of 2020, in the order of the official tables.
const ClassSet& Classes2021();
const ClassSet& Classes2020();

// The six scored classes that CPSC 2018 labels: AF, IAVB, LBBB, NSR, PAC, RBBB.
const ClassSet& ClassesCpsc();

}  // namespace ecg::challenge
