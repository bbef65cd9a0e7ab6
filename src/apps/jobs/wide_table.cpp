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

// The mean variance of the classes' answers. Recordings with two wrong decisions or more had the
// larger one with a probability (AUROC) of .88 on 347 recordings of seven sources that trained
// nothing; the distance of the network's features from those of its training added nothing to it.
float Uncertainty(const std::vector<float>& probabilities) {
  float sum = 0;
  for (const float p : probabilities) sum += p * (1 - p);
  return sum / static_cast<float>(probabilities.size());
}

std::string Flags(const dsp::RecordFaults& faults, bool arms_swapped) {
  std::vector<std::string> flags;
  for (const dsp::LeadFault& found : faults.leads) {
    flags.push_back(found.lead + ' ' + dsp::FaultNames().NameOf(found.fault));
  }
  if (faults.gain) flags.emplace_back("gain?");
  if (arms_swapped) flags.emplace_back("arms swapped?");
  return Join(flags, "; ");
}

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

void WideTable::Add(const std::string& record, const dsp::RecordFaults& faults,
                    const infer::RecordPrediction& prediction,
                    const std::vector<std::uint8_t>& decisions) {
  std::vector<std::string> cells = {record, Flags(faults, prediction.arms_swapped),
                                    Cell(Uncertainty(prediction.probabilities))};
  if (routes_) {
    cells.push_back(prediction.by_specialists ? "specialists" : "general");
    cells.push_back(Cell(prediction.source_probability));
  }
  if (vetoes_) cells.push_back(prediction.may_be_bradycardia ? "1" : "0");
  for (const std::uint8_t decision : decisions) cells.push_back(decision != 0 ? "1" : "0");
  for (const float value : prediction.probabilities) cells.push_back(Cell(value));
  if (spreads_) {
    for (const float value : prediction.spread) cells.push_back(Cell(value));
  }
  WriteRow(cells);
}

void WideTable::WriteRow(const std::vector<std::string>& cells) {
  file_.Write(CsvLine(cells) + '\n');
}

}  // namespace ecg::jobs
