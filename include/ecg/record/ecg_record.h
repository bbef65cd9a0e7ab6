// A recording as all of the toolkit sees it, whatever file it came from: physical millivolts, leads
// by name, and what is known of the patient and of how it was made.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/record/stated_measurements.h"

namespace ecg::record {

// Hz. No lead of an ECG is recorded outside them, and a rate near zero would ask for any amount of
// memory.
inline constexpr double kMinRate = 20;
inline constexpr double kMaxRate = 100000;

enum class Sex { kFemale, kMale };

// "female" or "male".
const char* NameOf(Sex sex);

struct Date {
  int year = 0, month = 0, day = 0;
};

// How and when a recording was made, as far as its file tells.
struct Acquisition {
  std::optional<Date> date;
  std::optional<double> time;  // seconds since midnight
  std::string device;          // as the file names it
  std::string filters;         // of the recorder, as the file words them

  // As in "2020-05-12 12:33:59.000"; empty where nothing is known.
  std::string Start() const;
};

// What a file tells without its signals.
struct EcgInfo {
  std::string format;              // the reader's name, as in "WFDB"
  std::string name;                // as the file calls the recording, without an ending
  double sampling_rate = 0;        // Hz
  std::size_t samples = 0;         // per lead; 0 = the files do not say
  std::vector<std::string> leads;  // canonical names where known ("aVR"), else as written
  std::optional<double> age;       // years, see ParseAge
  std::optional<Sex> sex;
  // Diagnoses as codes, abbreviations or names, in order, none empty or twice; at most
  // kMaxDiagnoses.
  std::vector<std::string> dx;
  // Free text, as a physician or the recorder put it; reasons that a recorder gives for what it
  // says stand in square brackets behind it.
  std::vector<std::string> statements;
  StatedMeasurements measured;  // by the recorder or a physician
  std::string source;      // the data set or hospital that the file states; empty where it does not
  std::string patient_id;  // reaches no output unless it is asked for
  Acquisition acquisition;
};

// More than any recording has; keeps the search for duplicates cheap.
inline constexpr std::size_t kMaxDiagnoses = 100;

// Signals of one rate, by lead.
struct Waveform {
  std::string kind;  // as in "median"
  double sampling_rate = 0;
  std::vector<std::string> leads;
  std::vector<std::vector<float>> samples;  // mV, [leads][samples]
};

struct EcgRecord {
  EcgInfo info;  // `leads` names those that were kept (see ReadOptions)
  // The rhythm, [info.leads][info.samples], mV; NaN where a sample is invalid. Apart, so that
  // whoever owns the record can release one when it is done with it.
  std::vector<std::vector<float>> leads;
  std::vector<std::string> other_leads;   // what the files hold and ReadOptions did not want
  std::vector<std::string> unread_leads;  // what no voltage could be made of, as in "I: units adu"
  std::vector<Waveform> other_waveforms;  // beside the rhythm, as a recorder's median beat
  std::vector<std::string> warnings;      // "file:line: field: what" for what was tolerated

  const float* Lead(std::size_t lead) const { return leads[lead].data(); }
};

}  // namespace ecg::record
