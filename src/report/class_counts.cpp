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

}  // namespace ecg::report
