#include "ecg/challenge/contradictions.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace ecg::challenge {
namespace {

// What is left of the classes that are named, given how far each lies above its threshold.
std::string Left(const std::map<std::string, double>& decided) {
  const std::vector<DiagnosisClass>& classes = Classes2021().classes();
  std::vector<std::uint8_t> decisions(classes.size());
  std::vector<double> strength(classes.size(), -1);
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const auto found = decided.find(classes[k].abbreviation);
    if (found == decided.end()) continue;
    decisions[k] = 1;
    strength[k] = found->second;
  }
  decisions = WithoutContradictions(decisions, strength, classes);
  std::string names;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (decisions[k] != 0) names += classes[k].abbreviation + " ";
  }
  return names;
}

TEST(Contradictions, TheMoreSpecificStays) {
  EXPECT_EQ(Left({{"NSR", 5}, {"STach", 0.1}, {"TAb", 0}}), "STach TAb ");
  EXPECT_EQ(Left({{"NSR", 5}, {"SB", 0.1}}), "SB ");
  EXPECT_EQ(Left({{"RBBB", 0}, {"IRBBB", 3}}), "RBBB ");
  EXPECT_EQ(Left({{"BBB", 0}, {"LBBB", 3}}), "LBBB ");
  EXPECT_EQ(Left({{"NSR", 1}, {"SA", 1}, {"LAD", 1}}), "LAD NSR SA ");
}

TEST(Contradictions, ElseTheStronger) {
  EXPECT_EQ(Left({{"LAD", 1}, {"RAD", 2}}), "RAD ");
  EXPECT_EQ(Left({{"LAD", 2}, {"RAD", 1}}), "LAD ");
  EXPECT_EQ(Left({{"NSR", 9}, {"SB", 2}, {"STach", 1}}), "SB ");
}

}  // namespace
}  // namespace ecg::challenge
