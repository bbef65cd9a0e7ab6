#include "src/data/sim/sources.h"

#include <algorithm>
#include <cmath>

#include "ecg/challenge/challenge.h"
#include "ecg/core/text.h"
#include "src/challenge/tables.h"

namespace ecg::sim {
namespace {

// Rates, lengths and populations: the challenge's description of its data
// (doi:10.1088/1361-6579/abc960 and the challenge's web page). Steps, noise, and the
// voltage of the chest leads and the axis: measured on published recordings (see README.md).
std::vector<SourceProfile> Recordings() {
  std::vector<SourceProfile> sources(8);
  const auto set = [&](std::size_t i, const char* name, const char* prefix, int digits) {
    sources[i].name = name;
    sources[i].prefix = prefix;
    sources[i].digits = digits;
    return &sources[i];
  };
  SourceProfile* s = set(0, "CPSC", "A", 4);
  s->shortest = 6, s->typical = 12, s->longest = 60;
  s->high_pass = 0.2, s->smoothed = 0.4, s->wander = 1.0, s->muscle = 2.2;
  s->body = {1.05, 14};
  s->male = 0.54, s->age_mean = 60, s->age_deviation = 19;
  s->normal_only_nsr = true;
  s = set(1, "CPSC_Extra", "Q", 4);
  s->shortest = 8, s->typical = 12, s->longest = 98;
  s->high_pass = 0.2, s->smoothed = 0.4, s->wander = 1.1, s->muscle = 2.2;
  s->body = {1.05, 14};
  s->male = 0.53, s->age_mean = 63, s->age_deviation = 18;
  // Half an hour in truth; an excerpt of a minute says as much about the heart.
  s = set(2, "INCART", "I", 4);
  s->rate = 257, s->shortest = s->typical = s->longest = 60;
  s->wander = s->muscle = 2.0, s->male = 0.54, s->age_mean = 56, s->age_deviation = 14;
  s = set(3, "PTB", "S", 4);
  s->rate = 1000, s->shortest = 30, s->typical = 110, s->longest = 120;
  s->step = 0.0005, s->high_pass = 0, s->wander = s->muscle = 1.5;
  s->male = 0.73, s->age_mean = 56, s->age_deviation = 16;
  s = set(4, "PTB_XL", "HR", 5);
  s->male = 0.52, s->age_mean = 60, s->age_deviation = 17;
  s = set(5, "Georgia", "E", 5);
  s->shortest = 5, s->mains = 60, s->step = 0.00488;
  s->wander = 1.2, s->muscle = 1.8, s->body = {0.65, 0};
  s->male = 0.54, s->age_mean = 60, s->age_deviation = 15;
  s->normal_only_nsr = true;
  s = set(6, "Chapman_Shaoxing", "JS", 5);
  s->step = 0.00488, s->last_number = 10646;
  s->wander = 1.1, s->muscle = 2.0, s->body = {1.0, 14};
  s->male = 0.56, s->age_mean = 59, s->age_deviation = 18;
  s = set(7, "Ningbo", "JS", 5);
  s->step = 0.00488, s->first_number = 10647;
  s->wander = 1.3, s->muscle = 3.5, s->body = {1.0, 14};
  s->male = 0.56, s->age_mean = 58, s->age_deviation = 20;
  s->af_as_afl = true;
  return sources;
}

struct Counts {
  double records = 0;
  std::array<double, kFindingCount> of{};
};

std::vector<Counts> ReadCounts() {
  std::vector<Counts> all;
  for (const std::string_view line : SplitLines(challenge::TableText("class_counts.csv"))) {
    const std::vector<std::string_view> cells = Split(line, ',');
    if (cells[0] == "source") continue;
    Counts counts;
    counts.records = ParseDouble(cells.at(1)).value();
    for (std::size_t k = 0; k < kFindingCount; ++k) {
      counts.of[k] = ParseDouble(cells.at(k + 2)).value();
    }
    all.push_back(counts);
  }
  return all;
}

// The mask says what a source labels; the two sources that it leaves out label what they count.
Findings LabelledBy(const SourceProfile& source, const Counts& counts) {
  Findings labelled;
  const auto mask = challenge::LabelMask::Default().Row(source.name);
  for (std::size_t k = 0; k < kFindingCount; ++k) labelled[k] = mask && (*mask)[k] != 0;
  if (labelled.none()) {
    for (std::size_t k = 0; k < kFindingCount; ++k) labelled[k] = counts.of[k] > 0;
  }
  return labelled;
}

std::vector<SourceProfile> LoadProfiles() {
  std::vector<SourceProfile> sources = Recordings();
  const std::vector<Counts> counts = ReadCounts();
  for (std::size_t s = 0; s < sources.size(); ++s) {
    sources[s].labelled = LabelledBy(sources[s], counts[s]);
  }
  for (std::size_t k = 0; k < kFindingCount; ++k) {
    // A finding that a source does not label is as common there as in those that do.
    double found = 0;
    double records = 0;
    for (std::size_t s = 0; s < sources.size(); ++s) {
      if (!sources[s].labelled[k] || counts[s].of[k] == 0) continue;
      found += counts[s].of[k];
      records += counts[s].records;
    }
    for (std::size_t s = 0; s < sources.size(); ++s) {
      const bool own = sources[s].labelled[k] && counts[s].of[k] > 0;
      sources[s].prevalence[k] = own ? counts[s].of[k] / counts[s].records : found / records;
      // A block of an unnamed side is a habit of some sources, not something that patients have.
      if (k == kBBB && !own) sources[s].prevalence[k] = 0;
    }
  }
  // The flutters that Ningbo counts are mostly fibrillations; elsewhere there are 7 for each
  // flutter.
  for (SourceProfile& source : sources) {
    if (!source.af_as_afl) continue;
    const double both = 7615.0 / 34905.0;
    source.prevalence[kAF] = both * 7 / 8;
    source.prevalence[kAFL] = both / 8;
  }
  return sources;
}

}  // namespace

const std::vector<SourceProfile>& SourceProfiles() {
  static const std::vector<SourceProfile> profiles = LoadProfiles();
  return profiles;
}

const SourceProfile* FindSource(std::string_view name) {
  for (const SourceProfile& source : SourceProfiles()) {
    if (source.name == name) return &source;
  }
  return nullptr;
}

double DrawDuration(const SourceProfile& source, Rng& rng) {
  const double u = rng.Uniform();
  if (source.longest <= source.shortest) return source.shortest;
  if (source.typical >= source.longest) {
    // All but a few have the full length.
    return u < 0.95 ? source.longest : rng.Uniform(source.shortest, source.longest);
  }
  if (u < 0.5) return source.shortest + (source.typical - source.shortest) * 2 * u;
  // A long tail: few come near the longest.
  const double tail = std::pow(2 * u - 1, 4);
  return source.typical + (source.longest - source.typical) * tail;
}

Findings WrittenLabels(const SourceProfile& source, const Findings& truth) {
  Findings written = truth & source.labelled;
  if (source.normal_only_nsr && truth.count() > 1) written.reset(kNSR);
  if (source.af_as_afl && truth[kAF]) written.set(kAFL);
  return written;
}

std::vector<std::string> CodesOf(const SourceProfile& source, const Findings& labels) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  // Of two equivalent codes each source mostly uses one.
  const auto second = [&](std::size_t k) {
    switch (k) {
      case kLBBB:
        return source.name != "Ningbo";
      case kRBBB:
        return source.name == "CPSC" || source.name == "Georgia" || source.name == "INCART" ||
               source.name == "Chapman_Shaoxing";
      case kPVC:
        return source.name == "Georgia" || source.name == "Chapman_Shaoxing";
      default:
        return false;
    }
  };
  std::vector<std::string> codes;
  for (std::size_t k = 0; k < kFindingCount; ++k) {
    if (!labels[k]) continue;
    // Either side's block says it already.
    if (k == kBBB && (labels[kLBBB] || labels[kRBBB])) continue;
    codes.push_back(classes[k].codes[second(k) ? 1 : 0]);
  }
  std::sort(codes.begin(), codes.end());
  return codes;
}

}  // namespace ecg::sim
