// The diagnoses that a header file states, and nothing else of it: fast enough to score a hundred
// thousand recordings in a second. (Full header grammar: ecg/wfdb.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/data/labels/statement_labels.h"
#include "ecg/record/info_lines.h"

namespace ecg::data {

enum class LabelRules {
  kSensible,  // a comment line that names Dx, however it is spaced; read by challenge::ForEachDx
  kOfficial,  // the line begins with "#Dx"; its codes stand between the first and second ": "
};

// What is worth telling about a header that was read; a set of bits.
enum HeaderNote : unsigned {
  kUnofficialDx = 1u << 8,  // kSensible only: diagnoses that the official scorer does not see
  kNoDxLine = 1u << 9,      // no line with diagnoses
  kTextLabel = 1u << 10,    // a diagnosis that is not understood; kOfficial: that is no code
  kUnknownCode = 1u << 11,  // a code that the challenge does not have
  kSeveralRows = 1u << 12,  // of a table: several rows name the record
};

// What is worth telling about the labels of a record.
struct LabelNotes {
  unsigned bits = 0;                       // HeaderNote
  bool understood = false;                 // any diagnosis, scored or not
  std::vector<std::string> text_labels;    // the diagnoses of kTextLabel, at most kMaxNamed
  std::vector<std::string> unknown_codes;  // those of kUnknownCode, likewise
};
inline constexpr std::size_t kMaxNamed = 10;

struct HeaderLabels {
  std::size_t leads = 0;        // signals by the record line; 0 = it does not say
  record::PatientInfo patient;  // its source is a view into the text
  LabelNotes notes;
};

// Sets labels [classes] to 0 and 1. Diagnoses that are not scored are passed over, as are those
// that are not understood, which the notes name.
HeaderLabels ReadHeaderLabels(std::string_view text, const challenge::ClassSet& classes,
                              LabelRules rules, std::uint8_t* labels);

// Marks the class of a diagnosis, and notes where it is not understood.
void MarkDiagnosis(const challenge::DxEntry& entry, std::uint8_t* labels, LabelNotes& notes);

// Marks the classes of what statements say and counts, and notes what of it is not understood,
// unless it may name somebody.
void MarkSaid(const std::vector<std::string>& statements,
              const std::vector<challenge::StatementMeaning>& said, const StatementLabels& reading,
              const challenge::ClassSet& classes, std::uint8_t* labels, LabelNotes& notes);

}  // namespace ecg::data
