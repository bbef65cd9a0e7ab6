#include "ecg/dsp/measure/unclassifiable.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/csv.h"
#include "ecg/core/random.h"
#include "ecg/data/records/record_index.h"
#include "ecg/data/sim/simulator.h"
#include "ecg/dsp/resample.h"
#include "ecg/formats/registry.h"
#include "src/data/sim/write.h"
#include "tests/support.h"

namespace ecg::dsp {
namespace {

namespace fs = std::filesystem;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
using Leads = std::vector<std::vector<float>>;

// As in "no valid sample"; empty where something can be said.
std::string Why(const Leads& leads, double rate) {
  const auto why = WhyUnclassifiable(leads, rate);
  return why ? UnclassifiableNames().NameOf(*why) : "";
}

constexpr const char* kNoSample = "no valid sample";
constexpr const char* kTooShort = "shorter than a heartbeat";
constexpr const char* kFlat = "all leads flat";
constexpr const char* kNoBeat = "no heartbeat, hum or noise alone";

// mV at a time in seconds.
template <typename Signal>
Leads Made(std::size_t leads, double seconds, double rate, const Signal& signal) {
  Leads made(leads, std::vector<float>(static_cast<std::size_t>(seconds * rate)));
  for (std::size_t k = 0; k < leads; ++k) {
    for (std::size_t i = 0; i < made[k].size(); ++i) {
      made[k][i] = static_cast<float>(signal(k, static_cast<double>(i) / rate));
    }
  }
  return made;
}

Leads SimulatedLeads(std::size_t i) { return sim::AsEcgRecord(sim::SimulateRecord({}, i)).leads; }

TEST(Unclassifiable, SaysWhatIsNotThere) {
  EXPECT_EQ(Why({}, 500), kNoSample);
  EXPECT_EQ(Why({{}, {}}, 500), kNoSample);
  EXPECT_EQ(Why({std::vector<float>(5000, kNaN)}, 500), kNoSample);
  EXPECT_EQ(Why(Made(2, 0.5, 500, [](std::size_t, double t) { return std::sin(20 * t); }), 500),
            kTooShort);
  EXPECT_EQ(Why(Leads(2, std::vector<float>(5000, 0.0F)), 500), kFlat);
  EXPECT_EQ(Why({std::vector<float>(5000, -1.5F), std::vector<float>(5000, kNaN)}, 500), kFlat);
  EXPECT_EQ(Why(SimulatedLeads(0), 0), kTooShort);
  EXPECT_EQ(Why(SimulatedLeads(0), std::numeric_limits<double>::quiet_NaN()), kTooShort);
}

TEST(Unclassifiable, HumIsNoHeartbeat) {
  for (const double rate : {100.0, 128.0, 250.0, 257.0, 360.0, 500.0, 1000.0}) {
    for (const double hz : {50.0, 50.03, 60.0, 59.98}) {
      if (2 * hz > rate - 1 && hz != rate / 2) continue;
      for (const std::size_t leads : {1U, 2U, 12U}) {
        const Leads hum = Made(leads, 10, rate, [&](std::size_t k, double t) {
          return 0.3 * std::sin(2 * M_PI * hz * t + 0.4 + static_cast<double>(k));
        });
        EXPECT_EQ(Why(hum, rate), kNoBeat) << rate << ' ' << hz << ' ' << leads;
      }
    }
  }
}

TEST(Unclassifiable, NoiseIsNoHeartbeat) {
  Rng rng({3});
  for (const double rate : {100.0, 250.0, 500.0, 1000.0}) {
    for (int repeat = 0; repeat < 5; ++repeat) {
      for (const std::size_t leads : {1U, 2U, 12U}) {
        const auto noise = [&](std::size_t, double) { return rng.Normal(0, 0.2); };
        EXPECT_EQ(Why(Made(leads, 10, rate, noise), rate), kNoBeat) << rate << ' ' << leads;
        const auto digit = [&](std::size_t, double) { return rng.Chance(0.5) ? 0.005 : 0; };
        EXPECT_EQ(Why(Made(leads, 10, rate, digit), rate), kNoBeat) << rate << ' ' << leads;
        const auto both = [&](std::size_t, double t) {
          return rng.Normal(0, 0.05) + 0.2 * std::sin(2 * M_PI * 50 * t);
        };
        EXPECT_EQ(Why(Made(leads, 10, rate, both), rate), kNoBeat) << rate << ' ' << leads;
      }
    }
  }
}

// Fibrillating ventricles have no beats that stand out, but are nothing to pass over.
TEST(Unclassifiable, VentricularFibrillationIsClassifiable) {
  for (const double rate : {100.0, 500.0}) {
    for (const double hz : {4.0, 5.0, 7.0}) {
      Rng rng({11});
      const Leads waves = Made(2, 10, rate, [&](std::size_t k, double t) {
        const double drift = 0.6 * std::sin(2 * M_PI * 0.3 * t + static_cast<double>(k));
        return 0.4 * std::sin(2 * M_PI * hz * t + drift) + rng.Normal(0, 0.02);
      });
      EXPECT_EQ(Why(waves, rate), "") << rate << ' ' << hz;
    }
  }
}

TEST(Unclassifiable, OneLeadWithBeatsIsEnough) {
  Rng rng({4});
  Leads leads = Made(4, 10, 500, [&](std::size_t, double) { return rng.Normal(0, 0.2); });
  leads[1].assign(5000, kNaN);
  leads[2].assign(5000, 0);
  EXPECT_EQ(Why(leads, 500), kNoBeat);
  leads[0] = SimulatedLeads(1)[1];
  EXPECT_EQ(Why(leads, 500), "");
}

// In any unit, with a gain that is wrong, at any rate, for little more than a beat, and where the
// leads were put on late.
TEST(Unclassifiable, BeatsAreFoundInAnyDress) {
  for (std::size_t i = 0; i < 40; ++i) {
    const Leads leads = SimulatedLeads(i);
    EXPECT_EQ(Why(leads, 500), "") << i;
    for (const float factor : {1e-3F, 1e3F}) {
      Leads scaled = leads;
      for (auto& lead : scaled) {
        for (float& v : lead) v = 5 * factor + v * factor;
      }
      EXPECT_EQ(Why(scaled, 500), "") << i << ' ' << factor;
    }
    for (const double rate : {100.0, 1000.0}) {
      const Resampler resampler(ResamplingRatio(500, rate));
      EXPECT_EQ(Why({resampler.Apply(leads[0]), resampler.Apply(leads[1])}, rate), "") << i;
    }
    Leads brief = leads;
    for (auto& lead : brief) lead.resize(750);
    EXPECT_EQ(Why(brief, 500), "") << i;
  }
  std::vector<float> late(700 * 500, 0.0F);
  EXPECT_EQ(Why({late}, 500), kFlat);
  const std::vector<float> beats = SimulatedLeads(0)[1];
  late.insert(late.end(), beats.begin(), beats.end());
  EXPECT_EQ(Why({late}, 500), "");
}

void ExpectClassifiable(const fs::path& folder, std::size_t least) {
  const data::RecordIndex index = data::ScanRecords(folder, 0).value();
  EXPECT_GE(index.records.size(), least);
  for (const data::RecordEntry& entry : index.records) {
    const record::EcgRecord read = formats::ReadEcg(entry.path).value();
    EXPECT_EQ(Why(read.leads, read.info.sampling_rate), "") << entry.id;
  }
}

TEST(Unclassifiable, RealRecordingsAreNot) {
  ECG_NEED_SHARED(ludb, "data/ludb.tar.xz");
  ExpectClassifiable(ludb, 100);
  ECG_NEED_SHARED(reduced, "data/reduced_leads.tar.xz");
  ExpectClassifiable(reduced, 205);
  ECG_NEED_SHARED(small, "data/ecg_small.tar.xz");
  ExpectClassifiable(small, 65);
}

// A recording that people call unacceptable may be classifiable; one that shows nothing is none of
// those that they accept.
TEST(Unclassifiable, NothingThatPeopleAccept) {
  ECG_NEED_SHARED(unpacked, "data/quality.tar.xz");
  const fs::path folder = unpacked / "quality";
  const CsvTable table = CsvTable::Read(folder / "labels.csv").value();
  int flat = 0, other = 0;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const record::EcgRecord read =
        formats::ReadEcg(folder / (std::string(table.Cell(i, *table.Column("record"))) + ".hea"))
            .value();
    const std::string why = Why(read.leads, read.info.sampling_rate);
    if (table.Cell(i, *table.Column("acceptable")) == "1") {
      EXPECT_EQ(why, "") << table.Cell(i, 0);
    } else {
      flat += why == kFlat ? 1 : 0;
      other += why.empty() || why == kFlat ? 0 : 1;
    }
  }
  EXPECT_EQ(flat, 20);  // whose leads stand still, all of them
  EXPECT_EQ(other, 0);
}

TEST(Unclassifiable, NothingRecorded) {
  const std::optional<fs::path> shared = test::SharedFolder();
  if (!shared) GTEST_SKIP() << "needs the real records";
  const auto why = [&](const char* name) {
    const record::EcgRecord read =
        formats::ReadEcg(*shared / "field/F12_nothing_recorded" / name).value();
    return Why(read.leads, read.info.sampling_rate);
  };
  EXPECT_EQ(why("allnan.hea"), kNoSample);
  EXPECT_EQ(why("zeros.hea"), kFlat);
  EXPECT_EQ(why("half_s.hea"), kTooShort);
}

}  // namespace
}  // namespace ecg::dsp
