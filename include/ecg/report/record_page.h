// All that the toolkit says of one recording, as a page that a cardiologist opens.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/result.h"
#include "ecg/infer/answer.h"
#include "ecg/infer/explanation.h"
#include "ecg/infer/measure.h"
#include "ecg/model/decision.h"
#include "ecg/record/ecg_record.h"
#include "ecg/report/ecg_paper.h"

namespace ecg::report {

// What a model has said, whether just now or in a file.
struct ModelAnswer {
  std::string model;  // its name and what it is, in a line
  model::PointName point;
  std::vector<challenge::DiagnosisClass> classes;
  infer::RecordAnswer answer;
  // Of answer.explanations: the leads of their evidence.
  std::vector<std::string> explained_leads;
  bool of_part = false;  // it was asked about RecordReport::part alone
};

struct RecordReport {
  const record::EcgRecord* record = nullptr;
  // Of a recording of hours `record` is the hour from `start` on, which alone is measured and
  // graded.
  std::optional<PaperPart> part;
  std::optional<infer::Measured> measured;  // with the samples of its median beat
  std::optional<dsp::RecordQuality> quality;
  std::vector<std::string> flags;  // what makes it doubtful (infer::FlagsOf)
  std::optional<ModelAnswer> model;
  bool identify = false;  // tells code and date, too
  double start = 0;       // s from the start of the record: what the ten seconds begin with
  std::string back;       // a page that this one leads back to, beside it; empty: none
};

// Of a record that cannot be drawn: why not.
Result<std::string> RecordPage(const RecordReport& report);

// The same in short as one page that a cart prints, landscape A4 where the complexes let it: the
// paper true to scale, above it the person, measurements beside their limits and the classes in
// words with probability, what was found first. Numbers are those of RecordPage.
Result<std::string> RecordPdf(const RecordReport& report,
                              PaperLayout layout = PaperLayout::kThreeByFour);
Result<std::string> RecordPng(const RecordReport& report, PaperLayout layout, double dpi);
Result<std::string> RecordSvg(const RecordReport& report,
                              PaperLayout layout = PaperLayout::kThreeByFour);

// Bytes that these take beside the record.
double BytesOfRecordPage(const record::EcgInfo& info);

// Name, age, sex and the diagnoses that have a short name, as on a page's upper edge.
std::string PatientLine(const record::EcgInfo& info);

// What is drawn on the paper of beats that were measured: ticks at P, Q, R, S and T, a letter for
// the type of each beat, shades from onsets to offsets. `from`: where what was measured begins, s.
void AddBeats(const infer::Measured& measured, double from, PaperOptions* paper);

// The evidence for a class, as shades of a group that has the class's name. `begin`: of the first
// bin, s.
void AddEvidence(const infer::Explanation& explanation, const std::vector<std::string>& leads,
                 double begin, double bin, PaperOptions* paper);

}  // namespace ecg::report
