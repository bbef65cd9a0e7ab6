// The page that a cart prints.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "ecg/infer/measure.h"
#include "ecg/infer/measurement.h"
#include "ecg/report/record_page.h"
#include "src/report/record_tables.h"

namespace ecg::report {
namespace {

record::EcgRecord MakeRecord(double mv) {
  record::EcgRecord record;
  record.info.name = "A0001";
  record.info.format = "WFDB";
  record.info.age = 61;
  record.info.sex = record::Sex::kFemale;
  record.info.patient_id = "P-17";
  record.info.sampling_rate = 500;
  record.info.samples = 5000;
  record.info.leads = {"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"};
  const auto bump = [](double t, double at, double width, double height) {
    return height * std::exp(-0.5 * std::pow((t - at) / width, 2));
  };
  for (std::size_t lead = 0; lead < record.info.leads.size(); ++lead) {
    std::vector<float>& samples = record.leads.emplace_back();
    for (std::size_t i = 0; i < record.info.samples; ++i) {
      const double t = std::fmod(static_cast<double>(i) / 500, 0.8);
      samples.push_back(static_cast<float>(bump(t, 0.16, 0.02, 0.15) + bump(t, 0.32, 0.012, mv) -
                                           bump(t, 0.35, 0.01, 0.2) + bump(t, 0.58, 0.04, 0.3)));
    }
  }
  return record;
}

struct Made {
  explicit Made(double mv = 1.2) : record(MakeRecord(mv)) {
    report.record = &record;
    infer::MeasureConfig measure;
    measure.derive = true;
    measure.leads = record.info.leads;
    report.measured = infer::MeasureRecord(record, measure).value();
    ModelAnswer& model = report.model.emplace();
    model.model = "general: a network";
    model.classes = challenge::Classes2021().classes();
    model.answer.thresholds.assign(model.classes.size(), 0.3);
    for (std::size_t k = 0; k < model.classes.size(); ++k) {
      model.answer.probabilities.push_back(0.9F - 0.03F * static_cast<float>(k));
    }
    model.answer.decisions.assign(model.classes.size(), 0);
    Find(2);
  }
  void Find(std::size_t k) { report.model->answer.decisions[k] = 1; }

  record::EcgRecord record;
  RecordReport report;
};

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Both say what the rows say, so nobody reads two numbers of one thing.
TEST(RecordPrint, TellsTheNumbersOfThePage) {
  Made made;
  const std::string page = RecordPage(made.report).value();
  const std::string print = RecordSvg(made.report).value();
  const std::vector<MeasurementRow> rows =
      MeasurementRowsOf(*made.report.measured, made.record.info);
  ASSERT_GT(rows.size(), 8U);
  for (const MeasurementRow& row : rows) {
    EXPECT_TRUE(Has(page, row.name)) << row.name;
    EXPECT_TRUE(Has(print, ">" + row.name + "<")) << row.name;
    EXPECT_TRUE(Has(page, ">" + row.value + "<")) << row.name;
    EXPECT_TRUE(Has(print, ">" + row.value + " " + row.unit + "<")) << row.name;
  }
  const std::vector<ClassRow> classes = ClassRowsOf(*made.report.model);
  ASSERT_EQ(classes.front().index, 2U);
  EXPECT_TRUE(classes.front().found);
  const std::string probability = infer::FormatCell(classes.front().probability, 3);
  EXPECT_TRUE(Has(page, ">" + probability + "<"));
  EXPECT_TRUE(Has(print, ">" + probability + "<"));
  EXPECT_LT(print.find(">Found, with probability:<"),
            print.find(">" + made.report.model->classes[2].name + "<"));
  EXPECT_LT(print.find(">" + made.report.model->classes[2].name + "<"), print.find(">Not found:<"));
  EXPECT_TRUE(Has(print, "not confirmed by a physician"));
  EXPECT_TRUE(Has(print, "61 years, female"));
}

TEST(RecordPrint, WithoutAModelItSaysNothingOfDiagnoses) {
  Made made;
  made.report.model.reset();
  const std::string print = RecordSvg(made.report).value();
  EXPECT_FALSE(Has(print, "robability"));
  EXPECT_TRUE(Has(print, "Measured by a program"));
}

TEST(RecordPrint, WhoItIsIsToldWhereThatIsAskedForAlone) {
  Made made;
  EXPECT_FALSE(Has(RecordSvg(made.report).value(), "P-17"));
  made.report.identify = true;
  EXPECT_TRUE(Has(RecordSvg(made.report).value(), ">P-17<"));
}

// Whatever is found is named, or counted where there are more than the page has lines for.
TEST(RecordPrint, NothingThatIsFoundIsPassedOverInSilence) {
  Made made(5);
  for (std::size_t k = 0; k < made.report.model->classes.size(); ++k) made.Find(k);
  const std::string print = RecordSvg(made.report, PaperLayout::kAllLeads).value();
  std::size_t named = 0;
  for (const auto& one : made.report.model->classes) {
    if (Has(print, ">" + one.name + "<")) ++named;
  }
  ASSERT_LT(named, made.report.model->classes.size());
  EXPECT_TRUE(
      Has(print, ">and " + std::to_string(made.report.model->classes.size() - named) + " more<"));
}

TEST(RecordPrint, IsAsLargeAsA4WhereComplexesLetIt) {
  Made made;
  // 297 and 210 mm in points.
  EXPECT_TRUE(Has(RecordPdf(made.report).value(), "/MediaBox [ 0 0 841.8897"));
  EXPECT_TRUE(Has(RecordPdf(made.report).value(), " 595.275"));
  const std::string tall = RecordSvg(made.report, PaperLayout::kAllLeads).value();
  EXPECT_TRUE(Has(tall, "width=\"297"));
  EXPECT_FALSE(Has(tall, "height=\"210"));
  EXPECT_EQ(RecordPng(made.report, PaperLayout::kSixByTwo, 50).value().substr(1, 3), "PNG");
}

TEST(RecordPrint, MarkupInWhatFilesSayIsInert) {
  Made made;
  const std::string evil = "<script>alert(1)</script><img src=x>";
  made.record.info.name = evil;
  made.report.flags = {evil};
  made.report.model->model = evil;
  made.report.model->classes[2].name = evil;
  const std::string print = RecordSvg(made.report).value();
  EXPECT_FALSE(Has(print, "<script"));
  EXPECT_FALSE(Has(print, "<img"));
}

}  // namespace
}  // namespace ecg::report
