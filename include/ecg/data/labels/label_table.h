// Tables of labels, as ecgscore takes them, for whoever wants the diagnoses themselves.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ecg/challenge/class_set.h"
#include "ecg/core/result.h"
#include "ecg/data/labels/statement_labels.h"

namespace ecg::data {

// The diagnoses of each record by the name or path that the table has for it: the entries of its
// column dx as they stand, what its columns of other codes or, where they are used, of statements
// say, or the code of every one of `classes` whose column says 1. Rows of one record are joined.
// See ReadScoreInput for the columns.
struct DiagnosisTable {
  std::map<std::string, std::vector<std::string>> rows;
  // Whether it has nothing but a column a class: then a row with a cell that says anything, if only
  // 0, tells all of its record, and one without has not been filled in and is left out.
  bool by_class = false;
};
Result<DiagnosisTable> ReadDiagnosisTable(
    const std::filesystem::path& path,
    const challenge::ClassSet& classes = challenge::Classes2021(),
    const StatementLabels& statements = {});

}  // namespace ecg::data
