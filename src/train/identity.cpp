#include "src/train/identity.h"

#include <torch/version.h>

#include <algorithm>
#include <utility>

#include "ecg/core/checksum.h"
#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "ecg/core/version.h"
#include "ecg/formats/registry.h"
#include "ecg/record/content.h"

namespace ecg::train {
namespace {

using RecordList = std::vector<const data::RecordEntry*>;

// What each record is: its signals too, which no header need tell.
std::vector<std::string> ContentsOf(const RecordList& records) {
  std::vector<std::string> contents(records.size());
  ParallelFor(records.size(), 0, [&](std::size_t i) {
    const auto file = formats::Open(records[i]->path);
    const auto content = file.ok() ? record::ContentOf(**file) : file.error();
    contents[i] = records[i]->id + '\n' + records[i]->source + '\n' +
                  (content.ok() ? Hexadecimal(*content) : "none") + '\n';
  });
  return contents;
}

void Add(std::string& text, const std::vector<float>& values) {
  for (const float value : values) text += value != 0 ? '1' : '0';
  text += '\n';
}

Json Digest(const std::vector<data::Example>& examples) {
  RecordList records;
  for (const data::Example& example : examples) records.push_back(&example.record);
  const std::vector<std::string> contents = ContentsOf(records);
  std::string text;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    text += contents[i];
    Add(text, examples[i].labels);
    Add(text, examples[i].mask);
  }
  return {{"records", examples.size()}, {"sha256", Sha256(text)}};
}

Json Digest(const LabelledRecords& part) {
  RecordList records;
  for (const data::RecordEntry& record : part.records) records.push_back(&record);
  std::string text;
  for (const std::string& content : ContentsOf(records)) text += content;
  for (const std::uint8_t label : part.labels) text += label != 0 ? '1' : '0';
  return {{"records", part.records.size()}, {"sha256", Sha256(text)}};
}

Json Digest(const model::Task& task) {
  std::string text;
  for (const challenge::DiagnosisClass& entry : task.classes()) {
    text += entry.abbreviation + '\n' + entry.name + '\n' + Join(entry.codes, "|") + '\n';
  }
  for (const double reward : task.class_set().rewards()) text += FormatDouble(reward) + '\n';
  return Sha256(text);
}

// Every value by the names on the way to it, joined with dots; a list is one value.
void Flatten(const std::string& name, const Json& json,
             std::vector<std::pair<std::string, Json>>& values) {
  if (!json.is_object()) {
    values.emplace_back(name, json);
    return;
  }
  for (const auto& [key, value] : json.items()) {
    Flatten(name.empty() ? key : name + "." + key, value, values);
  }
}

}  // namespace

Json DescribeProgram() {
  return {{"version", Version()},
          {"git_revision", GitRevision()},
          {"libtorch", TORCH_VERSION},
          {"compiler", __VERSION__}};
}

Json DescribeIdentity(const Config& config, const model::Task& task, const Dataset& data,
                      const std::string& device, const std::string& precision,
                      const OtherModels& models) {
  Config resolved = config;
  Json settings = Json::object();
  std::vector<std::pair<std::string, Json>> values;
  Flatten("", DescribeSettings(resolved).ToJson(), values);
  const std::vector<std::string> may_change = SettingsThatMayChange();
  for (const auto& [name, value] : values) {
    if (!Contains(may_change, name)) settings[name] = value;
  }
  return {{"program", DescribeProgram()},
          {"device", device},
          {"precision", precision},
          {"settings", std::move(settings)},
          {"classes", Digest(task)},
          {"models", {{"initial", models.initial}, {"teacher", models.teacher}}},
          {"data",
           {{"training", Digest(data.train)},
            {"validation", Digest(data.validation)},
            {"test", Digest(data.test)}}}};
}

std::vector<std::string> SettingsThatMayChange() {
  Config config;
  return DescribeSettings(config).NamesThatMayChange();
}

std::vector<std::string> FindDifferences(const Json& then, const Json& now) {
  const auto flat = [](const Json& identity) {
    std::vector<std::pair<std::string, Json>> values;
    for (const auto& [part, json] : identity.items()) {
      const std::string prefix = part == "settings" ? "" : part;
      Flatten(prefix, json, values);
    }
    return values;
  };
  const auto find = [](const std::vector<std::pair<std::string, Json>>& values,
                       const std::string& name) {
    for (const auto& [other, value] : values) {
      if (other == name) return value.dump();
    }
    return std::string("nothing");
  };
  const auto values_then = flat(then);
  const auto values_now = flat(now);
  std::vector<std::string> differences;
  const auto compare = [&](const std::string& name) {
    const std::string was = find(values_then, name);
    const std::string is = find(values_now, name);
    if (was != is) differences.push_back(name + ": " + was + " then, " + is + " now");
  };
  for (const auto& [name, value] : values_then) compare(name);
  for (const auto& [name, value] : values_now) {
    if (find(values_then, name) == "nothing") compare(name);
  }
  return differences;
}

}  // namespace ecg::train
