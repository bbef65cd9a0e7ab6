// The 133 diagnoses of the PhysioNet/CinC Challenge 2021, scored or not: what an entry of a `#Dx`
// line can mean. The table itself, with its provenance, is data/diagnoses.csv.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ecg::challenge {

struct Diagnosis {
  std::string code;          // SNOMED CT, as in "59118001"
  std::string abbreviation;  // as in "RBBB"
  std::string name;          // as in "right bundle branch block"
};

// The scored ones first.
const std::vector<Diagnosis>& Diagnoses();

// The diagnosis that a trimmed entry stands for: its code, abbreviation or name, the latter two in
// any case, the name of a scored class ("first-degree AV block"), or what else it is widely called
// (data/synonyms.csv: "SNR" is "NSR"); null for anything else.
//
// Of equivalent codes, which the challenge scores as one class, each is a diagnosis of its own:
// "RBBB" is 59118001, "CRBBB" is 713427006. Should an abbreviation ever stand for several codes,
// the first in the table wins, hence a scored one before one that is not. Today none does.
const Diagnosis* FindDiagnosis(std::string_view entry);

// Whether an entry is written as a SNOMED CT code, known or not: in digits alone.
bool IsCode(std::string_view entry);

}  // namespace ecg::challenge
