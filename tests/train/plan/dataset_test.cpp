#include "ecg/train/plan/dataset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tests/support.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

void Write(const fs::path& folder, const std::string& name, const std::string& dx,
           const std::string& source = {}) {
  test::TestRecord record;
  record.name = name;
  record.samples = 10;
  record.dx = dx;
  test::WriteRecord(folder, record);
  if (!source.empty()) {
    std::ofstream(folder / (name + ".hea"), std::ios::app) << "#Source: " << source << "\n";
  }
}

class LoadDatasetTest : public testing::Test {
 protected:
  LoadDatasetTest() {
    config_.data.folders = {(folder_ / "a").string()};
    config_.split.validation_share = 0;
  }
  Dataset Load() { return LoadDataset(config_, ReadTask(config_).value()).value(); }

  static const data::Example* Find(const Dataset& dataset, const std::string& id) {
    for (const data::Example& example : dataset.train) {
      if (example.record.id == id) return &example;
    }
    return nullptr;
  }
  static float At(const std::vector<float>& row, const char* name) {
    return row[*challenge::Classes2021().IndexOfAbbreviation(name)];
  }
  static SourceSummary Source(const Dataset& dataset, const std::string& name) {
    for (const SourceSummary& source : dataset.summary.sources) {
      if (source.source == name) return source;
    }
    return {};
  }

  test::TemporaryFolder folder_;
  Config config_;
};

TEST_F(LoadDatasetTest, TellsWhichRecordsASourceRuleExcludesOrMasks) {
  Write(folder_ / "a", "S0001", "426783006");
  Write(folder_ / "a", "A0001", "426783006");
  Write(folder_ / "a", "HR00001", "426783006");
  Write(folder_ / "a", "mine", "426783006");
  const Dataset guessed = Load();
  EXPECT_EQ(guessed.train.size(), 3u);
  const SourceSummary ptb = Source(guessed, "PTB");
  EXPECT_EQ(ptb.records, 1u);
  EXPECT_EQ(ptb.excluded, 1u);
  EXPECT_EQ(ptb.by_name, 1u);
  EXPECT_EQ(ptb.first_excluded, "S0001");
  EXPECT_TRUE(Source(guessed, "CPSC").has_mask_row);
  EXPECT_EQ(Source(guessed, "CPSC").trusted, 7u);  // with BBB
  EXPECT_EQ(At(Find(guessed, "A0001")->mask, "LAD"), 0);
  EXPECT_FALSE(Source(guessed, "").has_mask_row);
  EXPECT_EQ(At(Find(guessed, "mine")->mask, "LAD"), 1);

  config_.data.sources = kNoSources;
  const Dataset own = Load();
  EXPECT_EQ(own.train.size(), 4u);
  ASSERT_EQ(own.summary.sources.size(), 1u);
  EXPECT_EQ(own.summary.sources[0].source, "");
  EXPECT_EQ(At(Find(own, "A0001")->mask, "LAD"), 1);

  std::ofstream(folder_ / "rules.csv") << "source,prefix,first_number,last_number\nCPSC,S,0,*\n";
  config_.data.sources = (folder_ / "rules.csv").string();
  EXPECT_EQ(Source(Load(), "CPSC").records, 1u);
  std::ofstream(folder_ / "rules.csv") << "source,prefix\n";
  EXPECT_NE(LoadDataset(config_, model::Task()).error().ToString().find("rules.csv:1"),
            std::string::npos);
}

TEST_F(LoadDatasetTest, HeadersAndTablesGoBeforeNames) {
  Write(folder_ / "a", "S0001", "426783006", "My Clinic");
  Write(folder_ / "a", "S0002", "426783006", "PTB-XL");
  Write(folder_ / "a", "S0003", "426783006");
  std::ofstream(folder_ / "t.csv")
      << "record,patient_id,source\nS0001,1,Georgia\nS0003,2,CPSC2018\n";
  config_.split.table = (folder_ / "t.csv").string();
  const Dataset dataset = Load();
  EXPECT_EQ(dataset.train.size(), 3u);
  EXPECT_EQ(Source(dataset, "My Clinic").train, 1u);
  EXPECT_EQ(Source(dataset, "PTB_XL").train, 1u);
  EXPECT_EQ(Source(dataset, "CPSC").train, 1u);
  for (const SourceSummary& source : dataset.summary.sources) EXPECT_EQ(source.by_name, 0u);
}

