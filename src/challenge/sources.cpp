#include "ecg/challenge/sources.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "ecg/core/text.h"
#include "src/challenge/table_rows.h"
#include "src/challenge/tables.h"

namespace ecg::challenge {
namespace {

constexpr std::array<std::string_view, 4> kColumns = {"source", "prefix", "first_number",
                                                      "last_number"};

Result<SourceRule> ParseRule(const TableRow& row, const std::string& file) {
  if (row.cells.size() != kColumns.size()) {
    return InputError("has " + Counted(row.cells.size(), "cell") + " instead of " +
                          std::to_string(kColumns.size()),
                      file, row.line);
  }
  const auto error = [&](std::size_t column, const std::string& message) {
    return InputError(message + ", is \"" + std::string(row.cells[column]) + "\"", file, row.line,
                      std::string(kColumns[column]));
  };
  SourceRule rule{std::string(row.cells[0]), std::string(row.cells[1])};
  if (rule.source.empty()) return error(0, "must name the source");
  const std::optional<std::int64_t> first = ParseInt(row.cells[2]), last = ParseInt(row.cells[3]);
  if (!first || *first < 0) return error(2, "must be a number from 0 on");
  rule.first_number = *first;
  rule.last_number = std::numeric_limits<std::int64_t>::max();
  if (row.cells[3] == "*") return rule;
  if (!last || *last < *first) return error(3, "must be * or a number from the first one on");
  rule.last_number = *last;
  return rule;
}

// Letters and digits alone, in lower case.
std::string KeyOf(std::string_view name) {
  std::string key = ToLower(name);
  const auto is_other = [](char c) { return !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'); };
  key.erase(std::remove_if(key.begin(), key.end(), is_other), key.end());
  return key;
}

}  // namespace

std::string CanonicalSource(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
      {"cpsc2018", "CPSC"},
      {"cpsc2018extra", "CPSC_Extra"},
      {"stpetersburg", "INCART"},
      {"stpetersburgincart", "INCART"}};
  const std::string key = KeyOf(name);
  for (const auto& [other, source] : kOtherNames) {
    if (key == other) return std::string(source);
  }
  for (const SourceRule& rule : DefaultSourceRules()) {
    if (key == KeyOf(rule.source)) return rule.source;
  }
  return std::string(name);
}

Result<std::vector<SourceRule>> ParseSourceRules(std::string_view text, const std::string& file) {
  const std::vector<TableRow> rows = RowsOf(text);
  if (rows.empty() ||
      !std::equal(kColumns.begin(), kColumns.end(), rows[0].cells.begin(), rows[0].cells.end())) {
    return InputError("the first line must be source,prefix,first_number,last_number", file, 1);
  }
  std::vector<SourceRule> rules;
  for (std::size_t r = 1; r < rows.size(); ++r) {
    Result<SourceRule> rule = ParseRule(rows[r], file);
    if (!rule) return rule.error();
    rules.push_back(std::move(*rule));
  }
  return rules;
}

const std::vector<SourceRule>& DefaultSourceRules() {
  static const std::vector<SourceRule> rules =
      ParseSourceRules(TableText("sources.csv"), "sources.csv").value();
  return rules;
}

std::string SourceOfRecord(std::string_view record_name, const std::vector<SourceRule>& rules) {
  for (const SourceRule& rule : rules) {
    if (record_name.substr(0, rule.prefix.size()) != rule.prefix) continue;
    const std::string_view digits = record_name.substr(rule.prefix.size());
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
      continue;
    const std::optional<std::int64_t> number = ParseInt(digits);
    if (number && *number >= rule.first_number && *number <= rule.last_number) return rule.source;
  }
  return {};
}

std::string ResolveSource(std::string_view stated, std::string_view record_name,
                          const std::vector<SourceRule>& rules) {
  return stated.empty() ? SourceOfRecord(record_name, rules) : CanonicalSource(stated);
}

}  // namespace ecg::challenge
