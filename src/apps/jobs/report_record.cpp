#include "ecg/apps/jobs/report_record.h"

#include <cmath>
#include <memory>
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
#include "src/apps/jobs/read_part.h"

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

// Of a long recording the part that is looked at; `begins`: where that is, s.
Status ReadHour(const record::RecordFile& file, double start, record::EcgRecord& record,
                double* begins) {
  const record::EcgInfo& info = file.info();
  const Status starts = report::CheckStart(info.name, LengthOf(info), start);
  return starts.ok() ? ReadPart(file, start, kLongestWhole, record, begins) : starts;
}

std::string OnlyAnHour(const record::EcgInfo& info) {
  return info.name + ": lasts " + FormatDouble(std::round(LengthOf(info))) +
         " s; the page is about an hour of it, which --start chooses. ecgreport holter makes a "
         "page of all of it";
}

}  // namespace

Result<RecordPageMade> MakeRecordPage(const fs::path& path, const record::OpenOptions& told,
                                      std::optional<report::ModelAnswer> model,
                                      const RecordPageConfig& config) {
  const auto file = formats::Open(path, told);
  if (!file.ok()) return file.error();
  const record::EcgInfo& info = (*file)->info();
  infer::MeasureConfig measure;
  measure.seconds = infer::kMeasuredSeconds;
  const bool is_long = IsLong(info);
  const double to_read =
      is_long ? BytesOfPart(**file, kLongestWhole) : record::BytesToRead(info, {});
  const auto memory = formats::TakeMemory(
      **file, path,
      ToBytes(to_read + report::BytesOfRecordPage(info) + infer::BytesToMeasure(info, measure)));
  if (!memory.ok()) return memory.error();
  return WithinMemory(path.string(), [&]() -> Result<RecordPageMade> {
    record::EcgRecord record;
    double begins = 0;
    const Status read =
        is_long ? ReadHour(**file, config.start, record, &begins) : (*file)->Read({}, record);
    if (!read.ok()) return read.error();
    if (record.info.samples == 0 || record.info.leads.empty()) {
      return InputError("holds no lead with samples", path.string());
    }
    report::RecordReport report;
    report.record = &record;
    if (is_long) report.part = {begins, LengthOf(info)};
    report.model = std::move(model);
    report.identify = config.identify;
    report.start = config.start;
    report.back = config.back;
    Measure(record, config, &report);
    Result<std::string> page = Written(report, config);
    if (!page.ok()) return page.error();
    RecordPageMade made = {std::move(*page), {}};
    if (is_long) made.warnings.push_back(OnlyAnHour(info));
    return made;
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

namespace {

// What a model is asked about.
struct AskedPart {
  std::unique_ptr<infer::RecordSource> source;
  bool of_part = false;  // of a long recording
};

Result<AskedPart> PartToAsk(const fs::path& path, const record::OpenOptions& told, double start) {
  const auto file = formats::Open(path, told);
  // Of what cannot be opened its source tells why.
  if (!file.ok() || !IsLong((*file)->info())) {
    return AskedPart{std::make_unique<infer::FileSource>(std::vector<fs::path>{path}, told), false};
  }
  const auto memory =
      formats::TakeMemory(**file, path, ToBytes(BytesOfPart(**file, kLongestWhole)));
  if (!memory.ok()) return memory.error();
  return WithinMemory(path.string(), [&]() -> Result<AskedPart> {
    std::vector<record::EcgRecord> records(1);
    double begins = 0;
    const Status read = ReadHour(**file, start, records.front(), &begins);
    if (!read.ok()) return read.error();
    return AskedPart{std::make_unique<infer::MemorySource>(std::move(records)), true};
  });
}

}  // namespace

Result<report::ModelAnswer> AskAboutRecord(const infer::Ensemble& ensemble,
                                           const std::string& model_line, const fs::path& path,
                                           const record::OpenOptions& told, double start,
                                           infer::PredictConfig config) {
  config.quality = config.measure = true;
  const Result<AskedPart> asked = PartToAsk(path, told, start);
  if (!asked.ok()) return asked.error();
  infer::RecordSource& source = *asked->source;
  std::optional<Result<infer::RecordAnswer>> taken;
  infer::PredictRecords(
      ensemble, config, source,
      [&](std::size_t, Result<infer::RecordAnswer> answer) { taken.emplace(std::move(answer)); });
  if (!taken->ok()) return taken->error();
  report::ModelAnswer model = AnswerOf(ensemble, model_line, std::move(**taken));
  model.of_part = asked->of_part;
  return model;
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
