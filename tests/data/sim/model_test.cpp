// The heart vector, its projection and what stands around it, against references of their own.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/file.h"
#include "ecg/data/sim/data_set.h"
#include "ecg/data/sim/simulator.h"
#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/annotation.h"
#include "ecg/record/reader.h"
#include "src/data/sim/projection.h"
#include "src/data/sim/vector.h"
#include "tests/support.h"

namespace ecg::sim {
namespace {

// The kernel is the closed form of the dynamical model: integrate that (McSharry et al. 2003, eq.
// 1, without the pull to the baseline) step by step and compare.
TEST(Kernel, SolvesTheDynamicalModel) {
  constexpr double kRate = 500;
  const Kernel kernel{0.40, 0.03, {1.2, -0.4, 0.3}};
  VectorCardiogram vcg(500);
  AddKernel(kernel, kRate, vcg);

  const double omega = 6.283185307179586 / 0.8;
  const double centre = omega * kernel.time;
  const double b = omega * kernel.width;
  const Vec3 a = kernel.moment / (b * b);
  const auto slope = [&](double t) -> Vec3 {
    const double d = omega * t - centre;
    return -a * omega * d * std::exp(-d * d / (2 * b * b));
  };
  Vec3 z = Vec3::Zero();
  for (std::size_t i = 0; i < 500; ++i) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      EXPECT_NEAR(vcg.axes[axis][i], z[static_cast<Eigen::Index>(axis)], 1e-4);
    }
    const double t = static_cast<double>(i) / kRate;
    const double h = 1 / kRate;  // Runge-Kutta of order 4; the slope depends on time alone
    z += h / 6 * (slope(t) + 4 * slope(t + h / 2) + slope(t + h));
  }
}

// The inverse that Edenbrandt and Pahlm published (rows x, y, z; columns V1..V6, I, II).
TEST(Projection, DowersMatrixHasItsPublishedInverse) {
  Eigen::Matrix<double, 3, 8> published;
  published << -0.172, -0.074, 0.122, 0.231, 0.239, 0.194, 0.156, -0.010,  //
      0.057, -0.019, -0.106, -0.022, 0.041, 0.048, -0.227, 0.887,          //
      -0.229, -0.310, -0.246, -0.063, 0.055, 0.108, 0.022, 0.102;
  const LeadMatrix& dower = DowerMatrix();
  Eigen::Matrix<double, 8, 3> reordered;
  reordered << dower.bottomRows<6>(), dower.topRows<2>();
  const Eigen::Matrix3d identity = published * reordered;
  EXPECT_LT((identity - Eigen::Matrix3d::Identity()).cwiseAbs().maxCoeff(), 0.02) << identity;
}

TEST(Projection, AxisIsTheClinicalOne) {
  // By lead voltages: I alone is 0, aVF alone is 90, II alone perpendicular to aVL is 60.
  EXPECT_NEAR(AxisDegrees(1, 0), 0, 1e-9);
  EXPECT_NEAR(AxisDegrees(0, 1), 90, 1e-9);
  EXPECT_NEAR(AxisDegrees(0.5, std::sqrt(3.0) / 2 * std::sqrt(3.0) / 2), 60, 1e-9);
  EXPECT_NEAR(AxisDegrees(-1, 0), 180, 1e-9);
}

TEST(Simulator, LimbLeadsKeepEinthovensLaw) {
  SimOptions options;
  options.duration = 5;
  for (std::size_t index = 0; index < 6; ++index) {
    const SimulatedRecord record = SimulateRecord(options, index);
    const float* x = record.signal.data();
    const std::size_t n = record.samples;
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_NEAR(x[2 * n + i], x[n + i] - x[i], 1e-5);                  // III = II - I
      EXPECT_NEAR(x[3 * n + i] + x[4 * n + i] + x[5 * n + i], 0, 1e-5);  // aVR + aVL + aVF
    }
  }
}

