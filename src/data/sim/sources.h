// The eight public sources of the challenge, as far as a recording shows where it came from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/random.h"
#include "src/data/sim/findings.h"
#include "src/data/sim/patient.h"

namespace ecg::sim {

struct SourceProfile {
  std::string name;    // as in challenge::SourceOfRecord
  std::string prefix;  // of its record names
  int digits = 0;      // at least so many follow the prefix
  int first_number = 1;
  int last_number = 99999;

  // Recording.
  double rate = 500;        // Hz
  double shortest = 10;     // s
  double typical = 10;      // s; the median
  double longest = 10;      // s
  double step = 0.001;      // mV of one step of the converter, before storage at 1000/mV
  double limit = 10.0;      // mV at which the amplifier clips
  double high_pass = 0.05;  // Hz; 0 = none
  double low_pass = 150;    // Hz
  double smoothed = 0;      // the share of recordings with a muscle filter, a low-pass of 40 Hz
  double mains = 50;        // Hz
  double wander = 1;        // level of baseline wander, 1 = a usual resting recording
  double muscle = 1;        // level of all other noise

  // Patients.
  double age_mean = 60;
  double age_deviation = 17;
  double male = 0.55;
  Body body;

  // Labelling.
  Findings labelled;             // the classes whose labels the source gives
  bool normal_only_nsr = false;  // NSR is written only for a recording without other findings
  bool af_as_afl = false;        // atrial fibrillation is written as flutter
  Prevalence prevalence{};       // of the truth, labelled or not
};

// In the order of data/class_counts.csv.
const std::vector<SourceProfile>& SourceProfiles();
const SourceProfile* FindSource(std::string_view name);

// Seconds; a skewed draw between the shortest and the longest.
double DrawDuration(const SourceProfile& source, Rng& rng);

// What the source writes of the truth.
Findings WrittenLabels(const SourceProfile& source, const Findings& truth);

// The SNOMED CT codes of labels, as the source spells them.
std::vector<std::string> CodesOf(const SourceProfile& source, const Findings& labels);

}  // namespace ecg::sim
