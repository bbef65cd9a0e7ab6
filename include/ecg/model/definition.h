// Classes that a guideline defines by what is measured: they are decided by that, not by the
// network.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/dsp/measure/criteria.h"
#include "ecg/record/ecg_record.h"

namespace ecg::model {

// A class is positive where the measure lies beyond the limit, and negative where it does not. What
// cannot be measured is decided by the network.
struct Definition {
  std::string diagnosis;  // the class, by its abbreviation
  dsp::Criterion criterion = dsp::Criterion::kNone;
  double limit = 0;                // in the criterion's unit (dsp::UnitOf)
  std::optional<record::Sex> sex;  // whom it holds for; empty: everybody
  // Classes that the network finds and that make it void, as atrial fibrillation does with the
  // rates of sinus rhythm: the class is negative then.
  std::vector<std::string> unless;
  // Classes that are not said beside it.
  std::vector<std::string> instead_of;

  bool operator==(const Definition& other) const;
};

// As a list of objects. Reading: false where `json` is none of them; classes are not looked up.
Json DefinitionsToJson(const std::vector<Definition>& definitions);
bool ReadDefinitions(const Json& json, std::vector<Definition>& definitions);

// A table of definitions: a CSV with the columns class, criterion, limit, unit, sex (female, male
// or empty), unless, instead_of (classes joined by ';'); others, as for where a limit is from, are
// for people. `file` is named in errors: a column that is missing, a criterion that is not known or
// has no unit, a unit that is not the criterion's, a limit that is no number.
Result<std::vector<Definition>> ReadDefinitionTable(std::string_view text, const std::string& file);

// The table that is built in, data/definitions.csv: limits for adults by guidelines.
const std::vector<Definition>& GuidelineDefinitions();

}  // namespace ecg::model
