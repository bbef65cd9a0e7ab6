// Settings with a name, a default, bounds and a text, all said in one place: where the setting is.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/result.h"

namespace ecg {

// Settings bound to the members of a struct. Values come from JSON objects whose keys nest as the
// dots in the names do; the struct's initial values are the defaults.
class Settings {
 public:
  struct Bounds {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
  };

  void Add(const std::string& name, bool& target, const std::string& text);
  void Add(const std::string& name, int& target, const std::string& text, Bounds bounds);
  void Add(const std::string& name, double& target, const std::string& text, Bounds bounds);
  void Add(const std::string& name, std::string& target, const std::string& text);
  void Add(const std::string& name, std::vector<std::string>& target, const std::string& text);
  void Add(const std::string& name, std::vector<int>& target, const std::string& text,
           Bounds bounds);

  // One of some named values.
  template <typename Enum>
  void Add(const std::string& name, Enum& target, const std::string& text,
           std::vector<std::pair<std::string, Enum>> values) {
    std::vector<std::string> names;
    for (const auto& value : values) names.push_back(value.first);
    const auto get = [&target, values]() -> Json {
      for (const auto& value : values) {
        if (value.second == target) return value.first;
      }
      return nullptr;
    };
    const auto set = [&target, values](const Json& json) -> std::string {
      for (const auto& value : values) {
        if (json == value.first) {
          target = value.second;
          return {};
        }
      }
      return "is none of the values";
    };
    AddEntry(name, text, OneOf(names), get, set);
  }

  // Sets what `json` names. An unknown name is an error that suggests the nearest one.
  Status Apply(const JsonDocument& json);

  // Sets one from "name=value"; the value is JSON, or a text as it stands.
  Status ApplyAssignment(const std::string& assignment);

  // Every setting with its present value, nested.
  Json ToJson() const;

  // A text for people: name, kind, present value and meaning of each setting.
  std::string Help() const;

 private:
  struct Entry {
    std::string name;
    std::string text;
    std::string kind;  // as in "number from 0 to 1"
    std::function<Json()> get;
    // Empty on success, else what is wrong with the value.
    std::function<std::string(const Json&)> set;
  };

  void AddEntry(const std::string& name, const std::string& text, const std::string& kind,
                std::function<Json()> get, std::function<std::string(const Json&)> set);
  static std::string OneOf(const std::vector<std::string>& names);
  Status Set(const std::string& name, const Json& value, const std::string& file, std::size_t line);

  std::vector<Entry> entries_;
};

}  // namespace ecg
