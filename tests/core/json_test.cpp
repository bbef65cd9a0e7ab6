#include "ecg/core/json.h"

#include <gtest/gtest.h>

namespace ecg {
namespace {

TEST(Json, AcceptsCommentsAndNamesTheLineOfAnError) {
  EXPECT_EQ(ParseJson("{// one\n\"a\": /* two */ 1}", "f")->root["a"], 1);
  const JsonDocument nested =
      *ParseJson("{\n\"a\": {\n\"b\": 1,\n\"c\": [{\"d\": 1}, {\"d\": 2}]}}", "f");
  EXPECT_EQ(nested.LineOf("a"), 2u);
  EXPECT_EQ(nested.LineOf("a.b"), 3u);
  EXPECT_EQ(nested.LineOf("a.c"), 4u);
  EXPECT_EQ(ParseJson("{\n\n\"a\": }", "f.json").error().line, 3u);
  const Error twice = ParseJson("{\"a\": 1, \"a\": 2}", "f.json").error();
  EXPECT_EQ(twice.ToString(), "f.json:1: a: given twice");
  EXPECT_FALSE(ParseJson(std::string(100000, '['), "f").ok());
  EXPECT_EQ(ParseJson("[1,\n1e999]", "f").error().line, 2u);
}

TEST(Json, RefusesAKeyGivenTwiceWhereverItStands) {
  EXPECT_EQ(ParseJson("{\"a\": [\n{\"b\": 1, \"b\": 2}]}", "f").error().ToString(),
            "f:2: b: given twice");
  EXPECT_EQ(ParseJson("{\"a\": {\"b\": 1, \"b\": 2}}", "f").error().ToString(),
            "f:1: a.b: given twice");
  EXPECT_EQ(ParseJson("{\"a\": {\"b\": 1},\n\"a.b\": 2}", "f").error().ToString(),
            "f:2: a.b: given twice");
  EXPECT_TRUE(ParseJson("[{\"a\": {\"b\": [{\"a\": 1}]}, \"b\": 1}, {\"a\": 1}]", "f").ok());
  const JsonDocument nested =
      *ParseJson("{\"x\": [{\"y\": {\"z\": 1}}],\n\"a\": {\n\"y\": 1}}", "f");
  EXPECT_EQ(nested.LineOf("a.y"), 3u);
  EXPECT_EQ(nested.LineOf("x.y"), 0u);
}

// Texts of a few megabytes that took minutes or gigabytes.
TEST(Json, RefusesInTimeWhatWouldTakeLong) {
  std::string text = "{";
  for (int i = 0; i < 200000; ++i) text += "\"" + std::to_string(i) + "\":0,";
  EXPECT_EQ(ParseJson(text + "\"x\":0}", "f").error().ToString(),
            "f:1: too many keys in one object");
  EXPECT_EQ(ParseJson("{\"" + std::string(1 << 20, 'k') + "\":{}}", "f").error().ToString(),
            "f:1: a key is too long");
  text = "{";
  for (int i = 0; i < 60; ++i) text += "\"" + std::string(1000, 'k') + "\":{";
  for (int i = 0; i < 200; ++i) {
    text += "\"" + std::to_string(i) + "\":{";
    for (int k = 0; k < 100; ++k) text += "\"" + std::to_string(k) + "\":0,";
    text += "\"x\":0},";
  }
  EXPECT_EQ(ParseJson(text, "f").error().message, "too many long keys");
}

TEST(Json, WritesBytesThatAreNotUtf8) {
  const Json json = {{"path", "a\xFF/b"}, {"k\xC3", {1, 2}}};
  EXPECT_EQ(DumpJsonLine(json), "{\"path\":\"a\xEF\xBF\xBD/b\",\"k\xEF\xBF\xBD\":[1,2]}");
  EXPECT_TRUE(ParseJson(DumpJson(json), "f").ok());
}

// The parser looks through what an array holds at the end of each of its objects.
TEST(ParseJson, ObjectsOfAnArrayAreBounded) {
  const auto array = [](int objects) {
    std::string text = "{\"a\": [";
    for (int i = 0; i < objects; ++i) text += std::string(i > 0 ? "," : "") + "{\"b\": [{}, {}]}";
    return text + "]}";
  };
  EXPECT_TRUE(ParseJson(array(10000), "f").ok());
  EXPECT_NE(ParseJson(array(10001), "f").error().message.find("too many objects"),
            std::string::npos);
}

}  // namespace
}  // namespace ecg
