#include "src/formats/numpy/sidecar.h"

#include <gtest/gtest.h>

#include <string>

#include "ecg/core/file.h"
#include "ecg/formats/registry.h"
#include "tests/formats/numpy/npy_file.h"
#include "tests/support.h"

namespace ecg::numpy {
namespace {

TEST(Sidecar, TellsWhatTheArrayCannot) {
  const ecg::test::TemporaryFolder folder;
  const std::vector<float> values(600, 0.5F);
  WriteFileAtomic(folder / "a.npy", test::Npy("<f4", "(300, 2)", values)).value();
  EXPECT_FALSE(formats::ReadEcg(folder / "a.npy").ok());
  WriteFileAtomic(folder / "a.json",
                  R"({"sampling_rate": 250, "units": "uV", "leads": ["V1", "lead II"],
                      "age": 71, "sex": "m", "dx": ["AF"], "statements": ["said", 3]})")
      .value();
  const auto record = formats::ReadEcg(folder / "a.npy");
  ASSERT_TRUE(record.ok()) << record.error().ToString();
  EXPECT_EQ(record->info.leads, (std::vector<std::string>{"V1", "II"}));
  EXPECT_EQ(record->info.sampling_rate, 250);
  EXPECT_EQ(record->info.age, 71);
  EXPECT_EQ(record->info.dx, std::vector<std::string>{"AF"});
  EXPECT_EQ(record->info.statements, std::vector<std::string>{"said"});
  EXPECT_FLOAT_EQ(record->leads[1][299], 0.0005F);
  // It is a part of the recording.
  const auto file = formats::Open(folder / "a.npy");
  EXPECT_EQ((*file)->Files()->size(), 2U);
  EXPECT_EQ(formats::ListRecords(folder.path())->records, std::vector<std::string>{"a.npy"});
}

TEST(Sidecar, OtherFilesOfItsNameAreNone) {
  const ecg::test::TemporaryFolder folder;
  for (const char* text :
       {"", "{", "[]", "3", "{}", R"({"sampling_rate": "500", "units": "mV", "leads": ["I"]})",
        R"({"sampling_rate": -1, "units": "mV", "leads": ["I"]})",
        R"({"sampling_rate": 500, "units": 1, "leads": ["I"]})",
        R"({"sampling_rate": 500, "units": "mV", "leads": "I"})",
        R"({"sampling_rate": 500, "units": "mV", "leads": [1, null]})"}) {
    WriteFileAtomic(folder / "a.json", text).value();
    EXPECT_FALSE(ReadSidecar(folder / "a.json")) << text;
  }
  EXPECT_FALSE(ReadSidecar(folder / "none.json"));
  EXPECT_FALSE(ReadSidecar(folder.path()));
}

}  // namespace
}  // namespace ecg::numpy