TEST_F(LoadDatasetTest, LabelsMayComeFromATable) {
  for (const char* name : {"X1", "X2", "X3", "X4"}) Write(folder_ / "a", name, "426783006");
  const auto table = [&](const char* text) {
    std::ofstream(folder_ / "labels.csv") << text;
    config_.data.labels = (folder_ / "labels.csv").string();
    return LoadDataset(config_, model::Task(config_.task));
  };
  Dataset dataset =
      table("record,dx\nX1,\"AF, 164889003\"\nX1,PVC\nX2.hea,\nX3,sinus rhythm\n").value();
  EXPECT_EQ(dataset.train.size(), 3u);
  EXPECT_EQ(At(Find(dataset, "X1")->labels, "AF"), 1);
  EXPECT_EQ(At(Find(dataset, "X1")->labels, "PVC"), 1);
  EXPECT_EQ(At(Find(dataset, "X1")->labels, "NSR"), 0);
  EXPECT_EQ(At(Find(dataset, "X2")->labels, "NSR"), 0);
  EXPECT_EQ(At(Find(dataset, "X3")->labels, "NSR"), 1);
  ASSERT_EQ(dataset.failed.size(), 1u);
  EXPECT_EQ(dataset.failed[0].id, "X4");

  dataset = table("id,AF,164909002\nX1,1,0\nX2,0,1\nX3,0,0\nX4,1,1\n").value();
  EXPECT_EQ(At(Find(dataset, "X1")->labels, "AF"), 1);
  EXPECT_EQ(At(Find(dataset, "X2")->labels, "LBBB"), 1);
  EXPECT_EQ(At(Find(dataset, "X3")->labels, "NSR"), 0);
  EXPECT_EQ(At(Find(dataset, "X4")->labels, "LBBB"), 1);

  EXPECT_FALSE(table("record,weight\nX1,3\n").ok());
  EXPECT_FALSE(table("record,dx\nY1,AF\n").ok());
}

TEST_F(LoadDatasetTest, ReadsAbbreviationsAndNamesAndCountsWhatItDoesNotUnderstand) {
  Write(folder_ / "a", "HR00001", "AF");
  Write(folder_ / "a", "HR00002", "atrial fibrillation, squiggles");
  Write(folder_ / "a", "HR00003", "squiggles");
  Write(folder_ / "a", "HR00004", "164884008");  // known, not scored
  Write(folder_ / "a", "HR00005", "59118001");
  const Dataset dataset = Load();
  EXPECT_EQ(At(Find(dataset, "HR00001")->labels, "AF"), 1);
  EXPECT_EQ(At(Find(dataset, "HR00002")->labels, "AF"), 1);
  EXPECT_EQ(At(Find(dataset, "HR00005")->labels, "RBBB"), 1);
  EXPECT_EQ(At(Find(dataset, "HR00005")->labels, "BBB"), 1);
  const LabelSummary& labels = dataset.summary.labels;
  EXPECT_EQ(labels.without_scored, 2u);
  EXPECT_EQ(labels.not_understood, (std::map<std::string, std::size_t>{{"squiggles", 2}}));
}

