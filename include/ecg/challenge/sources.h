// Where a recording comes from, as its label mask and the figures by source want it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::challenge {

// Tells the source of a record by its name: the prefix, then a number in [first, last].
struct SourceRule {
  std::string source;  // as in "PTB_XL"
  std::string prefix;  // as in "HR"; may be empty
  std::int64_t first_number = 0;
  std::int64_t last_number = 0;
};

// A public source by the challenge's spelling, whatever its case and punctuation and by the names
// that it goes by elsewhere ("PTB-XL", "CPSC2018", "St Petersburg"); any other name as it stands.
std::string CanonicalSource(std::string_view name);

// Text in the format of data/sources.csv: the first line `source,prefix,first_number,last_number`,
// then one rule a line, the last number `*` for no end. `file` is named in errors.
Result<std::vector<SourceRule>> ParseSourceRules(std::string_view text, const std::string& file);

// The rules of data/sources.csv, for the eight public sources.
const std::vector<SourceRule>& DefaultSourceRules();

// The source of a record by its name, as in "HR01234": that of the first rule that fits, or empty.
std::string SourceOfRecord(std::string_view record_name,
                           const std::vector<SourceRule>& rules = DefaultSourceRules());

// The source that a header states (`#Source: NAME`), or else that of the record's name.
std::string ResolveSource(std::string_view stated, std::string_view record_name,
                          const std::vector<SourceRule>& rules = DefaultSourceRules());

}  // namespace ecg::challenge
