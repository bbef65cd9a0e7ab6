// Pages of true size that a pen draws on, as PDF and PNG, by cairo.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ecg/core/result.h"
#include "src/report/paper_pen.h"

namespace ecg::report {

using DrawPage = std::function<void(PaperPen& pen)>;

// A PDF whose bytes are given away as its pages are drawn, so that it may have any number of them.
class PdfPages {
 public:
  using Write = std::function<void(std::string_view bytes)>;  // must not throw

  explicit PdfPages(Write write);
  ~PdfPages();
  PdfPages(const PdfPages&) = delete;
  PdfPages& operator=(const PdfPages&) = delete;

  // `name`: what errors call it.
  Status Add(const PageSize& size, const std::string& name, const DrawPage& draw);
  Status Finish(const std::string& name);

 private:
  struct Document;
  std::unique_ptr<Document> document_;
};

// An error (kUsage): more than 32,000 pixels a side.
Result<std::string> PngPage(const PageSize& size, double dpi, const std::string& name,
                            const DrawPage& draw);

}  // namespace ecg::report
