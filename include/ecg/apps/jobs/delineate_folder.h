// From a folder of records to a folder of annotation files, by signal processing alone.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/core/settings.h"
#include "ecg/data/records/record_index.h"
#include "ecg/dsp/measure/delineate.h"
#include "ecg/score/agreement.h"
#include "ecg/score/wave_score.h"

namespace ecg::jobs {

struct DelineateFolderConfig {
  dsp::Delineator method = dsp::Delineator::kRobust;
  std::vector<std::string> leads;  // to look at; empty: all there are
  bool each_lead = false;          // a file for each lead instead of one for the record
  int threads = 0;                 // 0: as many as there are processors
  bool mend_electrodes = false;    // undo first what looks exchanged (infer::MendElectrodes)
  // File for what is measured in each record, .csv or .jsonl; empty: none. See dsp::Measure.
  std::string intervals;
  // Folder of annotation files that the marks are compared with; empty: none.
  std::string reference;
  std::string reference_ending;  // of their names, as in "atr"; empty: that of what is written
  // Compare what is measured with what the recordings' files state (record/stated_measurements.h).
  bool compare_intervals = false;
  // File, .svg, that the caller will draw that comparison into; empty: none. No input, that is seen
  // to here.
  std::string picture;
};

void DescribeSettings(Settings& settings, const std::string& prefix, DelineateFolderConfig& config);

struct DelineateFolderSummary {
  std::size_t records = 0;
  std::size_t beats = 0;                   // heartbeats of all files
  std::vector<data::FailedRecord> failed;  // sorted by id
  std::size_t unclassifiable = 0;          // of them: read, but they show no heart
  std::filesystem::path failed_list;       // where they are listed
  std::vector<std::string> warnings;
  // Against the reference, where there is one: a recording each that has marks there.
  std::vector<score::WaveTallies> comparison;
  // What was measured in the recordings and is stated by their files, where that is compared; in
  // the order of the recordings. Bazett's QTc stands against one whose formula is not named.
  score::AllMeasuredTwice measured_twice;
  std::size_t stating = 0;  // recordings whose files state any of it
};

// Writes <output>/<id>.peaks for every record of the inputs, mirroring its folders: a WFDB
// annotation file in the record's own frames (see data::AnnotationsOf). With each_lead it is
// <output>/<id>.<lead in lower case>, a file for each lead, in which the robust method marks P and
// T by all leads looked at; a lead's name is made safe by FileNameOf, one that shows nothing has no
// file. Records that cannot be read or show no heart are listed (see OutputFolder). Throws
// Exception where an input holds no record, two leads or records would share a file, the output
// cannot be written, the reference marks no record, or no record's file states a measurement that
// is to be compared.
DelineateFolderSummary DelineateFolder(const data::RecordInputs& inputs,
                                       const std::filesystem::path& output,
                                       const DelineateFolderConfig& config, ProgressSink& progress);

}  // namespace ecg::jobs