TEST_F(LoadDatasetTest, ExtraCodesCountAndAreTrustedWhereASourceUsesThem) {
  Write(folder_ / "a", "HR00001", "164884008,426783006");
  Write(folder_ / "a", "HR00002", "426783006");
  Write(folder_ / "a", "A0001", "426783006");
  EXPECT_EQ(At(Find(Load(), "HR00001")->labels, "PVC"), 0);
  config_.data.extra_codes = {"164884008=PVC"};
  const Dataset dataset = Load();
  EXPECT_EQ(At(Find(dataset, "HR00001")->labels, "PVC"), 1);
  EXPECT_EQ(At(Find(dataset, "HR00001")->labels, "NSR"), 1);
  EXPECT_EQ(At(Find(dataset, "HR00002")->labels, "PVC"), 0);
  EXPECT_EQ(At(Find(dataset, "HR00002")->mask, "PVC"), 1);
  EXPECT_EQ(At(Find(dataset, "A0001")->mask, "PVC"), 0);
  for (const char* wrong : {"164884008", "VE=PVC", "164884008=XYZ", "=PVC"}) {
    EXPECT_FALSE(ParseExtraCode(wrong).ok()) << wrong;
  }
}

TEST_F(LoadDatasetTest, FurtherClassesCountWhereASourceUsesThem) {
  Write(folder_ / "a", "HR00001", "164873001");
  Write(folder_ / "a", "HR00002", "426783006");
  Write(folder_ / "a", "A0001", "426783006");
  Write(folder_ / "a", "A0002", "164889003,164865005");
  Write(folder_ / "a", "S0001", "164865005");  // does not train
  Write(folder_ / "a", "mine", "426783006");
  std::ofstream(folder_ / "classes.csv") << "abbreviation,codes,name\nLAD,39732003,left axis\n"
                                            "LVH,164873001,hypertrophy\nMI,164865005,infarction\n"
                                            "NSR,426783006,sinus rhythm\n";
  config_.classes.table = (folder_ / "classes.csv").string();
  const Dataset dataset = Load();
  using Row = std::vector<float>;
  EXPECT_EQ(Find(dataset, "HR00001")->labels, (Row{0, 1, 0, 0}));
  EXPECT_EQ(Find(dataset, "HR00002")->mask, (Row{1, 1, 0, 1}));
  EXPECT_EQ(Find(dataset, "A0002")->labels, (Row{0, 0, 1, 0}));
  EXPECT_EQ(Find(dataset, "A0001")->mask, (Row{0, 0, 1, 1}));  // LAD by the mask
  EXPECT_EQ(Find(dataset, "mine")->mask, (Row{1, 0, 0, 1}));
  EXPECT_EQ(Source(dataset, "PTB_XL").trusted, 3u);
  // All codes, whether they are taken or not, also of what does not train.
  const std::vector<CodeSummary>& codes = dataset.summary.codes;
  ASSERT_EQ(codes.size(), 4u);
  EXPECT_EQ(codes[0].code, "426783006");
  EXPECT_EQ(codes[0].taken_as, "NSR");
  EXPECT_EQ(codes[0].records, 3u);
  EXPECT_EQ(codes[1].code, "164865005");
  EXPECT_EQ(codes[1].abbreviation, "MI");
  EXPECT_EQ(codes[1].name, "myocardial infarction");
  EXPECT_EQ(codes[1].by_source, (std::map<std::string, std::size_t>{{"CPSC", 1}, {"PTB", 1}}));
  EXPECT_EQ(codes[3].taken_as + codes[2].taken_as, "LVH");  // and AF is not

  // A mask of one's own has the last word, and names what of the 26 is learnt.
  const auto with_mask = [&](const char* text) {
    std::ofstream(folder_ / "mask.csv") << text;
    config_.data.label_mask = (folder_ / "mask.csv").string();
    return LoadDataset(config_, ReadTask(config_).value());
  };
  const Dataset masked =
      with_mask("source,LAD,NSR,LVH,TInv\nPTB_XL,1,0,0,1\nCPSC,1,1,1,1\n").value();
  EXPECT_EQ(Find(masked, "HR00001")->mask, (Row{1, 0, 0, 0}));
  EXPECT_EQ(Find(masked, "A0001")->mask, (Row{1, 1, 1, 1}));
  EXPECT_EQ(with_mask("source,LVH,NSR\n").error().message, "must name all 2 classes");
  EXPECT_EQ(with_mask("source,LAD,NSR,XYZ\n").error().field, "XYZ");
}

