#include "ecg/formats/scp/reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/record/signal_file.h"
#include "src/formats/scp/bimodal.h"
#include "src/formats/scp/huffman.h"
#include "src/formats/scp/sections.h"

namespace ecg::scp {
namespace {

namespace fs = std::filesystem;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kMostBytes = std::size_t{64} << 20;

class ScpFile : public record::SignalFile {
 public:
  ScpFile(const fs::path& path, const record::OpenOptions& told) : SignalFile(path, told) {}

  Status Start() {
    Result<std::string> bytes = ReadFile(path(), kMostBytes);
    if (!bytes.ok()) return bytes.error();
    bytes_ = std::move(*bytes);
    const std::string file = path().string();
    const Result<Sections> sections = FindSections(bytes_, file);
    if (!sections.ok()) return sections.error();
    info_.format = "SCP";
    ReadPerson(Section(*sections, 1), info_);
    ReadMeasurements(Section(*sections, 7), info_.measured);
    info_.statements = ReadStatements(Section(*sections, 8));
    Result<Leads> leads = ReadLeads(Section(*sections, 3), file);
    if (!leads.ok()) return leads.error();
    leads_ = std::move(*leads);
    if (const Status waves = ReadWaves(*sections); !waves.ok()) return waves;
    return ListSignals();
  }

 protected:
  Status Decode(const std::vector<record::SignalScale>& scales,
                std::vector<std::vector<float>>& out, std::vector<std::string>&) const override {
    const std::size_t count = leads_.leads.size();
    for (std::size_t i = 0; i < signals().size(); ++i) {
      if (scales[i].factor == 0) continue;
      const bool median = i >= count;
      const std::size_t lead = median ? i - count : i;
      std::vector<std::int32_t> values =
          DecodeLead(median ? beat_ : rhythm_, lead, tables_, signals()[i].samples);
      if (!median && in_a_row_ > 1) {
        values = Expand(values, subtractions_.protected_zones, in_a_row_, signals()[i].samples);
      }
      if (!median && leads_.beats_subtracted) AddBeats(lead, values);
      out[i].assign(signals()[i].samples, kNan);
      for (std::size_t k = 0; k < values.size(); ++k) out[i][k] = scales[i].Apply(values[k]);
    }
    return {};
  }

 private:
  static std::string_view Section(const Sections& sections, int number) {
    const auto found = sections.find(number);
    return found == sections.end() ? std::string_view() : found->second;
  }

  Status ReadWaves(const Sections& sections) {
    const std::string file = path().string();
    const std::size_t count = leads_.leads.size();
    if (sections.count(2) != 0) {
      Result<std::vector<Table>> tables = ParseTables(Section(sections, 2), file);
      if (!tables.ok()) return tables.error();
      tables_ = std::move(*tables);
    }
    Result<Wave> rhythm = ReadWave(Section(sections, 6), count, file, "section 6");
    if (!rhythm.ok()) return rhythm.error();
    rhythm_ = std::move(*rhythm);
    if (sections.count(5) != 0) {
      Result<Wave> beat = ReadWave(Section(sections, 5), count, file, "section 5");
      if (!beat.ok()) return beat.error();
      beat_ = std::move(*beat);
    }
    if (rhythm_.bimodal) {
      if (const Status known = LearnRate(); !known.ok()) return known;
    }
    if (!leads_.beats_subtracted && beat_.leads.empty()) return {};
    Result<Subtractions> subtractions = ReadSubtractions(Section(sections, 4), file);
    if (!subtractions.ok()) return subtractions.error();
    subtractions_ = std::move(*subtractions);
    if (!leads_.beats_subtracted) return {};
    if (beat_.millivolts == rhythm_.millivolts && beat_.sampling_rate == rhythm_.sampling_rate) {
      return {};
    }
    return Fail("a reference beat of another scale than the rhythm was subtracted", "section 5");
  }

