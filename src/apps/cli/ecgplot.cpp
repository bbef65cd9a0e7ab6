// ecgplot: recordings on ECG paper.
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ecg/apps/jobs/contact_sheets.h"
#include "ecg/core/file.h"
#include "ecg/core/memory_budget.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/peak_annotations.h"
#include "ecg/data/records/input_guard.h"
#include "ecg/data/records/record_selection.h"
#include "ecg/formats/memory.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/annotation.h"
#include "ecg/record/ecg_record.h"
#include "ecg/record/leads.h"
#include "ecg/record/reader.h"
#include "ecg/report/ecg_paper.h"
#include "ecg/report/explanation_shades.h"
#include "ecg/report/record_page.h"
#include "src/apps/cli/layout_option.h"
#include "src/apps/cli/tool.h"
#include "src/apps/jobs/read_part.h"

namespace {

constexpr char kExamples[] = R"(Examples:
  ecgplot records/A0001.hea A0001.svg
  ecgplot records/A0001 - > A0001.svg
  ecgplot records/HR00001.hea page.svg --layout all --start 2.5
  ecgplot records/A0001 A0001.pdf
  ecgplot records/ --output-folder pages/ --as png --dpi 150
  ecgplot records/ all.pdf --contact-sheet
  ecgplot sim/A0001.hea A0001.svg --annotations atr
  ecgplot records/A0001.hea why.svg --why predictions/A0001.why.json --class PVC

Of annotations, peaks are ticks above the traces: P, R (a normal beat; others have their own letter, as
A and V), T, and what notes name, as Q and S. Waves are shaded from their onset to their offset.)";

struct Options {
  std::vector<std::string> files;
  std::string folder;  // of the drawings of several recordings
  std::string layout = "3x4";
  std::string format;  // of what is drawn: svg, pdf or png; empty: by the file's ending
  double dpi = 200;    // of a PNG
  bool contact_sheet = false;
  int columns = 3;  // of a contact sheet
  std::string annotations;
  std::string why;
  std::string abbreviation;
  ecg::report::PaperOptions paper;
  ecg::cli::OutputOptions output;
  ecg::record::OpenOptions told;
};

// What is drawn where; "-" is stdout.
struct Drawing {
  std::string record;
  std::string file;
};

// As the file's ending has it; stdout gets what --format says.
std::string FormatOf(const Options& options, const std::string& file) {
  if (!options.format.empty()) return options.format;
  const std::string ending = ecg::ToLower(std::filesystem::path(file).extension().string());
  return ending.empty() || file == "-" ? "svg" : ending.substr(1);
}

ecg::Result<std::string> Paper(const Options& options, const ecg::record::EcgRecord& record,
                               const ecg::report::PaperOptions& paper, const std::string& format) {
  if (format == "pdf") return ecg::report::EcgPaperPdf(record, paper);
  if (format == "png") return ecg::report::EcgPaperPng(record, paper, options.dpi);
  return ecg::report::EcgPaperSvg(record, paper);
}

// Peaks by their letter, without the bounds of waves and changes of rhythm.
std::vector<ecg::report::PaperMark> MarksOf(const ecg::wfdb::AnnotationFile& file, double rate) {
  std::vector<ecg::report::PaperMark> marks;
  for (const ecg::wfdb::Annotation& annotation : file.annotations) {
    std::string label;
    switch (annotation.type) {
      case ecg::wfdb::kRhythmChange:
      case ecg::wfdb::kWaveOnset:
      case ecg::wfdb::kWaveOffset:
        continue;
      case ecg::wfdb::kNormalBeat:
        label = "R";
        break;
      case ecg::wfdb::kPWave:
        label = "P";
        break;
      case ecg::wfdb::kTWave:
        label = "T";
        break;
      case ecg::wfdb::kNote:
        label = annotation.aux;
        break;
      default:
        label = ecg::wfdb::AnnotationSymbol(annotation.type);
    }
    marks.push_back({static_cast<double>(annotation.sample) / rate, std::move(label)});
  }
  return marks;
}

