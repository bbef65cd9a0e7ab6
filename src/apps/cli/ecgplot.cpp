// ecgplot: a recording on ECG paper.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/annotation.h"
#include "ecg/record/ecg_record.h"
#include "ecg/report/ecg_paper.h"
#include "ecg/report/explanation_shades.h"
#include "src/apps/cli/tool.h"

namespace {

using ecg::report::PaperLayout;

constexpr char kExamples[] = R"(Examples:
  ecgplot records/A0001.hea A0001.svg
  ecgplot records/HR00001.hea page.svg --layout all --start 2.5
  ecgplot sim/A0001.hea A0001.svg --annotations atr
  ecgplot records/A0001.hea why.svg --why predictions/A0001.why.json --class PVC)";

// Name, person and the diagnoses that have a short name.
std::string CaptionOf(const ecg::record::EcgInfo& info) {
  std::string caption = info.name;
  if (info.age) caption += ", " + ecg::FormatDouble(*info.age) + " years";
  if (info.sex) caption += *info.sex == ecg::record::Sex::kMale ? ", male" : ", female";
  const ecg::challenge::ClassSet& classes = ecg::challenge::Classes2021();
  const char* separator = ": ";
  for (const std::string& list : info.dx) {
    ecg::challenge::ForEachDx(list, classes, [&](const ecg::challenge::DxEntry& entry) {
      caption += separator;
      if (entry.index) {
        caption += classes[*entry.index].abbreviation;
      } else {
        caption += entry.diagnosis != nullptr ? entry.diagnosis->abbreviation : entry.text;
      }
      separator = ", ";
    });
  }
  return caption;
}

// Beats and waves by their letter, boundaries as lines alone.
std::vector<ecg::report::PaperMark> MarksOf(const std::filesystem::path& annotations,
                                            double sampling_rate) {
  const ecg::wfdb::AnnotationFile file = ecg::wfdb::ReadAnnotations(annotations).value();
  const double rate = file.frequency > 0 ? file.frequency : sampling_rate;
  std::vector<ecg::report::PaperMark> marks;
  for (const ecg::wfdb::Annotation& annotation : file.annotations) {
    ecg::report::PaperMark mark;
    mark.seconds = static_cast<double>(annotation.sample) / rate;
    switch (annotation.type) {
      case ecg::wfdb::kRhythmChange:
        continue;
      case ecg::wfdb::kWaveOnset:
      case ecg::wfdb::kWaveOffset:
        break;
      case ecg::wfdb::kPWave:
        mark.label = "P";
        break;
      case ecg::wfdb::kTWave:
        mark.label = "T";
        break;
      case ecg::wfdb::kNote:
        mark.label = annotation.aux;
        break;
      default:
        mark.label = ecg::wfdb::AnnotationSymbol(annotation.type);
    }
    marks.push_back(std::move(mark));
  }
  return marks;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Draws a recording on ECG paper (25 mm/s, 10 mm/mV) as SVG", "ecgplot");
  app.footer(kExamples);
  std::string header;
  std::string svg;
  std::string annotations;
  std::string why;
  std::string abbreviation;
  ecg::report::PaperOptions options;
  const std::map<std::string, PaperLayout> layouts = {{"3x4", PaperLayout::kThreeByFour},
                                                      {"all", PaperLayout::kAllLeads}};
  std::string layout = "3x4";
  ecg::cli::OutputOptions output;
  app.add_option("record", header, "The recording, also without its ending")->required();
  app.add_option("svg", svg, "File to write")->required();
  app.add_option("--layout", layout,
                 "3x4: columns of three leads and a rhythm strip; all: a row a lead")
      ->check(CLI::IsMember({"3x4", "all"}))
      ->capture_default_str();
  app.add_option("--rhythm", options.rhythm_lead,
                 "Lead of the rhythm strip; default: II, or the first where there is none");
  app.add_option("--start", options.start, "Seconds from the start of the record")
      ->capture_default_str();
  app.add_option("--caption", options.caption, "Title; default: name, person and diagnoses");
  app.add_option("--annotations", annotations,
                 "Mark the beats and waves of an annotation file: its path, or its ending where it "
                 "lies beside the header, as in atr");
  app.add_option("--why", why,
                 "Shade what speaks for a class, from what ecgpredict --explain wrote");
  app.add_option("--class", abbreviation, "The class, as in AF; default: the first one explained")
      ->needs("--why");
  ecg::cli::AddOutputOptions(app, output);
  return ecg::cli::RunTool(app, argc, argv, [&] {
    ecg::cli::SetUpLogging("ecgplot", output);
    const ecg::record::EcgRecord record =
        ecg::formats::ReadEcg(ecg::formats::PathOf(header)).value();
    if (options.caption.empty()) options.caption = CaptionOf(record.info);
    options.layout = layouts.at(layout);
    if (!annotations.empty()) {
      std::filesystem::path path = annotations;
      if (annotations.find_first_of("./") == std::string::npos) {
        path = std::filesystem::path(header).replace_extension(annotations);
      }
      options.marks = MarksOf(path, record.info.sampling_rate);
    }
    if (!why.empty()) {
      ecg::report::ExplanationShades read = ecg::report::ReadExplanation(why, abbreviation).value();
      options.caption += "; shaded: what speaks for " + read.title;
      options.shades = std::move(read.shades);
    }
    ecg::WriteFileAtomic(svg, ecg::report::EcgPaperSvg(record, options).value()).value();
    return ecg::cli::kDone;
  });
}
