// What statements say, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "ecg/challenge/statements.h"
#include "ecg/core/json.h"
#include "ecg/data/labels/statement_list.h"

namespace ecg::report {

// "164889003 AF, 164873001 LVH (possible)"; "-" where nothing is found.
std::string FindingsText(const std::vector<challenge::Finding>& findings);
// Each with code, abbreviation, name, class and certainty; null where there is none.
Json FindingsJson(const std::vector<challenge::Finding>& findings);

std::string StatementReport(const data::StatementList& list);
Json StatementJson(const data::StatementList& list);

}  // namespace ecg::report
