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
  EXPECT_FALSE(ParseJson("[1e999]", "f").ok());
}

}  // namespace
}  // namespace ecg
