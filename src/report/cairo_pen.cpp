#include <cairo-pdf.h>
#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <tuple>

#include "ecg/report/ecg_paper.h"
#include "src/report/cairo_pages.h"
#include "src/report/paper_pen.h"
#include "src/report/svg_text.h"

namespace ecg::report {
namespace {

constexpr double kPointsPerMm = 72 / 25.4;
constexpr double kMostPixels = 32000;  // of a side of an image: what cairo can

struct Colour {
  double red, green, blue;
};

// As in "#1a4fa0" or "#fff".
Colour ColourOf(const char* text) {
  const std::string digits = text + 1;
  const bool brief = digits.size() == 3;
  const auto part = [&](std::size_t i) {
    const std::string two = brief ? std::string(2, digits[i]) : digits.substr(2 * i, 2);
    return static_cast<double>(std::strtol(two.c_str(), nullptr, 16)) / 255;
  };
  return {part(0), part(1), part(2)};
}

// Draws in millimetres on any of cairo's surfaces; what cannot be drawn shows in its status.
class CairoPen : public PaperPen {
 public:
  CairoPen(cairo_surface_t* surface, const PageSize& page, double units_per_mm)
      : cairo_(cairo_create(surface), cairo_destroy) {
    cairo_scale(cairo_.get(), units_per_mm, units_per_mm);
    cairo_rectangle(cairo_.get(), 0, 0, page.width, page.height);
    cairo_clip(cairo_.get());
    cairo_set_line_join(cairo_.get(), CAIRO_LINE_JOIN_ROUND);
    cairo_select_font_face(cairo_.get(), "Helvetica", CAIRO_FONT_SLANT_NORMAL,
                           CAIRO_FONT_WEIGHT_NORMAL);
  }

  void BeginGroup(const char*, std::string_view) override {}
  void EndGroup() override {}

  void BeginInset(double x, double y, double scale) override {
    cairo_save(cairo_.get());
    cairo_translate(cairo_.get(), x, y);
    cairo_scale(cairo_.get(), scale, scale);
  }
  void EndInset() override { cairo_restore(cairo_.get()); }

  void Rectangle(const Box& box, const PaperFill& fill) override {
    const Colour colour = ColourOf(fill.colour);
    cairo_set_source_rgba(cairo_.get(), colour.red, colour.green, colour.blue, fill.opacity);
    cairo_rectangle(cairo_.get(), box.left, box.top, box.right - box.left, box.bottom - box.top);
    cairo_fill(cairo_.get());
  }

  // Lines at whole millimetres of the page, as the patterns of the SVG have them.
  void Grid(const Box& box) override {
    for (const auto& [every, colour, width] :
         {std::tuple(1, kGridFine, 0.1), std::tuple(5, kGridBold, 0.2)}) {
      Use(colour, width);
      for (int x = 0; x <= static_cast<int>(box.right); x += every) {
        if (x < box.left) continue;
        cairo_move_to(cairo_.get(), x, box.top);
        cairo_line_to(cairo_.get(), x, box.bottom);
      }
      for (int y = 0; y <= static_cast<int>(box.bottom); y += every) {
        if (y < box.top) continue;
        cairo_move_to(cairo_.get(), box.left, y);
        cairo_line_to(cairo_.get(), box.right, y);
      }
      cairo_stroke(cairo_.get());
    }
  }

  void Stroke(const std::vector<PaperStroke>& strokes, const PaperLine& line) override {
    Use(line.colour, line.width);
    for (const PaperStroke& stroke : strokes) {
      cairo_move_to(cairo_.get(), stroke.x, stroke.y);
      for (const PaperStroke::Move& move : stroke.moves) {
        cairo_rel_line_to(cairo_.get(), move.x, move.y);
      }
    }
    cairo_stroke(cairo_.get());
  }

  void Trace(double left, double baseline, const std::vector<TracePoint>& points,
             double width) override {
    Use("#000", width);
    for (const TracePoint& point : points) {
      const double x = left + point.x * kPaperUnit;
      const double y = baseline + point.y * kPaperUnit;
      if (point.joined) {
        cairo_line_to(cairo_.get(), x, y);
      } else {
        cairo_move_to(cairo_.get(), x, y);
      }
    }
    cairo_stroke(cairo_.get());
  }

  void Text(double x, double y, double size, std::string_view text, const char* colour,
            double rim) override {
    Use(colour, 2 * rim);
    cairo_set_font_size(cairo_.get(), size);
    cairo_move_to(cairo_.get(), x, y);
    const std::string words = PlainText(text);
    if (rim > 0) {
      cairo_text_path(cairo_.get(), words.c_str());
      cairo_fill_preserve(cairo_.get());
      cairo_stroke(cairo_.get());
    } else {
      cairo_show_text(cairo_.get(), words.c_str());
    }
  }

