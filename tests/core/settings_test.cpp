#include "ecg/core/settings.h"

#include <gtest/gtest.h>

namespace ecg {
namespace {

enum class Colour { kRed, kBlue };

struct Sample {
  double rate = 0.5;
  int count = 3;
  bool on = false;
  std::string name = "x";
  std::vector<int> sizes = {1, 2};
  Colour colour = Colour::kRed;
};

Settings Describe(Sample& sample) {
  Settings settings;
  settings.Add("a.rate", sample.rate, "a rate", {0, 1});
  settings.Add("a.count", sample.count, "a count", {1, 10});
  settings.Add("on", sample.on, "a switch");
  settings.Add("name", sample.name, "a name");
  settings.Add("sizes", sample.sizes, "sizes", {0, 9});
  settings.Add("colour", sample.colour, "a colour",
               {{"red", Colour::kRed}, {"blue", Colour::kBlue}});
  return settings;
}

Status Apply(Sample& sample, const char* text) {
  return Describe(sample).Apply(*ParseJson(text, "c.json"));
}

TEST(Settings, TakesValuesAndGivesThemBack) {
  Sample sample;
  ASSERT_TRUE(Apply(sample, R"({"a": {"rate": 1, "count": 7}, "on": true, "colour": "blue",
                                "sizes": [], "name": "y"})")
                  .ok());
  EXPECT_EQ(sample.rate, 1.0);
  EXPECT_EQ(sample.count, 7);
  EXPECT_TRUE(sample.on);
  EXPECT_EQ(sample.colour, Colour::kBlue);
  EXPECT_TRUE(sample.sizes.empty());
  const Json json = Describe(sample).ToJson();
  EXPECT_EQ(json["a"]["count"], 7);
  EXPECT_EQ(json["colour"], "blue");
}

TEST(Settings, NamesFileLineAndNearestSetting) {
  Sample sample;
  EXPECT_EQ(Apply(sample, "{\n\"a\": {\n\"rat\": 1}}").error().ToString(),
            "c.json:3: a.rat: no such setting; did you mean a.rate?");
  EXPECT_EQ(Apply(sample, "{\"a\": {\"rate\": 2}}").error().ToString(),
            "c.json:1: a.rate: 2 has the wrong kind or is out of bounds; expected: number from 0 "
            "to 1");
  EXPECT_FALSE(Apply(sample, "{\"a\": {\"count\": 1.5}}").ok());
  EXPECT_FALSE(Apply(sample, "{\"colour\": \"green\"}").ok());
  EXPECT_FALSE(Apply(sample, "{\"sizes\": [1, 99]}").ok());
  EXPECT_FALSE(Apply(sample, "[1]").ok());
}

TEST(Settings, TakesAssignments) {
  Sample sample;
  Settings settings = Describe(sample);
  ASSERT_TRUE(settings.ApplyAssignment("a.count=9").ok());
  ASSERT_TRUE(settings.ApplyAssignment("name=some text").ok());
  EXPECT_EQ(sample.count, 9);
  EXPECT_EQ(sample.name, "some text");
  EXPECT_FALSE(settings.ApplyAssignment("a.count").ok());
  EXPECT_FALSE(settings.ApplyAssignment("a.cuont=1").ok());
}

}  // namespace
}  // namespace ecg