std::vector<ecg::report::PaperWave> WavesOf(const ecg::wfdb::AnnotationFile& file, double rate) {
  const ecg::dsp::Waves waves = ecg::data::WavesOf(file);
  std::vector<ecg::report::PaperWave> bounded;
  for (std::size_t k = 0; k < waves.size(); ++k) {
    for (const ecg::dsp::Wave& wave : waves[k]) {
      if (wave.onset == ecg::dsp::kMissing || wave.offset == ecg::dsp::kMissing) continue;
      bounded.push_back(
          {static_cast<ecg::dsp::WaveType>(k), wave.onset / rate, wave.offset / rate});
    }
  }
  return bounded;
}

ecg::Status AddAnnotations(const std::filesystem::path& record, const std::string& annotations,
                           double sampling_rate, ecg::report::PaperOptions* paper) {
  const bool is_path = annotations.find_first_of("./") != std::string::npos;
  const auto read = ecg::wfdb::ReadAnnotations(
      is_path ? std::filesystem::path(annotations)
              : std::filesystem::path(record).replace_extension(annotations));
  if (!read.ok()) return read.error();
  const double rate = read->frequency > 0 ? read->frequency : sampling_rate;
  paper->marks = MarksOf(*read, rate);
  paper->waves = WavesOf(*read, rate);
  return {};
}

ecg::Status AddExplanation(const Options& options, ecg::report::PaperOptions* paper) {
  auto read = ecg::report::ReadExplanation(options.why, options.abbreviation);
  if (!read.ok()) return read.error();
  paper->caption += "; shaded: what speaks for " + read->title;
  paper->shades = std::move(read->shades);
  paper->shades_title = std::move(read->legend);
  paper->shades_low = std::move(read->low);
  paper->shades_high = std::move(read->high);
  return {};
}

ecg::Status Draw(const Options& options, const Drawing& drawing) {
  const std::filesystem::path path = ecg::formats::PathOf(drawing.record);
  const auto file = ecg::formats::Open(path, options.told);
  if (!file.ok()) return file.error();
  const ecg::record::EcgInfo& info = (*file)->info();
  ecg::report::PaperOptions paper = options.paper;
  if (paper.caption.empty()) paper.caption = ecg::report::PatientLine(info);
  if (!options.annotations.empty()) {
    const ecg::Status added = AddAnnotations(path, options.annotations, info.sampling_rate, &paper);
    if (!added.ok()) return added;
  }
  if (!options.why.empty()) {
    if (ecg::Status added = AddExplanation(options, &paper); !added.ok()) return added;
  }
  // Of hours only what is drawn is read; all of less, so that what is wrong with it is told.
  const bool in_part = ecg::jobs::IsLong(info);
  const double to_read =
      in_part ? ecg::jobs::BytesOfPart(**file, paper.seconds) : ecg::record::BytesToRead(info, {});
  const auto memory = ecg::formats::TakeMemory(
      **file, path, ecg::ToBytes(to_read + ecg::report::BytesToDraw(info)));
  if (!memory.ok()) return memory.error();
  return ecg::WithinMemory(path.string(), [&]() -> ecg::Status {
    ecg::record::EcgRecord record;
    double begins = 0;
    const ecg::Status read =
        in_part ? ecg::jobs::ReadPart(**file, paper.start, paper.seconds, record, &begins)
                : (*file)->Read({}, record);
    if (!read.ok()) return read.error();
    if (in_part) paper.part = {begins, ecg::jobs::LengthOf(info)};
    const ecg::Result<std::string> drawn =
        Paper(options, record, paper, FormatOf(options, drawing.file));
    return drawn.ok() ? ecg::WriteFileAtomic(drawing.file, *drawn) : ecg::Status(drawn.error());
  });
}

[[noreturn]] void Refuse(const std::string& message, const std::string& field = {}) {
  throw ecg::Exception(ecg::UsageError(message, {}, 0, field));
}

