#include "ecg/report/statement_report.h"

#include <gtest/gtest.h>

#include <string>

namespace ecg::report {
namespace {

data::StatementList List() {
  data::StatementList list;
  list.recordings = 3;
  list.with_statements = 2;
  list.withheld = 1;
  list.understood = {{"Possible LVH", 2, {{"164873001", challenge::Certainty::kPossible}}, false},
                     {"AF has replaced", 1, {}, true}};
  list.unread = {{"blah # ms", 2, {}, false}};
  list.codes = {{"164873001", 0, 2, 0}, {"4711", 1, 0, 0}};
  return list;
}

TEST(StatementReport, TellsWhatIsUnderstoodAndWhatIsNot) {
  const std::string text = StatementReport(List());
  EXPECT_NE(text.find("3 recordings, 2 with statements"), std::string::npos) << text;
  EXPECT_NE(text.find("2  164873001 LVH (possible)  Possible LVH"), std::string::npos) << text;
  EXPECT_NE(text.find("1  another recording"), std::string::npos) << text;
  EXPECT_NE(text.find("2  blah # ms"), std::string::npos) << text;
  EXPECT_NE(text.find("1 statement that may name"), std::string::npos) << text;
}

TEST(StatementJson, HasTheSame) {
  const Json json = StatementJson(List());
  EXPECT_EQ(json["understood"][0]["findings"][0]["certainty"], "possible");
  EXPECT_TRUE(json["understood"][0]["findings"][0]["class"].is_null()) << "not scored";
  EXPECT_EQ(json["diagnoses"][0]["abbreviation"], "LVH");
  EXPECT_TRUE(json["diagnoses"][1]["name"].is_null()) << "a code of somebody's own";
  EXPECT_EQ(json["not_in_the_table"][0]["recordings"], 2);
}

}  // namespace
}  // namespace ecg::report