// Fiducial points against the noise-free signal: flat before P, a peak in its window, back at the
// baseline after T.
TEST(Simulator, FiducialPointsLieWhereTheWavesDo) {
  SimOptions options;
  options.classes = {"NSR"};
  options.sources = {"PTB_XL"};
  options.clean = true;
  int beats = 0;
  for (std::size_t index = 0; index < 20; ++index) {
    const SimulatedRecord record = SimulateRecord(options, index);
    const float* x = record.clean.data() + record.samples;  // lead II
    for (const BeatTruth& b : record.beats) {
      if (b.type != 'N' || b.p_onset < 0 || b.t_offset < 0) continue;
      ++beats;
      EXPECT_LT(b.p_onset, b.p_peak);
      EXPECT_LT(b.p_peak, b.p_offset);
      EXPECT_LE(b.p_offset, b.qrs_onset);
      EXPECT_LT(b.qrs_onset, b.r_peak);
      EXPECT_LT(b.r_peak, b.qrs_offset);
      EXPECT_LT(b.t_onset, b.t_peak);
      EXPECT_LT(b.t_peak, b.t_offset);
      if (b.q_peak >= 0) {
        EXPECT_LT(b.q_peak, b.r_peak);
      }
      if (b.s_peak >= 0) {
        EXPECT_GT(b.s_peak, b.r_peak);
      }
      const double p = std::abs(x[b.p_peak] - x[b.p_onset]);
      EXPECT_GT(p, 2 * std::abs(x[b.p_offset] - x[b.p_onset]) - 0.02);
      double r = 0;
      for (std::int64_t i = b.qrs_onset; i < b.qrs_offset; ++i) {
        r = std::max(r, static_cast<double>(std::abs(x[i] - x[b.qrs_onset])));
      }
      EXPECT_LT(std::abs(x[b.qrs_onset] - x[b.p_onset]), 0.1 * r + 0.03);
      EXPECT_LT(std::abs(x[b.qrs_offset] - x[b.qrs_onset]), 0.15 * r + 0.05);
    }
  }
  EXPECT_GT(beats, 150);
}

TEST(Simulator, NoiseGrowsWithItsFactorAndCleanHasNone) {
  SimOptions options;
  options.sources = {"PTB_XL"};
  const auto with_noise = [&](double factor) {
    options.noise = factor;
    return SimulateRecord(options, 3).signal;
  };
  const auto distance = [](const std::vector<float>& a, const std::vector<float>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(sum / static_cast<double>(a.size()));
  };
  const std::vector<float> none = with_noise(0);
  const double one = distance(with_noise(1), none);
  EXPECT_GT(one, 0.005);
  EXPECT_LT(one, 0.2);
  EXPECT_NEAR(distance(with_noise(5), none) / one, 5, 0.25);
  options.clean = true;
  const SimulatedRecord clean = SimulateRecord(options, 3);
  EXPECT_EQ(clean.signal, clean.clean);
}

TEST(DataSet, RecordsReadBackAsTheyWereMade) {
  const test::TemporaryFolder folder;
  DataSetOptions options;
  options.count = 8;
  options.simulation.sources = {"CPSC", "INCART", "PTB", "PTB_XL"};
  options.simulation.duration = 7;
  WriteDataSet(folder.path(), options, nullptr).value();
  for (std::size_t i = 0; i < options.count; ++i) {
    const SimulatedRecord made = SimulateRecord(options.simulation, i);
    record::ReadOptions strict;
    strict.strict = true;  // checksums and initial values must fit
    const record::EcgRecord read = formats::ReadEcg(folder / (made.name + ".hea"), strict).value();
    EXPECT_TRUE(read.warnings.empty()) << read.warnings.front();
    EXPECT_EQ(read.info.name, made.name);
    EXPECT_EQ(read.info.sampling_rate, made.rate);
    EXPECT_EQ(read.info.dx, made.codes);
    EXPECT_EQ(read.info.age, made.age);
    EXPECT_EQ(read.info.sex == record::Sex::kMale, made.male);
    ASSERT_EQ(read.leads.size() * read.info.samples, made.signal.size());
    for (std::size_t k = 0; k < made.signal.size(); ++k) {
      ASSERT_NEAR(read.leads[k / made.samples][k % made.samples], made.signal[k], 0.00051);
    }
  }
}

