#include "ecg/core/settings.h"

#include <gtest/gtest.h>

namespace ecg {
namespace {

enum class Colour { kRed, kBlue };

const EnumTable<Colour>& Colours() {
  static const EnumTable<Colour> colours = {{"red", Colour::kRed}, {"blue", Colour::kBlue}};
  return colours;
}

struct Sample {
  double rate = 0.5;
  int count = 3;
  std::int64_t offset = -1;
  std::uint64_t seed = 1;
  bool on = false;
  std::string name = "x";
  std::vector<std::string> leads = {"I"};
  std::vector<int> sizes = {1, 2};
  Colour colour = Colour::kRed;
  std::optional<double> limit;
  std::optional<int> patience = 5;
};

Settings Describe(Sample& sample) {
  Settings settings;
  settings.Add("a.rate", sample.rate, "a rate", {0, 1});
  settings.Add("a.count", sample.count, "a count", {1, 10});
  settings.Add("a.deep.offset", sample.offset, "an offset", {});
  settings.Add("seed", sample.seed, "a seed", {});
  settings.Add("on", sample.on, "a switch");
  settings.Add("name", sample.name, "a name");
  settings.Add("leads", sample.leads, "leads", {1, 2});
  settings.Add("sizes", sample.sizes, "sizes", {0, 9}, {0, 3});
  settings.Add("colour", sample.colour, "a colour", Colours());
  settings.Add("limit", sample.limit, "a limit", {0, 5});
  settings.Add("patience", sample.patience, "patience", {1, 9});
  return settings;
}

Status Apply(Sample& sample, const std::string& text) {
  return Describe(sample).Apply(*ParseJson(text, "c.json"));
}

std::string ErrorOf(const std::string& text) {
  Sample sample;
  const Status status = Apply(sample, text);
  if (status.ok()) return {};
  EXPECT_EQ(status.error().kind, ErrorKind::kUsage);
  return status.error().ToString();
}

TEST(Settings, TakesValuesAndGivesThemBack) {
  Sample sample;
  ASSERT_TRUE(Apply(sample, R"({"a": {"rate": 1, "count": 7, "deep": {"offset": -9000000000}},
                                "on": true, "colour": "blue", "sizes": [], "name": "y",
                                "seed": 18446744073709551615, "limit": 2, "patience": null,
                                "leads": ["I", "II"]})")
                  .ok());
  EXPECT_EQ(sample.rate, 1.0);
  EXPECT_EQ(sample.count, 7);
  EXPECT_EQ(sample.offset, -9000000000);
  EXPECT_EQ(sample.seed, 18446744073709551615u);
  EXPECT_TRUE(sample.on);
  EXPECT_EQ(sample.colour, Colour::kBlue);
  EXPECT_TRUE(sample.sizes.empty());
  EXPECT_EQ(sample.limit, 2.0);
  EXPECT_FALSE(sample.patience.has_value());
  EXPECT_EQ(sample.leads.size(), 2u);
  const Json json = Describe(sample).ToJson();
  EXPECT_EQ(json["a"]["count"], 7);
  EXPECT_EQ(json["colour"], "blue");
  EXPECT_TRUE(json["patience"].is_null());
  Sample again;
  ASSERT_TRUE(Apply(again, DumpJson(json)).ok());
  EXPECT_EQ(Describe(again).ToJson(), json);
}

TEST(Settings, NamesFileLineAndNearestSetting) {
  EXPECT_EQ(ErrorOf("{\n\"a\": {\n\"rat\": 1}}"),
            "c.json:3: a.rat: no such setting; did you mean a.rate?");
  EXPECT_EQ(ErrorOf("{\"a\": {\"rate\": 2}}"),
            "c.json:1: a.rate: 2 has the wrong kind or is out of bounds; expected: number from 0 "
            "to 1");
  EXPECT_EQ(ErrorOf("{\n\"sizes\": [1, 99]}"),
            "c.json:2: sizes: [1,99] has the wrong kind or is out of bounds; expected: list of "
            "whole numbers from 0 to 9, length up to 3");
  EXPECT_EQ(ErrorOf("[1]"), "c.json:1: must be a JSON object");
  EXPECT_LT(ErrorOf("{\"sizes\": \"" + std::string(10000, 'x') + "\"}").size(), 300u);
}

TEST(Settings, RefusesWhatDoesNotFit) {
  for (const char* text : {R"({"a": {"count": 1.5}})",
                           R"({"a": {"count": 11}})",
                           R"({"a": {"count": 4294967297}})",
                           R"({"a": {"count": 18446744073709551615}})",
                           R"({"a": {"count": null}})",
                           R"({"a": {"deep": {"offset": 9223372036854775808}}})",
                           R"({"seed": -1})",
                           R"({"seed": 1.0})",
                           R"({"seed": 18446744073709551616})",
                           R"({"colour": "green"})",
                           R"({"colour": 0})",
                           R"({"sizes": [1, 2, 3, 4]})",
                           R"({"sizes": [1, "2"]})",
                           R"({"leads": []})",
                           R"({"leads": ["I", "II", "III"]})",
                           R"({"leads": "I"})",
                           R"({"leads": [1]})",
                           R"({"limit": 5.5})",
                           R"({"limit": "none"})",
                           R"({"patience": 0})",
                           R"({"on": 1})",
                           R"({"name": 5})"}) {
    Sample sample;
    const Json before = Describe(sample).ToJson();
    EXPECT_FALSE(Apply(sample, text).ok()) << text;
    EXPECT_EQ(Describe(sample).ToJson(), before) << text;
  }
}

TEST(Settings, TellsSectionsFromSettings) {
  EXPECT_EQ(ErrorOf("{\"a\": {}}"), "");
  EXPECT_EQ(ErrorOf("{\n\"size\": {}}"), "c.json:2: size: no such setting; did you mean sizes?");
  EXPECT_EQ(ErrorOf("{\"a\": {\"depe\": {}}}"),
            "c.json:1: a.depe: no such setting; did you mean a.deep?");
  EXPECT_EQ(ErrorOf("{\"quite_another\": {\"rate\": 1}}"),
            "c.json:1: quite_another: no such setting");
  EXPECT_EQ(ErrorOf("{\"a\": 5}"),
            "c.json:1: a: is a section, which holds a.rate, a.count, a.deep.offset");
  EXPECT_EQ(ErrorOf("{\"name\": {\"first\": 1}}"),
            "c.json:1: name: {\"first\":1} has the wrong kind or is out of bounds; expected: text");
}

TEST(Settings, TakesAssignments) {
  Sample sample;
  Settings settings = Describe(sample);
  ASSERT_TRUE(settings.ApplyAssignment("a.count=9").ok());
  EXPECT_EQ(sample.count, 9);
  for (const std::string text : {"some text", "2024", "true", "null", "1e999", "[1", "{}", "a=b",
                                 "", "\xFF", "0x1F", "007"}) {
    ASSERT_TRUE(settings.ApplyAssignment("name=" + text).ok()) << text;
    EXPECT_EQ(sample.name, text);
  }
  ASSERT_TRUE(settings.ApplyAssignment("name=\"a text\"").ok());
  EXPECT_EQ(sample.name, "a text");
  ASSERT_TRUE(settings.ApplyAssignment("colour=blue").ok());
  ASSERT_TRUE(settings.ApplyAssignment("leads=[\"V1\"]").ok());
  ASSERT_TRUE(settings.ApplyAssignment("patience=null").ok());
  EXPECT_EQ(sample.leads, std::vector<std::string>{"V1"});
  EXPECT_FALSE(sample.patience.has_value());
  EXPECT_FALSE(settings.ApplyAssignment("a.count").ok());
  EXPECT_FALSE(settings.ApplyAssignment("a={\"count\": 1}").ok());
  EXPECT_FALSE(settings.ApplyAssignment("seed=" + std::string(100000, '[')).ok());
  EXPECT_EQ(settings.ApplyAssignment("a.cuont=1").error().ToString(),
            "--set: a.cuont: no such setting; did you mean a.count?");
  EXPECT_EQ(settings.ApplyAssignment("a.rate=\xFF").error().message.substr(0, 5),
            "\"\xEF\xBF\xBD\"");
}

TEST(Settings, TakesTheWordsOfACommandLine) {
  Sample sample;
  Settings settings = Describe(sample);
  ASSERT_TRUE(settings.ApplyWords("leads", {"2024", "V1"}, "--leads").ok());
  EXPECT_EQ(sample.leads, (std::vector<std::string>{"2024", "V1"}));
  ASSERT_TRUE(settings.ApplyWords("sizes", {"3", "4"}, "--sizes").ok());
  EXPECT_EQ(sample.sizes, (std::vector<int>{3, 4}));
  ASSERT_TRUE(settings.ApplyWords("limit", {"2.5"}, "--limit").ok());
  EXPECT_EQ(sample.limit, 2.5);
  EXPECT_EQ(settings.ApplyWords("sizes", {"x"}, "--sizes").error().file, "--sizes");
  EXPECT_FALSE(settings.ApplyWords("limit", {"1", "2"}, "--limit").ok());
  EXPECT_FALSE(settings.ApplyWords("limit", {}, "--limit").ok());
  EXPECT_FALSE(settings.ApplyWords("nothing", {"1"}, "--nothing").ok());
}

TEST(Settings, DescribesThemselves) {
  Sample sample;
  sample.name = "\xFF";
  const Settings settings = Describe(sample);
  EXPECT_EQ(settings.Describe("colour").kind, "red | blue");
  EXPECT_EQ(settings.Describe("a.deep.offset").kind, "whole number");
  EXPECT_EQ(settings.Describe("limit").kind, "number from 0 to 5, or null");
  EXPECT_EQ(settings.Describe("leads").kind, "list of texts, length from 1 to 2");
  EXPECT_EQ(settings.Describe("a.count").value, 3);
  EXPECT_THROW(settings.Describe("a"), Exception);
  EXPECT_NE(settings.Help().find("name = \"\xEF\xBF\xBD\"\n    a name\n    (text)\n"),
            std::string::npos);
}

TEST(Settings, RefusesNamesThatContradictEachOther) {
  int value = 0;
  for (const char* name : {"a.b", "a", "a.b.c"}) {
    Settings settings;
    settings.Add("a.b", value, "", {});
    EXPECT_THROW(settings.Add(name, value, "", {}), Exception) << name;
  }
}

TEST(EnumTable, TranslatesBothWays) {
  EXPECT_EQ(Colours().Find("blue"), Colour::kBlue);
  EXPECT_FALSE(Colours().Find("Blue").has_value());
  EXPECT_EQ(Colours().NameOf(Colour::kRed), "red");
  EXPECT_EQ(Colours().NameOf(static_cast<Colour>(7)), "");
  EXPECT_EQ(Colours().Names(), (std::vector<std::string>{"red", "blue"}));
}

}  // namespace
}  // namespace ecg
