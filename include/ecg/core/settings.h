// Settings with a name, a default, bounds and a text, all said in one place: where the setting is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "ecg/core/enum_table.h"
#include "ecg/core/json.h"
#include "ecg/core/result.h"

namespace ecg {

// Both ends are allowed. The default is what the type can hold.
template <typename T>
struct SettingBounds {
  using Limits = std::numeric_limits<T>;
  T low = Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
  T high = Limits::has_infinity ? Limits::infinity() : Limits::max();
};

// Settings bound to the members of a struct, which must outlive them. Values come from JSON objects
// whose keys nest as the dots in the names do, from "name=value", or from the words of a command
// line; the struct's initial values are the defaults.
class Settings {
 public:
  // `name` may be declared only once, and may not be the section of another (as "a" beside "a.b"):
  // Exception (kInternal).
  Settings& Add(const std::string& name, bool& target, const std::string& text);
  Settings& Add(const std::string& name, int& target, const std::string& text,
                SettingBounds<int> bounds);
  Settings& Add(const std::string& name, std::int64_t& target, const std::string& text,
                SettingBounds<std::int64_t> bounds);
  Settings& Add(const std::string& name, std::uint64_t& target, const std::string& text,
                SettingBounds<std::uint64_t> bounds);
  Settings& Add(const std::string& name, double& target, const std::string& text,
                SettingBounds<double> bounds);
  // null = none.
  Settings& Add(const std::string& name, std::optional<int>& target, const std::string& text,
                SettingBounds<int> bounds);
  Settings& Add(const std::string& name, std::optional<double>& target, const std::string& text,
                SettingBounds<double> bounds);
  Settings& Add(const std::string& name, std::string& target, const std::string& text);
  Settings& Add(const std::string& name, std::vector<std::string>& target, const std::string& text,
                SettingBounds<std::size_t> length = {});
  Settings& Add(const std::string& name, std::vector<int>& target, const std::string& text,
                SettingBounds<int> bounds, SettingBounds<std::size_t> length = {});

  // One of some named values.
  template <typename Enum, typename = std::enable_if_t<std::is_enum_v<Enum>>>
  Settings& Add(const std::string& name, Enum& target, const std::string& text,
                EnumTable<Enum> values) {
    Entry entry{name, text, OneOf(values.Names())};
    entry.holds_text = true;
    entry.get = [&target, values]() -> Json { return values.NameOf(target); };
    entry.set = [&target, values](const Json& json) {
      if (!json.is_string()) return false;
      const std::optional<Enum> value = values.Find(json.template get_ref<const std::string&>());
      if (value) target = *value;
      return value.has_value();
    };
    return AddEntry(std::move(entry));
  }

  // Says of the setting that was declared last that it may differ when work goes on that was begun
  // with other values: it changes nothing of what is computed, or only what comes at the end.
  Settings& MayChange();

  // Sets what `json` names. An unknown name, of a section too, is an error that suggests the
  // nearest one; errors (kUsage) name file, line and setting. Those before it have been set.
  Status Apply(const JsonDocument& json);

  // Sets one from "name=value"; the value is JSON, or a text as it stands. A text setting takes
  // whatever is not a JSON string as it stands, as in name=2024.
  Status ApplyAssignment(const std::string& assignment);

  // Sets one from the words of a command line, each of which is read like the value of an
  // assignment: the items of a list, or else one word. `source` is named in errors.
  Status ApplyWords(const std::string& name, const std::vector<std::string>& words,
                    const std::string& source);

  // Whether the present values are within their bounds, as those of a struct that was filled by
  // hand may not be. Errors as of Apply, without a file.
  Status Check();

  // What a setting says of itself. Throws Exception (kInternal) where there is none of the name.
  struct Description {
    std::string text;
    std::string kind;  // as in "number from 0 to 1"
    Json value;        // at present
    bool may_change = false;
  };
  Description Describe(const std::string& name) const;

  // The names of the settings that may change, in the order of their declaration.
  std::vector<std::string> NamesThatMayChange() const;

  // Every setting with its present value, nested.
  Json ToJson() const;

  // A text for people: name, kind, present value and meaning of each setting.
  std::string Help() const;

 private:
  struct Entry {
    std::string name;
    std::string text;
    std::string kind;
    bool holds_text = false;  // its value, or the items of its list, are texts
    bool is_list = false;
    bool may_change = false;
    std::function<Json()> get = {};
    std::function<bool(const Json&)> set = {};  // false, and nothing set, where it does not fit
  };

  template <typename T>
  Settings& AddNumber(const std::string& name, T& target, const std::string& text,
                      SettingBounds<T> bounds);
  template <typename T>
  Settings& AddOptional(const std::string& name, std::optional<T>& target, const std::string& text,
                        SettingBounds<T> bounds);
  Settings& AddEntry(Entry entry);
  static std::string OneOf(const std::vector<std::string>& names);
  static bool IsIn(const std::string& name, const std::string& section);
  const Entry* Find(const std::string& name) const;
  std::vector<std::string> NamesIn(const std::string& section) const;
  Error NoSuchSetting(const std::string& name, const std::string& file, std::size_t line) const;
  Status ApplyObject(const std::string& prefix, const Json& object, const JsonDocument& document);
  Status Set(const std::string& name, const Json& value, const std::string& file, std::size_t line);

  std::vector<Entry> entries_;
};

}  // namespace ecg
