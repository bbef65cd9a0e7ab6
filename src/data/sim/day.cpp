#include "ecg/data/sim/day.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/folder.h"
#include "ecg/core/parallel.h"
#include "ecg/core/text.h"
#include "ecg/formats/wfdb/annotation.h"
#include "ecg/formats/wfdb/write.h"
#include "src/data/sim/atria.h"
#include "src/data/sim/beats.h"
#include "src/data/sim/day_rhythm.h"
#include "src/data/sim/noise.h"
#include "src/data/sim/sources.h"

namespace ecg::sim {
namespace {

namespace fs = std::filesystem;

constexpr double kSecondsAnHour = 3600;
constexpr double kStretch = 300;  // s that are simulated at a time
constexpr double kFade = 1;       // s in which one stretch gives way to the next
constexpr double kBefore = 20;    // s of beats before a stretch, whose mean interval shapes its T
constexpr double kRamp = 0.3;     // s in which fibrillation waves come and go
constexpr double kLimit = 10;     // mV at which the recorder clips
constexpr char kSource[] = "PTB_XL";  // whose noise and patients these are
constexpr char kManifest[] = "days.csv";
constexpr std::array<const char*, 8> kLeads = {"I", "II", "V1", "V2", "V3", "V4", "V5", "V6"};

enum Stream : std::uint64_t { kPersonStream, kRhythmStream, kStretchStream };

struct Day {
  const DayOptions& options;
  const SourceProfile& source;
  Patient patient;
  DayRhythm rhythm;
  std::vector<std::size_t> rows;  // of the leads that are wanted
  std::uint64_t seed = 0;         // of this day
};

// A part of the day, and the seconds behind it in which the next one fades in.
struct Stretch {
  std::vector<std::vector<float>> leads;  // mV, [wanted][samples]
  std::vector<DayBeat> beats;             // whose R peaks lie in it, samples of the day
};

// The beats around a stretch, in seconds from its start.
Rhythm RhythmOf(const Rhythm& whole, double from, double to) {
  Rhythm part;
  for (Beat beat : whole.beats) {
    if (beat.qrs_onset < from - kBefore || beat.qrs_onset > to + kFade + 2) continue;
    beat.qrs_onset -= from;
    beat.p_onset -= from;
    part.beats.push_back(beat);
  }
  return part;
}

void AddFibrillation(const Day& day, double from, VectorCardiogram& vcg, Rng& rng) {
  const double rate = day.options.rate;
  const double to = from + static_cast<double>(vcg.samples()) / rate;
  for (const TimeSpan& span : day.rhythm.fibrillation) {
    if (span.to < from || span.from > to) continue;
    VectorCardiogram waves(vcg.samples());
    AddFibrillationWaves(day.patient.atrial_size, rate, waves, rng);
    // They begin before the first beat that they conduct, and end before the next P wave.
    const double begins = span.from - 0.4, ends = span.to - 0.35;
    for (std::size_t i = 0; i < vcg.samples(); ++i) {
      const double at = from + static_cast<double>(i) / rate;
      const double gain = std::clamp(std::min(at - begins, ends - at) / kRamp, 0.0, 1.0);
      for (std::size_t axis = 0; axis < 3; ++axis) {
        vcg.axes[axis][i] += gain * waves.axes[axis][i];
      }
    }
  }
}

std::size_t SamplesOf(const DayOptions& options) {
  return static_cast<std::size_t>(std::llround(options.hours * kSecondsAnHour * options.rate));
}

Stretch SimulateStretch(const Day& day, std::size_t number) {
  const DayOptions& options = day.options;
  const auto whole = static_cast<std::size_t>(kStretch * options.rate);
  const auto fade = static_cast<std::size_t>(kFade * options.rate);
  // It begins a little earlier, so that a beat across its border is whole in one of two.
  const std::size_t before = number > 0 ? fade : 0;
  const std::size_t begin = number * whole - before;
  const std::size_t count = std::min(before + whole + fade, SamplesOf(options) - begin);
  const double from = static_cast<double>(begin) / options.rate;
  Rng rng({day.seed, number, kStretchStream});

  VectorCardiogram vcg(count);
  const Rhythm rhythm = RhythmOf(day.rhythm.rhythm, from, from + kStretch + kFade);
  const std::vector<BeatTruth> truth = AddBeats(day.patient, rhythm, options.rate, vcg, rng);
  AddFibrillation(day, from, vcg, rng);
  std::vector<std::vector<double>> leads = Project(day.patient.leads, vcg);
  AddNoise(day.source, options.noise, options.rate, leads, rng);
  ApplyFilters(day.source, options.rate, leads, rng);

  Stretch stretch;
  for (const std::size_t row : day.rows) {
    stretch.leads.emplace_back(leads[row].begin() + static_cast<std::ptrdiff_t>(before),
                               leads[row].end());
  }
  for (const BeatTruth& beat : truth) {
    if (beat.r_peak < static_cast<std::int64_t>(before) ||
        beat.r_peak >= static_cast<std::int64_t>(before + whole)) {
      continue;
    }
    stretch.beats.push_back({beat.r_peak + static_cast<std::int64_t>(begin), beat.type});
  }
  return stretch;
}

std::int32_t Digitise(double mv) {
  return static_cast<std::int32_t>(std::lround(std::clamp(mv, -kLimit, kLimit) * kDayGain));
}

// Stretches one after the other, each fading into the next.
void Append(const Stretch& stretch, std::size_t begin, std::vector<std::vector<float>>& fading,
            SimulatedDay& day) {
  const auto whole = static_cast<std::size_t>(kStretch * day.rate);
  for (std::size_t k = 0; k < stretch.leads.size(); ++k) {
    const std::vector<float>& lead = stretch.leads[k];
    const std::size_t faded = std::min(fading[k].size(), lead.size());
    for (std::size_t i = 0; i < std::min(whole, lead.size()); ++i) {
      double mv = lead[i];
      if (i < faded) {
        const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(faded);
        mv = share * mv + (1 - share) * fading[k][i];
      }
      day.signal[k][begin + i] = Digitise(mv);
    }
    fading[k].assign(lead.begin() + static_cast<std::ptrdiff_t>(std::min(whole, lead.size())),
                     lead.end());
  }
  day.beats.insert(day.beats.end(), stretch.beats.begin(), stretch.beats.end());
}

// From the first beat of each episode to the first one after it, by the R peaks that are annotated.
void AnnotateFibrillation(const Day& drawn, SimulatedDay& day) {
  const auto first_from = [&](double seconds) {
    const double sample = seconds * day.rate;
    const auto beat = std::lower_bound(
        day.beats.begin(), day.beats.end(), sample,
        [](const DayBeat& b, double s) { return static_cast<double>(b.sample) < s; });
    return beat == day.beats.end() ? static_cast<std::int64_t>(day.samples) - 1 : beat->sample;
  };
  for (const TimeSpan& span : drawn.rhythm.fibrillation) {
    const DaySpan samples = {first_from(span.from), first_from(span.to)};
    if (samples.from < samples.to) day.fibrillation.push_back(samples);
  }
}

Status CheckOptions(const DayOptions& options) {
  if (!(options.hours >= kShortestDay && options.hours <= kLongestDay)) {
    return UsageError("the hours must lie between 0.1 and 168");
  }
  if (!(options.rate >= 100 && options.rate <= 1000)) {
    return UsageError("the rate of a day must lie between 100 and 1000 Hz");
  }
  if (options.leads.empty()) return UsageError("at least one lead is needed");
  for (const std::string& lead : options.leads) {
    if (std::find(kLeads.begin(), kLeads.end(), lead) == kLeads.end()) {
      return UsageError("no lead of a day: " + lead + "; there are I, II, V1 to V6");
    }
    if (std::count(options.leads.begin(), options.leads.end(), lead) > 1) {
      return UsageError("a lead is named twice: " + lead);
    }
  }
  return {};
}

wfdb::AnnotationFile AnnotationsOf(const SimulatedDay& day) {
  wfdb::AnnotationFile file;
  const auto add = [&](std::int64_t sample, int type, const char* aux) {
    wfdb::Annotation& annotation = file.annotations.emplace_back();
    annotation.sample = sample;
    annotation.type = type;
    annotation.aux = aux;
  };
  add(0, wfdb::kRhythmChange, "(N");
  for (const DaySpan& span : day.fibrillation) {
    add(span.from, wfdb::kRhythmChange, "(AFIB");
    add(span.to, wfdb::kRhythmChange, "(N");
  }
  for (const DayBeat& beat : day.beats) {
    add(beat.sample, *wfdb::AnnotationType({&beat.type, 1}), "");
  }
  std::stable_sort(file.annotations.begin(), file.annotations.end(),
                   [](const auto& a, const auto& b) { return a.sample < b.sample; });
  return file;
}

Status WriteDay(const fs::path& folder, SimulatedDay&& day) {
  const Result<std::string> annotations = wfdb::FormatAnnotations(AnnotationsOf(day));
  if (!annotations.ok()) return annotations.error();
  const Status written =
      WriteFileAtomic(folder / (day.name + ".atr"), *annotations, Durability::kCached);
  if (!written.ok()) return written;
  wfdb::Record record;
  record.header.name = day.name;
  record.header.sampling_rate = day.rate;
  record.header.signal_count = day.leads.size();
  record.header.samples = day.samples;
  record.header.base_time = 9 * kSecondsAnHour;
  record.header.info = {"Age: " + std::to_string(std::lround(day.age)),
                        std::string("Sex: ") + (day.male ? "Male" : "Female"), "Simulated"};
  for (const std::string& lead : day.leads) {
    wfdb::SignalHeader& signal = record.header.signals.emplace_back();
    signal.gain = kDayGain;
    signal.description = lead;
  }
  record.frames = day.samples;
  record.digital = std::move(day.signal);
  return wfdb::WriteRecord(folder, record, wfdb::SignalFileKind::kPacked12, Durability::kCached);
}

std::string ManifestRow(const SimulatedDay& day) {
  double seconds = 0;
  for (const DaySpan& span : day.fibrillation) {
    seconds += static_cast<double>(span.to - span.from) / day.rate;
  }
  const auto of_type = [&](char type) {
    return std::to_string(std::count_if(day.beats.begin(), day.beats.end(),
                                        [&](const DayBeat& beat) { return beat.type == type; }));
  };
  return day.name + "," + FormatDouble(day.rate) + "," + std::to_string(day.samples) + "," +
         FormatDouble(day.age) + "," + (day.male ? "Male" : "Female") + "," +
         std::to_string(day.beats.size()) + "," + of_type('V') + "," + of_type('A') + "," +
         std::to_string(day.fibrillation.size()) + "," + std::to_string(std::lround(seconds)) +
         "\n";
}

Status CheckIsOurs(const fs::path& folder) {
  std::error_code ignored;
  if (fs::exists(folder / kManifest, ignored)) return {};
  const auto records = ListFiles(folder, ".hea", /*recursive=*/false);
  if (!records.ok()) return records.error();
  if (records->empty()) return {};
  return UsageError("holds recordings that are no simulated days; name another folder",
                    folder.string());
}

}  // namespace

void DescribeSettings(Settings& settings, const std::string& prefix, DayOptions& options) {
  settings.Add(prefix + "hours", options.hours, "Length of each day.", {kShortestDay, kLongestDay});
  settings.Add(prefix + "episodes", options.episodes,
               "Of each kind in a day: atrial fibrillation, pauses, runs of atrial and of "
               "ventricular beats.",
               {0, 1000});
  settings.Add(prefix + "ectopics", options.ectopics, "Single premature beats an hour.", {0, 1000});
  settings.Add(prefix + "leads", options.leads, "Leads of a day, out of I, II, V1 to V6.");
}

Result<SimulatedDay> SimulateDay(const DayOptions& options, std::size_t index) {
  if (const Status checked = CheckOptions(options); !checked.ok()) return checked.error();
  SimulatedDay simulated;
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "day%05zu", index + 1);
  simulated.name = name.data();
  simulated.rate = options.rate;
  simulated.samples = SamplesOf(options);
  simulated.leads = options.leads;
  simulated.signal.assign(options.leads.size(), std::vector<std::int32_t>(simulated.samples));