  cairo_status_t status() const { return cairo_status(cairo_.get()); }

 private:
  void Use(const char* name, double width) {
    const Colour colour = ColourOf(name);
    cairo_set_source_rgb(cairo_.get(), colour.red, colour.green, colour.blue);
    cairo_set_line_width(cairo_.get(), width);
  }

  std::unique_ptr<cairo_t, decltype(&cairo_destroy)> cairo_;
};

cairo_status_t Append(void* bytes, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

cairo_status_t Give(void* write, const unsigned char* data, unsigned int length) {
  (*static_cast<PdfPages::Write*>(write))({reinterpret_cast<const char*>(data), length});
  return CAIRO_STATUS_SUCCESS;
}

Status StatusOf(cairo_status_t status, const std::string& name) {
  if (status == CAIRO_STATUS_SUCCESS) return {};
  return Error{ErrorKind::kInternal,
               std::string("cannot be drawn: ") + cairo_status_to_string(status),
               name,
               0,
               {}};
}

using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;

}  // namespace

struct PdfPages::Document {
  Write write;
  Surface surface{nullptr, cairo_surface_destroy};
};

PdfPages::PdfPages(Write write) : document_(std::make_unique<Document>()) {
  document_->write = std::move(write);
  document_->surface.reset(cairo_pdf_surface_create_for_stream(Give, &document_->write, 1, 1));
  // What every viewer and printer reads; newer versions put pages into compressed objects.
  cairo_pdf_surface_restrict_to_version(document_->surface.get(), CAIRO_PDF_VERSION_1_4);
  // No time of making: the same recording gives the same file.
  cairo_pdf_surface_set_metadata(document_->surface.get(), CAIRO_PDF_METADATA_CREATE_DATE,
                                 "2000-01-01T00:00:00Z");
}

PdfPages::~PdfPages() = default;

Status PdfPages::Add(const PageSize& size, const std::string& name, const DrawPage& draw) {
  cairo_surface_t* surface = document_->surface.get();
  cairo_pdf_surface_set_size(surface, size.width * kPointsPerMm, size.height * kPointsPerMm);
  cairo_status_t status = CAIRO_STATUS_SUCCESS;
  {
    CairoPen pen(surface, size, kPointsPerMm);
    draw(pen);
    status = pen.status();
  }
  cairo_surface_show_page(surface);
  if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface);
  return StatusOf(status, name);
}

Status PdfPages::Finish(const std::string& name) {
  cairo_surface_finish(document_->surface.get());
  return StatusOf(cairo_surface_status(document_->surface.get()), name);
}

Result<std::string> PngPage(const PageSize& size, double dpi, const std::string& name,
                            const DrawPage& draw) {
  const double scale = dpi / 25.4;
  if (!(dpi > 0) || !(std::max(size.width, size.height) * scale < kMostPixels)) {
    return UsageError(
        "an image has at most " + std::to_string(static_cast<int>(kMostPixels)) + " pixels a side",
        name);
  }
  const Surface surface(cairo_image_surface_create(
                            CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(size.width * scale)),
                            static_cast<int>(std::lround(size.height * scale))),
                        cairo_surface_destroy);
  CairoPen pen(surface.get(), size, scale);
  draw(pen);
  cairo_status_t status = pen.status();
  std::string bytes;
  if (status == CAIRO_STATUS_SUCCESS) {
    status = cairo_surface_write_to_png_stream(surface.get(), Append, &bytes);
  }
  if (const Status drawn = StatusOf(status, name); !drawn.ok()) return drawn.error();
  return bytes;
}

Result<std::string> EcgPaperPdf(const record::EcgRecord& record, const PaperOptions& options) {
  const Result<PaperPage> page = LayOut(record, options);
  if (!page.ok()) return page.error();
  std::string bytes;
  PdfPages pages([&](std::string_view more) { bytes += more; });
  const Status drawn = pages.Add({page->width, page->height}, record.info.name, [&](PaperPen& pen) {
    DrawPaper(record.info, *page, options, pen);
  });
  if (!drawn.ok()) return drawn.error();
  if (const Status whole = pages.Finish(record.info.name); !whole.ok()) return whole.error();
  return bytes;
}

Result<std::string> EcgPaperPng(const record::EcgRecord& record, const PaperOptions& options,
                                double dpi) {
  const Result<PaperPage> page = LayOut(record, options);
  if (!page.ok()) return page.error();
  return PngPage({page->width, page->height}, dpi, record.info.name,
                 [&](PaperPen& pen) { DrawPaper(record.info, *page, options, pen); });
}

}  // namespace ecg::report