TEST(Simulator, ShowsTheWantedClassesInEverySource) {
  SimOptions options;
  options.duration = 1;
  options.clean = true;
  options.sources = {"CPSC", "Georgia"};
  options.classes = {"AF", "SB", "RBBB", "PVC"};
  std::map<std::string, std::set<std::string>> seen;
  for (std::size_t index = 0; index < 8; ++index) {
    const SimulatedRecord record = SimulateRecord(options, index);
    for (const std::string& name : options.classes) {
      const auto k = *challenge::Classes2021().IndexOfAbbreviation(name);
      if (record.truth[k] != 0) seen[name].insert(record.source);
    }
  }
  for (const std::string& name : options.classes) EXPECT_EQ(seen[name].size(), 2u) << name;
}

TEST(DataSet, AnnotationsReadBackAsTheFiducialPoints) {
  const test::TemporaryFolder folder;
  DataSetOptions options;
  options.count = 6;
  options.simulation.classes = {"NSR", "PVC", "PR", "AF", "PAC", "SB"};
  options.simulation.sources = {"PTB_XL"};
  WriteDataSet(folder.path(), options, nullptr).value();
  for (std::size_t i = 0; i < options.count; ++i) {
    const SimulatedRecord made = SimulateRecord(options.simulation, i);
    const wfdb::AnnotationFile file = wfdb::ReadAnnotations(folder / (made.name + ".atr")).value();
    std::vector<std::int64_t> p, r, t, onsets, offsets;
    std::string types;
    for (const wfdb::Annotation& a : file.annotations) {
      if (a.type == wfdb::kPWave) p.push_back(a.sample);
      if (a.type == wfdb::kTWave) t.push_back(a.sample);
      if (a.type == wfdb::kWaveOnset) onsets.push_back(a.sample);
      if (a.type == wfdb::kWaveOffset) offsets.push_back(a.sample);
      const std::string symbol(wfdb::AnnotationSymbol(a.type));
      if (symbol == "N" || symbol == "A" || symbol == "V" || symbol == "/") {
        r.push_back(a.sample);
        types += symbol;
      }
    }
    std::vector<std::int64_t> p_made, r_made, t_made, onsets_made, offsets_made;
    std::string types_made;
    const auto add = [](std::vector<std::int64_t>& to, std::int64_t sample) {
      if (sample >= 0) to.push_back(sample);
    };
    for (const BeatTruth& b : made.beats) {
      add(p_made, b.p_peak);
      add(r_made, b.r_peak);
      add(t_made, b.t_peak);
      for (const std::int64_t s : {b.p_onset, b.qrs_onset, b.t_onset}) add(onsets_made, s);
      for (const std::int64_t s : {b.p_offset, b.qrs_offset, b.t_offset}) add(offsets_made, s);
      types_made += b.type;
    }
    std::sort(onsets_made.begin(), onsets_made.end());
    std::sort(offsets_made.begin(), offsets_made.end());
    EXPECT_EQ(p, p_made);
    EXPECT_EQ(r, r_made);
    EXPECT_EQ(t, t_made);
    EXPECT_EQ(onsets, onsets_made);
    EXPECT_EQ(offsets, offsets_made);
    EXPECT_EQ(types, types_made);
  }
}

TEST(DataSet, RefusesWhatItCannotDo) {
  const test::TemporaryFolder folder;
  const auto fails = [&](const auto& change) {
    DataSetOptions options;
    options.count = 1;
    change(options);
    const Status status = WriteDataSet(folder / "x", options, nullptr);
    return !status.ok() && status.error().kind == ErrorKind::kUsage;
  };
  EXPECT_TRUE(fails([](auto& o) { o.simulation.sources = {"MITBIH"}; }));
  EXPECT_TRUE(fails([](auto& o) { o.simulation.sources.clear(); }));
  EXPECT_TRUE(fails([](auto& o) { o.simulation.classes = {"XYZ"}; }));
  EXPECT_TRUE(fails([](auto& o) { o.simulation.duration = 0.1; }));
  EXPECT_TRUE(fails([](auto& o) { o.simulation.rate = std::nan(""); }));
  EXPECT_TRUE(fails([](auto& o) { o.simulation.noise = -1; }));
  // Chapman's names end at JS10646.
  EXPECT_TRUE(fails([](auto& o) {
    o.simulation.sources = {"Chapman_Shaoxing"};
    o.first = 10646;
  }));
  EXPECT_FALSE(std::filesystem::exists(folder / "x"));
}

}  // namespace
}  // namespace ecg::sim
