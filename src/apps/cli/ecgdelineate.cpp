// ecgdelineate: P, Q, R, S and T of every record below a folder, by signal processing.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "ecg/apps/jobs/delineate_folder.h"
#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "ecg/report/agreement_report.h"
#include "ecg/report/wave_report.h"
#include "ecg/score/wave_score.h"
#include "src/apps/cli/setting_option.h"
#include "src/apps/cli/tool.h"

namespace {

constexpr char kExamples[] = R"(Examples:
  ecgdelineate recordings/ peaks/
  ecgdelineate recordings/ peaks/ --method dwt --leads II
  ecgdelineate recordings/ peaks/ --each-lead
  ecgdelineate recordings/ peaks/ --intervals intervals.csv
  ecgdelineate mitdb/ peaks/ --compare mitdb/ --compare-ending atr
  ecgdelineate muse/ peaks/ --compare-intervals --picture agreement.svg
  ecgplot recordings/A0001.hea A0001.svg --annotations peaks/A0001.peaks

Each record gets a WFDB annotation file, RECORD.peaks: p, N (the R peak) and t for the waves, notes
Q and S, ( and ) where P, QRS and T begin and end. With the robust method R is A where the beat comes
early, from the atria, V where it is ventricular, / where it is paced (from 400 samples a second on).
Records that cannot be read are listed in failed.csv.

The record's bounds are the earliest onset and the latest offset that two leads show, as intervals
are defined; with --each-lead they are the lead's own. Of a comparison: QRS within 150 ms match
(ANSI/AAMI EC57), P and T within 100 ms; intervals are 95 % by the bootstrap over recordings; "in
CSE" is the share within two standard deviations of the experts of the CSE database. A short
recording cannot conform to EC57, which leaves out the first five minutes.

Rate, intervals and axes that files state are those of GE MUSE, Philips, Schiller, SCP-ECG, HL7 aECG and
DICOM. A bias is the mean of own minus stated; 95 % of the differences lie within the limits of
agreement, if they are normal; intervals behind both are 95 %, by Student's t. qtc_ms, whose formula a
file does not name, is compared with Bazett's.)";

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Finds the waves of every heartbeat in ECG recordings.", "ecgdelineate");
  app.footer(kExamples);
  ecg::cli::Places places;
  bool json = false;
  ecg::jobs::DelineateFolderConfig config;
  ecg::cli::OutputOptions output;
  ecg::Settings settings;
  ecg::jobs::DescribeSettings(settings, "", config);
  ecg::cli::AddPlaces(app, places, "for the annotation files, mirroring the input");
  ecg::cli::AddSettingOption(app, "--method", settings, "method");
  ecg::cli::AddSettingOption(app, "--leads", settings, "leads");
  ecg::cli::AddSettingOption(app, "--each-lead", settings, "each_lead");
  ecg::cli::AddSettingOption(app, "--mend-electrodes", settings, "mend_electrodes");
  ecg::cli::AddSettingOption(app, "--intervals", settings, "intervals");
  ecg::cli::AddSettingOption(app, "--compare", settings, "compare");
  ecg::cli::AddSettingOption(app, "--compare-ending", settings, "compare_ending");
  ecg::cli::AddSettingOption(app, "--compare-intervals", settings, "compare_intervals");
  ecg::cli::AddSettingOption(app, "--picture", settings, "picture");
  ecg::cli::AddSettingOption(app, "-j,--threads", settings, "threads");
  app.add_flag("--json", json, "Print the summary as JSON");
  ecg::cli::AddOutputOptions(app, output);
  return ecg::cli::RunTool(
      app, argc, argv,
      [&] {
        ecg::cli::SetUpLogging("ecgdelineate", output);
        const std::string folder = places.Output().string();
        const auto progress = ecg::cli::MakeProgressBar(output);
        const ecg::jobs::DelineateFolderSummary summary =
            ecg::jobs::DelineateFolder(places.Inputs(), places.Output(), config, *progress);
        const int status =
            ecg::cli::ReportRecords(summary.records + summary.unclassifiable, summary.failed,
                                    summary.warnings, summary.failed_list.string());
        if (!config.picture.empty()) {
          ecg::WriteFileAtomic(config.picture,
                               ecg::report::AgreementPicture(summary.measured_twice))
              .value();
        }
        if (json) {
          ecg::Json figures = {{"records", summary.records},
                               {"beats", summary.beats},
                               {"failed", summary.failed.size()},
                               {"output", folder}};
          if (!summary.comparison.empty()) {
            figures["comparison"] = ecg::report::WaveJson(ecg::score::SumUp(summary.comparison));
            figures["compared"] = summary.comparison.size();
          }
          if (config.compare_intervals) {
            figures["intervals"] = ecg::report::AgreementJson(summary.measured_twice);
            figures["intervals_compared"] = summary.stating;
          }
          std::printf("%s\n", ecg::DumpJsonLine(figures).c_str());
        } else {
          std::printf("%s delineated, %s marked, %zu failed: %s\n",
                      ecg::Counted(summary.records, "record").c_str(),
                      ecg::Counted(summary.beats, "heartbeat").c_str(), summary.failed.size(),
                      folder.c_str());
          if (!summary.comparison.empty()) {
            std::printf("\n%s compared; errors are detected minus reference\n%s",
                        ecg::Counted(summary.comparison.size(), "recording").c_str(),
                        ecg::report::WaveReport(ecg::score::SumUp(summary.comparison)).c_str());
          }
          if (config.compare_intervals) {
            std::printf("\n%s whose files state measurements; differences are own minus stated\n%s",
                        ecg::Counted(summary.stating, "recording").c_str(),
                        ecg::report::AgreementReport(summary.measured_twice).c_str());
          }
        }
        return status;
      },
      {ecg::cli::kSomeRecordsFailed});
}
