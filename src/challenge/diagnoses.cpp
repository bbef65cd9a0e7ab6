#include "ecg/challenge/diagnoses.h"

#include <string>
#include <unordered_map>

#include "ecg/challenge/class_set.h"
#include "ecg/core/text.h"
#include "src/challenge/table_rows.h"
#include "src/challenge/tables.h"

namespace ecg::challenge {
namespace {

struct DiagnosisIndex {
  std::unordered_map<std::string_view, const Diagnosis*> by_code;
  std::unordered_map<std::string, const Diagnosis*> by_text;  // in lower case

  DiagnosisIndex() {
    for (const Diagnosis& diagnosis : Diagnoses()) by_code.emplace(diagnosis.code, &diagnosis);
    for (const Diagnosis& diagnosis : Diagnoses()) {
      by_text.emplace(ToLower(diagnosis.abbreviation), &diagnosis);
    }
    for (const Diagnosis& diagnosis : Diagnoses()) {
      by_text.emplace(ToLower(diagnosis.name), &diagnosis);
    }
    for (const DiagnosisClass& entry : Classes2021().classes()) {
      by_text.emplace(ToLower(entry.name), by_code.at(entry.codes.front()));
    }
    for (const TableRow& row : RowsOf(TableText("synonyms.csv"))) {
      if (row.cells[0] != "text")
        by_text.emplace(ToLower(row.cells[0]), by_code.at(row.cells.at(1)));
    }
  }
};

}  // namespace

const std::vector<Diagnosis>& Diagnoses() {
  static const std::vector<Diagnosis> diagnoses = [] {
    std::vector<Diagnosis> loaded;
    for (const TableRow& row : RowsOf(TableText("diagnoses.csv"))) {
      if (row.cells[0] == "code") continue;
      loaded.push_back(
          {std::string(row.cells[0]), std::string(row.cells.at(1)), std::string(row.cells.at(2))});
    }
    return loaded;
  }();
  return diagnoses;
}

const Diagnosis* FindDiagnosis(std::string_view entry) {
  static const DiagnosisIndex index;
  if (IsCode(entry)) {
    const auto found = index.by_code.find(entry);
    return found == index.by_code.end() ? nullptr : found->second;
  }
  const auto found = index.by_text.find(ToLower(entry));
  return found == index.by_text.end() ? nullptr : found->second;
}

bool IsCode(std::string_view entry) {
  if (entry.empty()) return false;
  for (const char c : entry) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

}  // namespace ecg::challenge
