// Makes src/dsp/measure/electrode_weights.cpp again, which goes to the output; what it reaches goes
// to the error output. See README.md.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "ecg/core/csv.h"
#include "ecg/core/result.h"
#include "tests/fit/electrode_fit.h"

namespace {

using ecg::dsp::ElectrodeWeights;
using ecg::dsp::Exchange;
using ecg::dsp::kExchanges;
using ecg::fit::Evidence;
using ecg::fit::KnownBeat;

constexpr double kFalseShare = 0.002;  // of validation, for each exchange
constexpr float kLeastEvidence = 2;
constexpr float kLeastOfThree = 5;  // where three electrodes changed places, which is rare

std::map<std::string, std::string> ReadSplit(const std::string& path) {
  const ecg::CsvTable table = ecg::CsvTable::Read(path).value();
  const auto record = table.Column("record"), split = table.Column("split");
  if (!record || !split) {
    throw ecg::Exception(ecg::InputError("needs the columns record and split", path));
  }
  std::map<std::string, std::string> parts;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    parts[std::string(table.Cell(row, *record))] = std::string(table.Cell(row, *split));
  }
  return parts;
}

double ShareBeyond(const std::vector<Evidence>& all, std::size_t e, float limit) {
  const auto found =
      std::count_if(all.begin(), all.end(), [&](const Evidence& one) { return one[e] > limit; });
  return static_cast<double>(found) / static_cast<double>(std::max<std::size_t>(all.size(), 1));
}

// What is found of each exchange: as it is decided, and by its own evidence at .01 false.
void Report(const std::string& name, const std::vector<KnownBeat>& beats,
            const ElectrodeWeights& weights, const Evidence& needed) {
  const std::vector<Evidence> plain = ecg::fit::EvidenceWith(beats, Exchange::kNone, weights);
  const Evidence at_01 = ecg::fit::LimitsOf(plain, 0.01, -1e30F);
  std::map<Exchange, std::size_t> alarms;
  for (const Evidence& evidence : plain) ++alarms[ecg::dsp::MostLikely(evidence, needed)];
  const auto count = static_cast<double>(std::max<std::size_t>(beats.size(), 1));
  std::fprintf(stderr, "%s: %zu recordings, %.4f named without an exchange\n", name.c_str(),
               beats.size(), 1 - static_cast<double>(alarms[Exchange::kNone]) / count);
  std::fprintf(stderr, "  %-44s %8s %8s %8s %8s\n", "", "named", "as such", "false", "at .01");
  for (std::size_t e = 1; e < kExchanges; ++e) {
    const auto exchange = static_cast<Exchange>(e);
    const std::vector<Evidence> shown = ecg::fit::EvidenceWith(beats, exchange, weights);
    std::size_t named = 0, right = 0;
    for (const Evidence& evidence : shown) {
      const Exchange found = ecg::dsp::MostLikely(evidence, needed);
      named += found != Exchange::kNone ? 1 : 0;
      right += found == exchange ? 1 : 0;
    }
    std::fprintf(stderr, "  %-44s %8.3f %8.3f %8.4f %8.3f\n",
                 ecg::dsp::ExchangeNames().NameOf(exchange).c_str(),
                 static_cast<double>(named) / count, static_cast<double>(right) / count,
                 static_cast<double>(alarms[exchange]) / count, ShareBeyond(shown, e, at_01[e]));
  }
}

// The recordings in which most speaks for an exchange although none is known of.
void PrintStrongest(const std::vector<KnownBeat>& beats, const ElectrodeWeights& weights,
                    const Evidence& needed) {
  for (const KnownBeat& known : beats) {
    const Evidence evidence = ecg::dsp::EvidenceOf(known.beat, weights);
    const Exchange found = ecg::dsp::MostLikely(evidence, needed);
    if (found == Exchange::kNone) continue;
    std::fprintf(stderr, "named,%s,%s,%.2f\n", known.id.c_str(),
                 ecg::dsp::ExchangeNames().NameOf(found).c_str(),
                 static_cast<double>(evidence[static_cast<std::size_t>(found)]));
  }
}

