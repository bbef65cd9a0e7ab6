// The method "neurokit" against what NeuroKit2 0.2.12 gives for one lead of 100 real records.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/dsp/measure/delineate.h"
#include "ecg/dsp/r_peaks.h"
#include "ecg/formats/registry.h"
#include "ecg/record/ecg_record.h"
#include "tests/support.h"

namespace ecg::dsp {
namespace {

namespace fs = std::filesystem;

using Field = std::function<int(const Beat&)>;
const std::map<std::string, Field>& Fields() {
  static const std::map<std::string, Field> fields = {
      {"P_Onsets", [](const Beat& b) { return b.p.onset; }},
      {"P_Peaks", [](const Beat& b) { return b.p.peak; }},
      {"P_Offsets", [](const Beat& b) { return b.p.offset; }},
      {"Q_Peaks", [](const Beat& b) { return b.q; }},
      {"R_Onsets", [](const Beat& b) { return b.qrs.onset; }},
      {"R_Offsets", [](const Beat& b) { return b.qrs.offset; }},
      {"S_Peaks", [](const Beat& b) { return b.s; }},
      {"T_Onsets", [](const Beat& b) { return b.t.onset; }},
      {"T_Peaks", [](const Beat& b) { return b.t.peak; }},
      {"T_Offsets", [](const Beat& b) { return b.t.offset; }},
  };
  return fields;
}

// How many indices of a kind NeuroKit2 gave (missing ones included), and how many of ours agree.
struct Agreement {
  std::size_t total = 0;
  std::size_t same = 0;
  std::size_t near = 0;  // within two samples, or missing on both sides
};

void Compare(const Json& want, const std::vector<Beat>& beats, const std::string& method,
             std::map<std::string, Agreement>* agreements) {
  for (const auto& [kind, indices] : want.items()) {
    ASSERT_EQ(indices.size(), beats.size());
    Agreement& agreement = (*agreements)[method + " " + kind];
    for (std::size_t i = 0; i < beats.size(); ++i) {
      const int expected = indices[i].is_null() ? kMissing : indices[i].get<int>();
      const int got = Fields().at(kind)(beats[i]);
      const bool both = (expected == kMissing) == (got == kMissing);
      ++agreement.total;
      agreement.same += got == expected;
      agreement.near += both && std::abs(got - expected) <= 2;
    }
  }
}

void CompareClean(const std::vector<double>& clean, const Json& checks) {
  double squares = 0;
  for (const double v : clean) squares += v * v;
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(clean.size())), checks["rms"].get<double>(),
              1e-6);
  for (const auto& [index, value] : checks["samples"].items()) {
    EXPECT_NEAR(clean.at(std::stoul(index)), value.get<double>(), 1e-6) << index;
  }
}

// Only the records of the golden files leave the large archive of recordings.
fs::path UnpackRecords(const fs::path& shared, const std::vector<Json>& golden,
                       const fs::path& folder) {
  std::string command = "tar -C '" + folder.string() + "' -xf '" +
                        (shared / "data/ecg_trainval.tar.xz").string() + "'";
  std::set<std::string> names;
  for (const Json& g : golden) names.insert(g["record"].get<std::string>());
  for (const std::string& name : names) {
    command += " unified/" + name + ".hea unified/" + name + ".mat";
  }
  EXPECT_EQ(std::system(command.c_str()), 0);
  return folder / "unified";
}

std::vector<double> ReadLead(const fs::path& header, const std::string& lead) {
  const record::EcgRecord record = formats::ReadEcg(header).value();
  const auto it = std::find(record.info.leads.begin(), record.info.leads.end(), lead);
  const float* x = record.Lead(static_cast<std::size_t>(it - record.info.leads.begin()));
  return {x, x + record.info.samples};
}

TEST(NeuroKit, GivesTheSamePeaksOnRealRecords) {
  ECG_NEED_SHARED(unpacked, "golden/peaks_neurokit.tar.xz");
  if (!fs::exists(*test::SharedFolder() / "data/ecg_trainval.tar.xz")) GTEST_SKIP();
  std::vector<Json> golden;
  for (const auto& entry : fs::directory_iterator(unpacked / "peaks_dev")) {
    golden.push_back(ReadJson(entry.path()).value().root);
  }
  ASSERT_EQ(golden.size(), 100u);
  const test::TemporaryFolder folder;
  const fs::path records = UnpackRecords(*test::SharedFolder(), golden, folder.path());

  std::map<std::string, Agreement> agreements;
  Agreement r;
  for (const Json& g : golden) {
    const std::string name = g["record"];
    SCOPED_TRACE(name);
    const double rate = g["fs"];
    const std::vector<double> clean =
        CleanEcg(ReadLead(records / (name + ".hea"), g["lead"]), rate);
    ASSERT_EQ(clean.size(), g["n"].get<std::size_t>());
    CompareClean(clean, g["clean_checks"]);
    const auto want = g["R"].get<std::vector<int>>();
    const std::vector<int> got = FindRPeaks(clean, rate);
    r.total += want.size();
    for (const int peak : want) r.same += std::binary_search(got.begin(), got.end(), peak);
    if (got != want) continue;
    Compare(g["dwt"], DelineateAround(clean, got, rate, Delineator::kDwt), "dwt", &agreements);
    Compare(g["peak"], DelineateAround(clean, got, rate, Delineator::kPeak), "peak", &agreements);
  }
  EXPECT_EQ(r.total, 1497u);
  EXPECT_EQ(r.same, r.total);
  EXPECT_EQ(agreements.size(), 16u);
  for (const auto& [what, a] : agreements) {
    EXPECT_GE(static_cast<double>(a.near), 0.999 * static_cast<double>(a.total)) << what;
    // NeuroKit2 counts Q and S, and all of method "peak", from a place that the last bit of a mean
    // moves by one sample in some records.
    EXPECT_GE(static_cast<double>(a.same), 0.94 * static_cast<double>(a.total)) << what;
    const bool by_wavelet =
        what.rfind("dwt", 0) == 0 && what != "dwt Q_Peaks" && what != "dwt S_Peaks";
    if (by_wavelet) {
      EXPECT_EQ(a.same, a.total) << what;
    }
    std::printf("%-15s %zu: same %.4f, within two samples %.4f\n", what.c_str(), a.total,
                static_cast<double>(a.same) / static_cast<double>(a.total),
                static_cast<double>(a.near) / static_cast<double>(a.total));
  }
}

}  // namespace
}  // namespace ecg::dsp
