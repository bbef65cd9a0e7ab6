// The tables of a recording's page.
#pragma once

#include <string>
#include <vector>

#include "ecg/report/html.h"
#include "ecg/report/record_page.h"

namespace ecg::report {

std::string Seconds(double seconds);                             // as in "10 s"
std::string PersonLine(const record::EcgInfo& info);             // age and sex; may be empty
std::vector<std::string> LabelsOf(const record::EcgInfo& info);  // its diagnoses in words

// The names of what was found, without what contradicts something stronger.
std::vector<std::string> FindingsOf(const ModelAnswer& model);
Html FoundHtml(const ModelAnswer& model);
// Every class with its probability as a bar and the threshold on it, what was found first.
Html ClassesHtml(const ModelAnswer& model);
// The moments that carried each decision.
Html EvidenceHtml(const ModelAnswer& model);
// Which model has answered, by which operating point.
std::string ModelLine(const ModelAnswer& model);

// What was measured beside its normal limits.
Html MeasurementsHtml(const infer::Measured& measured, const record::EcgInfo& info);
Html AmplitudesHtml(const infer::Measured& measured);
Html QualityHtml(const dsp::RecordQuality& quality);

}  // namespace ecg::report
