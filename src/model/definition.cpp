#include "ecg/model/definition.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "ecg/core/csv.h"
#include "ecg/core/text.h"
#include "ecg/record/info_lines.h"
#include "src/challenge/tables.h"

namespace ecg::model {
namespace {

constexpr char kTable[] = "definitions.csv";
constexpr std::size_t kMost = 1000;
constexpr std::size_t kMostNames = 100;
constexpr char kKeys[][12] = {"class", "criterion", "limit", "sex", "unless", "instead_of"};

bool ReadNames(const Json& json, std::vector<std::string>& names) {
  if (!json.is_array() || json.size() > kMostNames) return false;
  for (const Json& name : json) {
    if (!name.is_string()) return false;
    names.push_back(name.get<std::string>());
  }
  return true;
}

bool ReadDefinition(const Json& json, Definition& definition) {
  if (!json.is_object() || json.size() != std::size(kKeys)) return false;
  for (const char* key : kKeys) {
    if (!json.contains(key)) return false;
  }
  const Json& sex = json["sex"];
  if (!json["class"].is_string() || !json["criterion"].is_string() || !json["limit"].is_number()) {
    return false;
  }
  definition.diagnosis = json["class"].get<std::string>();
  const auto criterion = dsp::CriterionNames().Find(json["criterion"].get<std::string>());
  if (!criterion || *dsp::UnitOf(*criterion) == '\0') return false;
  definition.criterion = *criterion;
  definition.limit = json["limit"].get<double>();
  if (sex.is_string()) {
    definition.sex = record::ParseSex(sex.get<std::string>());
    if (!definition.sex) return false;
  } else if (!sex.is_null()) {
    return false;
  }
  return std::isfinite(definition.limit) && ReadNames(json["unless"], definition.unless) &&
         ReadNames(json["instead_of"], definition.instead_of);
}

std::vector<std::string> NamesOf(std::string_view cell) {
  std::vector<std::string> names;
  for (const std::string_view part : Split(cell, ';')) {
    if (const std::string_view name = Trim(part); !name.empty()) names.emplace_back(name);
  }
  return names;
}

// A table's columns by their names.
class TableReader {
 public:
  TableReader(const CsvTable& table, const std::string& file) : table_(table), file_(file) {}

  Result<std::vector<Definition>> Read() {
    for (const char* name :
         {"class", "criterion", "limit", "unit", "sex", "unless", "instead_of"}) {
      const auto column = table_.Column(name);
      if (!column) return InputError("has no column of this name", file_, 1, name);
      columns_.push_back(*column);
    }
    std::vector<Definition> all;
    for (row_ = 0; row_ < table_.rows(); ++row_) {
      Result<Definition> definition = Row();
      if (!definition.ok()) return definition.error();
      all.push_back(std::move(*definition));
    }
    return all;
  }

 private:
  enum Column : std::size_t { kClass, kCriterion, kLimit, kUnit, kSex, kUnless, kInsteadOf };

  std::string_view Cell(Column column) const { return Trim(table_.Cell(row_, columns_[column])); }

  Error Fail(const char* field, const std::string& message) const {
    return InputError(message, file_, table_.Line(row_), field);
  }

  Result<Definition> Row() const {
    Definition definition;
    definition.diagnosis = Cell(kClass);
    if (definition.diagnosis.empty()) return Fail("class", "is empty");
    const auto criterion = dsp::CriterionNames().Find(Cell(kCriterion));
    if (!criterion || *dsp::UnitOf(*criterion) == '\0') {
      return Fail("criterion", "is none that has a limit: " + std::string(Cell(kCriterion)));
    }
    definition.criterion = *criterion;
    if (Cell(kUnit) != dsp::UnitOf(*criterion)) {
      return Fail("unit", "must be " + std::string(dsp::UnitOf(*criterion)) + ", that of " +
                              std::string(Cell(kCriterion)));
    }
    const std::string_view limit = Cell(kLimit);
    const auto end = limit.data() + limit.size();
    const auto read = std::from_chars(limit.data(), end, definition.limit);
    if (read.ec != std::errc() || read.ptr != end || !std::isfinite(definition.limit)) {
      return Fail("limit", "must be a number");
    }
    if (!Cell(kSex).empty()) {
      definition.sex = record::ParseSex(Cell(kSex));
      if (!definition.sex) return Fail("sex", "must be female, male or empty");
    }
    definition.unless = NamesOf(Cell(kUnless));
    definition.instead_of = NamesOf(Cell(kInsteadOf));
    return definition;
  }

  const CsvTable& table_;
  const std::string& file_;
  std::vector<std::size_t> columns_;
  std::size_t row_ = 0;
};

}  // namespace

bool Definition::operator==(const Definition& other) const {
  return diagnosis == other.diagnosis && criterion == other.criterion && limit == other.limit &&
         sex == other.sex && unless == other.unless && instead_of == other.instead_of;
}

Json DefinitionsToJson(const std::vector<Definition>& definitions) {
  Json json = Json::array();
  for (const Definition& definition : definitions) {
    Json sex;
    if (definition.sex) sex = record::NameOf(*definition.sex);
    json.push_back({{"class", definition.diagnosis},
                    {"criterion", dsp::CriterionNames().NameOf(definition.criterion)},
                    {"limit", definition.limit},
                    {"sex", std::move(sex)},
                    {"unless", definition.unless},
                    {"instead_of", definition.instead_of}});
  }
  return json;
}

bool ReadDefinitions(const Json& json, std::vector<Definition>& definitions) {
  if (!json.is_array() || json.size() > kMost) return false;
  return std::all_of(json.begin(), json.end(), [&](const Json& item) {
    return ReadDefinition(item, definitions.emplace_back());
  });
}

Result<std::vector<Definition>> ReadDefinitionTable(std::string_view text,
                                                    const std::string& file) {
  const Result<CsvTable> table = CsvTable::Parse(text, file);
  if (!table.ok()) return table.error();
  return TableReader(*table, file).Read();
}

const std::vector<Definition>& GuidelineDefinitions() {
  static const std::vector<Definition> all =
      ReadDefinitionTable(challenge::TableText(kTable), kTable).value();
  return all;
}

}  // namespace ecg::model
