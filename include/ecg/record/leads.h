// Leads by name, and those that follow from others.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/record/ecg_record.h"

namespace ecg::record {

// The canonical spelling of a standard lead, also as recorders decorate it ("AVR", "avr" -> "aVR";
// "ECG V1", "Lead II", "V1 (uV)", "DI" -> "V1", "II", "V1", "I"); other names, as "MLII", "V3R" and
// "-aVR", which are other leads, come back trimmed.
std::string CanonicalLead(std::string_view name);

// Whether it is the canonical name of one of the twelve.
bool IsStandardLead(std::string_view name);

// The position of a lead, by its canonical name.
std::optional<std::size_t> LeadIndex(const EcgInfo& info, std::string_view lead);

// A limb lead as p times one lead of a record plus q times another.
struct LimbDerivation {
  std::size_t first = 0, second = 0;
  float p = 0, q = 0;
};

// How one of I, II, III, aVR, aVL and aVF follows from the first two of them, in this order, that
// are there: each is a linear function of I and II (Einthoven: I + III = II; Goldberger's augmented
// leads). Nothing for any other lead, or where two are not there.
std::optional<LimbDerivation> FindDerivation(const std::vector<std::string>& leads,
                                             std::string_view lead);

// What leads a recording has, read or not, for the message that none of them will do: "the leads I,
// II", or "no leads that can be read (I: units adu)".
std::string LeadsInWords(const EcgRecord& record);

// The samples of a derived lead; NaN where a source is NaN.
std::vector<float> DerivedLead(const EcgRecord& record, const LimbDerivation& derivation);

// Adds those limb leads that are missing and can be derived, after the leads that were there and in
// the order above; returns their names.
std::vector<std::string> DeriveLimbLeads(EcgRecord& record);

// Sets aside the leads that nothing was recorded in, so that nobody takes a detached electrode for
// a lead: without any valid sample, or spanning less than kLeastLivingSpan. The others stay in
// their order; where none lives, all stay. Returns the names of those that went.
inline constexpr float kLeastLivingSpan = 0.01F;  // mV: less than any lead of a heart has
std::vector<std::string> SetAsideDeadLeads(EcgRecord& record);

// Which leads of a recording are read where only `wanted` are (empty: all), [info.leads]: those,
// and where one of them is a limb lead all limb leads, from which it follows should it be missing
// or dead.
std::vector<bool> LeadsToRead(const EcgInfo& info, const std::vector<std::string>& wanted);

// The bytes that their samples take.
double BytesToRead(const EcgInfo& info, const std::vector<std::string>& wanted);

}  // namespace ecg::record
