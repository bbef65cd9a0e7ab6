#include "src/apps/cli/model_quantise.h"

#include <spdlog/spdlog.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "ecg/apps/jobs/quantise_model.h"
#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/shipped_models.h"
#include "ecg/report/quantisation_report.h"
#include "ecg/runtime/calibration.h"
#include "ecg/runtime/engine.h"
#include "src/apps/cli/interrupt.h"

namespace ecg::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kHelp[] =
    R"(Convolutions of bytes are two to four times as fast and need no particular processor. How large the
network's features get is measured on half of the recordings, or on all of them where others are given
with --check; the labelled ones of the rest are asked both ways. Nothing is written where the copy
answers otherwise: where its mean AUROC loses .002, its mean AUPRC .004 or 1 % of decisions change.
Some hundred recordings are enough. `ecgpredict --model OUT --precision int8` then computes in bytes; in
other precisions the copy is the model that it was.)";

challenge::ClassSet ClassesOf(const fs::path& model) {
  const auto no_network = [](const model::Bundle&) { return std::unique_ptr<model::Network>(); };
  return infer::LoadEnsemble(model, no_network).value().general.task().class_set();
}

}  // namespace

void AddQuantiseModel(CLI::App& command, QuantiseModelOptions& options) {
  command.footer(kHelp);
  command
      .add_option("words", options.words,
                  "MODEL: the one to start from. RECORDINGS: a folder, or several folders and "
                  "recordings. OUT: for the copy")
      ->option_text("MODEL RECORDINGS... OUT")
      ->required()
      ->expected(3, 1 << 20);
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
  const fs::path from = infer::FindModel(options.words.front()).value();
  const fs::path to = options.words.back();
  if (std::error_code ignored; fs::exists(fs::symlink_status(to, ignored))) {
    throw Exception(UsageError("is there already; name a new folder", to.string()));
  }
  Places places;
  places.words.assign(options.words.begin() + 1, options.words.end());  // OUT is the last one
  places.told = options.told;
  const data::RecordInputs inputs = places.Inputs();
  model::ComputeConfig compute;
  compute.threads = options.threads;
  compute.precision = model::Precision::kFp32;

  const Interrupt interrupt;
  const auto progress = MakeProgressBar(options.manners);
  const runtime::Calibration calibration;
  data::RecordSelection shown = options.ask.records;
  if (options.check.empty()) shown.shard = {1, 2};
  const jobs::ShownRecords seen =
      jobs::ShowRecords(infer::LoadEnsemble(from, calibration.Networks(compute)).value(), inputs,
                        shown, *progress, interrupt.stop());
  if (seen.stopped) return interrupt.exit_code();
  for (const data::FailedRecord& failed : seen.failed) {
    spdlog::warn("{}: {}", failed.id, failed.error.ToString());
  }
  const jobs::RangesOf ranges = [&](const model::Bundle& bundle) {
    return calibration.RangesOf(bundle);
  };

  jobs::AskLabelledConfig ask = options.ask;
  data::RecordInputs judged = inputs;
  if (options.check.empty()) {
    ask.records.shard = {2, 2};
  } else {
    judged.paths = {options.check};
    ask.records.list = options.check_list;
  }
  const auto answers = [&](const model::NetworkFactory& networks) {
    return jobs::AskLabelled(infer::LoadEnsemble(from, networks).value(), judged, ask, *progress,
                             interrupt.stop());
  };
  const jobs::LabelledFolder exact = answers(runtime::Networks(compute));
  if (exact.stopped) return interrupt.exit_code();
  compute.precision = model::Precision::kInt8;
  const jobs::LabelledFolder bytes = answers([&](const model::Bundle& bundle) {
    model::Bundle quantised = bundle;
    jobs::Quantise(ranges, quantised).value();
    return runtime::Networks(compute)(quantised);
  });
  if (bytes.stopped) return interrupt.exit_code();

  const challenge::ClassSet classes = ClassesOf(from);
  report::QuantisationReport report =
      report::CompareQuantised(exact.answers, bytes.answers, classes);
  report.measured = seen.records;
  const bool written = options.anyway || report.Holds();
  if (written) jobs::WriteQuantised(from, to, ranges).value();
  if (options.json) {
    Json json = report::QuantisationJson(report, classes);
    json["model"] = written ? Json(to.string()) : Json();
    std::printf("%s\n", DumpJsonLine(json).c_str());
  } else {
    Print(report::QuantisationText(report, classes));
    Print(written ? "written: " + to.string() + "\n"
                  : "answers otherwise: nothing is written (--anyway does)\n");
  }
  return seen.failed.empty() && exact.failed.empty() ? kDone : kSomeRecordsFailed;
}

}  // namespace ecg::cli
