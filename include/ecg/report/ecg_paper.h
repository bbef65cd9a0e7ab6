// A recording as a cardiologist reads it: on millimetre paper, as SVG.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/dsp/waves.h"
#include "ecg/record/ecg_record.h"

namespace ecg::report {

// A point in time, as a peak: a short tick above every trace.
struct PaperMark {
  double seconds = 0;
  std::string label;  // short, as in "R"; above the tick where a lead runs over the whole page
  bool beat = false;  // says of which type a beat is, rather than where a wave peaks
};

// A wave from its onset to its offset: a soft shade behind every trace, a colour a kind.
struct PaperWave {
  dsp::WaveType type = dsp::WaveType::kQrs;
  double from = 0;  // s from the start of the record
  double to = 0;
};

// A stretch of a lead to look at.
struct PaperShade {
  std::string lead;
  double from = 0;  // s from the start of the record
  double to = 0;
  double strength = 1;     // from 0 to 1
  std::string group = {};  // what it is about, as a class; shades of one group are drawn together
};

// Where a record is a part of a longer one: where it begins there, and how long that is.
struct PaperPart {
  double from = 0;  // s
  double length = 0;
};

enum class PaperLayout {
  // Columns of up to three leads share the 10 s of the paper, or what the record has of them, one
  // after another: I to III, aVR to aVF, V1 to V3, V4 to V6, then other leads, five columns in
  // all; where there are more, the page says how many leads it does not show. Below them, a rhythm
  // strip of the whole time. Where each column has room for all the time
  // that there is, each shows it all; three leads or fewer have a row each and no rhythm strip.
  kThreeByFour,
  kSixByTwo,  // the same in columns of up to six leads
  kAllLeads,  // one row a lead, over all of the paper
};

struct PaperOptions {
  PaperLayout layout = PaperLayout::kThreeByFour;
  std::string rhythm_lead;  // empty: II, or the first where there is none
  double start = 0;         // s from the start of the record
  double seconds = 10;      // that the paper is long
  // All times are those of the longer record then, which is the one that the page speaks of.
  std::optional<PaperPart> part;
  double name_size = 3.5;  // mm, of leads' names
  std::string id;          // of several drawings in one page: letters, that begin its names
  std::string caption;     // wrapped; what does not fit into three lines is cut
  std::vector<PaperMark> marks;
  std::vector<PaperWave> waves;
  std::vector<PaperShade> shades;
  // What a shade means, and what its weakest and strongest stand for, below the paper.
  std::string shades_title;
  std::string shades_low;
  std::string shades_high;
};

// An SVG document of 25 mm/s and 10 mm/mV in true millimetres: no scripts, no fonts or images from
// elsewhere. Leads that the record lacks get no place, invalid samples stay blank. Each trace is
// centred on its median, as a recorder's baseline control does. Rows whose complexes would run into
// each other stand further apart, as far as the page (columns: A4) allows. The name of a lead
// stands where no other lead's trace is near; where its own runs there, it has a white rim. What
// runs off the paper is cut off there, and a lead of more than 7 mV, as in a wrong unit, at the
// edges of its row; its name says so. A record without any sample after `start`, or without the
// rhythm lead that is named, is an error.
Result<std::string> EcgPaperSvg(const record::EcgRecord& record, const PaperOptions& options = {});

// The same page as a PDF of its true size, and as a PNG of so many pixels an inch; of shades of
// several groups all are drawn. An error (kUsage): an image with more than 32,000 pixels a side.
Result<std::string> EcgPaperPdf(const record::EcgRecord& record, const PaperOptions& options = {});
Result<std::string> EcgPaperPng(const record::EcgRecord& record, const PaperOptions& options,
                                double dpi);

// An error (kUsage) where a record of so many seconds has nothing at `start`.
Status CheckStart(const std::string& name, double length, double start);

// Bytes that this takes beside the record, for a paper of so many seconds.
double BytesToDraw(const record::EcgInfo& info, double seconds = 10);

}  // namespace ecg::report
