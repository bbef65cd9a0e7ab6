// What the executables share: exit codes, output manners, errors turned into one line on stderr.
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ecg/core/progress.h"
#include "ecg/core/result.h"
#include "ecg/data/labels/statement_labels.h"
#include "ecg/data/records/record_index.h"
#include "ecg/record/reader.h"

namespace ecg::cli {

enum ExitCode : int {
  kDone = 0,
  kInternalError = 1,
  kWrongUsage = 2,
  kInputMissing = 3,
  kSomeRecordsFailed = 4,
  kScoreTooLow = 5,  // ecgscore --fail-under
  kTrainingDiverged = 6,
  kOutputFailed = 7,
  kInterrupted = 128,  // and the signal's number
};

int ExitCodeOf(ErrorKind kind);

// Results go to stdout, progress and log to stderr.
struct OutputOptions {
  bool quiet = false;    // only warnings and errors
  bool verbose = false;  // debug messages too
};
void AddOutputOptions(CLI::App& app, OutputOptions& options);

// What files do not say themselves, told on the command line: --format, --units, --zero, --rate,
// --lead-names, --array.
void AddInputOptions(CLI::App& app, record::OpenOptions& told);

// Whether statements count as labels: --statements, --possible, --statement-table.
void AddStatementOptions(CLI::App& app, data::StatementConfig& config);

// Recordings to work on and the folder that takes what comes of it, as the words INPUT...
// OUTPUT_DIR.
struct Places {
  std::vector<std::filesystem::path> words;
  record::OpenOptions told;

  // Files that were passed over are told of by the default logger.
  data::RecordInputs Inputs() const;
  const std::filesystem::path& Output() const { return words.back(); }
};
// Which of the records are meant: --list, --shard. `verb`: what is done to them.
void AddRecordSelection(CLI::App& app, data::RecordSelection& selection, const std::string& verb);

// With the options of AddInputOptions. `output`: what the folder is for; `word`: what help calls
// it.
void AddPlaces(CLI::App& app, Places& places, const std::string& output,
               const std::string& word = "OUTPUT_DIR");

// The default spdlog logger: stderr, colour on a terminal unless NO_COLOR is set.
void SetUpLogging(const std::string& tool, const OutputOptions& options);

// What people read, on stdout and stderr, with text of files as ShownText and ShownLine have it.
void Print(const std::string& text);
void PrintError(const std::string& tool, const std::string& message);

// A bar on stderr; silent with --quiet.
std::unique_ptr<ProgressBar> MakeProgressBar(const OutputOptions& options);

// Tells of a folder's records what was tolerated and which of them failed (listed in
// `failed_list`); returns the exit status, given how many are done or were at least read.
int ReportRecords(std::size_t done, const std::vector<data::FailedRecord>& failed,
                  const std::vector<std::string>& warnings, const std::string& failed_list);

// Parses the command line (--help ends in the exit codes: those of every tool and its `own`), runs
// `body` and returns the process's exit status. Whatever `body` throws becomes one line on stderr
// and the exit code that belongs to it, and so does a stdout that did not take everything.
int RunTool(CLI::App& app, int argc, char** argv, const std::function<int()>& body,
            const std::vector<ExitCode>& own = {});

}  // namespace ecg::cli
