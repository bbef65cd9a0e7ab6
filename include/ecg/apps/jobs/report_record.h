// From a recording on disk to its page.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/infer/ensemble.h"
#include "ecg/infer/predictor.h"
#include "ecg/record/reader.h"
#include "ecg/report/record_page.h"

namespace ecg::jobs {

enum class RecordPageFormat { kHtml, kPdf, kPng, kSvg };

struct RecordPageConfig {
  RecordPageFormat format = RecordPageFormat::kHtml;
  report::PaperLayout layout = report::PaperLayout::kThreeByFour;  // of what is no HTML
  double dpi = 200;                                                // of a PNG
  // To be measured in: those that a model sees, so that numbers are those of its table; empty: all.
  std::vector<std::string> measured_leads;
  bool identify = false;  // tells code and date, too
  double start = 0;       // s from the start of the record
  std::string back;       // a page to lead back to, beside it
};

struct RecordPageMade {
  std::string page;
  std::vector<std::string> warnings;  // of what it leaves out
};

// Reads the recording, measures its first ten minutes and its quality, and makes its page (or, of
// other formats than HTML, its print) with what a model has said of it, if one has. Of a recording
// longer than an hour the hour from config.start on stands for it, and page and warnings say so.
Result<RecordPageMade> MakeRecordPage(const std::filesystem::path& path,
                                      const record::OpenOptions& told,
                                      std::optional<report::ModelAnswer> model,
                                      const RecordPageConfig& config);

// What a model says of a recording on disk, or of one longer than an hour the hour from `start` on,
// explained, with its quality and measurements.
Result<report::ModelAnswer> AskAboutRecord(const infer::Ensemble& ensemble,
                                           const std::string& model_line,
                                           const std::filesystem::path& path,
                                           const record::OpenOptions& told, double start,
                                           infer::PredictConfig config);

// The same around an answer that is there.
report::ModelAnswer AnswerOf(const infer::Ensemble& ensemble, const std::string& model_line,
                             infer::RecordAnswer answer);

// What a prediction file says, and the explanation beside it (.why.json) if there is one; without
// thresholds, which such files do not hold.
Result<report::ModelAnswer> ReadAnswer(const std::filesystem::path& prediction);

// The leads that the ensemble's answers are measured in.
std::vector<std::string> MeasuredLeads(const infer::Ensemble& ensemble,
                                       const infer::PredictConfig& config);

}  // namespace ecg::jobs
