// ecginfo: what a recording, a MATLAB file, an annotation file, a model bundle or an ensemble
// holds.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/parallel.h"
#include "ecg/core/shown_text.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/statement_labels.h"
#include "ecg/data/labels/statement_list.h"
#include "ecg/formats/describe.h"
#include "ecg/formats/registry.h"
#include "ecg/infer/answer.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/source.h"
#include "ecg/model/bundle.h"
#include "ecg/model/ensemble_info.h"
#include "ecg/record/reader.h"
#include "ecg/report/statement_report.h"
#include "src/apps/cli/tool.h"

namespace {

struct Options {
  std::vector<std::string> files;
  bool json = false;
  bool info = false;
  bool identify = false;
  bool formats = false;
  bool statements = false;  // of all recordings, counted
  ecg::data::StatementConfig reading;
  bool check = false;
  ecg::record::ReadOptions read;
  ecg::record::OpenOptions told;
};

// What the challenge knows of a record: its source and the names of its diagnoses.
void AddChallenge(ecg::Json& json) {
  const ecg::challenge::ClassSet& classes = ecg::challenge::Classes2021();
  const auto add = [&](ecg::Json& labels, const ecg::challenge::DxEntry& entry) {
    const ecg::challenge::Diagnosis* known = entry.diagnosis;
    labels.push_back(
        {{"text", std::string(entry.text)},
         {"code", known != nullptr        ? ecg::Json(known->code)
                  : entry.IsUnknownCode() ? ecg::Json(std::string(entry.text))
                                          : ecg::Json()},
         {"abbreviation", known != nullptr ? ecg::Json(known->abbreviation) : ecg::Json()},
         {"name", known != nullptr ? ecg::Json(known->name) : ecg::Json()},
         {"class", entry.index ? ecg::Json(classes[*entry.index].abbreviation) : ecg::Json()}});
  };
  ecg::Json labels = ecg::Json::array();
  for (const auto& list : json.at("dx")) {
    ecg::challenge::ForEachDx(list.get<std::string>(), classes,
                              [&](const auto& entry) { add(labels, entry); });
  }
  json["dx"] = labels;
  const std::string stated = json.at("source").is_null() ? "" : json["source"].get<std::string>();
  const std::string source =
      ecg::challenge::ResolveSource(stated, json.at("name").get<std::string>());
  json["source"] = source.empty() ? ecg::Json() : ecg::Json(source);
}

// The names of what statements say.
void AddMeanings(ecg::Json& json) {
  for (auto& statement : json.at("statements")) {
    std::vector<ecg::challenge::Finding> findings;
    for (const auto& finding : statement["findings"]) {
      const std::string certainty = finding["certainty"].get<std::string>();
      for (const auto known :
           {ecg::challenge::Certainty::kDenied, ecg::challenge::Certainty::kPossible,
            ecg::challenge::Certainty::kStated}) {
        if (certainty != ecg::challenge::NameOf(known)) continue;
        findings.push_back({finding["code"].get<std::string>(), known});
      }
    }
    statement["findings"] = ecg::report::FindingsJson(findings);
    statement["means"] = ecg::report::FindingsText(findings);
  }
}

std::string Text(const ecg::Json& json) {
  if (json.is_null()) return "-";
  if (json.is_number_float()) return ecg::FormatDouble(json.get<double>());
  return ecg::ShownLine(json.is_string() ? json.get<std::string>() : ecg::DumpJsonLine(json));
}

std::string Number(const ecg::Json& json) {
  if (!json.is_number() || !std::isfinite(json.get<double>())) return "-";
  char text[32];
  std::snprintf(text, sizeof(text), "%.4g", json.get<double>());
  return text;
}

std::string Count(const ecg::Json& json, const char* noun) {
  return ecg::Counted(json.get<std::uint64_t>(), noun);
}

// As in "164889003 AF", "429622005 STD, st depression (not scored)" or "Normal (not understood)".
std::string DxText(const ecg::Json& label) {
  const std::string code = Text(label["code"]);
  if (!label["class"].is_null()) return code + " " + Text(label["class"]);
  if (!label["name"].is_null()) {
    return code + " " + Text(label["abbreviation"]) + ", " + Text(label["name"]) + " (not scored)";
  }
  return Text(label["text"]) + (label["code"].is_null() ? " (not understood)" : " (unknown code)");
}

// Statements that say something or are not understood, and measurements.
void PrintSaid(const ecg::Json& json) {
  for (const auto& statement : json["statements"]) {
    const bool unread = !statement["not_in_the_table"].empty();
    if (statement["findings"].empty() && !unread) continue;
    std::printf("statement %s: %s%s\n", Text(statement["text"]).c_str(),
                statement["findings"].empty() ? "" : Text(statement["means"]).c_str(),
                unread ? statement["findings"].empty() ? "not in the table"
                                                       : ", the rest is not in the table"
                       : "");
  }
  std::vector<std::string> measured;
  for (const auto& [name, value] : json["measurements"].items()) {
    measured.push_back(name + " " + Number(value));
  }
  if (!measured.empty()) std::printf("measured %s\n", ecg::Join(measured, ", ").c_str());
}

void PrintRecord(const ecg::Json& json, bool info) {
  std::printf("%s: %s, %s Hz, %s (%s s)", Text(json["name"]).c_str(),
              ecg::Counted(json["signals"].size(), "signal").c_str(),
              Text(json["sampling_rate"]).c_str(), Count(json["frames"], "frame").c_str(),
              Number(json["seconds"]).c_str());
  if (json["segments"] > 1) std::printf(", %s", Count(json["segments"], "segment").c_str());
  if (json.contains("start")) std::printf(", from %s", Text(json["start"]).c_str());
  std::printf("\nsource %s, age %s, sex %s, checks %s\n", Text(json["source"]).c_str(),
              Text(json["age"]).c_str(), Text(json["sex"]).c_str(), Text(json["checks"]).c_str());
  for (const auto& label : json["dx"]) {
    std::printf("dx %s\n", DxText(label).c_str());
  }
  PrintSaid(json);
  std::printf("%-8s %6s %8s %9s %9s %-6s %10s %9s %9s %9s %9s\n", "lead", "format", "Hz", "samples",
              "invalid", "units", "gain", "baseline", "min", "max", "mean");
  for (const auto& signal : json["signals"]) {
    std::printf("%-8s %6s %8s %9s %9s %-6s %10s %9s %9s %9s %9s\n", Text(signal["lead"]).c_str(),
                Text(signal["format"]).c_str(), Number(signal["sampling_rate"]).c_str(),
                Text(signal["samples"]).c_str(), Text(signal["invalid"]).c_str(),
                Text(signal["units"]).c_str(), Number(signal["gain"]).c_str(),
                Text(signal["baseline"]).c_str(), Number(signal["min"]).c_str(),
                Number(signal["max"]).c_str(), Number(signal["mean"]).c_str());
  }
  if (json.contains("patient_id")) std::printf("patient %s\n", Text(json["patient_id"]).c_str());
  if (info) {
    for (const auto& line : json["info"]) std::printf("# %s\n", Text(line).c_str());
    if (json.contains("withheld_lines")) {
      std::printf("(%s that may name a person or a day: --identify shows them)\n",
                  Count(json["withheld_lines"], "line").c_str());
    }
  }
  if (json.contains("quality")) {
    std::printf("quality %s, %s\n", Number(json["quality"]).c_str(), Text(json["status"]).c_str());
    for (const auto& flag : json["flags"]) std::printf("flag: %s\n", Text(flag).c_str());
    for (const auto& doubt : json["doubts"]) std::printf("doubt: %s\n", Text(doubt).c_str());
  }
  for (const auto& warning : json["warnings"]) {
    std::printf("warning: %s\n", Text(warning).c_str());
  }
}

void PrintMatrices(const ecg::Json& json) {
  std::printf("%s: MATLAB v%s\n", Text(json["file"]).c_str(), Text(json["version"]).c_str());
  for (const auto& matrix : json["matrices"]) {
    std::printf("%s: %s [%s][%s]\n", Text(matrix["name"]).c_str(), Text(matrix["type"]).c_str(),
                Text(matrix["rows"]).c_str(), Text(matrix["columns"]).c_str());
  }
}

void PrintAnnotations(const ecg::Json& json) {
  std::printf("%s: %s\n", Text(json["file"]).c_str(),
              Count(json["annotations"], "annotation").c_str());
  for (const auto& [symbol, count] : json["types"].items()) {
    std::printf("%-4s %s\n", symbol.c_str(), Text(count).c_str());
  }
}

// A bundle's description, with what matters most in front.
void PrintBundle(const ecg::Json& json) {
  std::printf("%s: model bundle, task %s: %s, %s Hz, %s a window\n", Text(json["file"]).c_str(),
              Text(json["task"]["kind"]).c_str(),
              ecg::Counted(json["classes"].size(), "class", "classes").c_str(),
              Text(json["preprocess"]["sampling_rate"]).c_str(),
              Count(json["window"]["samples"], "sample").c_str());
  std::printf("%-8s %9s  %s\n", "class", "threshold", "name");
  for (std::size_t k = 0; k < json["classes"].size(); ++k) {
    std::printf("%-8s %9s  %s\n", Text(json["classes"][k]["abbreviation"]).c_str(),
                Number(json["thresholds"][k]).c_str(), Text(json["classes"][k]["name"]).c_str());
  }
  if (json.contains("point")) {
    std::printf("decides as %s", Text(json["point"]["name"]).c_str());
    for (const auto& other : json["points"]) std::printf(", %s", Text(other["name"]).c_str());
    std::printf("; see ecgmodel show\n");
  }
  for (const char* part : {"architecture", "preprocess", "window", "post_processing"}) {
    std::printf("%s %s\n", part, Text(json[part]).c_str());
  }
  std::printf("provenance %s\n", Text(json["provenance"]).c_str());
}

void PrintMembers(const char* role, const ecg::Json& members) {
  for (const auto& member : members) {
    std::printf("%-12s %s\n", role, Text(member["folder"]).c_str());
  }
}

void PrintEnsemble(const ecg::Json& json) {
  const ecg::Json& route = json["route"];
  std::printf("%s: ensemble, members joined by %s%s\n", Text(json["file"]).c_str(),
              Text(json["combination"]).c_str(),
              json["bradycardia_veto"].get<bool>() ? ", veto against bradycardia" : "");
  PrintMembers("general", json["general"]["members"]);
  if (!route.is_null()) {
    PrintMembers("source", route["members"]);
    PrintMembers("specialist", route["specialists"]["members"]);
    std::printf("specialists from a source probability of %s\n",
                Number(route["threshold"]).c_str());
  }
  std::printf("provenance %s\n", Text(json["provenance"]).c_str());
}

void Print(const ecg::Json& json, bool info) {
  if (json.contains("combination")) return PrintEnsemble(json);
  if (json.contains("classes")) return PrintBundle(json);
  if (json.contains("signals")) return PrintRecord(json, info);
  if (json.contains("matrices")) return PrintMatrices(json);
  PrintAnnotations(json);
}

// Checked as for predicting, but for the networks, so that what ecgpredict refuses is told here.
ecg::Result<ecg::Json> DescribeEnsemble(const std::string& folder) {
  const ecg::Result<ecg::model::SealedEnsemble> ensemble = ecg::model::ReadEnsemble(folder);
  if (!ensemble.ok()) return ensemble.error();
  const auto without_network = [](const ecg::model::Bundle&) {
    return std::unique_ptr<ecg::model::Network>();
  };
  const auto whole = ecg::infer::LoadEnsemble(folder, without_network);
  if (!whole.ok()) return whole.error();
  ecg::Json json = {{"file", folder}};
  json.update(ensemble->info.ToJson());
  return json;
}

ecg::Result<ecg::Json> DescribeBundle(const std::string& folder) {
  if (ecg::model::IsEnsemble(folder)) return DescribeEnsemble(folder);
  const ecg::Result<ecg::model::Bundle> bundle = ecg::model::LoadBundle(folder);
  if (!bundle.ok()) return bundle.error();
  ecg::Json json = {{"file", folder}};
  json.update(bundle->info.ToJson());
  json["weights"] = {{"bytes", bundle->weights.size()}};
  return json;
}

int ListStatements(const Options& options, const ecg::data::StatementLabels& labels) {
  ecg::data::RecordInputs inputs(
      std::vector<std::filesystem::path>(options.files.begin(), options.files.end()));
  inputs.told = options.told;
  inputs.note = [](const std::string& text) {
    std::fprintf(stderr, "ecginfo: %s\n", ecg::ShownLine(text).c_str());
  };
  const ecg::data::StatementList list =
      ecg::data::ListStatements(inputs, labels, options.identify, ecg::AvailableThreads()).value();
  if (options.json) {
    std::fputs(ecg::DumpJson(ecg::report::StatementJson(list)).c_str(), stdout);
  } else {
    ecg::cli::Print(ecg::report::StatementReport(list));
  }
  for (const ecg::data::FailedRecord& failed : list.failed) {
    ecg::cli::PrintError("ecginfo", failed.id + ": " + failed.error.ToString());
  }
  return list.failed.empty() ? ecg::cli::kDone : ecg::cli::kSomeRecordsFailed;
}

// What makes a recording doubtful, as ecgpredict tells of it.
ecg::Status AddCheck(const std::filesystem::path& path, const ecg::record::OpenOptions& told,
                     ecg::Json& json) {
  const auto file = ecg::formats::Open(path, told);
  if (!file.ok()) return file.error();
  ecg::infer::Wishes wishes;
  wishes.quality = true;
  wishes.refuse_unclassifiable = true;
  ecg::infer::MeasureConfig& measure = wishes.measure.emplace();
  measure.derive = true;
  measure.seconds = ecg::infer::kMeasuredSeconds;
  measure.leads = {"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"};
  const ecg::Result<ecg::infer::Asked> asked = ecg::infer::AskFile(**file, path, wishes);
  if (!asked.ok()) return asked.error();
  json["quality"] = asked->answer.quality->quality;
  json["status"] = ecg::infer::StatusOf(asked->answer);
  json["flags"] = ecg::infer::FlagsOf(asked->answer);
  json["doubts"] = ecg::infer::DoubtsOf(asked->answer);
  return {};
}

int Run(const Options& options) {
  if (options.formats) {
    std::fputs(ecg::formats::ReadersInWords().c_str(), stdout);
    return ecg::cli::kDone;
  }
  if (options.files.empty()) {
    throw ecg::Exception(ecg::UsageError("files is required, or --formats"));
  }
  const auto labels = ecg::data::StatementLabels::Make(options.reading).value();
  if (options.statements) return ListStatements(options, labels);
  ecg::Json all = ecg::Json::array();
  std::size_t failed = 0;
  for (const std::string& name : options.files) {
    ecg::Result<ecg::Json> json =
        std::filesystem::is_directory(name)
            ? DescribeBundle(name)
            : ecg::formats::Describe(ecg::formats::PathOf(name), options.read, options.told,
                                     options.identify, labels.table());
    if (!json.ok()) {
      ecg::cli::PrintError("ecginfo", json.error().ToString());
      ++failed;
      continue;
    }
    if (json->contains("dx")) AddChallenge(*json);
    if (json->contains("statements")) AddMeanings(*json);
    if (options.check && json->contains("signals")) {
      const ecg::Status checked = AddCheck(ecg::formats::PathOf(name), options.told, *json);
      if (!checked.ok()) {
        ecg::cli::PrintError("ecginfo", checked.error().ToString());
        ++failed;
        continue;
      }
    }
    if (options.json) {
      all.push_back(std::move(*json));
    } else {
      Print(*json, options.info);
    }
  }
  if (options.json) std::fputs(ecg::DumpJson(all).c_str(), stdout);
  if (failed == 0) return ecg::cli::kDone;
  return failed == options.files.size() ? ecg::cli::kInputMissing : ecg::cli::kSomeRecordsFailed;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Tells what recordings of any format (--formats), MATLAB files (.mat), WFDB annotation files "
      "and model bundles and ensembles (folders) hold.",
      "ecginfo");
  Options options;
  app.add_option("files", options.files,
                 "Files, records also without .hea, and folders of bundles");
  app.add_flag("--formats", options.formats, "What this build reads, a format a line");
  app.add_flag("--json", options.json, "An array of objects, one for each file that could be read");
  app.add_flag("--info", options.info, "The header's comment lines too");
  app.add_flag("--check", options.check,
               "Also whether it can be trusted: quality, faults of leads, unit, exchanged "
               "electrodes, leads turned over or twice, one beat repeated");
  app.add_flag("--identify", options.identify,
               "Also when it was recorded, the patient's code, and with --info all lines");
  app.add_flag("--statements", options.statements,
               "Of all recordings of the files and folders: which diagnoses their statements stand "
               "for, and which statements are not understood, with counts");
  app.add_option("--statement-table", options.reading.table,
                 "CSV with rows of your own, which count before data/statements.csv");
  app.add_flag("--strict", options.read.strict,
               "A checksum or initial value that does not match is an error");
  ecg::cli::AddInputOptions(app, options.told);
  return ecg::cli::RunTool(app, argc, argv, [&] { return Run(options); },
                           {ecg::cli::kSomeRecordsFailed});
}
