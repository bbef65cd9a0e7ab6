#include "ecg/core/settings.h"

#include <algorithm>

#include "ecg/core/text.h"

namespace ecg {
namespace {

std::string Text(double value) { return FormatDouble(value); }
template <typename Int>
std::string Text(Int value) {
  return std::to_string(value);
}

// "whole number" -> "whole number from 1 to 9".
template <typename T>
std::string Within(const std::string& kind, SettingBounds<T> bounds) {
  const SettingBounds<T> widest;
  std::string text = kind;
  if (bounds.low > widest.low) text += " from " + Text(bounds.low);
  if (bounds.high < widest.high) {
    text += (bounds.low > widest.low ? " to " : " up to ") + Text(bounds.high);
  }
  return text;
}

std::string ListOf(const std::string& items, SettingBounds<std::size_t> length) {
  const std::string bounds = Within("", length);
  return "list of " + items + (bounds.empty() ? "" : ", length" + bounds);
}

template <typename T>
bool Holds(SettingBounds<T> bounds, T value) {
  return value >= bounds.low && value <= bounds.high;
}

// The number as it stands in JSON, where the type can hold it.
template <typename T>
std::optional<T> ToNumber(const Json& json) {
  if constexpr (std::is_floating_point_v<T>) {
    if (json.is_number()) return json.get<T>();
  } else if (json.is_number_integer()) {
    const auto as_signed = json.get<std::int64_t>();
    if (!json.is_number_unsigned() && as_signed < 0) {
      if (std::is_signed_v<T> && as_signed >= static_cast<std::int64_t>(SettingBounds<T>{}.low))
        return static_cast<T>(as_signed);
    } else if (const auto value = json.get<std::uint64_t>();
               value <= static_cast<std::uint64_t>(SettingBounds<T>{}.high)) {
      return static_cast<T>(value);
    }
  }
  return std::nullopt;
}

template <typename T>
bool SetNumber(const Json& json, SettingBounds<T> bounds, T& target) {
  const std::optional<T> value = ToNumber<T>(json);
  if (!value || !Holds(bounds, *value)) return false;
  target = *value;
  return true;
}

// Takes a list over once every item and their number fit.
template <typename T>
bool SetList(const Json& json, SettingBounds<std::size_t> length,
             const std::function<bool(const Json&, T&)>& set_item, std::vector<T>& target) {
  if (!json.is_array() || !Holds(length, json.size())) return false;
  std::vector<T> values;
  for (const Json& item : json) {
    if (!set_item(item, values.emplace_back())) return false;
  }
  target = std::move(values);
  return true;
}

bool SetText(const Json& json, std::string& target) {
  if (json.is_string()) target = json.get_ref<const std::string&>();
  return json.is_string();
}

template <typename T>
std::function<Json()> Getter(const T& target) {
  return [&target] { return Json(target); };
}

}  // namespace

bool Settings::IsIn(const std::string& name, const std::string& section) {
  return name.size() > section.size() && name[section.size()] == '.' &&
         name.compare(0, section.size(), section) == 0;
}

Settings& Settings::AddEntry(Entry entry) {
  for (const Entry& other : entries_) {
    if (other.name == entry.name || IsIn(other.name, entry.name) || IsIn(entry.name, other.name)) {
      throw Exception(
          {ErrorKind::kInternal, "declared beside " + other.name, {}, 0, std::move(entry.name)});
    }
  }
  entries_.push_back(std::move(entry));
  return *this;
}

Settings& Settings::MayChange() {
  entries_.back().may_change = true;
  return *this;
}

std::vector<std::string> Settings::NamesThatMayChange() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) {
    if (entry.may_change) names.push_back(entry.name);
  }
  return names;
}

std::string Settings::OneOf(const std::vector<std::string>& names) { return Join(names, " | "); }

template <typename T>
Settings& Settings::AddNumber(const std::string& name, T& target, const std::string& text,
                              SettingBounds<T> bounds) {
  Entry entry{name, text, Within(std::is_floating_point_v<T> ? "number" : "whole number", bounds)};
  entry.get = Getter(target);
  entry.set = [&target, bounds](const Json& json) { return SetNumber(json, bounds, target); };
  return AddEntry(std::move(entry));
}

template <typename T>
Settings& Settings::AddOptional(const std::string& name, std::optional<T>& target,
                                const std::string& text, SettingBounds<T> bounds) {
  const std::string number = std::is_floating_point_v<T> ? "number" : "whole number";
  Entry entry{name, text, Within(number, bounds) + ", or null"};
  entry.get = [&target] { return target ? Json(*target) : Json(); };
  entry.set = [&target, bounds](const Json& json) {
    T value{};
    if (!json.is_null() && !SetNumber(json, bounds, value)) return false;
    target = json.is_null() ? std::nullopt : std::optional<T>(value);
    return true;
  };
  return AddEntry(std::move(entry));
}

Settings& Settings::Add(const std::string& name, bool& target, const std::string& text) {
  Entry entry{name, text, "true | false"};
  entry.get = Getter(target);
  entry.set = [&target](const Json& json) {
    if (json.is_boolean()) target = json.get<bool>();
    return json.is_boolean();
  };
  return AddEntry(std::move(entry));
}

Settings& Settings::Add(const std::string& name, int& target, const std::string& text,
                        SettingBounds<int> bounds) {
  return AddNumber(name, target, text, bounds);
}

Settings& Settings::Add(const std::string& name, std::int64_t& target, const std::string& text,
                        SettingBounds<std::int64_t> bounds) {
  return AddNumber(name, target, text, bounds);
}

Settings& Settings::Add(const std::string& name, std::uint64_t& target, const std::string& text,
                        SettingBounds<std::uint64_t> bounds) {
  return AddNumber(name, target, text, bounds);
}

Settings& Settings::Add(const std::string& name, double& target, const std::string& text,
                        SettingBounds<double> bounds) {
  return AddNumber(name, target, text, bounds);
}

Settings& Settings::Add(const std::string& name, std::optional<int>& target,
                        const std::string& text, SettingBounds<int> bounds) {
  return AddOptional(name, target, text, bounds);
}

Settings& Settings::Add(const std::string& name, std::optional<double>& target,
                        const std::string& text, SettingBounds<double> bounds) {
  return AddOptional(name, target, text, bounds);
}

Settings& Settings::Add(const std::string& name, std::string& target, const std::string& text) {
  Entry entry{name, text, "text"};
  entry.holds_text = true;
  entry.get = Getter(target);
  entry.set = [&target](const Json& json) { return SetText(json, target); };
  return AddEntry(std::move(entry));
}

Settings& Settings::Add(const std::string& name, std::vector<std::string>& target,
                        const std::string& text, SettingBounds<std::size_t> length) {
  Entry entry{name, text, ListOf("texts", length)};
  entry.holds_text = entry.is_list = true;
  entry.get = Getter(target);
  entry.set = [&target, length](const Json& json) {
    return SetList<std::string>(json, length, SetText, target);
  };
  return AddEntry(std::move(entry));
}

Settings& Settings::Add(const std::string& name, std::vector<int>& target, const std::string& text,
                        SettingBounds<int> bounds, SettingBounds<std::size_t> length) {
  Entry entry{name, text, ListOf(Within("whole numbers", bounds), length)};
  entry.is_list = true;
  entry.get = Getter(target);
  entry.set = [&target, bounds, length](const Json& json) {
    const auto set = [bounds](const Json& item, int& value) {
      return SetNumber(item, bounds, value);
    };
    return SetList<int>(json, length, set, target);
  };
  return AddEntry(std::move(entry));
}

}  // namespace ecg
