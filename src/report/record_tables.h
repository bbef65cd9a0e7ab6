// The tables of a recording's page.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/report/html.h"
#include "ecg/report/record_page.h"

namespace ecg::report {

std::string Seconds(double seconds);                  // as in "10 s"
std::string PersonLine(const record::EcgInfo& info);  // age and sex; may be empty
// What of a long recording is looked at; there is a part.
std::string PartLine(const RecordReport& report);
std::vector<std::string> LabelsOf(const record::EcgInfo& info);  // its diagnoses in words

// The names of what was found, without what contradicts something stronger.
std::vector<std::string> FindingsOf(const ModelAnswer& model);
Html FoundHtml(const ModelAnswer& model);

// A class with what was said of it. Numbers become text by infer::FormatCell(value, 3).
struct ClassRow {
  std::size_t index = 0;  // of the model's classes
  bool found = false;
  double probability = 0;
  double threshold = 0;    // NaN: none is known
  std::string decided_by;  // in words; may be empty
};
// What was found first, then by falling probability: of the page and of the print alike.
std::vector<ClassRow> ClassRowsOf(const ModelAnswer& model);
// Every class with its probability as a bar and the threshold on it, what was found first.
Html ClassesHtml(const ModelAnswer& model);
// The moments that carried each decision; `from`: where what the model was asked about begins, s.
Html EvidenceHtml(const ModelAnswer& model, double from);
// Which model has answered, by which operating point.
std::string ModelLine(const ModelAnswer& model);

// A measurement as it is told, on the page and in the print alike.
struct MeasurementRow {
  std::string name;
  std::string value;
  double number = 0;
  int decimals = 0;
  std::string unit;
  std::string limits;  // empty: none are known
  std::string source;  // of the limits
  int verdict = 0;     // below -1, above 1
};
std::vector<MeasurementRow> MeasurementRowsOf(const infer::Measured& measured,
                                              const record::EcgInfo& info);
// How many beats of which kind, in words.
std::string BeatsLine(const infer::Measured& measured);

// What was measured beside its normal limits.
Html MeasurementsHtml(const infer::Measured& measured, const record::EcgInfo& info);
Html AmplitudesHtml(const infer::Measured& measured);
Html QualityHtml(const dsp::RecordQuality& quality);

}  // namespace ecg::report
