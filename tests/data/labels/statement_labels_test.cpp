// Statements of recordings as labels, and their list.
#include "ecg/data/labels/statement_labels.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "ecg/data/labels/label_table.h"
#include "ecg/data/labels/statement_list.h"
#include "tests/support.h"

namespace ecg::data {
namespace {

using Texts = std::vector<std::string>;

record::EcgInfo Info(Texts dx, Texts statements) {
  record::EcgInfo info;
  info.dx = std::move(dx);
  info.statements = std::move(statements);
  return info;
}

StatementLabels Used(bool possible = false) {
  return StatementLabels::Make({true, possible, {}}).value();
}

TEST(StatementLabels, CountOnlyWhereTheyAreAskedFor) {
  const record::EcgInfo info = Info({"AF"}, {"Left axis deviation", "Possible LVH"});
  EXPECT_EQ(StatementLabels().DiagnosesOf(info), Texts{"AF"});
  EXPECT_EQ(Used().DiagnosesOf(info), (Texts{"AF", "39732003"}));
  EXPECT_EQ(Used(true).DiagnosesOf(info), (Texts{"AF", "39732003", "164873001"}));
}

TEST(StatementLabels, ReadDiagnosesThatAreNoneAsStatements) {
  EXPECT_EQ(Used().DiagnosesOf(Info({"no AF", "atrial fib", "qqq", "AF"}, {})),
            (Texts{"164889003", "qqq", "AF"}));
}

TEST(StatementLabels, TakeRowsOfUsers) {
  test::TemporaryFolder folder;
  std::ofstream(folder / "own.csv") << "system,text,meaning\nen,qqq,164889003\n";
  const auto own = StatementLabels::Make({true, false, folder / "own.csv"});
  ASSERT_TRUE(own.ok()) << own.error().ToString();
  EXPECT_EQ(own->DiagnosesOf(Info({}, {"QQQ"})), Texts{"164889003"});
  std::ofstream(folder / "bad.csv") << "system,text,meaning\nen,qqq,what\n";
  const auto bad = StatementLabels::Make({true, false, folder / "bad.csv"});
  ASSERT_FALSE(bad.ok());
  EXPECT_NE(bad.error().ToString().find("bad.csv:2: meaning"), std::string::npos);
}

TEST(DiagnosisTable, TakesOtherCodesAndStatements) {
  test::TemporaryFolder folder;
  std::ofstream(folder / "t.csv")
      << "ecg_id,report,scp_codes,heart_axis\n1,\"Sinusrhythmus, V.a. Ischämie\",\"{'AFIB': "
         "100.0, 'LMI': 15.0}\",ALAD\n";
  auto table = ReadDiagnosisTable(folder / "t.csv");
  ASSERT_TRUE(table.ok()) << table.error().ToString();
  EXPECT_EQ(table->rows["1"], (Texts{"164889003", "39732003"}));
  table = ReadDiagnosisTable(folder / "t.csv", challenge::Classes2021(), Used());
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->rows["1"], (Texts{"164889003", "39732003", "426783006"}));
  std::ofstream(folder / "t.csv") << "ECG_ID,AHA_Code\nA1,22;60+312\n";
  table = ReadDiagnosisTable(folder / "t.csv");
  ASSERT_TRUE(table.ok()) << table.error().ToString();
  EXPECT_EQ(table->rows["A1"], Texts{"426177001"});
  std::ofstream(folder / "t.csv") << "id,report\nA1,AF\n";
  table = ReadDiagnosisTable(folder / "t.csv");
  ASSERT_FALSE(table.ok());
  EXPECT_NE(table.error().ToString().find("--statements"), std::string::npos);
}

void Write(const std::filesystem::path& folder, const std::string& name, const std::string& lines) {
  test::TestRecord record;
  record.name = name;
  record.samples = 10;
  record.signal = [](std::size_t, double) { return 0; };
  test::WriteRecord(folder, record);
  std::ofstream(folder / (name + ".hea"), std::ios::app) << lines;
}

TEST(ListStatements, CountsWhatIsUnderstoodAndWhatIsNot) {
  test::TemporaryFolder folder;
  Write(folder.path(), "A1", "# Sinus rhythm, rate 61\n# blah 7 blah\n");
  Write(folder.path(), "A2", "# sinus rhythm, rate 128\n# Possible LVH\n# blah 8 BLAH\n");
  Write(folder.path(), "A3", "# LVH\n# Confirmed by Dr Doe on 2015-02-09\n");
  const auto list = ListStatements(folder.path(), {}, false, 1);
  ASSERT_TRUE(list.ok()) << list.error().ToString();
  EXPECT_EQ(list->recordings, 3u);
  EXPECT_EQ(list->with_statements, 3u);
  EXPECT_EQ(list->withheld, 1u);
  ASSERT_FALSE(list->understood.empty());
  EXPECT_EQ(list->understood[0].text, "Sinus rhythm, rate #");
  EXPECT_EQ(list->understood[0].count, 2u);
  ASSERT_EQ(list->unread.size(), 1u);
  EXPECT_EQ(list->unread[0].text, "blah # blah");
  EXPECT_EQ(list->unread[0].count, 2u);
  for (const CountedStatement& statement : list->understood) {
    EXPECT_EQ(statement.text.find("Doe"), std::string::npos);
  }
  for (const CountedCode& code : list->codes) {
    if (code.code == "164873001") {
      EXPECT_EQ(code.stated, 1u);
      EXPECT_EQ(code.possible, 1u);
    }
  }
}

}  // namespace
}  // namespace ecg::data
