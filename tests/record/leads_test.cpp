#include "ecg/record/leads.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace ecg::record {
namespace {

TEST(DeriveLimbLeads, GivesTheSixFromAnyTwo) {
  const std::vector<std::string> names = {"I", "II", "III", "aVR", "aVL", "aVF"};
  // I = 1, II = 4: III = 3, aVR = -2.5, aVL = -1, aVF = 3.5.
  const std::vector<float> values = {1, 4, 3, -2.5F, -1, 3.5F};
  for (std::size_t a = 0; a < 6; ++a) {
    for (std::size_t b = 0; b < 6; ++b) {
      if (a == b) continue;
      EcgRecord record;
      record.info.samples = 2;
      record.info.leads = {names[a], "V1", names[b]};
      record.leads = {{values[a], values[a]}, {9, 9}, {values[b], values[b]}};
      EXPECT_EQ(DeriveLimbLeads(record).size(), 4U);
      ASSERT_EQ(record.info.leads.size(), 7U);
      for (std::size_t k = 0; k < 6; ++k) {
        const auto lead = LeadIndex(record.info, names[k]);
        ASSERT_TRUE(lead.has_value());
        EXPECT_NEAR(record.Lead(*lead)[1], values[k], 1e-5) << names[a] << names[b] << names[k];
      }
      EXPECT_TRUE(DeriveLimbLeads(record).empty());
    }
  }
  EcgRecord one;
  one.info.leads = {"I", "V1"};
  EXPECT_TRUE(DeriveLimbLeads(one).empty());
}

TEST(CanonicalLead, KnowsTheTwelve) {
  EXPECT_EQ(CanonicalLead("AVR"), "aVR");
  EXPECT_EQ(CanonicalLead("avl"), "aVL");
  EXPECT_EQ(CanonicalLead(" v1\r"), "V1");
  EXPECT_EQ(CanonicalLead("iii"), "III");
  for (const char* other : {"MLII", "-aVR", "V3R", "ECG", "ECG1", "Lead", "V1 ref", "mod.V1"}) {
    EXPECT_EQ(CanonicalLead(other), other);
    EXPECT_FALSE(IsStandardLead(CanonicalLead(other)));
  }
  for (const char* second : {"ECG II", "Lead II", "II (uV)", "DII", "d2", "EKG-ii", "LeadII",
                             "ECG_II [mV]", "Lead: II"}) {
    EXPECT_EQ(CanonicalLead(second), "II") << second;
  }
  EXPECT_TRUE(IsStandardLead("aVR"));
  EXPECT_EQ(CanonicalLead("ECG V1"), "V1");
  EXPECT_EQ(CanonicalLead("DI"), "I");
  EXPECT_EQ(CanonicalLead(" V7 "), "V7");
}

TEST(LeadsInWords, NamesReadAndUnreadLeads) {
  EcgRecord record;
  EXPECT_EQ(LeadsInWords(record), "no leads");
  record.unread_leads = {"I: units adu", "II: units adu"};
  EXPECT_EQ(LeadsInWords(record), "no leads that can be read (I: units adu, II: units adu)");
  record.info.leads = {"V1"};
  record.other_leads = {"V2"};
  EXPECT_EQ(LeadsInWords(record), "the leads V1, V2 (unread I: units adu, II: units adu)");
  record.unread_leads.clear();
  EXPECT_EQ(LeadsInWords(record), "the leads V1, V2");
}

TEST(LeadsToRead, KeepsWhatALimbLeadMayFollowFrom) {
  EcgInfo info;
  info.leads = {"II", "III", "V1", "aVF", "II"};
  EXPECT_EQ(LeadsToRead(info, {}), std::vector<bool>(5, true));
  EXPECT_EQ(LeadsToRead(info, {"V1"}), (std::vector<bool>{false, false, true, false, false}));
  EXPECT_EQ(LeadsToRead(info, {"I"}), (std::vector<bool>{true, true, false, true, true}));
  EXPECT_EQ(LeadsToRead(info, {"V2"}), std::vector<bool>(5, false));
}

TEST(SetAsideDeadLeads, LeavesThoseThatLive) {
  const float nan = std::nanf("");
  EcgRecord record;
  record.info.samples = 3;
  record.info.leads = {"I", "II", "II", "V1", "V2"};
  record.leads = {{1, 1, 1}, {nan, 2, 2.005F}, {0, 0, 1}, {nan, nan, nan}, {5, 5.02F, 5}};
  EXPECT_EQ(SetAsideDeadLeads(record), (std::vector<std::string>{"I", "II", "V1"}));
  EXPECT_EQ(record.info.leads, (std::vector<std::string>{"II", "V2"}));
  EXPECT_EQ(record.leads, (std::vector<std::vector<float>>{{0, 0, 1}, {5, 5.02F, 5}}));
  record.leads = {{0, 0, 0}, {1, 1, 1}};
  EXPECT_TRUE(SetAsideDeadLeads(record).empty());  // a recording of nothing stays one
  EXPECT_EQ(record.info.leads.size(), 2u);
}

}  // namespace
}  // namespace ecg::record
