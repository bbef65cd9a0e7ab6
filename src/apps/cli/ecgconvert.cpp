// ecgconvert: recordings of any format as WFDB, EDF+, CSV or NumPy.
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "ecg/apps/jobs/convert_folder.h"
#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/writers.h"
#include "src/apps/cli/interrupt.h"
#include "src/apps/cli/setting_option.h"
#include "src/apps/cli/tool.h"

namespace {

namespace fs = std::filesystem;
using ecg::formats::Target;

constexpr char kExamples[] = R"(Examples:
  ecgconvert holter.edf holter.hea
  ecgconvert muse/0001.xml 0001.csv
  ecgconvert recordings/ out/ --to wfdb --wfdb-format mat
  ecgconvert export.csv out.edf --units uV --rate 500 --lead-names I,II,V1-V6
  ecgconvert ward3/ shared/ --to edf --anonymise --mapping names.csv
  ecgconvert recordings/ out/ --to wfdb --shard 2/8

The output is a file whose ending gives the format, .hea (also .dat or .mat, which its signals are
in), .edf, .csv or .npy, or with --to a folder that mirrors the input. Samples keep the steps that
they were recorded in where the format can hold them; what it cannot hold of samples, leads and
description is said once, with the number of recordings. Nothing is written over what is there and
was not made by ecgconvert. Recordings that cannot be read are listed in failed.csv.

CSV has a column a lead, in mV, behind time_s, and what else is known in lines that begin with #
(pandas.read_csv(..., comment="#")). NumPy's arrays are float32 [samples, leads] in mV, with a file
.json beside each that names leads and rate.

Age, sex and diagnoses are always kept. Patients' codes, dates, and lines of text that may name
a person or a day need --identify.)";

struct Options {
  ecg::cli::Places places;
  std::string to;
  std::string wfdb_format;
  bool identify = false;
  bool anonymise = false;
  bool json = false;
  ecg::jobs::ConvertConfig config;
  ecg::cli::OutputOptions manners;
};

const std::map<std::string, Target>& WfdbFormats() {
  static const std::map<std::string, Target> formats = {{"16", Target::kWfdb16},
                                                        {"212", Target::kWfdb212},
                                                        {"516", Target::kWfdb516},
                                                        {"mat", Target::kWfdbMat}};
  return formats;
}

Target TargetOf(const Options& options, Target said) {
  if (options.wfdb_format.empty()) return said;
  if (!ecg::formats::IsWfdb(said)) {
    throw ecg::Exception(ecg::UsageError("is of use with WFDB alone", {}, 0, "--wfdb-format"));
  }
  return WfdbFormats().at(options.wfdb_format);
}

// The format of the one file that the last word names; nothing where it names a folder.
std::optional<Target> TargetOfFile(const Options& options) {
  const fs::path& output = options.places.Output();
  const std::optional<Target> target = ecg::formats::TargetByEnding(output);
  if (!target || !options.to.empty() || fs::is_directory(output)) return std::nullopt;
  if (options.places.words.size() > 2 || fs::is_directory(options.places.words.front())) {
    throw ecg::Exception(ecg::UsageError("several recordings are written into a folder, with --to",
                                         output.string()));
  }
  return TargetOf(options, *target);
}

Target TargetOfFolder(const Options& options) {
  static const std::map<std::string, Target> targets = {{"wfdb", Target::kWfdb16},
                                                        {"edf", Target::kEdf},
                                                        {"csv", Target::kCsv},
                                                        {"npy", Target::kNumpy}};
  if (options.to.empty()) {
    throw ecg::Exception(ecg::UsageError(
        "tells no format: --to wfdb, edf, csv or npy does for a folder, or one of the endings "
        ".hea, .edf, .csv and .npy for a file",
        options.places.Output().string()));
  }
  return TargetOf(options, targets.at(options.to));
}

void TellOfLosses(const ecg::jobs::ConvertSummary& summary) {
  for (const auto& [what, records] : summary.lost) {
    spdlog::warn("{}: {}", ecg::Counted(records, "record"), what);
  }
}