// Recordings as small pictures, all into the file that is the last word.
int MakeContactSheets(const Options& options) {
  if (options.files.size() < 2) {
    Refuse("needs recordings and the .pdf, .png or .svg file to write", "--contact-sheet");
  }
  ecg::data::RecordInputs inputs(
      std::vector<std::filesystem::path>(options.files.begin(), options.files.end() - 1));
  for (std::filesystem::path& input : inputs.paths) input = ecg::formats::PathOf(input.string());
  inputs.told = options.told;
  inputs.note = [](const std::string& note) { spdlog::warn("{}", note); };
  ecg::jobs::ContactSheetsConfig config;
  config.dpi = options.dpi;
  config.sheet.layout = options.paper.layout;
  config.sheet.rhythm_lead = options.paper.rhythm_lead;
  config.sheet.start = options.paper.start;
  config.sheet.columns = options.columns;
  const std::filesystem::path& first = inputs.paths.front();
  config.sheet.title = !options.paper.caption.empty() ? options.paper.caption
                       : first.has_filename()         ? first.filename().string()
                                                      : first.parent_path().filename().string();
  const auto progress = ecg::cli::MakeProgressBar(options.output);
  const ecg::jobs::ContactSheetsSummary made =
      ecg::jobs::WriteContactSheets(inputs, options.files.back(), config, *progress);
  ecg::cli::Print(
      ecg::Counted(made.drawn, "recording") + " drawn, " + std::to_string(made.doubtful) +
      " of them doubtful, " + std::to_string(made.failed.size()) + " failed, " +
      ecg::Counted(made.files.size(), "file") + ": " + made.files.front().string() + "\n");
  return ecg::cli::ReportRecords(made.drawn, made.failed, {}, options.files.back());
}

// Either one recording and its drawing, or recordings and a folder.
std::vector<Drawing> DrawingsOf(const Options& options) {
  if (options.folder.empty()) {
    if (options.files.size() != 2) {
      Refuse("needs a recording and the .svg file to write (- = stdout), or --output-folder");
    }
    const std::string& file = options.files[1];
    const std::string ending = ecg::ToLower(std::filesystem::path(file).extension().string());
    if (file != "-" && ending != ".svg" && ending != ".pdf" && ending != ".png") {
      Refuse(file +
             ": the file to write ends in .svg, .pdf or .png; several recordings need "
             "--output-folder");
    }
    if (file != "-" && !options.format.empty() && ending != "." + options.format) {
      Refuse("is not what the name " + file + " says", "--as");
    }
    return {{options.files[0], file}};
  }
  std::error_code ignored;
  const bool one =
      options.files.size() == 1 && !std::filesystem::is_directory(options.files[0], ignored);
  if (!one) {
    for (const auto& [name, value] :
         {std::pair("--why", options.why), std::pair("--annotations", options.annotations)}) {
      const bool ending =
          name == std::string("--annotations") && value.find_first_of("./") == std::string::npos;
      if (!value.empty() && !ending) Refuse("is of one recording, not of several", name);
    }
  }
  std::vector<Drawing> drawings;
  std::set<std::string> names;
  const auto add = [&](const std::string& record, const std::string& id) {
    const std::string name = id + "." + FormatOf(options, "-");
    if (!names.insert(name).second) Refuse("two recordings would be drawn in " + name);
    drawings.push_back({record, (std::filesystem::path(options.folder) / name).string()});
  };
  for (const std::string& file : options.files) {
    if (!std::filesystem::is_directory(file, ignored)) {
      add(file, std::filesystem::path(ecg::formats::WithoutEnding(file)).filename().string());
      continue;
    }
    ecg::data::RecordInputs inputs(file);
    inputs.told = options.told;
    const std::vector<ecg::data::RecordPath> records = ecg::data::SelectRecords(inputs).value();
    for (const ecg::data::RecordPath& record : records) {
      add(record.path.string(), record.id);
    }
  }
  return drawings;
}

