#include "ecg/apps/jobs/contact_sheets.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <system_error>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/memory_budget.h"
#include "ecg/core/parallel.h"
#include "ecg/core/partial_file.h"
#include "ecg/core/text.h"
#include "ecg/data/records/input_guard.h"
#include "ecg/formats/memory.h"
#include "ecg/formats/registry.h"
#include "ecg/report/record_page.h"
#include "src/apps/jobs/graded.h"
#include "src/apps/jobs/read_part.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

// As PatientLine, without the name that stands above it.
std::string AboutOf(record::EcgInfo info) {
  info.name.clear();
  std::string line = report::PatientLine(info);
  line.erase(0, line.find_first_not_of(", :"));
  return line;
}

Status Draw(const fs::path& path, const record::OpenOptions& told,
            const report::SheetOptions& sheet, report::SheetPicture* picture) {
  const auto file = formats::Open(path, told);
  if (!file.ok()) return file.error();
  const record::EcgInfo& info = (*file)->info();
  picture->about = AboutOf(info);
  const auto memory = formats::TakeMemory(
      **file, path,
      ToBytes(BytesOfPart(**file, sheet.seconds) + 1e6 + report::BytesToDraw(info, sheet.seconds)));
  if (!memory.ok()) return memory.error();
  return WithinMemory(path.string(), [&]() -> Status {
    record::EcgRecord record;
    double begins = 0;
    const Status read = ReadPart(**file, sheet.start, sheet.seconds, record, &begins);
    if (!read.ok()) return read;
    std::optional<report::PaperPart> part;
    if (info.samples > 0) part = {begins, LengthOf(info)};
    auto paper = report::PaperForSheet(record, sheet, part);
    if (!paper.ok()) return paper.error();
    picture->page = std::move(*paper);
    picture->doubt = Join(infer::FlagsOf(GradeSignals(record)), ", ");
    return {};
  });
}

// How the sheets of one format become files.
class Sheets {
 public:
  virtual ~Sheets() = default;
  virtual void Add(const std::vector<report::SheetPicture>& pictures, std::size_t number) = 0;
  virtual void Finish() {}
};

class PdfSheets : public Sheets {
 public:
  PdfSheets(const ContactSheetsConfig& config, const fs::path& path, std::size_t count)
      : config_(config),
        count_(count),
        file_(path),
        pdf_([this](std::string_view bytes) { waiting_ += bytes; }) {}

  void Add(const std::vector<report::SheetPicture>& pictures, std::size_t number) override {
    pdf_.Add(config_.sheet, pictures, number, count_).value();
    Write();
  }
  void Finish() override {
    pdf_.Finish().value();
    Write();
    file_.Finish();
  }

 private:
  // Not while cairo draws, which cannot pass an exception on.
  void Write() {
    file_.Write(waiting_);
    waiting_.clear();
  }

  const ContactSheetsConfig& config_;
  const std::size_t count_;
  PartialFile file_;
  std::string waiting_;
  report::SheetsPdf pdf_;
};

class FileSheets : public Sheets {
 public:
  FileSheets(const ContactSheetsConfig& config, const std::vector<fs::path>& paths)
      : config_(config), paths_(paths) {}

  void Add(const std::vector<report::SheetPicture>& pictures, std::size_t number) override {
    const fs::path& path = paths_[number - 1];
    const std::string bytes =
        ToLower(path.extension().string()) == ".png"
            ? report::SheetPng(config_.sheet, pictures, number, paths_.size(), config_.dpi).value()
            : report::SheetSvg(config_.sheet, pictures, number, paths_.size());
    WriteFileAtomic(path, bytes).value();
  }

 private:
  const ContactSheetsConfig& config_;
  const std::vector<fs::path>& paths_;
};

bool IsPdf(const fs::path& path) { return ToLower(path.extension().string()) == ".pdf"; }

// As in all.png, or all-01.png to all-12.png.
std::vector<fs::path> FilesOf(const fs::path& output, std::size_t sheets) {
  if (sheets == 1 || IsPdf(output)) return {output};
  const std::size_t digits = std::to_string(sheets).size();
  std::vector<fs::path> files;
  for (std::size_t number = 1; number <= sheets; ++number) {
    std::string text = std::to_string(number);
    text.insert(0, digits - text.size(), '0');
    files.push_back(output.parent_path() /
                    (output.stem().string() + "-" + text + output.extension().string()));
  }
  return files;
}

std::vector<fs::path> CheckedFiles(const fs::path& output, std::size_t sheets,
                                   const std::vector<data::RecordPath>& records) {
  const std::string ending = ToLower(output.extension().string());
  if (ending != ".pdf" && ending != ".png" && ending != ".svg") {
    throw Exception(
        UsageError("contact sheets are written to a .pdf, .png or .svg file", output.string()));
  }
  data::InputGuard guard;
  for (const data::RecordPath& record : records) guard.Add(record.path);
  std::vector<fs::path> files = FilesOf(output, sheets);
  for (const fs::path& file : files) guard.CheckFile(file, {".pdf", ".png", ".svg"}).value();
  return files;
}

}  // namespace

ContactSheetsSummary WriteContactSheets(const data::RecordInputs& inputs, const fs::path& output,
                                        const ContactSheetsConfig& config, ProgressSink& progress) {
  ContactSheetsSummary summary;
  const std::vector<data::RecordPath> records =
      data::SelectRecords(inputs, {}, &summary.failed).value();
  const std::size_t room = report::PicturesASheet(config.sheet);
  const std::size_t count = (records.size() + room - 1) / room;
  summary.files = CheckedFiles(output, count, records);
  std::unique_ptr<Sheets> sheets;
  if (IsPdf(output)) {
    sheets = std::make_unique<PdfSheets>(config, output, count);
  } else {
    sheets = std::make_unique<FileSheets>(config, summary.files);
  }
  progress.Begin("drawing", records.size());
  for (std::size_t number = 1; number <= count; ++number) {
    const std::size_t begin = (number - 1) * room;
    std::vector<report::SheetPicture> pictures(std::min(room, records.size() - begin));
    std::vector<Status> drawn(pictures.size());
    ParallelFor(pictures.size(), config.threads, [&](std::size_t i) {
      pictures[i].name = records[begin + i].id;
      drawn[i] = Draw(records[begin + i].path, inputs.told, config.sheet, &pictures[i]);
      if (!drawn[i].ok()) pictures[i].failure = drawn[i].error().message;
    });
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      if (drawn[i].ok()) {
        ++summary.drawn;
      } else {
        summary.failed.push_back({pictures[i].name, drawn[i].error()});
      }
      if (!pictures[i].doubt.empty()) ++summary.doubtful;
    }
    sheets->Add(pictures, number);
    progress.Advance(begin + pictures.size(), "");
  }
  sheets->Finish();
  progress.End();
  return summary;
}

}  // namespace ecg::jobs
