// What ecgpredict --explain wrote, as something to look at.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/report/ecg_paper.h"

namespace ecg::report {

struct ExplanationShades {
  std::string title;  // as in "AF 0.93"
  // Of the legend: as in "speaks for AF, in 40 ms of a lead:", "0", "0.35 of the logit".
  std::string legend;
  std::string low;
  std::string high;
  std::vector<PaperShade> shades;
};

// The evidence for a class (empty: the first one of the file), each stretch as strong as its share
// of the strongest. An error (kInput): a file of another kind; (kUsage): a class that it does not
// explain, with those that it does.
Result<ExplanationShades> ReadExplanation(const std::filesystem::path& path,
                                          const std::string& abbreviation);

}  // namespace ecg::report
