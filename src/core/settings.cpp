#include "ecg/core/settings.h"

#include <cmath>
#include <cstdint>

#include "ecg/core/text.h"

namespace ecg {
namespace {

std::string Within(const std::string& kind, Settings::Bounds bounds) {
  std::string text = kind;
  if (std::isfinite(bounds.low)) text += " from " + FormatDouble(bounds.low);
  if (std::isfinite(bounds.high)) text += " to " + FormatDouble(bounds.high);
  return text;
}

bool IsInt(const Json& json, Settings::Bounds bounds) {
  if (!json.is_number_integer()) return false;
  const auto value = json.get<double>();
  return value >= bounds.low && value <= bounds.high && value >= std::numeric_limits<int>::min() &&
         value <= std::numeric_limits<int>::max();
}

bool IsListOf(const Json& json, const std::function<bool(const Json&)>& accepts) {
  if (!json.is_array()) return false;
  for (const Json& item : json) {
    if (!accepts(item)) return false;
  }
  return true;
}

// Binds a setting whose value is taken over whole once `accepts` says yes.
template <typename T>
std::function<std::string(const Json&)> Setter(T& target,
                                               std::function<bool(const Json&)> accepts) {
  return [&target, accepts = std::move(accepts)](const Json& json) -> std::string {
    if (!accepts(json)) return "has the wrong kind or is out of bounds";
    target = json.get<T>();
    return {};
  };
}

template <typename T>
std::function<Json()> Getter(const T& target) {
  return [&target] { return Json(target); };
}

Json& Descend(Json& root, const std::string& dotted) {
  Json* node = &root;
  for (const std::string_view part : Split(dotted, '.')) node = &(*node)[std::string(part)];
  return *node;
}

}  // namespace

void Settings::AddEntry(const std::string& name, const std::string& text, const std::string& kind,
                        std::function<Json()> get, std::function<std::string(const Json&)> set) {
  entries_.push_back({name, text, kind, std::move(get), std::move(set)});
}

std::string Settings::OneOf(const std::vector<std::string>& names) { return Join(names, " | "); }

void Settings::Add(const std::string& name, bool& target, const std::string& text) {
  AddEntry(name, text, "true | false", Getter(target),
           Setter(target, [](const Json& json) { return json.is_boolean(); }));
}

void Settings::Add(const std::string& name, int& target, const std::string& text, Bounds bounds) {
  AddEntry(name, text, Within("whole number", bounds), Getter(target),
           Setter(target, [bounds](const Json& json) { return IsInt(json, bounds); }));
}

void Settings::Add(const std::string& name, double& target, const std::string& text,
                   Bounds bounds) {
  AddEntry(name, text, Within("number", bounds), Getter(target),
           Setter(target, [bounds](const Json& json) {
             return json.is_number() && json.get<double>() >= bounds.low &&
                    json.get<double>() <= bounds.high;
           }));
}

void Settings::Add(const std::string& name, std::string& target, const std::string& text) {
  AddEntry(name, text, "text", Getter(target),
           Setter(target, [](const Json& json) { return json.is_string(); }));
}

void Settings::Add(const std::string& name, std::vector<std::string>& target,
                   const std::string& text) {
  AddEntry(name, text, "list of texts", Getter(target), Setter(target, [](const Json& json) {
             return IsListOf(json, [](const Json& item) { return item.is_string(); });
           }));
}

void Settings::Add(const std::string& name, std::vector<int>& target, const std::string& text,
                   Bounds bounds) {
  AddEntry(name, text, Within("list of whole numbers", bounds), Getter(target),
           Setter(target, [bounds](const Json& json) {
             return IsListOf(json, [bounds](const Json& item) { return IsInt(item, bounds); });
           }));
}

Status Settings::Set(const std::string& name, const Json& value, const std::string& file,
                     std::size_t line) {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) {
    if (entry.name == name) {
      const std::string problem = entry.set(value);
      if (problem.empty()) return {};
      return UsageError(value.dump() + " " + problem + "; expected: " + entry.kind, file, line,
                        name);
    }
    names.push_back(entry.name);
  }
  const std::optional<std::string> nearest = NearestOf(name, names);
  return UsageError("no such setting" + (nearest ? "; did you mean " + *nearest + "?" : ""), file,
                    line, name);
}

Status Settings::Apply(const JsonDocument& document) {
  if (!document.root.is_object()) return UsageError("must be a JSON object", document.file, 1);
  const std::function<Status(const std::string&, const Json&)> walk =
      [&](const std::string& prefix, const Json& object) -> Status {
    for (const auto& [key, value] : object.items()) {
      const std::string name = prefix + key;
      Status status = value.is_object() ? walk(name + ".", value)
                                        : Set(name, value, document.file, document.LineOf(name));
      if (!status.ok()) return status;
    }
    return {};
  };
  return walk("", document.root);
}

Status Settings::ApplyAssignment(const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos) {
    return UsageError("must have the form name=value", "--set", 0, assignment);
  }
  const std::string name(Trim(std::string_view(assignment).substr(0, equals)));
  const std::string text = assignment.substr(equals + 1);
  Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) value = text;
  return Set(name, value, "--set", 0);
}

Json Settings::ToJson() const {
  Json root = Json::object();
  for (const Entry& entry : entries_) Descend(root, entry.name) = entry.get();
  return root;
}

std::string Settings::Help() const {
  std::string help;
  for (const Entry& entry : entries_) {
    help += entry.name + " = " + entry.get().dump() + "\n    " + entry.text + "\n    (" +
            entry.kind + ")\n";
  }
  return help;
}

}  // namespace ecg
