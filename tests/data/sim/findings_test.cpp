#include "src/data/sim/findings.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ecg/challenge/challenge.h"
#include "src/data/sim/conformity.h"
#include "src/data/sim/patient.h"
#include "src/data/sim/sources.h"

namespace ecg::sim {
namespace {

TEST(Findings, AreInTheChallengesOrder) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  ASSERT_EQ(classes.size(), static_cast<std::size_t>(kFindingCount));
  EXPECT_EQ(classes.IndexOfAbbreviation("AF"), kAF);
  EXPECT_EQ(classes.IndexOfAbbreviation("LBBB"), kLBBB);
  EXPECT_EQ(classes.IndexOfAbbreviation("IRBBB"), kIRBBB);
  EXPECT_EQ(classes.IndexOfAbbreviation("LPR"), kLPR);
  EXPECT_EQ(classes.normal_index(), kNSR);
  EXPECT_EQ(classes.IndexOfAbbreviation("PRWP"), kPRWP);
  EXPECT_EQ(classes.IndexOfAbbreviation("SA"), kSA);
  EXPECT_EQ(classes.IndexOfAbbreviation("TInv"), kTInv);
}

TEST(Findings, CombinationsArePlausible) {
  Rng rng({1});
  for (const SourceProfile& source : SourceProfiles()) {
    for (int i = 0; i < 2000; ++i) {
      const Findings f = DrawFindings(source.prevalence, rng);
      const int rhythms = f[kNSR] + f[kSB] + f[kSTach] + f[kAF] + f[kAFL] + f[kPR] + f[kBrady];
      ASSERT_EQ(rhythms, 1);
      ASSERT_LE(f[kLBBB] + f[kRBBB] + f[kIRBBB] + f[kNSIVCB], 1);
      ASSERT_EQ(f[kBBB], f[kLBBB] || f[kRBBB]);
      ASSERT_FALSE(f[kLAD] && f[kRAD]);
      ASSERT_FALSE(f[kIAVB] && f[kLPR]);
      if (f[kLAnFB]) {
        ASSERT_TRUE(f[kLAD]);
      }
      if (f[kTInv]) {
        ASSERT_TRUE(f[kTAb]);
      }
      if (f[kIAVB] || f[kLPR] || f[kPAC]) {
        ASSERT_TRUE(IsSinus(f));
      }
      if (f[kSA]) {
        ASSERT_TRUE(f[kNSR] || f[kSB]);
      }
    }
  }
}

// The shares of the labels as written are those that the sources count.
TEST(Findings, AreAsFrequentAsInTheSources) {
  constexpr int kDraws = 20000;
  for (const SourceProfile& source : SourceProfiles()) {
    Rng rng({7, HashName(source.name)});
    Prevalence share{};
    for (int i = 0; i < kDraws; ++i) {
      const Findings f = DrawFindings(source.prevalence, rng);
      for (std::size_t k = 0; k < kFindingCount; ++k) share[k] += f[k] ? 1.0 / kDraws : 0.0;
    }
    for (std::size_t k = 0; k < kFindingCount; ++k) {
      if (k == kNSR || k == kBBB || k == kTAb || k == kLAD) continue;  // follow from the others
      double wanted = source.prevalence[k];
      // A block of an unnamed side is on one of the two.
      if (k == kLBBB || k == kRBBB) wanted += 0.5 * source.prevalence[kBBB];
      EXPECT_NEAR(share[k], wanted, 0.006 + 0.15 * wanted)
          << source.name << " " << challenge::Classes2021()[k].abbreviation;
    }
  }
}

TEST(Sources, WriteWhatTheMaskSays) {
  Rng rng({3});
  const challenge::ClassSet& classes = challenge::Classes2021();
  for (const SourceProfile& source : SourceProfiles()) {
    const auto mask = challenge::LabelMask::Default().Row(source.name);
    ASSERT_TRUE(mask) << source.name;
    for (int i = 0; i < 500; ++i) {
      const Findings truth = DrawFindings(source.prevalence, rng);
      const Findings written = WrittenLabels(source, truth);
      const auto read = challenge::LabelsOf(CodesOf(source, written), classes, true);
      for (std::size_t k = 0; k < kFindingCount; ++k) {
        if (k != kBBB) {
          EXPECT_EQ(read[k] != 0, written[k]);
        }
        if (k == kNSR && source.normal_only_nsr) continue;
        if ((*mask)[k] != 0) {
          EXPECT_EQ(read[k] != 0, truth[k]) << source.name << " " << k;
        }
      }
    }
  }
}

TEST(Sources, CpscWritesItsSixClassesAndNormalOnlyAlone) {
  const SourceProfile& cpsc = *FindSource("CPSC");
  Findings truth;
  truth.set(kNSR);
  EXPECT_EQ(WrittenLabels(cpsc, truth), truth);
  truth.set(kLAD);  // not a label of this source, yet not normal
  EXPECT_TRUE(WrittenLabels(cpsc, truth).none());
  truth.reset(kNSR);
  truth.set(kAF).set(kTAb);
  EXPECT_EQ(WrittenLabels(cpsc, truth), Findings().set(kAF));
}

TEST(Sources, NamesLeadBackToTheSource) {
  for (const SourceProfile& source : SourceProfiles()) {
    std::string digits = std::to_string(source.first_number);
    digits.insert(0, static_cast<std::size_t>(source.digits) - digits.size(), '0');
    EXPECT_EQ(challenge::SourceOfRecord(source.prefix + digits), source.name);
  }
}

TEST(Patients, MeetTheCriteriaOfTheirFindings) {
  int drawn = 0;
  int missed = 0;
  for (const SourceProfile& source : SourceProfiles()) {
    Rng rng({11, HashName(source.name)});
    for (int i = 0; i < 500; ++i) {
      const Findings f = DrawFindings(source.prevalence, rng);
      const Patient patient = DrawPatient(60, rng.Chance(0.5), source.body, f, rng);
      if (f[kPR]) continue;  // its QRS is the paced one
      ++drawn;
      if (!QrsFits(f, patient.qrs, patient.qrs_duration, patient.leads)) ++missed;
      EXPECT_EQ(patient.pr > 0.2, f[kIAVB] || f[kLPR]);
      const bool bundle = f[kLBBB] || f[kRBBB];
      EXPECT_GT(patient.qrs_duration, bundle ? 0.12 : f[kNSIVCB] ? 0.11 : 0.06);
      EXPECT_LT(patient.qrs_duration, bundle ? 0.17 : f[kNSIVCB] ? 0.14 : 0.12);
      const double limit = patient.male ? 0.45 : 0.46;
      EXPECT_EQ(patient.qtc > limit, f[kLQT]);
    }
  }
  EXPECT_LT(missed, drawn / 500) << missed << " of " << drawn;
}

}  // namespace
}  // namespace ecg::sim
