#include "ecg/report/class_counts.h"

#include <utility>
#include <vector>

#include "src/report/text_table.h"

namespace ecg::report {

std::string ClassCountsText(const train::DataSummary& data) {
  std::vector<TextTable::Column> columns = {{"Class", TextTable::Align::kLeft}};
  std::vector<std::string> sources;
  for (const train::SourceSummary& source : data.sources) {
    if (source.train == 0) continue;
    sources.push_back(source.source);
    columns.push_back({source.source.empty() ? "unknown" : source.source});
  }
  for (const char* part : {"Train", "Validation", "Test"}) columns.push_back({part});
  TextTable table(std::move(columns));
  for (const train::ClassSummary& entry : data.classes) {
    std::vector<std::string> cells = {entry.abbreviation};
    for (const std::string& source : sources) {
      const auto found = entry.by_source.find(source);
      const bool trusted = found != entry.by_source.end() && found->second;
      cells.push_back(trusted ? std::to_string(*found->second) : "-");
    }
    for (const std::size_t count : {entry.train, entry.validation, entry.test}) {
      cells.push_back(std::to_string(count));
    }
    table.AddRow(std::move(cells));
  }
  return table.ToString() +
         "Training records with each class, by source; a dash: the source's labels of it are not\n"
         "trusted.\n";
}

std::string CodeCountsText(const train::DataSummary& data) {
  constexpr auto kLeft = TextTable::Align::kLeft;
  std::vector<TextTable::Column> columns = {
      {"Class", kLeft}, {"Code", kLeft}, {"Abbreviation", kLeft}, {"Name", kLeft}, {"Records"}};
  for (const train::SourceSummary& source : data.sources) {
    columns.push_back({source.source.empty() ? "unknown" : source.source});
  }
  TextTable table(std::move(columns));
  for (const train::CodeSummary& entry : data.codes) {
    std::vector<std::string> cells = {entry.taken_as.empty() ? "-" : entry.taken_as, entry.code,
                                      entry.abbreviation, entry.name,
                                      std::to_string(entry.records)};
    for (const train::SourceSummary& source : data.sources) {
      const auto found = entry.by_source.find(source.source);
      cells.push_back(std::to_string(found == entry.by_source.end() ? 0 : found->second));
    }
    table.AddRow(std::move(cells));
  }
  return table.ToString() +
         "All diagnoses of the data, with the class that the task takes each as; a dash: none. A\n"
         "table of the classes that are wanted (abbreviation,codes,name) goes into task.classes.\n";
}

}  // namespace ecg::report
