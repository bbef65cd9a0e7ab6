#include "ecg/infer/predictor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <new>

#include "ecg/core/random.h"
#include "ecg/data/prepare/window.h"
#include "ecg/model/network_layout.h"
#include "tests/fakes.h"

namespace ecg::infer {
namespace {

constexpr std::size_t kWindow = 200;
constexpr std::size_t kClasses = 26;

// What the network below says of class k in a window of float [8][200].
float Probability(const float* window, std::size_t k, float scale) {
  double sum = 0;
  for (std::size_t i = 0; i < 8 * kWindow; ++i) {
    sum += window[i] * std::sin(static_cast<double>(i * (k + 1)));
  }
  return static_cast<float>(1 / (1 + std::exp(-scale * sum / 40)));
}

data::PeakGrid Grid() { return {data::PeakGridKind::kPaper, 2}; }

void Probabilities(const float* window, float scale, std::vector<float>& output) {
  for (std::size_t k = 0; k < kClasses; ++k) output.push_back(Probability(window, k, scale));
}

// A network whose answers are known. Where the first channel goes above 1.5 it sees an R peak.
std::shared_ptr<model::Network> KnownNetwork(float scale) {
  return std::make_shared<test::FakeNetwork>(
      8 * kWindow,
      [scale](const float* window, std::vector<float>& output) {
        Probabilities(window, scale, output);
      },
      [](const float* window, std::vector<float>& output) {
        std::vector<dsp::Peak> peaks;
        for (std::size_t t = 0; t < kWindow; ++t) {
          if (window[t] > 1.5F) {
            peaks.push_back({static_cast<std::int32_t>(t), dsp::PeakType::kR});
          }
        }
        std::vector<float> grid(Grid().Size(kWindow));
        Grid().Encode(peaks, 0, kWindow, grid.data());
        output.insert(output.end(), grid.begin(), grid.end());
      });
}

model::ModelInfo Info(model::Aggregation aggregation = model::Aggregation::kMean) {
  model::ModelInfo info;
  info.architecture.blocks = {1, 1};
  info.architecture.peak_grid = data::PeakGridKind::kPaper;
  info.window.samples = kWindow;
  info.window.aggregation = aggregation;
  return info;
}

Ensemble OneMember(model::Aggregation aggregation) {
  return MakeEnsemble(Info(aggregation), KnownNetwork(1));
}

// Records of 50 to 1,000 samples of noise; record 3 fails.
Result<std::vector<data::ReadyRecord>> Produce(std::size_t i) {
  if (i == 3) return InputError("is damaged", "three");
  data::PreparedRecord record;
  Rng rng({i});
  record.channels = 8;
  record.samples = 50 + rng.Below(951);
  for (std::size_t k = 0; k < 8 * record.samples; ++k) {
    record.signal.push_back(static_cast<float>(rng.Normal()));
  }
  return std::vector<data::ReadyRecord>{data::ToReady(std::move(record))};
}

test::FakeSource Feed(std::size_t count = 20) {
  test::FakeSource feed;
  feed.count = count;
  feed.ready = Produce;
  return feed;
}

std::vector<Result<RecordAnswer>> Predict(const Ensemble& ensemble, test::FakeSource feed,
                                          const PredictConfig& config) {
  std::vector<Result<RecordAnswer>> results;
  PredictRecords(ensemble, config, feed, [&](std::size_t i, Result<RecordAnswer> prediction) {
    EXPECT_EQ(i, results.size());  // in order
    results.push_back(prediction);
  });
  return results;
}

PredictConfig Config(int batch_size, int threads) {
  PredictConfig config;
  config.batch_size = batch_size;
  config.loader_threads = threads;
  return config;
}

// One window at a time, without any of the pipeline.
std::vector<float> Plainly(std::size_t i, model::Aggregation aggregation, float scale = 1) {
  const std::vector<data::ReadyRecord> record = *Produce(i);
  const auto starts = data::WindowStarts(record[0].signal.samples, kWindow, 0.5);
  std::vector<float> total(kClasses, 0);
  for (const std::size_t start : starts) {
    std::vector<float> window(8 * kWindow);
    data::CopyWindow(record[0].signal, start, kWindow, {}, window.data());
    for (std::size_t k = 0; k < kClasses; ++k) {
      const float value = Probability(window.data(), k, scale);
      total[k] = aggregation == model::Aggregation::kMax
                     ? std::max(total[k], value)
                     : total[k] + value / static_cast<float>(starts.size());
    }
  }
  return total;
}

TEST(PredictRecords, EqualsOneWindowAtATime) {
  for (const auto aggregation : {model::Aggregation::kMean, model::Aggregation::kMax}) {
    const auto results = Predict(OneMember(aggregation), Feed(), Config(7, 3));
    ASSERT_EQ(results.size(), 20u);
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (i == 3) {
        EXPECT_EQ(results[i].error().message, "is damaged");
        continue;
      }
      const std::vector<float> expected = Plainly(i, aggregation);
      for (std::size_t k = 0; k < kClasses; ++k) {
        ASSERT_NEAR(results[i]->probabilities[k], expected[k], 1e-6) << i << " " << k;
      }
    }
  }
}

TEST(PredictRecords, WhereMemoryRunsOutOneRecordFails) {
  test::FakeSource feed = Feed();
  feed.ready = [](std::size_t i) {
    if (i == 5) throw std::bad_alloc();
    return Produce(i);
  };
  const auto results = Predict(OneMember(model::Aggregation::kMean), feed, Config(7, 3));
  ASSERT_EQ(results.size(), 20u);
  for (std::size_t i = 0; i < results.size(); ++i) EXPECT_EQ(results[i].ok(), i != 3 && i != 5);
  EXPECT_EQ(results[5].error().ToString(), "memory: needs more memory than there is");
}

// A model whose windows are long computes fewer of them at a time than it is told.
TEST(PredictRecords, BatchesAreBoundedByBytes) {
  model::ModelInfo info = Info();
  info.architecture.samples = 1000000;  // as its features are counted
  std::size_t most = 0;
  class Counter : public model::Network {
   public:
    explicit Counter(std::size_t& most) : most_(most) {}
    void Run(const float*, std::size_t windows, model::Wanted, model::NetworkOutput& out) override {
      most_ = std::max(most_, windows);
      out.probabilities.assign(windows * kClasses, 0.5F);
    }

   private:
    std::size_t& most_;
  };
  const Ensemble ensemble = MakeEnsemble(info, std::make_shared<Counter>(most));
  PredictConfig config = Config(64, 1);
  const double window = model::CostOfWindow(info.architecture).at_once;
  EXPECT_GT(window * 64, 1e9);
  for (const auto& result : Predict(ensemble, Feed(100), config)) {
    EXPECT_TRUE(result.ok() || result.error().message == "is damaged");
  }
  EXPECT_EQ(most, 1u);
  info.architecture.width = 1024;
  info.architecture.samples = 100000000;
  EXPECT_THROW(Predict(MakeEnsemble(info, std::make_shared<Counter>(most)), Feed(), config),
               Exception);
}

TEST(PredictRecords, DoesNotDependOnBatchesThreadsOrMemory) {
  const Ensemble ensemble = OneMember(model::Aggregation::kMean);
  const auto a = Predict(ensemble, Feed(), Config(1, 1));
  for (const int batch_size : {5, 64}) {
    PredictConfig config = Config(batch_size, 4);
    config.memory = batch_size == 5 ? 1 : 100000;
    const auto b = Predict(ensemble, Feed(), config);
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (i == 3) continue;
      EXPECT_EQ(a[i]->probabilities, b[i]->probabilities);
    }
  }
}

