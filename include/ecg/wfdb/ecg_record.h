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
  EcgInfo info;
  std::vector<float> signal;          // [leads][samples], mV; NaN where a sample is invalid
  std::vector<std::string> warnings;  // "file:line: field: what" for what was tolerated

  const float* Lead(std::size_t lead) const { return signal.data() + lead * info.samples; }
};

// `header` is the path of a .hea file.
Result<EcgInfo> ReadEcgInfo(const std::filesystem::path& header);
Result<EcgRecord> ReadEcg(const std::filesystem::path& header, const ReadOptions& options = {});
// The same into a record whose memory is used again; its content is of no use after an error.
Status ReadEcg(const std::filesystem::path& header, const ReadOptions& options, EcgRecord& record);

// The position of a lead, by its canonical name.
std::optional<std::size_t> LeadIndex(const EcgInfo& info, std::string_view lead);

// Adds those of I, II, III, aVR, aVL and aVF that are missing where two of them are there: each is
// a linear function of I and II (Einthoven: I + III = II; Goldberger's augmented leads). They come
// after the leads that were there, in this order; returns their names. NaN where a source is NaN.
std::vector<std::string> DeriveLimbLeads(EcgRecord& record);

// The canonical spelling of a standard lead ("AVR", "avr" -> "aVR"; "v1" -> "V1"); other names,
// as "MLII", come back trimmed.
std::string CanonicalLead(std::string_view name);

}  // namespace ecg::wfdb
