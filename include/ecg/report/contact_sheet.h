// Many recordings as small pictures on pages of A4.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/record/ecg_record.h"
#include "ecg/report/ecg_paper.h"

namespace ecg::report {

struct PaperPage;
class PdfPages;

struct SheetOptions {
  std::string title;
  PaperLayout layout = PaperLayout::kThreeByFour;
  std::string rhythm_lead;  // see PaperOptions
  double start = 0;         // s from the start of each record
  double seconds = 10;      // of each
  int columns = 3;          // pictures beside each other, 1 to 6
};

// A recording's place on a sheet.
struct SheetPicture {
  std::string name;
  std::string about;                      // the person and the diagnoses; may be empty
  std::string doubt;                      // what makes it doubtful; empty: nothing
  std::string failure;                    // why it has no paper
  std::shared_ptr<const PaperPage> page;  // null: it has none
};

// The paper of a record, to be drawn as small as its place on a sheet is: between two points that
// are hardly apart there only the highest and the lowest sample stay. Errors as of EcgPaperSvg.
// `part`: what the record is a part of, see PaperOptions.
Result<std::shared_ptr<const PaperPage>> PaperForSheet(const record::EcgRecord& record,
                                                       const SheetOptions& options,
                                                       const std::optional<PaperPart>& part = {});

std::size_t PicturesASheet(const SheetOptions& options);

// A sheet of up to so many pictures, as an SVG document and as a PNG: the `number`-th, from 1, of
// `count`. Every picture has the same scale, unless its complexes are so tall that its paper would
// not fit: then it says how much smaller it is. What is doubtful has a frame and says why.
std::string SheetSvg(const SheetOptions& options, const std::vector<SheetPicture>& pictures,
                     std::size_t number, std::size_t count);
Result<std::string> SheetPng(const SheetOptions& options, const std::vector<SheetPicture>& pictures,
                             std::size_t number, std::size_t count, double dpi);

// The same as the pages of one PDF, whose bytes are given away as it grows.
class SheetsPdf {
 public:
  explicit SheetsPdf(std::function<void(std::string_view bytes)> write);  // must not throw
  ~SheetsPdf();

  Status Add(const SheetOptions& options, const std::vector<SheetPicture>& pictures,
             std::size_t number, std::size_t count);
  Status Finish();

 private:
  std::unique_ptr<PdfPages> pages_;
};

}  // namespace ecg::report
