// A recording small enough to lie with a hundred thousand others: ten seconds at about 100 Hz.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/record/ecg_record.h"

namespace ecg::report {

inline constexpr double kPreviewSeconds = 10;
inline constexpr double kPreviewStep = 0.01;  // mV
inline constexpr std::size_t kPreviewLeads = 12;

// Samples are differences in steps of 0.01 mV, at most 1.27 mV each way, what is cut off being made
// up for by those that follow; kPreviewGap stands for a sample that is missing.
inline constexpr std::int8_t kPreviewGap = -128;

struct Preview {
  double sampling_rate = 0;  // Hz
  std::vector<std::string> leads;
  std::vector<std::vector<std::int8_t>> steps;  // [leads][samples]
  std::size_t main = 0;                         // the lead for a picture of one: II, or the first
};

Preview MakePreview(const record::EcgRecord& record);

// A lead as it comes back, mV; NaN where samples are missing.
std::vector<double> PreviewLead(const Preview& preview, std::size_t lead);

// For our script: {"leads": [...], "rate": Hz, "steps": base64 of all leads' bytes}; `main_only`:
// of the lead for a picture of one.
Json PreviewJson(const Preview& preview, bool main_only);

// One lead on paper, as an SVG document.
std::string PreviewSvg(const Preview& preview, std::size_t lead, const std::string& about);

}  // namespace ecg::report