TEST_F(LoadDatasetTest, OwnClassesMayBeColumnsOfATable) {
  for (const char* name : {"X1", "X2", "X3"}) Write(folder_ / "a", name, "426783006");
  std::ofstream(folder_ / "classes.csv")
      << "abbreviation,codes,name\nyoung,under_40,young\nold,over_80,old\n";
  std::ofstream(folder_ / "labels.csv") << "record,young,old\nX1,1,0\nX2,,0\nX3,,\n";
  config_.classes.table = (folder_ / "classes.csv").string();
  config_.data.labels = (folder_ / "labels.csv").string();
  const Dataset dataset = Load();
  ASSERT_EQ(dataset.train.size(), 2u);  // nobody has filled in X3
  EXPECT_EQ(Find(dataset, "X1")->labels, (std::vector<float>{1, 0}));
  EXPECT_EQ(Find(dataset, "X2")->labels, (std::vector<float>{0, 0}));
  ASSERT_EQ(dataset.failed.size(), 1u);
  EXPECT_EQ(dataset.failed[0].id, "X3");
}

TEST_F(LoadDatasetTest, IdsDoNotDependOnWhereTheDataLie) {
  const auto ids_at = [&](const fs::path& place) {
    Write(place / "x/one", "HR00001", "426783006");
    Write(place / "x/one/deep", "HR00002", "426783006");
    Write(place / "y/two", "HR00001", "426783006");
    Write(place / "y/two", "HR00003", "426783006");
    config_.data.folders = {(place / "x/one").string(), (place / "y/two").string()};
    std::vector<std::string> ids;
    for (const data::Example& example : Load().train) ids.push_back(example.record.id);
    return ids;
  };
  const std::vector<std::string> expected = {"1/HR00001", "deep/HR00002", "2/HR00001", "HR00003"};
  std::vector<std::string> here = ids_at(folder_ / "here");
  EXPECT_EQ(here, ids_at(folder_ / "somewhere/else"));
  EXPECT_TRUE(std::is_permutation(here.begin(), here.end(), expected.begin(), expected.end()));
}

TEST_F(LoadDatasetTest, OtherTasksHaveTheirOwnLabelsAndMasks) {
  Write(folder_ / "a", "A0001", "164889003");
  Write(folder_ / "a", "HR00001", "39732003");
  config_.task.kind = model::TaskKind::kCpsc;
  const Dataset cpsc = Load();
  EXPECT_EQ(Find(cpsc, "A0001")->labels, (std::vector<float>{1, 0, 0, 0, 0, 0}));
  EXPECT_EQ(Find(cpsc, "A0001")->mask, std::vector<float>(6, 1));
  EXPECT_EQ(cpsc.summary.labels.without_scored, 1u);
  config_.task.kind = model::TaskKind::kSource;
  const Dataset source = Load();
  EXPECT_EQ(Find(source, "A0001")->labels, std::vector<float>{1});
  EXPECT_EQ(Find(source, "HR00001")->labels, std::vector<float>{0});
  EXPECT_EQ(Find(source, "HR00001")->mask, std::vector<float>{1});
}

TEST_F(LoadDatasetTest, ReadsEveryRealRecordsSourceAsTheTableHasIt) {
  ECG_NEED_SHARED(records, "data/ecg_small.tar.xz");
  config_.data.folders = {records.string()};
  config_.data.exclude_sources = {};
  const Dataset by_name = Load();
  config_.split.table = (*test::SharedFolder() / "data/ecg_small.csv").string();
  const Dataset by_table = Load();
  ASSERT_EQ(by_name.train.size(), 65u);
  for (std::size_t i = 0; i < 65; ++i) {
    EXPECT_EQ(by_table.train[i].record.source, by_name.train[i].record.source);
    EXPECT_EQ(by_table.train[i].mask, by_name.train[i].mask);
  }
  for (const SourceSummary& source : by_table.summary.sources) {
    EXPECT_TRUE(source.has_mask_row) << source.source;
    EXPECT_EQ(source.by_name, 0u) << source.source;
  }
}

}  // namespace
}  // namespace ecg::train