// Numbers in lines of up to 100 columns, as the library's table has them.
class Table {
 public:
  ~Table() { std::printf("%s\n};\n", line_.c_str()); }

  void Add(float value) {
    const std::string cell = " " + std::to_string(std::lround(value * 1000)) + ",";
    if (line_.size() + cell.size() > 100) {
      std::printf("%s\n", line_.c_str());
      line_ = " ";
    }
    line_ += cell;
  }

  template <typename Values>
  void AddAll(const Values& values) {
    for (const float value : values) Add(value);
  }

 private:
  std::string line_ = " ";
};

void PrintSource(const ElectrodeWeights& weights, const Evidence& needed) {
  std::printf(
      "// As `fit_electrodes` (tests/fit) prints it, in thousandths. Nothing here is set by hand.\n"
      "#include \"src/dsp/measure/electrode_evidence.h\"\n\n"
      "namespace ecg::dsp {\n\n// clang-format off\n"
      "const std::array<std::int16_t, kWeights> kElectrodeWeights = {\n");
  {
    Table table;
    for (const auto& row : weights.first) table.AddAll(row);
    table.AddAll(weights.first_bias);
    for (const auto& row : weights.second) table.AddAll(row);
    table.AddAll(weights.second_bias);
    table.AddAll(weights.last);
  }
  std::printf("\nconst std::array<std::int16_t, kExchanges> kEvidenceNeeded = {\n");
  Table().AddAll(needed);
  std::printf("// clang-format on\n\n}  // namespace ecg::dsp\n");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Learns to find exchanged electrodes.", "fit_electrodes");
  std::string folder, split;
  std::vector<std::string> others;
  int threads = 0;
  bool each = false, present = false;
  ecg::fit::LearnConfig config;
  app.add_option("folder", folder, "Folder of recordings to learn from")->required();
  app.add_option("split", split,
                 "CSV, record,split: train to learn from, val to set limits by, others not used")
      ->required();
  app.add_option("others", others, "Folders of other recordings to report on");
  app.add_option("--epochs", config.epochs, "Times that each recording is learnt from");
  app.add_option("--seed", config.seed, "Of what is drawn");
  app.add_option("-j,--threads", threads, "Threads that measure; 0: all processors");
  app.add_flag("--each", each, "Also the recordings in which an exchange is named");
  app.add_flag("--present", present, "Learn nothing, report on the library's weights");
  CLI11_PARSE(app, argc, argv);
  try {
    const std::map<std::string, std::string> parts = ReadSplit(split);
    std::vector<KnownBeat> train, validation;
    for (KnownBeat& known : ecg::fit::ReadBeats(folder, threads)) {
      const auto part = parts.find(known.id);
      if (part == parts.end()) continue;
      if (part->second == "train")
        train.push_back(std::move(known));
      else if (part->second == "val")
        validation.push_back(std::move(known));
    }
    ElectrodeWeights weights = ecg::dsp::OwnWeights();
    Evidence needed = ecg::dsp::OwnNeeds();
    if (!present) {
      weights = ecg::fit::LearnElectrodes(train, config);
      needed = ecg::fit::LimitsOf(ecg::fit::EvidenceWith(validation, Exchange::kNone, weights),
                                  kFalseShare, kLeastEvidence);
      needed[0] = 0;
      for (const Exchange three : {Exchange::kLimbsForward, Exchange::kLimbsBackward}) {
        float& limit = needed[static_cast<std::size_t>(three)];
        limit = std::max(limit, kLeastOfThree);
      }
    }
    const auto report = [&](const std::string& name, const std::vector<KnownBeat>& beats) {
      Report(name, beats, weights, needed);
      if (each) PrintStrongest(beats, weights, needed);
    };
    report("validation", validation);
    for (const std::string& other : others) report(other, ecg::fit::ReadBeats(other, threads));
    if (!present) PrintSource(weights, needed);
  } catch (const ecg::Exception& e) {
    std::fprintf(stderr, "fit_electrodes: %s\n", e.what());
    return 1;
  }
  return 0;
}