// No drawing takes the place of what is read, nor lies beside it under a name that nobody chose.
void CheckPlaces(const Options& options, const std::vector<Drawing>& drawings) {
  ecg::data::InputGuard guard;
  guard.Add(options.why);
  for (const Drawing& drawing : drawings) guard.Add(ecg::formats::PathOf(drawing.record));
  if (!options.folder.empty()) {
    guard.CheckFolder(options.folder).value();
  } else if (drawings[0].file != "-") {
    guard.CheckFile(drawings[0].file, {".svg", ".pdf", ".png"}).value();
  }
}

// What cannot be drawn is told, and the others are.
int Run(const Options& options) {
  if (options.contact_sheet) return MakeContactSheets(options);
  const std::vector<Drawing> drawings = DrawingsOf(options);
  CheckPlaces(options, drawings);
  if (!options.folder.empty()) ecg::CreateFolder(options.folder).value();
  std::size_t failed = 0;
  for (const Drawing& drawing : drawings) {
    const ecg::Status drawn = Draw(options, drawing);
    if (drawn.ok()) continue;
    if (drawings.size() == 1 || drawn.error().kind == ecg::ErrorKind::kOutput) drawn.value();
    ecg::cli::PrintError("ecgplot", drawn.error().ToString());
    ++failed;
  }
  if (failed == 0) return ecg::cli::kDone;
  return failed == drawings.size() ? ecg::cli::kInputMissing : ecg::cli::kSomeRecordsFailed;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Draws recordings on ECG paper (25 mm/s, 10 mm/mV) as SVG, PDF or PNG.", "ecgplot");
  app.footer(kExamples);
  Options options;
  ecg::report::PaperOptions& paper = options.paper;
  app.add_option(
         "files", options.files,
         "A recording, also without its ending, and the .svg, .pdf or .png file to write, or - for "
         "stdout; with --output-folder, recordings alone, or folders of them; with "
         "--contact-sheet, "
         "these and the file to write")
      ->required();
  auto* folder = app.add_option("-o,--output-folder", options.folder,
                                "Draw each recording into a file of its name in this folder");
  auto* sheet = app.add_flag(
      "--contact-sheet", options.contact_sheet,
      "Draw all recordings small, with their names and what is doubtful, into one file: pages of a "
      ".pdf, or a .png or .svg a page, as in all-1.png");
  sheet->excludes(folder);
  app.add_option("--columns", options.columns, "Pictures beside each other on a contact sheet")
      ->check(CLI::Range(1, 6))
      ->capture_default_str()
      ->needs(sheet);
  app.add_option("--as", options.format,
                 "svg, pdf or png; default: as the file's name ends, or svg")
      ->check(CLI::IsMember({"svg", "pdf", "png"}));
  app.add_option("--dpi", options.dpi, "Pixels an inch of a PNG")
      ->check(CLI::Range(20.0, 600.0))
      ->capture_default_str();
  ecg::cli::AddLayoutOption(app, options.layout);
  app.add_option("--rhythm", paper.rhythm_lead,
                 "Lead of the rhythm strip; default: II, or the first where there is none");
  app.add_option("--start", paper.start, "Seconds from the start of the record")
      ->capture_default_str();
  app.add_option("--caption", paper.caption, "Title; default: name, person and diagnoses");
  app.add_option("--annotations", options.annotations,
                 "Mark the beats and waves of an annotation file: its path, or its ending where it "
                 "lies beside the header, as in atr")
      ->excludes(sheet);
  app.add_option("--why", options.why,
                 "Shade what speaks for a class, from what ecgpredict --explain wrote")
      ->excludes(sheet);
  app.add_option("--class", options.abbreviation,
                 "The class, as in AF; default: the first one explained")
      ->needs("--why");
  ecg::cli::AddInputOptions(app, options.told);
  ecg::cli::AddOutputOptions(app, options.output);
  return ecg::cli::RunTool(app, argc, argv,
                           [&] {
                             ecg::cli::SetUpLogging("ecgplot", options.output);
                             paper.layout = ecg::cli::LayoutOf(options.layout);
                             return Run(options);
                           },
                           {ecg::cli::kSomeRecordsFailed});
}
