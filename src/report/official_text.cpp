#include "ecg/report/official_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "ecg/core/text.h"

namespace ecg::report {
namespace {

// Python's "%.3f".
std::string Fixed3(double value) {
  if (std::isnan(value)) return "nan";
  char buffer[352];
  std::snprintf(buffer, sizeof(buffer), "%.3f", value);
  return buffer;
}

// 2021 prints all codes of a class, sorted as text; 2020 its first.
std::string ClassId(const challenge::DiagnosisClass& entry, const score::Scoring& scoring) {
  if (scoring.year() == score::Challenge::k2020) return entry.codes.front();
  std::vector<std::string> codes = entry.codes;
  std::sort(codes.begin(), codes.end());
  return Join(codes, "|");
}

}  // namespace

std::string OfficialScores(const score::Metrics& metrics, const score::Scoring& scoring) {
  std::vector<std::string> names = {"AUROC", "AUPRC", "Accuracy", "F-measure"};
  std::vector<double> values = {metrics.auroc, metrics.auprc, metrics.accuracy, metrics.f_measure};
  if (scoring.year() == score::Challenge::k2020) {
    names.insert(names.end(), {"Fbeta-measure", "Gbeta-measure"});
    values.insert(values.end(), {metrics.f_beta, metrics.g_beta});
  }
  names.push_back("Challenge metric");
  values.push_back(metrics.challenge);
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(Fixed3(value));
  return Join(names, ",") + "\n" + Join(texts, ",");
}

std::string OfficialClassScores(const score::Metrics& metrics, const score::Scoring& scoring) {
  const challenge::ClassSet& classes = scoring.classes();
  std::vector<std::string> ids = {"Classes"}, auroc = {"AUROC"}, auprc = {"AUPRC"},
                           f_measure = {"F-measure"};
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const score::ClassMetrics& of = metrics.per_class.at(k);
    ids.push_back(ClassId(classes[k], scoring));
    auroc.push_back(Fixed3(of.auroc));
    auprc.push_back(Fixed3(of.auprc));
    f_measure.push_back(Fixed3(of.f_measure));
  }
  return Join(ids, ",") + "\n" + Join(auroc, ",") + "\n" + Join(auprc, ",") + "\n" +
         Join(f_measure, ",");
}

}  // namespace ecg::report