TEST(PredictRecords, AsksSeveralMembersAndTakesTheMean) {
  Ensemble ensemble = OneMember(model::Aggregation::kMean);
  ensemble.general.members.push_back({Info(), KnownNetwork(3.0F)});
  // A member that looks at other samples of the same record.
  model::ModelInfo slow = Info();
  slow.preprocess.sampling_rate = 250;
  ensemble.general.members.push_back({slow, KnownNetwork(1.0F)});
  ASSERT_EQ(ensemble.Preparations().size(), 2u);
  test::FakeSource feed = Feed(8);
  feed.ready = [](std::size_t i) -> Result<std::vector<data::ReadyRecord>> {
    auto first = Produce(i);
    if (!first.ok()) return first;
    first->push_back((*Produce(i + 100))[0]);
    return first;
  };
  const auto results = Predict(ensemble, feed, Config(3, 2));
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (i == 3) continue;
    const auto one = Plainly(i, model::Aggregation::kMean);
    const auto two = Plainly(i, model::Aggregation::kMean, 3);
    const auto three = Plainly(i + 100, model::Aggregation::kMean);
    for (std::size_t k = 0; k < kClasses; ++k) {
      ASSERT_NEAR(results[i]->probabilities[k], (one[k] + two[k] + three[k]) / 3, 1e-6);
    }
  }
}

