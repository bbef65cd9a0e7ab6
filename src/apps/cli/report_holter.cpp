#include "src/apps/cli/report_holter.h"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <optional>

#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/data/records/input_guard.h"
#include "ecg/engines/networks.h"
#include "ecg/formats/registry.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/shipped_models.h"
#include "ecg/record/leads.h"
#include "src/apps/cli/model_choice.h"
#include "src/apps/cli/setting_option.h"

namespace ecg::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::pair<std::string, std::string>> TakenFor(const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& word : words) {
    const std::size_t equal = word.find('=');
    const std::string other =
        equal == std::string::npos ? "" : record::CanonicalLead(word.substr(equal + 1));
    if (!record::IsStandardLead(other)) {
      throw Exception(UsageError("must be like MLII=II: " + word, {}, 0, "--take"));
    }
    pairs.emplace_back(word.substr(0, equal), other);
  }
  return pairs;
}

// An ending of annotations beside the record, or a file.
fs::path AnnotationsOf(const std::string& wanted, const fs::path& recording) {
  if (wanted.empty() || wanted.find_first_of("./") != std::string::npos) return wanted;
  fs::path beside = recording;
  return beside.replace_extension(wanted);
}

}  // namespace

void AddHolterPage(CLI::App& command, HolterPageOptions& options, Settings& settings) {
  command.add_option("record", options.record, "A recording, also without its ending")
      ->option_text("RECORD")
      ->required();
  command.add_option("page", options.page, "The .html file to write, or - for stdout")
      ->option_text("OUT.html")
      ->required();
  auto* model = command.add_option("-m,--model", options.model,
                                   "Ask this model: its folder, or the name of one that ships");
  command.add_option("--decide", options.point, "Decide as this operating point of the model does");
  command
      .add_flag("--no-model", options.without_model,
                "Beats alone; fibrillation is told by its intervals")
      ->excludes(model);
  command
      .add_option("--leads", options.config.answer.leads,
                  "Leads to look at, as II,V1; by default up to three")
      ->delimiter(',');
  command
      .add_option("--take", options.taken,
                  "Take leads for others that the model knows, as MLII=II, where they are alike")
      ->delimiter(',');
  command
      .add_option("--step", options.config.answer.step,
                  "Seconds from one window that the model is asked about to the next")
      ->check(CLI::Range(1.0, 3600.0))
      ->capture_default_str();
  command
      .add_option("--annotations", options.annotations,
                  "Score against WFDB annotations of beats and rhythm: a file, or the ending of "
                  "one beside the record, as atr")
      ->option_text("FILE|ENDING");
  command.add_option("--json", options.json, "Write the figures to this .json file, too");
  AddInputOptions(command, options.told);
  for (const char* name : {"threads", "engine", "device", "precision"}) {
    AddSettingOption(command, std::string("--") + name, settings, name);
  }
  AddOutputOptions(command, options.manners);
}

int MakeHolterPage(HolterPageOptions& options) {
  SetUpLogging("ecgreport", options.manners);
  const fs::path recording = formats::PathOf(options.record);
  options.config.annotations = AnnotationsOf(options.annotations, recording);
  options.config.taken_for = TakenFor(options.taken);
  for (std::string& lead : options.config.answer.leads) lead = record::CanonicalLead(lead);
  data::InputGuard guard;
  guard.Add(recording);
  guard.Add(options.config.annotations);
  if (options.page != "-") guard.CheckFile(options.page, {".html"}).value();
  if (!options.json.empty()) guard.CheckFile(options.json, {".json"}).value();
  std::optional<infer::Ensemble> ensemble;
  std::string line;
  if (!options.without_model) {
    const fs::path model = ChooseModel(options.model);
    line = infer::ModelLine(model);
    ensemble =
        infer::LoadEnsemble(model, engines::MakeNetworks(options.compute), options.point).value();
  }
  options.config.answer.threads = options.compute.threads;
  const auto progress = MakeProgressBar(options.manners);
  const jobs::HolterPages made =
      jobs::MakeHolterPage(recording, options.told, ensemble ? &*ensemble : nullptr, line,
                           options.config, *progress)
          .value();
  for (const std::string& warning : made.warnings) spdlog::warn("{}", warning);
  WriteFileAtomic(options.page, made.page).value();
  if (!options.json.empty()) WriteFileAtomic(options.json, DumpJson(made.figures)).value();
  return kDone;
}

}  // namespace ecg::cli
