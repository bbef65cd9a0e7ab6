// From a folder of records to a folder of challenge CSVs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/core/stop_token.h"
#include "ecg/data/records/record_index.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/predictor.h"

namespace ecg::jobs {

// One table of all predictions, see src/apps/jobs/wide_table.h.
struct WideTableConfig {
  std::filesystem::path path;  // a CSV; empty: no table
  int digits = 0;              // of probabilities, significant ones; 0: as many as there are
  // Whether `diagnoses` names classes that contradict each other (challenge/contradictions.h).
  bool contradictions = false;
};

// Recordings that are worth a person's look, as <output>/choose.csv (src/apps/jobs/choose.h).
struct ChooseConfig {
  std::size_t count = 0;  // 0: no table
  std::uint64_t seed = 1;
};

struct PredictFolderConfig {
  // `keep` follows from lead_set, `quality` and `measure` from table and report.
  infer::PredictConfig predict;
  std::string lead_set;  // use only these leads ("12", "6", "4", "3", "2"); empty: all there are
  int threads = 0;       // that read headers; 0: the processors this process may use
  data::RecordSelection records;  // of the input folder
  bool resume = false;            // leave alone what is there already
  WideTableConfig table;          // of all records besides
  std::filesystem::path report;   // folder for pages besides, index.html first; empty: none
  bool explain_report = true;     // say there what carried each decision
  std::string model;              // what the model is, in a line, for these pages
  ChooseConfig choose;            // not where a run resumes, or does a share of the records
  bool files = true;              // else the table alone
  std::string arithmetic;         // as in "bf16": what else decides the last digits
};

struct PredictFolderSummary {
  std::size_t predicted = 0;
  std::size_t there_before = 0;  // and left alone
  std::size_t made_again = 0;    // although there: of another recording, or not what was written
  bool without_journal = false;  // where resumed: nothing says what was predicted before
  bool stopped = false;          // before all records were done
  std::vector<data::FailedRecord> failed;
  std::size_t unclassifiable = 0;     // of them: read, but nothing can be said
  std::size_t longer_than_hour = 0;   // with one answer from all of their windows all the same
  std::filesystem::path failed_list;  // where they are listed
  std::vector<std::string> warnings;  // what the reader tolerated, by record
};

// Writes <output>/<id>.csv for every record of the inputs, mirroring its folders, and a list of the
// records that failed (see OutputFolder), among them those of which nothing can be said; one
// record's fault stops no other. With predict.wanted.peaks also <output>/<id>.peaks, a WFDB
// annotation file in the record's own frames (see data::AnnotationsOf), with `explain`
// <output>/<id>.why.json. Every file appears whole, so a run that is interrupted, however it ends,
// leaves what it has done, and `resume` does the rest: the records whose files are not those that
// <output>/ecgpredict.journal has written down, or that hold something else than when they were
// predicted. <output>/ecgpredict.json says which model and which leads the files are of:
// predictions made otherwise are never mixed with them, also where two processes begin at once.
//
// With `report` also <report>/<id>.html for every record that can be drawn (see
// report/record_page.h), with what carried each decision, and <report>/index.html with all of them
// (report/folder_page.h), or index-2-of-8.html of a share of them. Pages are resumed as the other
// files are: a record whose page is not there as it was written is predicted again.
// With choose.count also <output>/choose.csv, once all records are done.
//
// Throws Exception where an input holds no record, files would be written among the recordings, the
// output cannot be written or what was written is gone, it holds predictions of another model, or
// peaks are wanted of a model that detects none.
PredictFolderSummary PredictFolder(const infer::Ensemble& ensemble,
                                   const data::RecordInputs& inputs,
                                   const std::filesystem::path& output,
                                   const PredictFolderConfig& config, ProgressSink& progress,
                                   const StopToken& stop = {});

}  // namespace ecg::jobs
