// The diagnoses that a header file states, and nothing else of it: fast enough to score a hundred
// thousand recordings in a second. (Full header grammar: ecg/wfdb.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ecg/challenge/challenge.h"

namespace ecg::score {

enum class LabelRules {
  kSensible,  // a comment line that names Dx, however it is spaced; codes or abbreviations
  kOfficial,  // the line begins with "#Dx"; its codes stand between the first and second ": "
};

// What is worth telling about a header that was read; a set of bits.
enum HeaderNote : unsigned {
  kUnofficialDx = 1u << 8,  // kSensible only: diagnoses that the official scorer does not see
  kNoDxLine = 1u << 9,      // no line with diagnoses
  kTextLabel = 1u << 10,    // a diagnosis that is neither a SNOMED CT code nor an abbreviation
};

struct HeaderLabels {
  std::size_t leads = 0;  // signals by the record line; 0 = it does not say
  unsigned notes = 0;     // HeaderNote bits
};

// The entries of the Dx lines, trimmed, none empty; views into `text`.
std::vector<std::string_view> DiagnosesOf(std::string_view text, LabelRules rules);

// Sets labels [classes] to 0 and 1. Diagnoses that are not scored are passed over.
HeaderLabels ReadHeaderLabels(std::string_view text, const challenge::ClassSet& classes,
                              LabelRules rules, std::uint8_t* labels);

// Marks the class of a diagnosis, a SNOMED CT code or - kSensible - an abbreviation; gives false
// where the entry is neither, scored or not.
bool MarkDiagnosis(std::string_view diagnosis, const challenge::ClassSet& classes, LabelRules rules,
                   std::uint8_t* labels);

}  // namespace ecg::score
