// The one reading of a record's diagnoses, wherever they are written: in `#Dx` lines of headers, in
// columns of tables; for training, validation, scoring and captions alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/challenge/class_set.h"
#include "ecg/challenge/diagnoses.h"

namespace ecg::challenge {

// A diagnosis as it is written, and what it is understood as.
struct DxEntry {
  std::string_view text;                 // as it is written; not empty
  bool is_code = false;                  // written as a code, known or not
  const Diagnosis* diagnosis = nullptr;  // null where it is none of the challenge's table
  std::optional<std::size_t> index;      // its class; none where it has none

  // A code that is neither in the table nor of a class: perhaps a slip of the pen, perhaps a
  // diagnosis that the challenge did not have.
  bool IsUnknownCode() const { return diagnosis == nullptr && !index && is_code; }
  // Neither a code nor the abbreviation or name of anything known.
  bool IsNotUnderstood() const { return diagnosis == nullptr && !index && !is_code; }
};

// Reads one diagnosis, the one way for all who do: a code, or an abbreviation or name in any case,
// of `classes` or of the challenge's table; equivalents stand for their class. Blanks, quotes and
// brackets around it do not count, and codes may be written as programs write numbers
// ("426783006.0", "4.26783006E+08").
DxEntry ReadDx(std::string_view text, const ClassSet& classes);

// Calls `use` for every diagnosis of a list. They are separated by comma, semicolon, bar or, where
// every word between two blanks is understood ("AF 59118001", but not "no AF"), by blanks. Each is
// read by ReadDx; those beyond kMaxDxEntries, more than any recording has, are passed over.
inline constexpr std::size_t kMaxDxEntries = 100;
void ForEachDx(std::string_view list, const ClassSet& classes,
               const std::function<void(const DxEntry&)>& use);

// The labels of a record, uint8 [classes], from the entries of its Dx lines as ForEachDx reads
// them. Diagnoses that are not scored, or not understood, are passed over. `derive_bbb` adds BBB
// where LBBB or RBBB is present (paper section 2.2).
std::vector<std::uint8_t> LabelsOf(const std::vector<std::string>& dx, const ClassSet& classes,
                                   bool derive_bbb);

// The entries that LabelsOf passes over because they mean nothing to us, and the codes that it
// passes over although they might mean something; see DxEntry.
std::vector<std::string> NotUnderstood(const std::vector<std::string>& dx,
                                       const ClassSet& classes = Classes2021());
std::vector<std::string> UnknownCodes(const std::vector<std::string>& dx,
                                      const ClassSet& classes = Classes2021());

}  // namespace ecg::challenge
