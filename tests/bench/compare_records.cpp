// Simulated recordings beside real ones: the 10th, 50th and 90th percentile of what can be measured
// on sinus rhythms without a conduction block, source by source, as a Markdown table.
// usage: compare_records REAL_FOLDER SIMULATED_FOLDER
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/parallel.h"
#include "ecg/data/records/record_index.h"
#include "ecg/dsp/filter.h"
#include "ecg/dsp/measure/delineate.h"
#include "ecg/dsp/resample.h"
#include "ecg/formats/registry.h"
#include "ecg/record/leads.h"

namespace {

using Signal = std::vector<double>;

constexpr double kRate = 500;
constexpr double kLongest = 30;      // s; more says no more of a heart
constexpr std::size_t kFewest = 10;  // records that a source must have to be shown
enum Lead : std::size_t { kI, kII, kV1, kV2, kV3, kV4, kV5, kV6, kLeads };
constexpr std::array<const char*, kLeads> kNames = {"I", "II", "V1", "V2", "V3", "V4", "V5", "V6"};

struct Measure {
  std::string name;
  double value;
};

double Median(Signal v) {
  if (v.empty()) return std::nan("");
  const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
  std::nth_element(v.begin(), middle, v.end());
  return *middle;
}

std::vector<Signal> ReadLeads(const std::filesystem::path& header) {
  const auto record = ecg::formats::ReadEcg(header);
  std::vector<Signal> leads;
  if (!record.ok()) return leads;
  const ecg::record::EcgInfo& info = record.value().info;
  const auto samples =
      std::min(info.samples, static_cast<std::size_t>(kLongest * info.sampling_rate));
  const ecg::dsp::Resampler resampler(ecg::dsp::ResamplingRatio(info.sampling_rate, kRate));
  for (const char* name : kNames) {
    const auto at = ecg::record::LeadIndex(info, name);
    if (!at) return {};
    const float* x = record.value().Lead(*at);
    const std::vector<float> lead = resampler.Apply(std::vector<float>(x, x + samples));
    leads.push_back(ecg::dsp::FillGaps(Signal(lead.begin(), lead.end())));
    if (leads.back().empty()) return {};
  }
  return leads;
}

double BandRms(const Signal& x, double low, double high) {
  const Signal band =
      ecg::dsp::FiltFilt(ecg::dsp::ButterworthLowPass(2, high, kRate),
                         ecg::dsp::FiltFilt(ecg::dsp::ButterworthHighPass(2, low, kRate), x));
  double sum = 0;
  for (const double v : band) sum += v * v;
  return 1000 * std::sqrt(sum / static_cast<double>(band.size()));
}

// The median beat of a lead, without baseline wander, from 0.3 s before R to 0.5 s after.
constexpr int kBefore = 150;
constexpr int kAfter = 250;
Signal MedianBeat(const Signal& lead, const std::vector<ecg::dsp::Beat>& beats) {
  const Signal x = ecg::dsp::FiltFilt(ecg::dsp::ButterworthHighPass(2, 0.5, kRate), lead);
  Signal beat;
  for (int i = -kBefore; i < kAfter; ++i) {
    Signal values;
    for (const ecg::dsp::Beat& b : beats) {
      const int r = b.qrs.peak;
      if (r < kBefore || r + kAfter > static_cast<int>(x.size())) continue;
      values.push_back(x[static_cast<std::size_t>(r + i)]);
    }
    beat.push_back(Median(values));
  }
  return beat;
}

void AddIntervals(const std::vector<ecg::dsp::Beat>& beats, std::vector<Measure>& m) {
  Signal rr, pr, p, qrs, qt;
  for (std::size_t k = 0; k < beats.size(); ++k) {
    const ecg::dsp::Beat& b = beats[k];
    const auto add = [](Signal& to, int from, int until) {
      if (from >= 0 && until >= 0) to.push_back(1000 * (until - from) / kRate);
    };
    if (k > 0) add(rr, beats[k - 1].qrs.peak, b.qrs.peak);
    add(pr, b.p.onset, b.qrs.onset);
    add(p, b.p.onset, b.p.offset);
    add(qrs, b.qrs.onset, b.qrs.offset);
    add(qt, b.qrs.onset, b.t.offset);
  }
  const auto [shortest, longest] = std::minmax_element(rr.begin(), rr.end());
  m.push_back({"heart rate, a minute", 60000 / Median(rr)});
  m.push_back({"longest less shortest RR, ms", *longest - *shortest});
  m.push_back({"P, ms", Median(p)});
  m.push_back({"PR, ms", Median(pr)});
  m.push_back({"QRS, ms", Median(qrs)});
  m.push_back({"QT, ms", Median(qt)});
  m.push_back({"QTc (Fridericia), ms", Median(qt) / std::cbrt(Median(rr) / 1000)});
}

void AddAmplitudes(const std::vector<Signal>& leads, const std::vector<ecg::dsp::Beat>& beats,
                   std::vector<Measure>& m) {
  Signal onsets, offsets;
  for (const ecg::dsp::Beat& b : beats) {
    if (b.qrs.onset < 0 || b.qrs.offset < 0) continue;
    onsets.push_back(b.qrs.onset - b.qrs.peak);
    offsets.push_back(b.qrs.offset - b.qrs.peak);
  }
  if (onsets.size() < 3) return;
  const auto from = static_cast<std::size_t>(std::max(10.0, kBefore + Median(onsets)));
  const auto until = static_cast<std::size_t>(std::min(kBefore + 120.0, kBefore + Median(offsets)));
  std::array<double, kLeads> net{};
  for (std::size_t l = 0; l < kLeads; ++l) {
    const Signal beat = MedianBeat(leads[l], beats);
    double level = 0;
    for (std::size_t i = from - 5; i < from; ++i) level += beat[i] / 5;
    double r = 0, s = 0, p = 0, up = 0, down = 0;
    for (std::size_t i = 0; i + 8 < from; ++i) p = std::max(p, beat[i] - level);
    for (std::size_t i = from; i <= until; ++i) {
      net[l] += beat[i] - level;
      r = std::max(r, beat[i] - level);
      s = std::min(s, beat[i] - level);
    }
    for (std::size_t i = until + 25; i < std::min(until + 175, beat.size()); ++i) {
      up = std::max(up, beat[i] - level);
      down = std::min(down, beat[i] - level);
    }
    const std::string name = kNames[l];
    if (l == kII) m.push_back({"P in II, mV", p});
    m.push_back({"R in " + name + ", mV", r});
    m.push_back({"Q or S in " + name + ", mV", s});
    if (l == kI || l == kII || l == kV2 || l == kV5)
      m.push_back({"T in " + name + ", mV", up > -down ? up : down});
  }
  // aVF = II - I / 2, an augmented lead, weaker by sqrt(3) / 2.
  const double avf = (net[kII] - 0.5 * net[kI]) * 2 / std::sqrt(3.0);
  m.push_back({"axis, degrees", std::atan2(avf, net[kI]) * 57.29577951308232});
}

// Muscle and mains, uV: what lies above 40 Hz between the end of T and the next P.
double NoiseBetweenBeats(const Signal& lead, const std::vector<ecg::dsp::Beat>& beats) {
  const Signal x = ecg::dsp::FiltFilt(ecg::dsp::ButterworthHighPass(2, 40, kRate), lead);
  double sum = 0, count = 0;
  for (std::size_t k = 1; k < beats.size(); ++k) {
    if (beats[k - 1].t.offset < 0 || beats[k].p.onset < 0) continue;
    for (int i = beats[k - 1].t.offset + 20; i < beats[k].p.onset - 10; ++i) {
      sum += x[static_cast<std::size_t>(i)] * x[static_cast<std::size_t>(i)];
      count += 1;
    }
  }
  return count > 50 ? 1000 * std::sqrt(sum / count) : std::nan("");
}

std::vector<Measure> MeasuresOf(const std::filesystem::path& header) {
  std::vector<Measure> m;
  const std::vector<Signal> leads = ReadLeads(header);
  if (leads.empty()) return m;
  const auto beats = ecg::dsp::DelineateRecord(leads, kRate).common;
  if (beats.size() < 3) return m;
  AddIntervals(beats, m);
  AddAmplitudes(leads, beats, m);
  const struct {
    double low, high;
    const char* name;
  } kBands[] = {{0.05, 0.5, "0.05-0.5 Hz"},
                {0.5, 5, "0.5-5 Hz"},
                {5, 15, "5-15 Hz"},
                {15, 40, "15-40 Hz"},
                {40, 100, "40-100 Hz"}};
  for (const auto& band : kBands) {
    for (const Lead l : {kII, kV4}) {
      m.push_back({std::string(band.name) + " in " + kNames[l] + ", uV",
                   BandRms(leads[l], band.low, band.high)});
    }
  }
  for (const Lead l : {kII, kV1, kV5}) {
    m.push_back({std::string("noise above 40 Hz in ") + kNames[l] + ", uV",
                 NoiseBetweenBeats(leads[l], beats)});
  }
  return m;
}

bool IsPlainSinus(const std::vector<std::string>& dx) {
  const auto has = [&](std::initializer_list<const char*> names) {
    for (const std::string& code : dx) {
      const auto k = ecg::challenge::Classes2021().IndexOfCode(code);
      if (!k) continue;
      const std::string& name = ecg::challenge::Classes2021()[*k].abbreviation;
      if (std::find(names.begin(), names.end(), name) != names.end()) return true;
    }
    return false;
  };
  return has({"NSR", "SB", "STach", "SA"}) &&
         !has({"AF", "AFL", "Brady", "PR", "PVC", "BBB", "LBBB", "RBBB", "IRBBB", "NSIVCB", "LAnFB",
               "QAb", "LQRSV", "TInv"});
}

// [source][measure] -> the values of all its records, measures in the order of `names`.
using Table = std::map<std::string, std::map<std::string, Signal>>;
Table MeasureFolder(const char* folder, std::vector<std::string>& names) {
  const ecg::data::RecordIndex index =
      ecg::data::ScanRecords(std::filesystem::path(folder), 0).value();
  std::vector<std::vector<Measure>> all(index.records.size());
  ecg::ParallelFor(all.size(), 0, [&](std::size_t i) {
    if (IsPlainSinus(index.records[i].info.dx)) all[i] = MeasuresOf(index.records[i].path);
  });
  Table table;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const Measure& m : all[i]) {
      if (std::find(names.begin(), names.end(), m.name) == names.end()) names.push_back(m.name);
      if (std::isfinite(m.value)) table[index.records[i].source][m.name].push_back(m.value);
    }
  }
  return table;
}

