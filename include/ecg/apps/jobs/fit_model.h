// A model asked about labelled recordings, and copies of it that decide otherwise.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/core/result.h"
#include "ecg/core/stop_token.h"
#include "ecg/data/labels/statement_labels.h"
#include "ecg/data/records/failed_record.h"
#include "ecg/data/records/record_selection.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/fit_point.h"
#include "ecg/infer/predictor.h"
#include "ecg/model/decision.h"

namespace ecg::jobs {

struct AskLabelledConfig {
  infer::PredictConfig predict;
  std::string lead_set;              // as PredictFolderConfig has it; empty: all leads
  std::filesystem::path labels;      // a table (data/labels/label_table.h); empty: the files' own
  data::StatementConfig statements;  // whether statements are labels, in files and tables alike
  data::RecordSelection records;
};

struct LabelledFolder {
  infer::LabelledAnswers answers;
  std::vector<std::size_t> examples;       // [classes]
  std::size_t unlabelled = 0;              // recordings of which no diagnosis is told
  std::size_t said_only = 0;               // of them: whose statements would tell one
  std::vector<data::FailedRecord> failed;  // that could not be read, or show no heart
  bool stopped = false;
};

// Asks the general group of an ensemble about recordings whose diagnoses their files or a table
// tell. A recording of which none is told at all takes no part; one whose diagnoses are not among
// the model's classes does. Throws Exception where SelectRecords or the table fails, and (kInput)
// where no recording is left.
LabelledFolder AskLabelled(const infer::Ensemble& ensemble, const data::RecordInputs& inputs,
                           const AskLabelledConfig& config, ProgressSink& progress,
                           const StopToken& stop = {});

// How a copy of a model decides.
struct NewPoint {
  model::Decision decision;  // with the name that it gets
  bool beside = false;       // what the model decides by now stays what counts
  // What that is called from now on, where it has no name yet, and what is said of it.
  std::string usual = "original";
  std::string usual_about;
};

// Writes a copy of the model in `from`, bundle or ensemble, with one operating point more, or
// another one under a name that is there already. `to` must not be there yet. An error: a name that
// cannot be one, a model that cannot be read, and a folder that cannot be written.
Status WriteWithPoint(const std::filesystem::path& from, const std::filesystem::path& to,
                      const NewPoint& point);

}  // namespace ecg::jobs