// Those who are inside at the same time.
struct Room {
  std::mutex mutex;
  std::condition_variable entered;
  std::size_t inside = 0, most = 0;
};

// Computes with so many threads, and waits in its room for a second one where `waits`.
class MeetingNetwork : public model::Network {
 public:
  MeetingNetwork(Room& room, std::size_t threads, bool waits)
      : room_(room), threads_(threads), waits_(waits) {}

  std::size_t threads() const override { return threads_; }

  void Run(const float* signal, std::size_t windows, model::Wanted wanted,
           model::NetworkOutput& output) override {
    {
      std::unique_lock<std::mutex> lock(room_.mutex);
      room_.most = std::max(room_.most, ++room_.inside);
      room_.entered.notify_all();
      if (waits_) {
        room_.entered.wait_for(lock, std::chrono::seconds(20), [&] { return room_.most > 1; });
      }
    }
    known_->Run(signal, windows, wanted, output);
    const std::lock_guard<std::mutex> lock(room_.mutex);
    --room_.inside;
  }

 private:
  Room& room_;
  const std::size_t threads_;
  const bool waits_;
  const std::shared_ptr<model::Network> known_ = KnownNetwork(2.0F);
};

TEST(PredictRecords, RunsMembersSideBySideWhereTheirWindowsLeaveThreadsIdle) {
  const auto predict = [](Room& room, std::size_t threads, bool waits, std::size_t records) {
    Ensemble ensemble =
        MakeEnsemble(Info(), std::make_shared<MeetingNetwork>(room, threads, waits));
    ensemble.general.members.push_back(
        {Info(), std::make_shared<MeetingNetwork>(room, threads, waits)});
    return Predict(ensemble, Feed(records), Config(64, 1));
  };
  Room alone, together, full;
  const auto expected = predict(alone, 1, false, 2);
  EXPECT_EQ(alone.most, 1u);
  const auto found = predict(together, 64, true, 2);
  EXPECT_EQ(together.most, 2u);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i]->probabilities, expected[i]->probabilities);
  }
  predict(full, 2, false, 20);  // of which one member keeps both threads busy
  EXPECT_EQ(full.most, 1u);
}

// Says that a record is of the source CPSC where its first sample is positive.
std::shared_ptr<model::Network> SourceNetwork() {
  return std::make_shared<test::FakeNetwork>(8 * kWindow,
                                             [](const float* window, std::vector<float>& output) {
                                               output.push_back(window[0] > 0 ? 0.9F : 0.2F);
                                             });
}

Group GroupOf(model::TaskKind kind, std::shared_ptr<model::Network> network) {
  model::ModelInfo info = Info();
  model::TaskConfig task;
  task.kind = kind;
  info.task = model::Task(task);
  info.decision.thresholds.assign(info.task.size(), 0.5);
  return MakeEnsemble(info, std::move(network)).general;
}

Ensemble WithRoute() {
  Ensemble ensemble = OneMember(model::Aggregation::kMean);
  ensemble.general.decision.thresholds.assign(kClasses, 0.5);
  ensemble.route =
      MakeRoute(ensemble.general, GroupOf(model::TaskKind::kSource, SourceNetwork()), 0.5,
                GroupOf(model::TaskKind::kCpsc, test::ConstantNetwork(std::vector<float>(6, 0.7F))))
          .value();
  return ensemble;
}

// Records of one window, so that what decides is their first sample.
test::FakeSource ShortFeed(std::size_t count) {
  test::FakeSource feed = Feed(count);
  feed.ready = [](std::size_t i) -> Result<std::vector<data::ReadyRecord>> {
    if (i == 3) return InputError("is damaged", "three");
    data::PreparedRecord record{8, kWindow, {}};
    Rng rng({i});
    for (std::size_t k = 0; k < 8 * kWindow; ++k) {
      record.signal.push_back(static_cast<float>(rng.Normal()));
    }
    return std::vector<data::ReadyRecord>{data::ToReady(std::move(record))};
  };
  return feed;
}

