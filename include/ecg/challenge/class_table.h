// Tables of classes and of their rewards: those of data/ and those that users give.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/challenge/class_set.h"
#include "ecg/core/result.h"

namespace ecg::challenge {

inline constexpr std::size_t kMaxClasses = 1000;
inline constexpr std::size_t kMaxCodesOfClass = 100;
// By which rewards that should be the same may differ, written with fewer digits.
inline constexpr double kRewardTolerance = 1e-9;

// Classes from a CSV in the form of data/classes_2021.csv: the first line
// `abbreviation,codes,name`, then one class a line, its codes separated by '|'. Lines that begin
// with '#' are passed over. A code is whatever the labels hold: a SNOMED CT code, or a word as
// "age_over_60". Abbreviations and codes are without blanks, commas, semicolons, bars and quotes;
// no two classes share one.
//
// `rewards` is empty, or a CSV in the form of data/rewards_2021.csv: the first line `class` and
// every abbreviation, then a line a class, in any order; symmetric, 1 where a class meets itself,
// no reward above it. Sinus rhythm (426783006) must be among the classes then: the challenge metric
// compares with it. Errors (kInput) name `file` or `rewards_file`, the line and the column.
Result<ClassSet> ParseClassTable(std::string_view text, const std::string& file,
                                 std::string_view rewards = {},
                                 const std::string& rewards_file = {});

// The same from files; `rewards` may be empty: none.
Result<ClassSet> ReadClassTable(const std::string& path, const std::string& rewards = {});

// Where the classes of 2021 stand among these, in their own order, each with the codes that it has
// there. Empty where one is missing.
std::vector<std::size_t> Find2021(const std::vector<DiagnosisClass>& classes);

}  // namespace ecg::challenge
