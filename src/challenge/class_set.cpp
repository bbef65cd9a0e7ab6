#include "ecg/challenge/class_set.h"

#include <algorithm>
#include <utility>

#include "ecg/challenge/class_table.h"
#include "ecg/core/text.h"
#include "src/challenge/tables.h"

namespace ecg::challenge {
namespace {

constexpr std::string_view kNormalCode = "426783006";

ClassSet LoadClassSet(const char* classes, const char* rewards) {
  return ParseClassTable(TableText(classes), classes, TableText(rewards), rewards).value();
}

}  // namespace

ClassSet::ClassSet(std::vector<DiagnosisClass> classes, std::vector<double> rewards)
    : classes_(std::move(classes)), rewards_(std::move(rewards)) {
  if (!rewards_.empty() && rewards_.size() != classes_.size() * classes_.size()) {
    throw Exception(InputError("the reward matrix does not fit the classes"));
  }
  for (std::size_t k = 0; k < classes_.size(); ++k) {
    for (const std::string& code : classes_[k].codes) {
      if (!index_of_code_.emplace(code, k).second) {
        throw Exception(InputError("a code of two classes", {}, 0, code));
      }
    }
    if (*IndexOfAbbreviation(classes_[k].abbreviation) != k) {
      throw Exception(InputError("two classes of this name", {}, 0, classes_[k].abbreviation));
    }
  }
  for (std::size_t k = 0; k < classes_.size(); ++k) {
    index_of_text_.emplace(ToLower(classes_[k].abbreviation), k);
  }
  for (std::size_t k = 0; k < classes_.size(); ++k) {
    index_of_text_.emplace(ToLower(classes_[k].name), k);
  }
  normal_index_ = IndexOfCode(kNormalCode);
}

std::optional<std::size_t> ClassSet::IndexOfCode(std::string_view code) const {
  const auto found = index_of_code_.find(code);
  if (found == index_of_code_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::size_t> ClassSet::IndexOfAbbreviation(std::string_view abbreviation) const {
  for (std::size_t k = 0; k < classes_.size(); ++k) {
    if (classes_[k].abbreviation == abbreviation) return k;
  }
  return std::nullopt;
}

std::optional<std::size_t> ClassSet::IndexOfText(std::string_view text) const {
  if (const std::optional<std::size_t> exact = IndexOfAbbreviation(text)) return exact;
  const auto found = index_of_text_.find(ToLower(text));
  if (found == index_of_text_.end()) return std::nullopt;
  return found->second;
}

Result<ClassSet> ClassSet::Subset(const std::vector<std::string>& abbreviations) const {
  if (abbreviations.empty()) return UsageError("a class set needs a class");
  std::vector<std::string> known;
  for (const DiagnosisClass& entry : classes_) known.push_back(entry.abbreviation);
  std::vector<std::size_t> chosen;
  for (const std::string& abbreviation : abbreviations) {
    const std::optional<std::size_t> k = IndexOfAbbreviation(abbreviation);
    if (!k)
      return UsageError("no class of this name; there are " + Join(known, ", "), {}, 0,
                        abbreviation);
    if (std::count(chosen.begin(), chosen.end(), *k) > 0) {
      return UsageError("given twice", {}, 0, abbreviation);
    }
    chosen.push_back(*k);
  }
  std::vector<DiagnosisClass> classes;
  std::vector<double> rewards;
  for (const std::size_t label : chosen) {
    classes.push_back(classes_[label]);
    if (rewards_.empty()) continue;
    for (const std::size_t output : chosen) rewards.push_back(Reward(label, output));
  }
  return ClassSet(std::move(classes), std::move(rewards));
}

const ClassSet& Classes2021() {
  static const ClassSet set = LoadClassSet("classes_2021.csv", "rewards_2021.csv");
  return set;
}

const ClassSet& Classes2020() {
  static const ClassSet set = LoadClassSet("classes_2020.csv", "rewards_2020.csv");
  return set;
}

const ClassSet& ClassesCpsc() {
  static const ClassSet set =
      Classes2021().Subset({"AF", "IAVB", "LBBB", "NSR", "PAC", "RBBB"}).value();
  return set;
}

}  // namespace ecg::challenge