TEST(PredictRecords, SendsEachRecordToTheGroupOfItsSource) {
  const Ensemble ensemble = WithRoute();
  const test::FakeSource feed = ShortFeed(60);
  const auto general = Predict(OneMember(model::Aggregation::kMean), feed, Config(7, 2));
  for (const int batch_size : {1, 7, 64}) {
    const auto results = Predict(ensemble, feed, Config(batch_size, 3));
    ASSERT_EQ(results.size(), 60u);
    std::size_t special = 0;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (i == 3) {
        EXPECT_FALSE(results[i].ok());
        continue;
      }
      const bool positive = (*feed.ready(i))[0].signal.signal[0] > 0;
      EXPECT_EQ(results[i]->by_specialists, positive) << i;
      EXPECT_EQ(results[i]->source_probability, positive ? 0.9F : 0.2F);
      if (!positive) {
        EXPECT_EQ(results[i]->probabilities, general[i]->probabilities);
        continue;
      }
      ++special;
      for (std::size_t k = 0; k < kClasses; ++k) {
        const bool known =
            std::count(ensemble.route->columns.begin(), ensemble.route->columns.end(), k) > 0;
        EXPECT_EQ(results[i]->probabilities[k], known ? 0.7F : 0.0F);
      }
      const std::vector<std::uint8_t>& decisions = results[i]->decisions;
      EXPECT_EQ(std::count(decisions.begin(), decisions.end(), 1), 6);
      EXPECT_EQ(std::count(results[i]->thresholds.begin(), results[i]->thresholds.end(), 0.5), 6);
    }
    EXPECT_GT(special, 10u);
    EXPECT_LT(special, 50u);
  }
}

// A group that sees one record of many must not hold all others back until the end.
TEST(PredictRecords, ARareGroupDoesNotHoldTheOthersBack) {
  const Ensemble ensemble = WithRoute();
  test::FakeSource feed = ShortFeed(2000);
  feed.ready = [](std::size_t i) -> Result<std::vector<data::ReadyRecord>> {
    data::PreparedRecord record{8, kWindow, std::vector<float>(8 * kWindow, i == 5 ? 1.0F : -1.0F)};
    return std::vector<data::ReadyRecord>{data::ToReady(std::move(record))};
  };
  std::size_t handed_over = 0, most_behind = 0;
  std::atomic<std::size_t> prepared{0};
  const auto ready = feed.ready;
  feed.ready = [&](std::size_t i) {
    ++prepared;
    return ready(i);
  };
  PredictRecords(ensemble, Config(4, 1), feed, [&](std::size_t i, Result<RecordAnswer> prediction) {
    EXPECT_EQ(i, handed_over++);
    EXPECT_EQ(prediction->by_specialists, i == 5);
    most_behind = std::max(most_behind, prepared - i);
  });
  EXPECT_EQ(handed_over, 2000u);
  EXPECT_LT(most_behind, 60u);
}

TEST(PredictRecords, TellsHowFarMembersLieApart) {
  Ensemble ensemble = OneMember(model::Aggregation::kMean);
  EXPECT_EQ(Predict(ensemble, Feed(1), Config(1, 1))[0]->spread, std::vector<float>(kClasses, 0));
  ensemble.general.members.push_back({Info(), KnownNetwork(3.0F)});
  const auto result = Predict(ensemble, Feed(1), Config(1, 1));
  const auto one = Plainly(0, model::Aggregation::kMean);
  const auto two = Plainly(0, model::Aggregation::kMean, 3);
  for (std::size_t k = 0; k < kClasses; ++k) {
    EXPECT_NEAR(result[0]->spread[k], std::abs(one[k] - two[k]) / 2, 1e-6);
  }
}

TEST(PredictRecords, CalibratesMembersAndWhatTheyGiveTogether) {
  model::ModelInfo info = Info();
  info.decision.calibration.assign(kClasses, {0.5, 1});
  const auto plain = Predict(OneMember(model::Aggregation::kMean), Feed(3), Config(4, 1));
  Ensemble ensemble = MakeEnsemble(info, KnownNetwork(1.0F));
  const auto own = Predict(ensemble, Feed(3), Config(4, 1));
  ensemble.general.decision.calibration.assign(kClasses, {2, -1});
  const auto both = Predict(ensemble, Feed(3), Config(4, 1));
  for (std::size_t k = 0; k < kClasses; ++k) {
    const float p = score::LogitMap{0.5, 1}.Apply(plain[0]->probabilities[k]);
    EXPECT_EQ(own[0]->probabilities[k], p);
    EXPECT_EQ(both[0]->probabilities[k], (score::LogitMap{2, -1}.Apply(p)));
  }
}

