// A recording as the rest of the toolkit wants it: physical millivolts, leads by name, and what the
// challenge's info strings say of the patient.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/wfdb/record.h"

namespace ecg::wfdb {

enum class Sex { kFemale, kMale };

// What a header tells without its signal file.
struct EcgInfo {
  std::string name;                // the record line's name without a ".mat" or ".hea" ending
  double sampling_rate = 0;        // Hz
  std::size_t samples = 0;         // per lead; 0 = the header does not say
  std::vector<std::string> leads;  // canonical names where known ("aVR"), else as written
  std::optional<double> age;       // years
  std::optional<Sex> sex;
  std::vector<std::string>
      dx;              // entries of the Dx lines in order, none empty or twice; at most 100
  std::string source;  // of a line "#Source: NAME"; empty where there is none
};

struct EcgRecord {
  EcgInfo info;  // `leads` names those that were kept (see ReadOptions)
  // [info.leads][info.samples], mV; NaN where a sample is invalid. Apart, so that whoever owns the
  // record can release one when it is done with it.
  std::vector<std::vector<float>> leads;
  std::vector<std::string> other_leads;  // what the files hold and ReadOptions did not want
  std::vector<std::string> warnings;     // "file:line: field: what" for what was tolerated

  const float* Lead(std::size_t lead) const { return leads[lead].data(); }
};

// `header` is the path of a .hea file. A record is decoded a block at a time, whatever its format,
// segments and skew, so that reading takes little more memory than the leads that are kept have
// samples. Where leads of different rates are averaged to one, each takes that of its own rate.
Result<EcgInfo> ReadEcgInfo(const std::filesystem::path& header);
Result<EcgRecord> ReadEcg(const std::filesystem::path& header, const ReadOptions& options = {});
// The same into a record whose memory is used again; its content is of no use after an error.
Status ReadEcg(const std::filesystem::path& header, const ReadOptions& options, EcgRecord& record);

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
std::optional<LimbDerivation> FindDerivation(const EcgInfo& info, std::string_view lead);

// The samples of a derived lead; NaN where a source is NaN.
std::vector<float> DerivedLead(const EcgRecord& record, const LimbDerivation& derivation);

// Adds those limb leads that are missing and can be derived, after the leads that were there and in
// the order above; returns their names.
std::vector<std::string> DeriveLimbLeads(EcgRecord& record);

// The canonical spelling of a standard lead ("AVR", "avr" -> "aVR"; "v1" -> "V1"); other names,
// as "MLII", come back trimmed.
std::string CanonicalLead(std::string_view name);

}  // namespace ecg::wfdb
