#include "ecg/report/explanation_shades.h"

#include <algorithm>

#include "ecg/core/text.h"
#include "ecg/infer/explanation.h"
#include "src/report/figure_text.h"

namespace ecg::report {
namespace {

constexpr double kWeakest = 0.08;  // of the strongest; less is not drawn

ExplanationShades ShadesOf(const infer::Explanation& explanation,
                           const std::vector<std::string>& leads, double bin) {
  ExplanationShades made;
  made.title =
      explanation.abbreviation + FigureText(" %.2f", static_cast<double>(explanation.probability));
  float strongest = 0;
  for (const std::vector<float>& lead : explanation.evidence) {
    for (const float value : lead) strongest = std::max(strongest, value);
  }
  made.legend = "speaks for " + explanation.abbreviation + ", in" +
                FigureText(" %.3g", 1000 * bin) + " ms of a lead:";
  made.low = "0";
  made.high = FigureText("%.2g", static_cast<double>(strongest)) + " of the logit";
  for (std::size_t k = 0; k < leads.size(); ++k) {
    const std::vector<float>& evidence = explanation.evidence[k];
    for (std::size_t i = 0; i < evidence.size(); ++i) {
      const double strength = static_cast<double>(evidence[i] / strongest);
      if (!(strength > kWeakest)) continue;
      made.shades.push_back(
          {leads[k], static_cast<double>(i) * bin, static_cast<double>(i + 1) * bin, strength});
    }
  }
  return made;
}

}  // namespace

Result<ExplanationShades> ReadExplanation(const std::filesystem::path& path,
                                          const std::string& abbreviation) {
  const Result<infer::RecordExplanations> read = infer::ReadExplanations(path);
  if (!read.ok()) return read.error();
  std::vector<std::string> names;
  for (const infer::Explanation& explanation : read->classes) {
    names.push_back(explanation.abbreviation);
    if (abbreviation.empty() || names.back() == abbreviation) {
      return ShadesOf(explanation, read->leads, read->bin);
    }
  }
  if (names.empty()) return UsageError("explains nothing: no class was found", path.string());
  return UsageError("explains " + Join(names, ", ") + ", not " + abbreviation, path.string());
}

}  // namespace ecg::report
