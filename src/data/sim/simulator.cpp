#include "ecg/data/sim/simulator.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ecg/challenge/challenge.h"
#include "src/data/sim/atria.h"
#include "src/data/sim/beats.h"
#include "src/data/sim/conformity.h"
#include "src/data/sim/findings.h"
#include "src/data/sim/noise.h"
#include "src/data/sim/patient.h"
#include "src/data/sim/projection.h"
#include "src/data/sim/rhythm.h"
#include "src/data/sim/sources.h"

namespace ecg::sim {
namespace {

// Purposes of the random streams of one record.
enum Stream : std::uint64_t { kPersonStream, kRhythmStream, kBeatStream, kNoiseStream };

std::string RecordName(const SourceProfile& source, std::size_t number) {
  std::string digits = std::to_string(number);
  const auto wanted = static_cast<std::size_t>(source.digits);
  if (digits.size() < wanted) digits.insert(0, wanted - digits.size(), '0');
  return source.prefix + digits;
}

// Record `index` shows class index % C; the shift by one after every source has met the classes
// that it meets in step lets every source meet every class.
std::size_t WantedClass(const SimOptions& options, std::size_t index) {
  const std::size_t classes = options.classes.size();
  const std::size_t period = std::lcm(classes, options.sources.size());
  const std::string& name = options.classes[(index + index / period) % classes];
  return *challenge::Classes2021().IndexOfAbbreviation(name);
}

Findings DrawTruth(const SimOptions& options, const SourceProfile& source, std::size_t index,
                   Rng& rng) {
  if (options.classes.empty()) return DrawFindings(source.prevalence, rng);
  const std::size_t wanted = WantedClass(options, index);
  // A rare finding is drawn from enlarged shares: the rest keeps its own.
  Prevalence prevalence = source.prevalence;
  prevalence[wanted] = std::max(prevalence[wanted], 0.02);
  for (;;) {
    const Findings findings = DrawFindings(prevalence, rng);
    if (findings[wanted]) return findings;
  }
}

std::vector<std::uint8_t> AsLabels(const Findings& findings) {
  std::vector<std::uint8_t> labels(kFindingCount);
  for (std::size_t k = 0; k < kFindingCount; ++k) labels[k] = findings[k] ? 1 : 0;
  return labels;
}

// The converter's steps, and the amplifier's limits.
float Digitise(double mv, const SourceProfile& source) {
  const double clipped = std::clamp(mv, -source.limit, source.limit);
  return static_cast<float>(std::round(clipped / source.step) * source.step);
}

Measures MeasuresOf(const Findings& f, const Patient& patient, const Rhythm& rhythm,
                    double duration) {
  Measures m;
  double sum = 0;
  double count = 0;
  for (const Beat& beat : rhythm.beats) {
    if (beat.qrs_onset < 0 || beat.qrs_onset >= duration) continue;
    sum += beat.rr;
    count += 1;
  }
  const double rr = count > 0 ? sum / count : 60.0 / patient.rate;
  m.heart_rate = 60.0 / rr;
  if (IsSinus(f)) m.pr_ms = 1000 * patient.pr;
  m.qrs_ms = 1000 * (f[kPR] ? patient.ventricular_duration : patient.qrs_duration);
  m.qt_ms = 1000 * QtInterval(patient, f[kPR], rr);
  m.qtc_ms = m.qt_ms / std::cbrt(rr);
  m.axis_degrees = AxisOf(f[kPR] ? patient.ventricular : patient.qrs, patient.leads);
  return m;
}

}  // namespace

Status CheckOptions(const SimOptions& options) {
  if (options.sources.empty()) return UsageError("at least one source is needed");
  for (const std::string& name : options.sources) {
    if (FindSource(name) == nullptr) return UsageError("no source of this name: " + name);
  }
  for (const std::string& name : options.classes) {
    if (!challenge::Classes2021().IndexOfAbbreviation(name)) {
      return UsageError("no scored class of this abbreviation: " + name);
    }
  }
  if (options.duration &&
      !(*options.duration >= kShortestDuration && *options.duration <= kLongestDuration)) {
    return UsageError("the duration must lie between 1 and 3600 s");
  }
  if (options.rate && !(*options.rate >= kLowestRate && *options.rate <= kHighestRate)) {
    return UsageError("the rate must lie between 100 and 5000 Hz");
  }
  if (!(options.noise >= 0 && options.noise <= kMostNoise)) {
    return UsageError("the noise factor must lie between 0 and 100");
  }
  return {};
}

std::size_t LargestCount(const SimOptions& options) {
  std::size_t smallest = static_cast<std::size_t>(-1);
  for (const std::string& name : options.sources) {
    const SourceProfile& source = *FindSource(name);
    smallest =
        std::min(smallest, static_cast<std::size_t>(source.last_number - source.first_number + 1));
  }
  return smallest * options.sources.size();
}

SimulatedRecord SimulateRecord(const SimOptions& options, std::size_t index) {
  const std::size_t sources = options.sources.size();
  const SourceProfile& source = *FindSource(options.sources[index % sources]);
  const std::size_t turn = index / sources;

  SimulatedRecord record;
  record.name = RecordName(source, turn + static_cast<std::size_t>(source.first_number));
  record.source = source.name;
  const auto stream = [&](Stream purpose) {
    return Rng({options.seed, HashName(record.name), purpose});
  };

  Rng person = stream(kPersonStream);
  const double drawn = DrawDuration(source, person);
  const double duration = options.duration.value_or(drawn);
  record.rate = options.rate.value_or(source.rate);
  record.samples = static_cast<std::size_t>(std::llround(duration * record.rate));
  record.age =
      std::round(std::clamp(person.Normal(source.age_mean, source.age_deviation), 18.0, 95.0));
  record.male = person.Chance(source.male);
  const Findings truth = DrawTruth(options, source, index, person);
  const Findings written = WrittenLabels(source, truth);
  record.truth = AsLabels(truth);
  record.written = AsLabels(written);
  record.codes = CodesOf(source, written);

  const Patient patient = DrawPatient(record.age, record.male, source.body, truth, person);
  Rng timing = stream(kRhythmStream);
  const Rhythm rhythm = DrawRhythm(truth, patient, duration, timing);
  record.measures = MeasuresOf(truth, patient, rhythm, duration);

  Rng beats = stream(kBeatStream);
  VectorCardiogram vcg(record.samples);
  record.beats = AddBeats(patient, rhythm, record.rate, vcg, beats);
  if (truth[kAF]) AddFibrillationWaves(patient.atrial_size, record.rate, vcg, beats);
  if (truth[kAFL]) {
    AddFlutterWaves(patient.atrial_size, rhythm.flutter_period, rhythm.flutter_start, record.rate,
                    vcg);
  }

  std::vector<std::vector<double>> leads = Project(patient.leads, vcg);
  record.clean = TwelveLeads(leads);
  if (options.clean) {
    record.signal = record.clean;
    return record;
  }
  Rng noise = stream(kNoiseStream);
  AddNoise(source, options.noise, record.rate, leads, noise);
  ApplyFilters(source, record.rate, leads, noise);
  for (std::vector<double>& lead : leads) {
    for (double& mv : lead) mv = Digitise(mv, source);
  }
  record.signal = TwelveLeads(leads);
  return record;
}

}  // namespace ecg::sim
