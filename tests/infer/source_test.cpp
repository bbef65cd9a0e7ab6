#include "ecg/infer/source.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "ecg/core/memory_budget.h"
#include "ecg/core/text.h"
#include "ecg/data/sim/simulator.h"
#include "ecg/record/leads.h"
#include "src/data/sim/write.h"
#include "tests/dsp/measure/exchanged.h"
#include "tests/formats/wfdb/memory.h"
#include "tests/support.h"

namespace ecg::infer {
namespace {

// Ten seconds of beats, as large in each lead as its number says.
record::EcgRecord Beating(const std::vector<std::string>& leads, const std::vector<float>& sizes) {
  record::EcgRecord record;
  record.info.name = "made";
  record.info.sampling_rate = 250;
  record.info.samples = 2500;
  record.info.leads = leads;
  for (const float size : sizes) {
    std::vector<float>& lead = record.leads.emplace_back(record.info.samples);
    for (std::size_t i = 0; i < lead.size(); ++i) {
      const double beat = std::fmod(static_cast<double>(i) / 250, 0.8) - 0.3;
      lead[i] = size * static_cast<float>(std::exp(-beat * beat / 0.0004));
    }
  }
  return record;
}

Wishes WishesForII() {
  Wishes wishes;
  wishes.leads = {"II"};
  wishes.quality = wishes.refuse_unclassifiable = true;
  data::PreprocessConfig& way = wishes.ways.emplace_back();
  way.leads = {"II"};
  way.sampling_rate = 250;
  way.remove_mean = false;
  return wishes;
}

float Largest(const data::ReadyRecord& ready) {
  const float* channel = ready.signal.Channel(0);
  return *std::max_element(channel, channel + ready.signal.samples);
}

// II follows from I and III as from any two, and what is dead is no lead.
TEST(Prepare, ADeadLeadIsRebuiltFromThoseThatLive) {
  const Asked asked =
      Prepare(Beating({"II", "I", "III", "II"}, {0, 0.5F, 0.7F, 0}), WishesForII()).value();
  EXPECT_NEAR(Largest(asked.ways[0]), 1.2, 0.01);
  EXPECT_EQ(Join(FlagsOf(asked.answer), "; "), "II flat; II flat");
  // A detached electrode may still show a converter's last digit.
  record::EcgRecord toggling = Beating({"II", "I", "III"}, {0, 0.5F, 0.7F});
  for (std::size_t i = 0; i < 2500; ++i) toggling.leads[0][i] = i % 2 == 0 ? 0.0F : 0.001F;
  const Asked third = Prepare(std::move(toggling), WishesForII()).value();
  EXPECT_NEAR(Largest(third.ways[0]), 1.2, 0.01);
  EXPECT_EQ(Join(FlagsOf(third.answer), "; "), "II flat");
  const Asked second = Prepare(Beating({"II", "I", "II"}, {0, 0.5F, 0.9F}), WishesForII()).value();
  EXPECT_NEAR(Largest(second.ways[0]), 0.9, 0.01);  // of two of one name the one that lives
}

TEST(Prepare, WhatShowsNoHeartIsRefusedWhereThatIsWished) {
  Wishes wishes = WishesForII();
  const Asked refused = Prepare(Beating({"II"}, {0}), wishes).value();
  EXPECT_EQ(refused.answer.unclassifiable, dsp::Unclassifiable::kFlat);
  EXPECT_EQ(StatusOf(refused.answer), "not classifiable");
  EXPECT_TRUE(refused.ways.empty());
  wishes.refuse_unclassifiable = false;
  const Asked taken = Prepare(Beating({"II"}, {0}), wishes).value();
  EXPECT_FALSE(taken.answer.unclassifiable);
  EXPECT_EQ(taken.ways.size(), 1u);
}

record::EcgRecord Simulated() {
  sim::SimOptions options;
  options.classes = {"NSR"};
  return sim::AsEcgRecord(sim::SimulateRecord(options, 1));
}

TEST(Prepare, ExchangedElectrodesAreNamedAndMendedWhereThatIsWished) {
  const record::EcgRecord right = Simulated();
  Wishes wishes;
  MeasureConfig& measure = wishes.measure.emplace();
  measure.derive = true;
  measure.leads = right.info.leads;
  const auto ask = [&](const record::EcgRecord& record) {
    record::EcgRecord copy = record;
    return Prepare(std::move(copy), wishes).value().answer;
  };
  const RecordAnswer plain = ask(right);
  EXPECT_EQ(Join(FlagsOf(plain), "; "), "");
  EXPECT_TRUE(DoubtsOf(plain).empty());
  const record::EcgRecord swapped = test::WithExchange(right, dsp::Exchange::kArms);
  const RecordAnswer named = ask(swapped);
  EXPECT_EQ(named.exchange, dsp::Exchange::kArms);
  EXPECT_EQ(Join(FlagsOf(named), "; "), "arms swapped?");
  ASSERT_EQ(DoubtsOf(named).size(), 1U);
  EXPECT_NE(DoubtsOf(named)[0].find("--mend-electrodes"), std::string::npos);
  EXPECT_GT(std::abs(named.measured->values.qrs_axis - plain.measured->values.qrs_axis), 30);
  wishes.mend_electrodes = true;
  const RecordAnswer mended = ask(swapped);
  EXPECT_EQ(mended.mended, dsp::Exchange::kArms);
  EXPECT_EQ(Join(FlagsOf(mended), "; "), "arms swapped: mended");
  EXPECT_NEAR(mended.measured->values.qrs_axis, plain.measured->values.qrs_axis, 0.5);
  EXPECT_EQ(Join(FlagsOf(ask(right)), "; "), "");
}

TEST(Prepare, DoubtsOfSignalsAreFlagsAndSentences) {
  record::EcgRecord record = Simulated();
  record.leads[8] = record.leads[7];
  for (auto& lead : record.leads) {
    for (float& value : lead) value *= 1000;
  }
  Wishes wishes;
  wishes.measure.emplace().leads = record.info.leads;
  const RecordAnswer answer = Prepare(std::move(record), wishes).value().answer;
  const std::string flags = Join(FlagsOf(answer), "; ");
  EXPECT_NE(flags.find("unit?; V3 same as V2"), std::string::npos) << flags;
  EXPECT_NE(Join(DoubtsOf(answer), "\n").find("--units uV"), std::string::npos);
}

TEST(Prepare, LeadsThatNobodyLooksAtAreNamed) {
  record::EcgRecord record = Beating({"I"}, {1});
  record.other_leads = {"MLII", "V1"};
  record.unread_leads = {"V2: units adu"};
  const Wishes wishes = WishesForII();
  Wishes first = wishes;
  first.leads = first.ways[0].leads = {"I"};
  // V2 could not be read; nothing else is missed.
  EXPECT_EQ(Prepare(record::EcgRecord(record), first)->answer.unused_leads,
            std::vector<std::string>{"V2: units adu"});
  first.leads.push_back("II");
  const Asked asked = Prepare(std::move(record), first).value();
  EXPECT_EQ(Join(FlagsOf(asked.answer), "; "), "V2: units adu not used; MLII not used");
  ASSERT_EQ(asked.answer.warnings.size(), 1u);
  EXPECT_EQ(asked.answer.warnings[0], "made: leads not used: V2: units adu, MLII");
}

#ifndef ECG_SANITIZED

// A quarter of an hour at 500 Hz.
record::EcgRecord Long() {
  record::EcgRecord record = Beating({"I", "II", "V1", "V2"}, {1, 1.2F, 0.8F, 1.5F});
  record.info.sampling_rate = 500;
  for (std::vector<float>& lead : record.leads) {
    const std::vector<float> ten = lead;
    while (lead.size() < 450000) lead.insert(lead.end(), ten.begin(), ten.end());
    lead.resize(450000);
    lead.shrink_to_fit();
  }
  record.info.samples = 450000;
  return record;
}

// What is asked for before anything is done must be enough and, where it is most, as for
// delineation, not many times as much.
TEST(BytesToAsk, AreWhatAskingTakes) {
  const auto compare = [](const char* what, const Wishes& wishes) {
    record::EcgRecord record = Long();
    const double read = record::BytesToRead(record.info, wishes.leads);
    const double expected = (BytesToAsk(record.info, wishes) - read) / 1048576;
    const double taken = wfdb::test::PeakMegabytes(
        [&] { ASSERT_TRUE(Prepare(std::move(record), wishes).ok()) << what; });
    EXPECT_LT(taken, expected + 4) << what;
    EXPECT_GT(taken, wishes.measure ? expected / 4 : 0) << what;
  };
  Wishes graded;
  graded.quality = true;
  compare("quality", graded);
  Wishes looked_at;
  looked_at.refuse_unclassifiable = true;
  compare("classifiable", looked_at);
  Wishes prepared;
  prepared.ways.emplace_back();
  compare("prepared", prepared);
  prepared.ways[0].sampling_rate = 400;
  prepared.ways[0].highpass_hz = 0.5;
  compare("filtered and resampled", prepared);
  for (const auto method : {dsp::Delineator::kRobust, dsp::Delineator::kDwt}) {
    Wishes measured;
    measured.measure.emplace().method = method;
    measured.measure->each_lead = true;
    compare("delineated", measured);
  }
  Wishes criteria;
  criteria.measure.emplace().derive = true;
  criteria.measure->leads = {"I", "II", "V1", "V2"};
  criteria.measure->seconds = kMeasuredSeconds;
  compare("criteria", criteria);
}

#endif

// Forty-five bytes that stand for a billion samples are that record's failure, before they are
// read.
TEST(FileSource, ARecordOutOfProportionFailsAlone) {
  const test::TemporaryFolder folder;
  test::TestRecord good;
  good.signal = [](std::size_t, double seconds) {
    const double t = std::fmod(seconds, 0.8) - 0.3;
    return std::exp(-t * t / 0.0004);
  };
  std::vector<std::filesystem::path> paths;
  for (const char* name : {"a", "null", "rate", "b"})
    paths.push_back(folder / (name + std::string(".hea")));
  for (const char* name : {"a", "b"}) {
    good.name = name;
    test::WriteRecord(folder.path(), good);
  }
  std::ofstream(paths[1]) << "null 1 500 1073741824\n~ 0 200 16 0 0 0 0 II\n";
  std::ofstream(paths[2]) << "rate 1 1e8 3850\n~ 0 200 16 0 0 0 0 II\n";
  FileSource source(paths);
  Wishes wishes;
  wishes.measure.emplace();
  std::vector<std::string> said;
  EXPECT_TRUE(ReadAhead(source, wishes, {}, {}, [&](std::size_t, Result<Asked>& asked) {
    said.push_back(asked.ok() ? "done" : asked.error().ToString());
  }));
  EXPECT_EQ(said[0], "done");
  EXPECT_EQ(said[1], paths[1].string() +
                         ": memory: needs 150 GB; of files of 0.0 kB no more than 268 MB is made");
  EXPECT_EQ(said[2], "rate: sampling rate: is 1e+08 Hz; accepted are 20 to 1e+05");
  EXPECT_EQ(said[3], "done");
}

}  // namespace
}  // namespace ecg::infer
