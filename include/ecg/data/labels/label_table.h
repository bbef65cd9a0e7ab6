// Tables of labels, as ecgscore takes them, for whoever wants the diagnoses themselves.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::data {

// The diagnoses of each record by the name or path that the table has for it: the entries of its
// column dx as they stand, or the code of every class of 2021 whose column says 1. Rows of one
// record are joined. See ReadScoreInput for the columns.
using DiagnosisTable = std::map<std::string, std::vector<std::string>>;
Result<DiagnosisTable> ReadDiagnosisTable(const std::filesystem::path& path);

}  // namespace ecg::data
