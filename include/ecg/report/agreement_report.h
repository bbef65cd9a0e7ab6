// How far measurements of ours agree with those that recorders state, for people, for programs and
// as a picture.
#pragma once

#include <string>

#include "ecg/core/json.h"
#include "ecg/score/agreement.h"

namespace ecg::report {

// A row for each quantity that anybody states.
std::string AgreementReport(const score::AllMeasuredTwice& pairs);
// By name, as in "pr_ms".
Json AgreementJson(const score::AllMeasuredTwice& pairs);
// Bland and Altman's picture of each, one SVG document in millimetres: the differences over the
// means of both, bias and limits with their intervals. Each point says which recording it is.
std::string AgreementPicture(const score::AllMeasuredTwice& pairs);

}  // namespace ecg::report
