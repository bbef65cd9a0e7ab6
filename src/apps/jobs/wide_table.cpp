#include "src/apps/jobs/wide_table.h"

#include "ecg/core/csv.h"
#include "ecg/core/text.h"

namespace ecg::jobs {
namespace {

bool HasSpread(const infer::Ensemble& ensemble) {
  return ensemble.general.members.size() > 1 ||
         (ensemble.route && ensemble.route->specialists.members.size() > 1);
}

std::string Cell(float value) { return FormatDouble(static_cast<double>(value)); }

}  // namespace

WideTable::WideTable(const std::filesystem::path& path, const infer::Ensemble& ensemble)
    : routes_(ensemble.route.has_value()),
      vetoes_(ensemble.bradycardia_veto),
      spreads_(HasSpread(ensemble)),
      file_(path) {
  std::vector<std::string> cells = {"record", "flags", "uncertainty"};
  if (routes_) cells.insert(cells.end(), {"group", "source_probability"});
  if (vetoes_) cells.push_back("may_be_bradycardia");
  for (const char* ending : {"_decision", "", "_sd"}) {
    if (!spreads_ && std::string(ending) == "_sd") continue;
    for (const auto& entry : ensemble.classes()) cells.push_back(entry.abbreviation + ending);
  }
  WriteRow(cells);
}

void WideTable::Add(const std::string& record, const infer::RecordAnswer& answer) {
  std::vector<std::string> cells = {record, Join(infer::FlagsOf(answer), "; "),
                                    Cell(answer.uncertainty)};
  if (routes_) {
    cells.push_back(answer.by_specialists ? "specialists" : "general");
    cells.push_back(Cell(answer.source_probability));
  }
  if (vetoes_) cells.push_back(answer.may_be_bradycardia ? "1" : "0");
  for (const std::uint8_t decision : answer.decisions) cells.push_back(decision != 0 ? "1" : "0");
  for (const float value : answer.probabilities) cells.push_back(Cell(value));
  if (spreads_) {
    for (const float value : answer.spread) cells.push_back(Cell(value));
  }
  WriteRow(cells);
}

void WideTable::WriteRow(const std::vector<std::string>& cells) {
  file_.Write(CsvLine(cells) + '\n');
}

}  // namespace ecg::jobs
