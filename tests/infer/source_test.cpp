#include "ecg/infer/source.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ecg/core/text.h"

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

}  // namespace
}  // namespace ecg::infer
