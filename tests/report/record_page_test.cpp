#include "ecg/report/record_page.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "ecg/challenge/challenge.h"
#include "ecg/infer/measure.h"
#include "src/report/record_tables.h"

namespace ecg::report {
namespace {

constexpr char kEvil[] = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'";

// A beat every 0.8 s: P, QRS and T in every lead.
record::EcgRecord MakeRecord(double seconds) {
  record::EcgRecord record;
  record.info.name = "A0001";
  record.info.format = "WFDB";
  record.info.sampling_rate = 500;
  record.info.samples = static_cast<std::size_t>(seconds * 500);
  record.info.leads = {"I", "II", "V1", "V2", "V5", "V6"};
  const auto bump = [](double t, double at, double width, double height) {
    return height * std::exp(-0.5 * std::pow((t - at) / width, 2));
  };
  for (std::size_t lead = 0; lead < record.info.leads.size(); ++lead) {
    std::vector<float> samples;
    for (std::size_t i = 0; i < record.info.samples; ++i) {
      const double t = std::fmod(static_cast<double>(i) / 500, 0.8);
      samples.push_back(static_cast<float>(bump(t, 0.16, 0.02, 0.15) + bump(t, 0.32, 0.012, 1.2) -
                                           bump(t, 0.35, 0.01, 0.2) + bump(t, 0.58, 0.04, 0.3)));
    }
    record.leads.push_back(samples);
  }
  return record;
}

ModelAnswer MakeAnswer() {
  ModelAnswer model;
  model.model = "general: a network";
  model.point = {"balanced", "the usual one", Json::object()};
  const challenge::ClassSet& classes = challenge::Classes2021();
  model.classes = classes.classes();
  const std::size_t af = *classes.IndexOfAbbreviation("AF");
  const std::size_t pvc = *classes.IndexOfAbbreviation("PVC");
  model.answer.probabilities.assign(classes.size(), 0.05F);
  model.answer.thresholds.assign(classes.size(), 0.3);
  model.answer.decisions.assign(classes.size(), 0);
  model.answer.probabilities[af] = 0.876F;
  model.answer.decisions[af] = 1;
  model.answer.probabilities[pvc] = 0.42F;
  model.explained_leads = {"I", "II"};
  infer::Explanation explanation;
  explanation.abbreviation = "AF";
  explanation.probability = 0.876F;
  explanation.evidence = {{0, 0.5F, 0.5F, 0.01F}, {0, 0, 0, 1.0F}};
  explanation.moments = {{"II", 1.2, 1.32, 0.25}};
  model.answer.explanations = {explanation};
  return model;
}

struct Made {
  record::EcgRecord record = MakeRecord(10);
  RecordReport report;
  Made() {
    report.record = &record;
    infer::MeasureConfig measure;
    measure.derive = true;
    measure.leads = record.info.leads;
    report.measured = infer::MeasureRecord(record, measure).value();
    report.quality = dsp::MeasureQuality(record.info.leads, record.leads, 500);
    report.model = MakeAnswer();
  }
};

std::size_t Count(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(RecordPage, SaysWhatTheAnswerSays) {
  const Made made;
  const std::string page = RecordPage(made.report).value();
  EXPECT_NE(page.find("Found: atrial fibrillation."), std::string::npos);
  EXPECT_NE(page.find(">0.876<"), std::string::npos);
  EXPECT_NE(page.find("decides as &quot;balanced&quot; (the usual one)"), std::string::npos);
  EXPECT_NE(page.find("II, 1.20 to 1.32 s: 25 % of the evidence"), std::string::npos);
  EXPECT_NE(page.find(">75.0<"), std::string::npos);  // beats per minute
  EXPECT_NE(page.find("data-name=\"AF\""), std::string::npos);
  EXPECT_NE(page.find("not a medical device") + page.find("Not a medical device"),
            2 * std::string::npos);
  for (const char* sheet : {"3x4", "6x2", "rows"}) {
    EXPECT_EQ(Count(page, std::string("data-sheet=\"") + sheet + "\""), 1u) << sheet;
  }
  // Ten seconds need no strip, and ids are a drawing's own.
  EXPECT_EQ(Count(page, "data-sheet=\"strip\" data-title"), 0u);
  EXPECT_EQ(Count(page, "id=\"s3x4-mm\""), 1u);
}

TEST(RecordPage, MarkupInAFileIsInert) {
  Made made;
  made.record.info.name = made.record.info.source = kEvil;
  made.record.info.statements = {kEvil};
  made.record.info.dx = {kEvil};
  made.record.info.leads[1] = kEvil;
  made.record.warnings = {kEvil};
  made.record.unread_leads = {kEvil};
  made.report.flags = {kEvil};
  made.report.back = kEvil;
  made.report.identify = true;
  made.record.info.patient_id = kEvil;
  made.report.model->model = kEvil;
  made.report.model->explained_leads[1] = kEvil;
  made.report.model->answer.explanations[0].abbreviation = kEvil;
  made.report.model->answer.explanations[0].moments[0].lead = kEvil;
  made.report.model->classes[0].name = made.report.model->classes[0].abbreviation = kEvil;
  const std::string page = RecordPage(made.report).value();
  EXPECT_EQ(Count(page, "<script"), 1u);
  EXPECT_EQ(Count(page, "<img"), 0u);
  EXPECT_EQ(Count(page, "alert(1)<"), 0u);
}

TEST(RecordPage, ALongRecordIsScrolled) {
  Made made;
  made.record = MakeRecord(60);
  const std::string page = RecordPage(made.report).value();
  EXPECT_EQ(Count(page, "data-sheet=\"strip\" data-title"), 1u);
  EXPECT_NE(page.find("viewBox=\"0 0 1520.00"), std::string::npos);  // 60 s of 25 mm and margins
}

TEST(RecordPage, AnHourOfADayHasTheTimesOfTheDay) {
  Made made;
  made.record = MakeRecord(60);
  made.report.part = {7200, 86400};
  made.report.start = 7200;
  made.report.model->of_part = true;
  const std::string page = RecordPage(made.report).value();
  EXPECT_NE(page.find("Looked at: 7200 s to 7260 s of 86400 s"), std::string::npos);
  EXPECT_NE(page.find("7200.00 s to 7210.00 s of 86400.00 s"), std::string::npos);
  EXPECT_NE(page.find("7201.2"), std::string::npos);  // a moment of the evidence
  EXPECT_NE(page.find("class=\"shade\""), std::string::npos);
  EXPECT_EQ(page.find("answer is from all of it"), std::string::npos);
  made.report.model->of_part = false;
  EXPECT_NE(RecordPage(made.report).value().find("answer is from all of it"), std::string::npos);
  made.report.start = 86400;
  EXPECT_FALSE(RecordPage(made.report).ok());
}

TEST(RecordPage, TellsTheCodeOnlyWhereItIsAsked) {
  Made made;
  made.record.info.patient_id = "P-4711";
  made.record.info.acquisition.date = record::Date{2020, 5, 12};
  EXPECT_EQ(RecordPage(made.report).value().find("4711"), std::string::npos);
  EXPECT_EQ(RecordPage(made.report).value().find("2020-05-12"), std::string::npos);
  made.report.identify = true;
  EXPECT_NE(RecordPage(made.report).value().find("P-4711"), std::string::npos);
  EXPECT_NE(RecordPage(made.report).value().find("2020-05-12"), std::string::npos);
}

TEST(RecordPage, WithoutAModelThereAreSignalsAndMeasurements) {
  Made made;
  made.report.model.reset();
  const std::string page = RecordPage(made.report).value();
  EXPECT_EQ(page.find("id=\"diagnoses\""), std::string::npos);
  EXPECT_NE(page.find("id=\"measurements\""), std::string::npos);
}

TEST(RecordPage, EvidenceOfOneStrengthInARowIsOneShade) {
  PaperOptions paper;
  AddEvidence(MakeAnswer().answer.explanations[0], {"I", "II"}, 0, 0.04, &paper);
  ASSERT_EQ(paper.shades.size(), 2u);
  EXPECT_EQ(paper.shades[0].lead, "I");
  EXPECT_DOUBLE_EQ(paper.shades[0].from, 0.04);
  EXPECT_DOUBLE_EQ(paper.shades[0].to, 0.12);
  EXPECT_DOUBLE_EQ(paper.shades[0].strength, 0.5);
  EXPECT_EQ(paper.shades[1].group, "AF");
}

TEST(RecordTables, MeasurementsStandBesideTheirLimits) {
  infer::Measured measured;
  measured.values.beats = 10;
  measured.values.heart_rate = 130;
  measured.values.pr = 0.15;
  measured.values.qtc_bazett = 0.455;
  record::EcgInfo info;
  info.age = 50;
  info.sex = record::Sex::kFemale;
  std::string html = MeasurementsHtml(measured, info).markup();
  EXPECT_NE(html.find("60 to 100"), std::string::npos);
  EXPECT_NE(html.find("\xE2\x86\x91 above"), std::string::npos);  // the rate
  EXPECT_EQ(Count(html, "\xE2\x86\x91 above"), 1u);               // QTc below 460 of women
  info.sex = record::Sex::kMale;
  html = MeasurementsHtml(measured, info).markup();
  EXPECT_EQ(Count(html, "\xE2\x86\x91 above"), 2u);
  info.age = 3;
  html = MeasurementsHtml(measured, info).markup();
  EXPECT_EQ(Count(html, "\xE2\x86\x91 above"), 0u);
  EXPECT_NE(html.find("Limits of adults are not applied"), std::string::npos);
}

}  // namespace
}  // namespace ecg::report