void Print(const Options& options, const ecg::jobs::ConvertSummary& summary) {
  const std::string output = options.places.Output().string();
  if (options.json) {
    const ecg::Json json = {{"converted", summary.converted},
                            {"there_before", summary.there_before},
                            {"failed", summary.failed.size()},
                            {"lost", summary.lost},
                            {"output", output}};
    std::printf("%s\n", ecg::DumpJsonLine(json).c_str());
    return;
  }
  std::string before;
  if (summary.there_before > 0) {
    before = ", " + std::to_string(summary.there_before) + " there before";
  }
  std::printf("%s converted, %zu failed%s: %s\n", ecg::Counted(summary.converted, "record").c_str(),
              summary.failed.size(), before.c_str(), output.c_str());
}

int ConvertOne(Options& options, Target target) {
  options.config.target = target;
  const fs::path input = ecg::formats::PathOf(options.places.words.front().string());
  const ecg::jobs::ConvertSummary summary =
      ecg::jobs::ConvertFile(input, options.places.told, options.places.Output(), options.config);
  const int status = ecg::cli::ReportRecords(1, {}, summary.warnings, {});
  TellOfLosses(summary);
  Print(options, summary);
  return status;
}

int Run(Options& options) {
  ecg::cli::SetUpLogging("ecgconvert", options.manners);
  if (options.identify) options.config.disclosure = ecg::jobs::Disclosure::kIdentify;
  if (options.anonymise) options.config.disclosure = ecg::jobs::Disclosure::kAnonymous;
  if (const auto target = TargetOfFile(options)) return ConvertOne(options, *target);
  options.config.target = TargetOfFolder(options);
  const ecg::cli::Interrupt interrupt;
  const auto progress = ecg::cli::MakeProgressBar(options.manners);
  const ecg::jobs::ConvertSummary summary =
      ecg::jobs::ConvertFolder(options.places.Inputs(), options.places.Output(), options.config,
                               *progress, interrupt.stop());
  const int status =
      ecg::cli::ReportRecords(summary.converted + summary.there_before, summary.failed,
                              summary.warnings, summary.failed_list.string());
  TellOfLosses(summary);
  Print(options, summary);
  if (!summary.stopped) return status;
  spdlog::warn("{}: the same command with --resume does the rest", interrupt.Name());
  return interrupt.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Converts ECG recordings of any format (ecginfo --formats) to another one.",
               "ecgconvert");
  app.footer(kExamples);
  Options options;
  ecg::Settings settings;
  ecg::jobs::DescribeSettings(settings, "", options.config);
  ecg::cli::AddPlaces(app, options.places,
                      "folder for what is written, or the file for one recording", "OUTPUT");
  app.add_option("--to", options.to, "The format of what is written into a folder")
      ->check(CLI::IsMember({"wfdb", "edf", "csv", "npy"}));
  app.add_option("--wfdb-format", options.wfdb_format,
                 "How WFDB's signals are stored: 16 bits, 212 (12 bits), 516 (FLAC), or mat, the "
                 "challenge's MATLAB files; 16 unless the output is a .mat file")
      ->check(CLI::IsMember({"16", "212", "516", "mat"}));
  auto* identify = app.add_flag("--identify", options.identify,
                                "Keep patients' codes, dates and all lines of text");
  app.add_flag("--anonymise", options.anonymise,
               "Call the files record-0001 and so on, in an order that tells nothing of their "
               "names, leave out all free text, and give no age above 90")
      ->excludes(identify);
  app.add_option("--mapping", options.config.mapping,
                 "With --anonymise, a CSV that says which recording became which")
      ->needs("--anonymise");
  app.add_flag("--mend-electrodes", options.config.mend_electrodes,
               "Undo what looks exchanged, electrodes and leads turned over, and say of which "
               "recordings");
  app.add_flag("--resume", options.config.resume,
               "Leave alone the records that were converted already");
  ecg::cli::AddRecordSelection(app, options.config.records, "convert");
  ecg::cli::AddSettingOption(app, "-j,--threads,--jobs", settings, "threads");
  app.add_flag("--json", options.json, "Print the summary as JSON");
  ecg::cli::AddOutputOptions(app, options.manners);
  return ecg::cli::RunTool(app, argc, argv, [&] { return Run(options); },
                           {ecg::cli::kSomeRecordsFailed, ecg::cli::kInterrupted});
}
