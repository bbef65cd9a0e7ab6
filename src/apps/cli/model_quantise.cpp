#include "src/apps/cli/model_quantise.h"

#include <cstdio>

#include "ecg/apps/jobs/quantise_model.h"
#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "ecg/infer/ensemble.h"
#include "ecg/report/quantisation_report.h"
#include "ecg/runtime/calibration.h"
#include "ecg/runtime/engine.h"
#include "src/apps/cli/interrupt.h"
#include "src/apps/cli/model_copy.h"

namespace ecg::cli {
namespace {

constexpr char kHelp[] =
    R"(Convolutions of bytes are two to four times as fast and need no particular processor. How large the
network's features get is measured on half of the recordings, or on all of them where others are given
with --check; the labelled ones of the rest are asked both ways. Nothing is written where the copy
answers otherwise: where its mean AUROC loses .002, its mean AUPRC .004 or 1 % of decisions change.
Some hundred recordings are enough. `ecgpredict --model OUT --precision int8` then computes in bytes; in
other precisions the copy is the model that it was.)";

}  // namespace

void AddQuantiseModel(CLI::App& command, QuantiseModelOptions& options) {
  command.footer(kHelp);
  AddCopyWords(command, options.words);
  command.add_option("--list", options.ask.records.list,
                     "Text file with the recordings to use, a path below the folder a line");
  command.add_option("--check", options.check, "Compare on the labelled recordings of this folder");
  command.add_option("--check-list", options.check_list, "Of these, those that this file names");
  command.add_option("--labels", options.ask.labels,
                     "CSV with the diagnoses, as `fit` takes it; by default what the recordings' "
                     "own files say");
  AddStatementOptions(command, options.ask.statements);
  command.add_flag("--anyway", options.anyway, "Write also what answers otherwise");
  AddInputOptions(command, options.told);
  command.add_option("--threads", options.threads, "Threads; 0: the processors that may be used")
      ->check(CLI::Range(0, 4096));
  command.add_flag("--json", options.json, "Print what was found as JSON");
  AddOutputOptions(command, options.manners);
}

int QuantiseModel(QuantiseModelOptions& options) {
  SetUpLogging("ecgmodel", options.manners);
  const ModelCopy copy = CopyOf(options.words, options.told);
  model::ComputeConfig compute;
  compute.threads = options.threads;
  compute.precision = model::Precision::kFp32;

  const Interrupt interrupt;
  const auto progress = MakeProgressBar(options.manners);
  const runtime::Calibration calibration;
  data::RecordSelection shown = options.ask.records;
  if (options.check.empty()) shown.shard = {1, 2};
  const jobs::ShownRecords seen =
      jobs::ShowRecords(infer::LoadEnsemble(copy.from, calibration.Networks(compute)).value(),
                        copy.recordings, shown, *progress, interrupt.stop());
  if (seen.stopped) return interrupt.exit_code();
  WarnOf(seen.failed);
  const jobs::RangesOf ranges = [&](const model::Bundle& bundle) {
    return calibration.RangesOf(bundle);
  };

  jobs::AskLabelledConfig ask = options.ask;
  data::RecordInputs judged = copy.recordings;
  if (options.check.empty()) {
    ask.records.shard = {2, 2};
  } else {
    judged.paths = {options.check};
    ask.records.list = options.check_list;
  }
  const auto answers = [&](const infer::Ensemble& ensemble) {
    return jobs::AskLabelled(ensemble, judged, ask, *progress, interrupt.stop());
  };
  const infer::Ensemble plain = infer::LoadEnsemble(copy.from, runtime::Networks(compute)).value();
  const jobs::LabelledFolder exact = answers(plain);
  if (exact.stopped) return interrupt.exit_code();
  WarnOf(exact.failed);
  compute.precision = model::Precision::kInt8;
  const auto in_bytes = [&](const model::Bundle& bundle) {
    model::Bundle quantised = bundle;
    jobs::Quantise(ranges, quantised).value();
    return runtime::Networks(compute)(quantised);
  };
  const jobs::LabelledFolder bytes = answers(infer::LoadEnsemble(copy.from, in_bytes).value());
  if (bytes.stopped) return interrupt.exit_code();

  const challenge::ClassSet& classes = plain.general.task().class_set();
  report::QuantisationReport report =
      report::CompareQuantised(exact.answers, bytes.answers, classes).value();
  report.measured = seen.records;
  const bool written = options.anyway || report.Holds();
  if (written) jobs::WriteQuantised(copy.from, copy.to, ranges).value();
  if (options.json) {
    Json json = report::QuantisationJson(report, classes);
    json["model"] = written ? Json(copy.to.string()) : Json();
    std::printf("%s\n", DumpJsonLine(json).c_str());
  } else {
    Print(report::QuantisationText(report, classes));
    Print(written ? "written: " + copy.to.string() + "\n"
                  : "answers otherwise: nothing is written (--anyway does)\n");
  }
  return seen.failed.empty() && exact.failed.empty() ? kDone : kSomeRecordsFailed;
}

}  // namespace ecg::cli
