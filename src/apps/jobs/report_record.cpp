#include "ecg/apps/jobs/report_record.h"

#include <cmath>
#include <string_view>
#include <system_error>
#include <utility>

#include "ecg/challenge/challenge.h"
#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/data/labels/prediction_file.h"
#include "ecg/formats/memory.h"
#include "ecg/formats/registry.h"
#include "ecg/infer/source.h"
#include "ecg/record/leads.h"
#include "src/apps/jobs/graded.h"

namespace ecg::jobs {
namespace {

namespace fs = std::filesystem;

// What is measured and graded in a recording, whether or not a model has been asked.
void Measure(const record::EcgRecord& record, const RecordPageConfig& config,
             report::RecordReport* report) {
  infer::RecordAnswer graded = GradeSignals(record);
  report->quality = graded.quality;
  if (report->model) graded.mended = report->model->answer.mended;
  report->flags = infer::FlagsOf(graded);
  if (graded.unclassifiable) return;
  infer::MeasureConfig measure;
  measure.leads = config.measured_leads.empty() ? record.info.leads : config.measured_leads;
  measure.derive = true;
  measure.seconds = infer::kMeasuredSeconds;
  Result<infer::Measured> measured = infer::MeasureRecord(record, measure);
  if (!measured.ok()) return;
  // The page shows the recording as it is: what was mended for the model still looks exchanged.
  if (graded.mended == dsp::Exchange::kNone) {
    graded.exchange =
        dsp::FindExchange(measured->measured_leads, measured->values, measured->sampling_rate);
  }
  report->flags = infer::FlagsOf(graded);
  report->measured = std::move(*measured);
}

Result<std::string> Written(const report::RecordReport& report, const RecordPageConfig& config) {
  switch (config.format) {
    case RecordPageFormat::kPdf:
      return report::RecordPdf(report, config.layout);
    case RecordPageFormat::kPng:
      return report::RecordPng(report, config.layout, config.dpi);
    case RecordPageFormat::kSvg:
      return report::RecordSvg(report, config.layout);
    case RecordPageFormat::kHtml:
      break;
  }
  return report::RecordPage(report);
}

}  // namespace

Result<std::string> MakeRecordPage(const fs::path& path, const record::OpenOptions& told,
                                   std::optional<report::ModelAnswer> model,
                                   const RecordPageConfig& config) {
  const auto file = formats::Open(path, told);
  if (!file.ok()) return file.error();
  const record::EcgInfo& info = (*file)->info();
  infer::MeasureConfig measure;
  measure.seconds = infer::kMeasuredSeconds;
  const auto memory =
      formats::TakeMemory(**file, path,
                          ToBytes(record::BytesToRead(info, {}) + report::BytesOfRecordPage(info) +
                                  infer::BytesToMeasure(info, measure)));
  if (!memory.ok()) return memory.error();
  return WithinMemory(path.string(), [&]() -> Result<std::string> {
    record::EcgRecord record;
    if (const Status read = (*file)->Read({}, record); !read.ok()) return read.error();
    if (record.info.samples == 0 || record.info.leads.empty()) {
      return InputError("holds no lead with samples", path.string());
    }
    report::RecordReport report;
    report.record = &record;
    report.model = std::move(model);
    report.identify = config.identify;
    report.start = config.start;
    report.back = config.back;
    Measure(record, config, &report);
    return Written(report, config);
  });
}

report::ModelAnswer AnswerOf(const infer::Ensemble& ensemble, const std::string& model_line,
                             infer::RecordAnswer answer) {
  report::ModelAnswer model;
  model.model = model_line;
  model.point = ensemble.general.decision.point;
  model.classes = ensemble.classes();
  model.answer = std::move(answer);
  model.explained_leads = ensemble.general.members.front().info.preprocess.leads;
  return model;
}

Result<report::ModelAnswer> AskAboutRecord(const infer::Ensemble& ensemble,
                                           const std::string& model_line, const fs::path& path,
                                           const record::OpenOptions& told,
                                           infer::PredictConfig config) {
  config.quality = config.measure = true;
  infer::FileSource source({path}, told);
  std::optional<Result<infer::RecordAnswer>> taken;
  infer::PredictRecords(
      ensemble, config, source,
      [&](std::size_t, Result<infer::RecordAnswer> answer) { taken.emplace(std::move(answer)); });
  if (!taken->ok()) return taken->error();
  return AnswerOf(ensemble, model_line, std::move(**taken));
}

Result<report::ModelAnswer> ReadAnswer(const fs::path& prediction) {
  const Result<std::string> text = ReadFile(prediction);
  if (!text.ok()) return text.error();
  const Result<data::Prediction> parsed = data::ParsePrediction(*text, prediction.string());
  if (!parsed.ok()) return parsed.error();
  report::ModelAnswer model;
  model.model = "as " + prediction.filename().string() + " says";
  const challenge::ClassSet& classes = challenge::Classes2021();
  std::vector<std::uint8_t> taken(classes.size());
  for (std::size_t k = 0; k < parsed->classes.size(); ++k) {
    const std::string_view name = Split(parsed->classes[k], '|').front();
    const auto index = challenge::ReadDx(name, classes).index;
    // Equivalent codes have columns of their own, which say the same.
    if (!index || taken[*index] != 0) continue;
    taken[*index] = 1;
    model.classes.push_back(classes[*index]);
    model.answer.decisions.push_back(parsed->decisions[k]);
    model.answer.probabilities.push_back(static_cast<float>(parsed->scores[k]));
  }
  if (model.classes.empty()) return InputError("names no class", prediction.string());
  fs::path why = prediction;
  why.replace_extension(".why.json");
  if (std::error_code ignored; fs::exists(why, ignored)) {
    Result<infer::RecordExplanations> read = infer::ReadExplanations(why);
    if (!read.ok()) return read.error();
    if (std::abs(read->bin - infer::kExplanationBin) > 1e-6) {
      return InputError(
          "has other stretches than " + FormatDouble(1000 * infer::kExplanationBin) + " ms",
          why.string(), 0, "bin_s");
    }
    model.explained_leads = std::move(read->leads);
    model.answer.explanations = std::move(read->classes);
  }
  return model;
}

std::vector<std::string> MeasuredLeads(const infer::Ensemble& ensemble,
                                       const infer::PredictConfig& config) {
  infer::PredictConfig measuring = config;
  measuring.measure = true;
  return infer::WishesOf(ensemble, measuring).measure->leads;
}

}  // namespace ecg::jobs
