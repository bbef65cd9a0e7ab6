#include <algorithm>

#include "ecg/core/settings.h"
#include "ecg/core/text.h"

namespace ecg {
namespace {

// A word as JSON; what is not JSON is a text, and so is everything but a JSON string for a setting
// that holds text.
Json ToJsonValue(const std::string& word, bool is_text) {
  Result<JsonDocument> json = ParseJson(word, {});
  if (!json.ok() || (is_text && !json->root.is_string())) return word;
  return std::move(json->root);
}

// A value in a message, which one line must hold.
std::string Shown(const Json& value) {
  constexpr std::size_t kMaxBytes = 100;
  std::string text = DumpJsonLine(value);
  if (text.size() <= kMaxBytes) return text;
  std::size_t cut = kMaxBytes;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80)
    --cut;  // in a character
  return text.substr(0, cut) + "...";
}

// The sections that a name lies in: "a" and "a.b" of "a.b.c".
std::vector<std::string> SectionsOf(const std::string& name) {
  std::vector<std::string> sections;
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    sections.push_back(name.substr(0, dot));
  }
  return sections;
}

}  // namespace

const Settings::Entry* Settings::Find(const std::string& name) const {
  for (const Entry& entry : entries_) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

// Empty where there is no such section.
std::vector<std::string> Settings::NamesIn(const std::string& section) const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) {
    if (IsIn(entry.name, section)) names.push_back(entry.name);
  }
  return names;
}

Error Settings::NoSuchSetting(const std::string& name, const std::string& file,
                              std::size_t line) const {
  std::vector<std::string> known;
  for (const Entry& entry : entries_) {
    known.push_back(entry.name);
    for (std::string& section : SectionsOf(entry.name)) known.push_back(std::move(section));
  }
  const std::optional<std::string> nearest = NearestOf(name, known);
  return UsageError("no such setting" + (nearest ? "; did you mean " + *nearest + "?" : ""), file,
                    line, name);
}

Status Settings::Set(const std::string& name, const Json& value, const std::string& file,
                     std::size_t line) {
  if (const Entry* entry = Find(name)) {
    if (entry->set(value)) return {};
    return UsageError(
        Shown(value) + " has the wrong kind or is out of bounds; expected: " + entry->kind, file,
        line, name);
  }
  if (const std::vector<std::string> names = NamesIn(name); !names.empty()) {
    return UsageError("is a section, which holds " + Join(names, ", "), file, line, name);
  }
  return NoSuchSetting(name, file, line);
}

Status Settings::ApplyObject(const std::string& prefix, const Json& object,
                             const JsonDocument& document) {
  for (const auto& [key, value] : object.items()) {
    const std::string name = prefix + key;
    const bool is_section = value.is_object() && !NamesIn(name).empty();
    Status status = is_section ? ApplyObject(name + ".", value, document)
                               : Set(name, value, document.file, document.LineOf(name));
    if (!status.ok()) return status;
  }
  return {};
}

Status Settings::Check() { return Apply({ToJson(), {}, {}}); }

Status Settings::Apply(const JsonDocument& document) {
  if (!document.root.is_object()) return UsageError("must be a JSON object", document.file, 1);
  return ApplyObject("", document.root, document);
}

Status Settings::ApplyAssignment(const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos) {
    return UsageError("must have the form name=value", "--set", 0, assignment);
  }
  const std::string name(Trim(std::string_view(assignment).substr(0, equals)));
  const Entry* entry = Find(name);
  const bool is_text = entry != nullptr && entry->holds_text && !entry->is_list;
  return Set(name, ToJsonValue(assignment.substr(equals + 1), is_text), "--set", 0);
}

Status Settings::ApplyWords(const std::string& name, const std::vector<std::string>& words,
                            const std::string& source) {
  const Entry* entry = Find(name);
  if (entry == nullptr) return NoSuchSetting(name, source, 0);
  Json values = Json::array();
  for (const std::string& word : words) values.push_back(ToJsonValue(word, entry->holds_text));
  if (entry->is_list) return Set(name, values, source, 0);
  if (words.size() != 1) return UsageError("takes one value", source, 0, name);
  return Set(name, values.front(), source, 0);
}

Settings::Description Settings::Describe(const std::string& name) const {
  const Entry* entry = Find(name);
  if (entry == nullptr) throw Exception({ErrorKind::kInternal, "no such setting", {}, 0, name});
  return {entry->text, entry->kind, entry->get()};
}

Json Settings::ToJson() const {
  Json root = Json::object();
  for (const Entry& entry : entries_) {
    Json* node = &root;
    for (const std::string_view part : Split(entry.name, '.')) node = &(*node)[std::string(part)];
    *node = entry.get();
  }
  return root;
}

std::string Settings::Help() const {
  std::string help;
  for (const Entry& entry : entries_) {
    help += entry.name + " = " + DumpJsonLine(entry.get()) + "\n    " + entry.text + "\n    (" +
            entry.kind + ")\n";
  }
  return help;
}

}  // namespace ecg