TEST(PredictRecords, KeepsOnlyTheWantedChannels) {
  test::FakeSource feed = Feed(3);
  PredictConfig two = Config(4, 1);
  two.keep = {1, 1, 0, 0, 0, 0, 0, 0};
  const auto some = Predict(OneMember(model::Aggregation::kMean), feed, two);
  test::FakeSource zeroed = Feed(3);
  zeroed.ready = [](std::size_t i) -> Result<std::vector<data::ReadyRecord>> {
    const auto record = Produce(i);
    const data::SignalView& view = (*record)[0].signal;
    data::PreparedRecord copy{8, view.samples, {}};
    copy.signal.assign(view.signal, view.signal + 8 * view.samples);
    std::fill(copy.signal.begin() + static_cast<std::ptrdiff_t>(2 * view.samples),
              copy.signal.end(), 0.0F);
    return std::vector<data::ReadyRecord>{data::ToReady(std::move(copy))};
  };
  const auto expected = Predict(OneMember(model::Aggregation::kMean), zeroed, Config(4, 1));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(some[i]->probabilities, expected[i]->probabilities);
  }
}

// What the network says of a window with an R peak at every tenth sample.
TEST(PredictRecords, TakesPeaksFromTheWindowWhoseEdgeIsFurtherAway) {
  test::FakeSource feed = Feed(1);
  feed.ready = [](std::size_t) -> Result<std::vector<data::ReadyRecord>> {
    data::PreparedRecord record{8, 777, std::vector<float>(8 * 777)};
    for (std::size_t t = 4; t < 777; t += 60) record.signal[t] = 2;
    return std::vector<data::ReadyRecord>{data::ToReady(std::move(record))};
  };
  PredictConfig config = Config(3, 1);
  config.wanted = {false, true};
  const auto results = Predict(OneMember(model::Aggregation::kMean), feed, config);
  EXPECT_TRUE(results[0]->probabilities.empty());
  EXPECT_EQ(results[0]->peak_rate, 500);
  std::vector<dsp::Peak> expected;  // each once, though windows overlap
  for (std::int32_t t = 4; t < 777; t += 60) expected.push_back({t, dsp::PeakType::kR});
  EXPECT_EQ(results[0]->peaks, expected);
}

// A network that fails on one window of one record.
std::shared_ptr<model::Network> FaultyNetwork(float value) {
  const auto seen = std::make_shared<int>(0);
  return std::make_shared<test::FakeNetwork>(
      8 * kWindow, [value, seen](const float* window, std::vector<float>& output) {
        Probabilities(window, 1, output);
        if (++*seen == 5) output[output.size() - kClasses + 7] = value;
      });
}

TEST(PredictRecords, AnOutputThatIsNotFiniteIsThatRecordsFailure) {
  for (const auto aggregation : {model::Aggregation::kMean, model::Aggregation::kMax}) {
    for (const float value :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
      const Ensemble faulty = MakeEnsemble(Info(aggregation), FaultyNetwork(value));
      const auto results = Predict(faulty, Feed(), Config(7, 1));
      const auto good = Predict(OneMember(aggregation), Feed(), Config(7, 1));
      std::size_t failures = 0;
      for (std::size_t i = 0; i < results.size(); ++i) {
        if (i == 3) continue;
        if (results[i].ok()) {
          EXPECT_EQ(results[i]->probabilities, good[i]->probabilities);
        } else {
          ++failures;
          EXPECT_EQ(results[i].error().kind, ErrorKind::kDiverged);
        }
      }
      EXPECT_EQ(failures, 1u);
    }
  }
}

TEST(PredictRecords, HoldsNoMoreThanItMay) {
  std::atomic<std::size_t> alive{0}, most{0};
  test::FakeSource feed = Feed(60);
  feed.bytes = [](std::size_t i) { return i % 10 == 0 ? std::size_t{5000} : std::size_t{100}; };
  feed.ready = [&](std::size_t i) {
    const std::size_t bytes = feed.bytes(i);
    most = std::max<std::size_t>(most, alive += bytes);
    auto record = Produce(i == 3 ? 4 : i);
    const auto inner = (*record)[0].memory;
    (*record)[0].memory =
        std::shared_ptr<const void>(inner.get(), [&alive, bytes, inner](auto) { alive -= bytes; });
    return record;
  };
  PredictConfig config = Config(16, 4);
  config.memory = 1000;
  EXPECT_EQ(Predict(OneMember(model::Aggregation::kMean), feed, config).size(), 60u);
  EXPECT_LE(most, 5000u);  // the largest alone
  EXPECT_EQ(alive, 0u);
}

}  // namespace
}  // namespace ecg::infer