std::string Percentiles(Signal values) {
  if (values.empty()) return "";
  std::sort(values.begin(), values.end());
  std::string text;
  for (const double share : {0.1, 0.5, 0.9}) {
    const double v =
        values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
    char cell[32];
    std::snprintf(cell, sizeof cell, "%.*f", std::abs(v) < 3 ? 2 : std::abs(v) < 20 ? 1 : 0, v);
    text += (text.empty() ? "" : " / ") + std::string(cell);
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: compare_records REAL_FOLDER SIMULATED_FOLDER\n", stderr);
    return 2;
  }
  std::vector<std::string> names;
  Table real = MeasureFolder(argv[1], names);
  Table simulated = MeasureFolder(argv[2], names);
  for (auto source = real.begin(); source != real.end();) {
    source = source->second[names.front()].size() < kFewest ? real.erase(source) : ++source;
  }
  std::string head = "| |";
  std::string line = "| --- |";
  std::string counts = "| records |";
  for (auto& [source, measures] : real) {
    const auto count = [&](Table& t) { return std::to_string(t[source][names.front()].size()); };
    head += " " + source + " | simulated |";
    line += " --- | --- |";
    counts += " " + count(real) + " | " + count(simulated) + " |";
  }
  std::printf("%s\n%s\n%s\n", head.c_str(), line.c_str(), counts.c_str());
  for (const std::string& name : names) {
    std::string row = "| " + name + " |";
    for (auto& [source, measures] : real) {
      row +=
          " " + Percentiles(measures[name]) + " | " + Percentiles(simulated[source][name]) + " |";
    }
    std::puts(row.c_str());
  }
  return 0;
}
