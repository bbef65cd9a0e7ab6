// What comment lines of the form "Key: value" say of a recording, as in "Age: 64": one reading of
// them for whatever file holds such lines.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/record/ecg_record.h"

namespace ecg::record {

struct InfoLine {
  std::string_view key;  // also without the "<>" that some databases put around it; may be empty
  std::string_view value;

  // Whether the key is this one, in any case.
  bool Is(std::string_view lower_case) const;
};

// A line without its comment mark. Both parts are empty where it has no colon.
InfoLine SplitInfoLine(std::string_view line);

// Years from 0 to kOldest, as in "64", "64 years", "064Y", "6 months", "10 days"; "90+" and ">89",
// as data sets write who is 90 or older, are 90. Nothing where the text makes no sense, and for the
// 300 that others write instead.
inline constexpr double kOldest = 130;
std::optional<double> ParseAge(std::string_view text);
// "female", "f", "male", "m" in any case.
std::optional<Sex> ParseSex(std::string_view text);

// What info lines say of the patient and where the recording comes from: of each the first line
// that makes sense counts.
struct PatientInfo {
  std::optional<double> age;  // years
  std::optional<Sex> sex;
  std::string_view source;  // into the line; empty: none, also where a converter names a record

  void Read(const InfoLine& line);
};

// What a line says of a recording: age, sex, Dx, source, device, filters or patient ID. Whether its
// key is one of these; a value that makes no sense is passed over, and of each the first counts.
bool ReadInfoLine(const InfoLine& line, EcgInfo& info);

// Such lines for all of that, as the challenge has them: "Age: 64", "Sex: Female", "Dx: 164889003".
// Nothing for what is not known.
std::vector<std::string> InfoLinesOf(const EcgInfo& info);

// A text without line ends and other control characters, which become blanks.
std::string OneLine(std::string text);

// Adds the entries of a list "164889003,426783006" that are not there yet.
void AddDiagnoses(std::string_view list, std::vector<std::string>& dx);

}  // namespace ecg::record
