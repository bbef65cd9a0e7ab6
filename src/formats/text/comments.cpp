#include "src/formats/text/comments.h"

#include <algorithm>
#include <string_view>

#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "ecg/record/info_lines.h"

namespace ecg::text {
namespace {

constexpr std::size_t kMostStatements = 1000;

bool IsOneOf(const std::string& key, std::initializer_list<std::string_view> keys) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

void ReadLine(std::string_view comment, Said& said) {
  const std::size_t mark = comment.find_first_of(":=");
  if (mark == std::string_view::npos) return;
  const std::string key = ToLower(Trim(comment.substr(0, mark)));
  const std::size_t begin = comment.find_first_not_of(":= ", mark);
  if (begin == std::string_view::npos) return;
  const std::string_view value = Trim(comment.substr(begin));
  if (IsOneOf(key, {"sampling rate (hz)", "sampling rate", "sampling_rate", "sample rate",
                    "samplerate", "fs", "sampling frequency", "frequency"})) {
    const std::vector<std::string_view> words = SplitWords(value);
    if (const auto rate = ParseDecimal(words.front()); rate && *rate > 0) {
      said.sampling_rate = *rate;
    }
  } else if (IsOneOf(key, {"units", "unit"})) {
    said.units = std::string(value);
  } else if (IsOneOf(key, {"labels", "leads"})) {
    const char separator = value.find('\t') != std::string_view::npos ? '\t' : ',';
    for (const std::string_view name : Split(value, separator)) {
      said.names.emplace_back(Trim(name));
    }
  } else if (key == "statement" && said.info.statements.size() < kMostStatements) {
    said.info.statements.emplace_back(value);
  } else {
    record::ReadInfoLine({Trim(comment.substr(0, mark)), value}, said.info);
  }
}

std::vector<std::string> Texts(const Json& object, const char* key) {
  std::vector<std::string> texts;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return texts;
  for (const Json& item : *found) texts.push_back(item.is_string() ? item.get<std::string>() : "");
  return texts;
}

// {"mac address": {"column": [...], "label": [...], "sampling rate": 1000, ...}}; of several
// devices the columns follow each other.
void ReadOpenSignals(std::string_view comment, Said& said) {
  const Result<JsonDocument> json = ParseJson(comment, "comment");
  if (!json.ok() || !json->root.is_object()) return;
  for (const auto& [address, device] : json->root.items()) {
    if (!device.is_object()) continue;
    const std::vector<std::string> columns = Texts(device, "column"),
                                   labels = Texts(device, "label");
    said.names.insert(said.names.end(), columns.begin(), columns.end());
    said.signals.insert(said.signals.end(), labels.begin(), labels.end());
    const auto rate = device.find("sampling rate");
    if (rate != device.end() && rate->is_number()) said.sampling_rate = rate->get<double>();
    const auto name = device.find("device");
    if (name != device.end() && name->is_string())
      said.info.acquisition.device = name->get<std::string>();
  }
}

}  // namespace

Said ReadComments(const std::vector<std::string>& comments) {
  Said said;
  for (const std::string& comment : comments) {
    if (!comment.empty() && comment.front() == '{') {
      ReadOpenSignals(comment, said);
    } else {
      ReadLine(comment, said);
    }
  }
  return said;
}

}  // namespace ecg::text
