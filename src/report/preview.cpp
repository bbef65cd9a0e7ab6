#include "ecg/report/preview.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "src/report/base64.h"
#include "src/report/paper_layout.h"
#include "src/report/svg_text.h"
#include "src/report/xml.h"

namespace ecg::report {
namespace {

constexpr double kRate = 100;  // Hz, about
constexpr double kMost = 127;  // steps of one difference
constexpr double kFar = 100;   // mV; what lies further off is drawn there

// Means of `factor` samples; NaN where one of them is missing.
std::vector<double> Averaged(const std::vector<float>& lead, std::size_t factor,
                             std::size_t count) {
  std::vector<double> means;
  for (std::size_t i = 0; i < count; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < factor; ++k) sum += static_cast<double>(lead[i * factor + k]);
    means.push_back(sum / static_cast<double>(factor));
  }
  return means;
}

double MedianOf(std::vector<double> values) {
  values.erase(std::remove_if(values.begin(), values.end(),
                              [](double value) { return !std::isfinite(value); }),
               values.end());
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<std::int8_t> StepsOf(const std::vector<double>& lead) {
  const double median = MedianOf(lead);
  std::vector<std::int8_t> steps;
  double reached = 0;  // in steps
  for (const double mv : lead) {
    if (!std::isfinite(mv)) {
      steps.push_back(kPreviewGap);
      continue;
    }
    const double wanted = std::clamp(mv - median, -kFar, kFar) / kPreviewStep;
    const double step = std::clamp(std::round(wanted - reached), -kMost, kMost);
    reached += step;
    steps.push_back(static_cast<std::int8_t>(step));
  }
  return steps;
}

}  // namespace

Preview MakePreview(const record::EcgRecord& record) {
  Preview preview;
  const record::EcgInfo& info = record.info;
  if (!(info.sampling_rate > 0)) return preview;
  const auto factor =
      static_cast<std::size_t>(std::max(std::floor(info.sampling_rate / kRate), 1.0));
  preview.sampling_rate = info.sampling_rate / static_cast<double>(factor);
  const std::size_t count =
      std::min(info.samples / factor,
               static_cast<std::size_t>(std::ceil(kPreviewSeconds * preview.sampling_rate)));
  for (std::size_t lead = 0; lead < std::min(info.leads.size(), kPreviewLeads); ++lead) {
    preview.leads.push_back(info.leads[lead]);
    preview.steps.push_back(StepsOf(Averaged(record.leads[lead], factor, count)));
    if (info.leads[lead] == "II") preview.main = lead;
  }
  return preview;
}

std::vector<double> PreviewLead(const Preview& preview, std::size_t lead) {
  std::vector<double> samples;
  double reached = 0;
  for (const std::int8_t step : preview.steps[lead]) {
    if (step == kPreviewGap) {
      samples.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    reached += step * kPreviewStep;
    samples.push_back(reached);
  }
  return samples;
}

Json PreviewJson(const Preview& preview, bool main_only) {
  std::string bytes;
  Json leads = Json::array();
  for (std::size_t lead = 0; lead < preview.leads.size(); ++lead) {
    if (main_only && lead != preview.main) continue;
    leads.push_back(preview.leads[lead]);
    for (const std::int8_t step : preview.steps[lead]) bytes += static_cast<char>(step);
  }
  if (leads.empty()) return nullptr;
  return {{"leads", leads}, {"rate", preview.sampling_rate}, {"steps", Base64(bytes)}};
}

std::string PreviewSvg(const Preview& preview, std::size_t lead, const std::string& about) {
  constexpr double kHeight = 30;  // mm
  const double width = kPreviewSeconds * kMmPerSecond;
  std::string d;
  bool joined = false;
  const std::vector<double> samples =
      lead < preview.leads.size() ? PreviewLead(preview, lead) : std::vector<double>();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::isfinite(samples[i])) {
      d += (joined ? "L" : "M") +
           SvgNumber(static_cast<double>(i) / preview.sampling_rate * kMmPerSecond) + " " +
           SvgNumber(kHeight / 2 + 2 - samples[i] * kMmPerMv);
    }
    joined = std::isfinite(samples[i]);
  }
  std::string grid;
  for (int x = 0; x <= static_cast<int>(width); x += 5) {
    grid += "M" + std::to_string(x) + " 0V" + SvgNumber(kHeight);
  }
  for (int y = 0; y <= static_cast<int>(kHeight); y += 5) {
    grid += "M0 " + std::to_string(y) + "H" + SvgNumber(width);
  }
  const std::string size = SvgNumber(width) + " " + SvgNumber(kHeight);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"paper strip\" role=\"img\" "
         "aria-label=\"" +
         EscapeXml(about) + "\" width=\"" + SvgNumber(width) + "mm\" height=\"" +
         SvgNumber(kHeight) + "mm\" viewBox=\"0 0 " + size +
         "\">\n<rect class=\"ground\" width=\"" + SvgNumber(width) + "\" height=\"" +
         SvgNumber(kHeight) + "\" fill=\"#fff\"/>\n<path class=\"bold\" d=\"" + grid +
         "\" stroke=\"#eb9a92\" stroke-width=\"0.2\" fill=\"none\"/>\n<path class=\"trace\" d=\"" +
         d +
         "\" fill=\"none\" stroke=\"#000\" stroke-width=\"0.3\" stroke-linejoin=\"round\"/>\n"
         "</svg>\n";
}

}  // namespace ecg::report
