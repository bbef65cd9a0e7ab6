// An enum's values and their names, told once: for settings, command lines, files and reports.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ecg {

template <typename Enum>
class EnumTable {
 public:
  EnumTable(std::initializer_list<std::pair<std::string, Enum>> rows) : rows_(rows) {}

  std::optional<Enum> Find(std::string_view name) const {
    for (const auto& row : rows_) {
      if (row.first == name) return row.second;
    }
    return std::nullopt;
  }

  // The first name of a value; empty where it has none.
  std::string NameOf(Enum value) const {
    for (const auto& row : rows_) {
      if (row.second == value) return row.first;
    }
    return {};
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& row : rows_) names.push_back(row.first);
    return names;
  }

 private:
  std::vector<std::pair<std::string, Enum>> rows_;
};

}  // namespace ecg
