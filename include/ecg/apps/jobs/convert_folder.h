// From recordings of any format to a folder, or one file, of another.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/core/settings.h"
#include "ecg/core/stop_token.h"
#include "ecg/data/records/record_index.h"
#include "ecg/formats/writers.h"

namespace ecg::jobs {

// What is told of patients besides age, sex and diagnoses.
enum class Disclosure {
  kUsual,      // statements and sources, but no name, code, date or line that may hold one
  kIdentify,   // all that is known
  kAnonymous,  // no free text at all, and files get names of their own
};

struct ConvertConfig {
  formats::Target target = formats::Target::kWfdb16;
  Disclosure disclosure = Disclosure::kUsual;
  // CSV that says which recording became which, "record,original"; with kAnonymous alone. Empty:
  // nobody is told.
  std::filesystem::path mapping;
  data::RecordSelection records;  // of the input folder
  bool resume = false;            // leave alone what is there already
  bool mend_electrodes = false;   // undo what looks exchanged (infer::MendElectrodes)
  int threads = 0;                // 0: the processors this process may use
};

void DescribeSettings(Settings& settings, const std::string& prefix, ConvertConfig& config);

struct ConvertSummary {
  std::size_t converted = 0;
  std::size_t there_before = 0;            // and left alone
  bool stopped = false;                    // before all records were done
  std::vector<data::FailedRecord> failed;  // sorted by id
  std::filesystem::path failed_list;       // where they are listed
  // Of how many recordings what was left out or changed, in words as in "invalid samples are
  // written as 0 mV, since EDF has no mark for them".
  std::map<std::string, std::size_t> lost;
  std::vector<std::string> warnings;  // what the readers tolerated
};

// Writes <output>/<id> with the endings of the target for every record of the inputs, mirroring
// their folders, and lists those that failed (see OutputFolder). Of WFDB, whose records are named
// after their files, and where they are no UTF-8, names are made safe by FileNameOf. With
// kAnonymous files are called record-0001 and so on, in an order that follows from what the
// recordings hold and not from their names, all in one folder, and no error tells where they were.
// Files appear whole, so that a run which is interrupted leaves what it has done, and `resume` does
// the rest: the records whose files are not those that <output>/ecgconvert.journal has written
// down, or ecgconvert-2-of-8.journal where the work is shared. Files that no such journal names are
// nobody's to replace: their record fails. Anonymous names and the mapping are the same in every
// share, for which each reads all recordings.
//
// Throws Exception where an input holds no record, files would be written among the recordings,
// anonymous ones among others or beside their mapping, or the output cannot be written or what was
// written is gone.
ConvertSummary ConvertFolder(const data::RecordInputs& inputs, const std::filesystem::path& output,
                             const ConvertConfig& config, ProgressSink& progress,
                             const StopToken& stop = {});

// Writes one recording as `output`, whose ending is one of the target's or ".dat" or ".mat" of its
// header. Throws Exception where that fails, and where one of its files is there already.
ConvertSummary ConvertFile(const std::filesystem::path& input, const record::OpenOptions& told,
                           const std::filesystem::path& output, const ConvertConfig& config);

}  // namespace ecg::jobs