  // Of a rhythm in bimodal compression: its own interval is that of the means, the reference beat's
  // that of the samples.
  Status LearnRate() {
    constexpr double kMostInARow = 16;
    const double in_a_row = beat_.interval > 0 ? rhythm_.interval / beat_.interval : 0;
    if (!(in_a_row >= 1) || in_a_row > kMostInARow || in_a_row != std::floor(in_a_row)) {
      return Fail(
          "bimodal compression whose rate is no whole fraction of the reference beat's in "
          "section 5",
          "section 6");
    }
    in_a_row_ = static_cast<std::size_t>(in_a_row);
    rhythm_.interval = beat_.interval;
    rhythm_.sampling_rate = beat_.sampling_rate;
    return {};
  }

  // What lies behind the samples that a lead has bytes for.
  std::size_t Most(const Wave& wave, std::size_t lead) const {
    return tables_.empty() ? wave.leads[lead].size() / 2 : wave.leads[lead].size() * 8;
  }

  Status ListSignals() {
    std::vector<record::SignalInfo> signals;
    for (std::size_t i = 0; i < leads_.leads.size(); ++i) {
      const Lead& lead = leads_.leads[i];
      record::SignalInfo signal{lead.name,
                                "mV",
                                rhythm_.millivolts,
                                rhythm_.sampling_rate,
                                std::min(lead.samples, in_a_row_ * Most(rhythm_, i)),
                                ""};
      // Section 3 counts in 32 bits, the bytes of a lead in 16.
      if (signal.samples < lead.samples) {
        Warn("has " + Counted(signal.samples, "sample") + " of " + std::to_string(lead.samples),
             lead.name);
      }
      signals.push_back(std::move(signal));
    }
    const auto beat_samples =
        static_cast<std::size_t>(subtractions_.beat_seconds * 1e6 / std::max(1.0, beat_.interval));
    for (std::size_t i = 0; i < beat_.leads.size(); ++i) {
      signals.push_back({leads_.leads[i].name, "mV", beat_.millivolts, beat_.sampling_rate,
                         std::min(beat_samples, Most(beat_, i)), "median"});
    }
    return SetUp(std::move(signals));
  }

  void AddBeats(std::size_t lead, std::vector<std::int32_t>& values) const {
    const std::vector<std::int32_t> beat =
        DecodeLead(beat_, lead, tables_, signals()[leads_.leads.size() + lead].samples);
    for (const Subtraction& at : subtractions_.beats) {
      for (std::size_t k = at.begin; k <= at.end && k < values.size(); ++k) {
        const std::size_t shifted = k + subtractions_.fiducial;
        if (shifted < at.fiducial || shifted - at.fiducial >= beat.size()) continue;
        values[k] =
            static_cast<std::int32_t>(static_cast<std::uint32_t>(values[k]) +
                                      static_cast<std::uint32_t>(beat[shifted - at.fiducial]));
      }
    }
  }

  std::string bytes_;  // of the file
  Leads leads_;
  std::vector<Table> tables_;  // empty: samples of 16 bits
  Wave rhythm_, beat_;
  std::size_t in_a_row_ = 1;  // samples of the rhythm that have one mean outside protected zones
  Subtractions subtractions_;
};

class ScpReader : public record::RecordReader {
 public:
  std::string_view name() const override { return "SCP"; }
  std::string_view description() const override {
    return "SCP-ECG: rhythm and reference beat, Huffman codes, differences, bimodal compression";
  }
  std::vector<std::string_view> endings() const override { return {".scp"}; }

  record::Recognition Recognises(std::string_view begin) const override {
    return LooksLikeScp(begin) ? record::Recognition::kCertain : record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path,
                                                   const record::OpenOptions& told) const override {
    return record::OpenStarted<ScpFile>(path, told);
  }
};

}  // namespace

const record::RecordReader& Reader() {
  static const ScpReader reader;
  return reader;
}

}  // namespace ecg::scp