  Day day{options, *FindSource(kSource), {}, {}, {}, HashName(simulated.name) ^ options.seed};
  Rng person({options.seed, HashName(simulated.name), kPersonStream});
  simulated.age = std::round(
      std::clamp(person.Normal(day.source.age_mean, day.source.age_deviation), 18.0, 95.0));
  simulated.male = person.Chance(day.source.male);
  Findings findings;
  findings.set(kNSR);
  day.patient = DrawPatient(simulated.age, simulated.male, day.source.body, findings, person);
  Rng timing({options.seed, HashName(simulated.name), kRhythmStream});
  day.rhythm = DrawDay(options, day.patient, timing);
  for (const std::string& lead : options.leads) {
    day.rows.push_back(
        static_cast<std::size_t>(std::find(kLeads.begin(), kLeads.end(), lead) - kLeads.begin()));
  }

  // As many at a time as there are threads, so that no more are in memory.
  const auto whole = static_cast<std::size_t>(kStretch * options.rate);
  const std::size_t stretches = (simulated.samples + whole - 1) / whole;
  const auto at_a_time = static_cast<std::size_t>(
      options.threads > 0 ? options.threads : std::max(1, AvailableThreads()));
  std::vector<std::vector<float>> fading(options.leads.size());
  for (std::size_t first = 0; first < stretches; first += at_a_time) {
    std::vector<Stretch> some(std::min(at_a_time, stretches - first));
    ParallelFor(some.size(), options.threads,
                [&](std::size_t i) { some[i] = SimulateStretch(day, first + i); });
    for (std::size_t i = 0; i < some.size(); ++i) {
      Append(some[i], (first + i) * whole, fading, simulated);
    }
  }
  AnnotateFibrillation(day, simulated);
  return simulated;
}

Status WriteDays(const fs::path& folder, const DayOptions& options, ProgressSink* progress) {
  if (const Status checked = CheckOptions(options); !checked.ok()) return checked;
  if (Status created = CreateFolder(folder); !created.ok()) return created;
  if (Status free = CheckIsOurs(folder); !free.ok()) return free;
  std::string manifest =
      "record,rate,samples,age,sex,beats,ventricular_beats,atrial_beats,fibrillation_episodes,"
      "fibrillation_seconds\n";
  if (progress != nullptr) progress->Begin("simulating", options.count);
  for (std::size_t i = 0; i < options.count; ++i) {
    Result<SimulatedDay> day = SimulateDay(options, options.first + i);
    if (!day.ok()) return day.error();
    manifest += ManifestRow(*day);
    if (Status written = WriteDay(folder, std::move(*day)); !written.ok()) return written;
    if (progress != nullptr) progress->Advance(i + 1, {});
  }
  if (progress != nullptr) progress->End();
  return WriteFileAtomic(folder / kManifest, manifest);
}

}  // namespace ecg::sim
