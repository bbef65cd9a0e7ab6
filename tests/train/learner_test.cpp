#include "src/train/learner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include "ecg/model/nn/device.h"
#include "ecg/model/nn/weights.h"
#include "ecg/train/losses.h"
#include "tests/train/pair.h"

namespace ecg::train {
namespace {

struct SmallConfig {
  SmallConfig();
  model::SeResNetConfig model;
  LearnerConfig learner;
  int micro_batch = 4;
};

SmallConfig::SmallConfig() {
  model.width = 2;
  model.blocks = {1, 1};
  model.reduction = 1;
  model.dropout = 0;
  model.samples = 64;
}

struct Student {
  explicit Student(const SmallConfig& config) : module(Make(config)), optimizer(*module, 0.01) {}
  static nn::SeResNet Make(const SmallConfig& config) {
    torch::manual_seed(7);
    return nn::SeResNet(config.model);
  }
  std::string State() const { return nn::SerializeWeights(*module); }

  nn::SeResNet module;
  AdamW optimizer;
};

// `copies` of one record, so that the statistics of every micro-batch are the same.
data::Batch SameRecords(std::size_t copies) {
  torch::manual_seed(8);
  const torch::Tensor one = torch::randn({8 * 64});
  data::Batch batch;
  batch.size = copies;
  for (std::size_t i = 0; i < copies; ++i) {
    batch.signal.insert(batch.signal.end(), one.data_ptr<float>(), one.data_ptr<float>() + 512);
    for (std::size_t k = 0; k < 26; ++k) batch.labels.push_back(k % 5 == 0 ? 1.0F : 0.0F);
    batch.mask.insert(batch.mask.end(), 26, 1.0F);
  }
  return batch;
}

// Cut as the loader does it, for one process.
data::Batch Cut(data::Batch batch, int micro_batch) {
  const auto micro = static_cast<std::size_t>(micro_batch);
  batch.micro_batches.clear();
  for (std::size_t begin = 0; begin < batch.size; begin += micro) {
    batch.micro_batches.push_back(std::min(micro, batch.size - begin));
  }
  batch.all_micro_batches = batch.micro_batches.size();
  return batch;
}

StepResult StepOf(const SmallConfig& config, Student& student, data::Batch batch,
                  Communicator& communicator, std::uint64_t step = 0) {
  student.module->train();
  if (communicator.size() == 1) batch = Cut(batch, config.micro_batch);
  Learner learner(config.learner, {}, communicator);
  return learner.Step(student.module, student.optimizer, batch, step, 0.01);
}

std::vector<torch::Tensor> Gradients(const Student& student) {
  std::vector<torch::Tensor> gradients;
  for (const torch::Tensor& p : student.module->parameters()) gradients.push_back(p.grad());
  return gradients;
}

TEST(Learner, MicroBatchesAddUpToTheBatch) {
  SmallConfig config;
  SingleProcess alone;
  const data::Batch batch = SameRecords(8);
  Student whole(config);
  config.micro_batch = 8;
  const StepResult expected = StepOf(config, whole, batch, alone);
  for (const int micro : {1, 2, 3, 4, 7}) {
    config.micro_batch = micro;
    Student student(config);
    const StepResult result = StepOf(config, student, batch, alone);
    EXPECT_NEAR(result.losses.total, expected.losses.total, 1e-6) << micro;
    for (std::size_t i = 0; i < Gradients(whole).size(); ++i) {
      EXPECT_TRUE(torch::allclose(Gradients(student)[i], Gradients(whole)[i], 1e-3, 1e-6))
          << micro << " " << i;
    }
  }
}

TEST(Learner, ClipsTheNormOfTheWholeGradient) {
  SmallConfig config;
  SingleProcess alone;
  Student free(config), clipped(config);
  const data::Batch batch = SameRecords(4);
  StepOf(config, free, batch, alone);
  const auto norm = [](const Student& student) {
    double sum = 0;
    for (const torch::Tensor& g : Gradients(student)) sum += g.pow(2).sum().item<double>();
    return std::sqrt(sum);
  };
  config.learner.gradient_clip = 0.25 * norm(free);
  StepOf(config, clipped, batch, alone);
  EXPECT_NEAR(norm(clipped), config.learner.gradient_clip, 1e-4 * norm(free));
  config.learner.gradient_clip = 4 * norm(free);
  Student loose(config);
  StepOf(config, loose, batch, alone);
  EXPECT_EQ(loose.State(), free.State());
}

// A saturated positive with a focusing below 1: the loss is finite, the slope of x^g at 0 is not.
TEST(Learner, SaturatedPositivesGiveFiniteGradients) {
  for (const double gamma : {0.0, 0.3, 0.5, 1.0, 2.0}) {
    torch::Tensor logits = torch::tensor({{60.0F, -60.0F, 60.0F, -60.0F}}).requires_grad_();
    LossConfig config;
    config.gamma_positive = config.gamma_negative = gamma;
    const torch::Tensor targets = torch::tensor({{1.0F, 0.0F, 0.0F, 1.0F}});
    const torch::Tensor loss = ClassificationLoss(logits, targets, torch::ones({1, 4}), config);
    loss.backward();
    EXPECT_TRUE(torch::isfinite(loss).item<bool>()) << gamma;
    EXPECT_TRUE(torch::isfinite(logits.grad()).all().item<bool>()) << gamma << logits.grad();
  }
}

TEST(Learner, RefusesAStepThatIsNotFiniteAndChangesNothing) {
  const SmallConfig config;
  SingleProcess alone;
  Student student(config);
  StepOf(config, student, SameRecords(8), alone);  // so that there are moments
  const std::string before = student.State();
  const torch::Tensor moment = student.optimizer.moments()[0].first.clone();
  data::Batch bad = SameRecords(8);
  bad.signal[700] = std::numeric_limits<float>::infinity();  // in the first micro-batch of two
  const StepResult result = StepOf(config, student, bad, alone, 1);
  EXPECT_TRUE(result.refused);
  EXPECT_EQ(student.State(), before);  // weights and running statistics
  EXPECT_TRUE(torch::equal(student.optimizer.moments()[0].first, moment));
  EXPECT_EQ(student.optimizer.moments()[0].steps, 1);
  EXPECT_FALSE(StepOf(config, student, SameRecords(8), alone, 2).refused);
  EXPECT_NE(student.State(), before);
}

TEST(Learner, DropoutDependsOnSeedStepAndMicroBatchAlone) {
  SmallConfig config;
  config.model.dropout = 0.5;
  SingleProcess alone;
  const auto after = [&](std::uint64_t step) {
    Student student(config);
    torch::manual_seed(static_cast<std::uint64_t>(rand()));  // whatever was drawn before
    StepOf(config, student, SameRecords(8), alone, step);
    return student.State();
  };
  EXPECT_EQ(after(3), after(3));
  EXPECT_NE(after(3), after(4));
  config.learner.seed = 2;
  const std::string other_seed = after(3);
  config.learner.seed = 1;
  EXPECT_NE(after(3), other_seed);
}

// Process r of two has the micro-batches of number r, r + 2, ...
data::Batch PartOf(const data::Batch& whole, std::size_t rank) {
  data::Batch part;
  part.all_micro_batches = whole.micro_batches.size();
  const auto append = [&](std::vector<float>& to, const std::vector<float>& from, std::size_t i) {
    const std::size_t row = from.size() / whole.size;
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(i * row);
    to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(row));
  };
  std::size_t record = 0;
  for (std::size_t m = 0; m < whole.micro_batches.size(); ++m) {
    if (m % 2 == rank) part.micro_batches.push_back(whole.micro_batches[m]);
    for (std::size_t i = 0; i < whole.micro_batches[m]; ++i, ++record) {
      if (m % 2 != rank) continue;
      append(part.signal, whole.signal, record);
      append(part.labels, whole.labels, record);
      append(part.mask, whole.mask, record);
      ++part.size;
    }
  }
  return part;
}

// Seven different records in four micro-batches; the last of them has one record, or none that
// could be read.
data::Batch DifferentRecords(std::size_t records) {
  data::Batch batch = SameRecords(7);
  torch::manual_seed(9);
  const torch::Tensor noise = torch::randn({7 * 512});
  for (std::size_t i = 0; i < batch.signal.size(); ++i) {
    batch.signal[i] += noise.data_ptr<float>()[i];
  }
  batch = Cut(batch, 2);
  batch.size = records;
  batch.signal.resize(records * 512);
  batch.labels.resize(records * 26);
  batch.mask.resize(records * 26);
  if (records == 6) batch.micro_batches.back() = 0;
  return batch;
}

std::string StateAfterSteps(const SmallConfig& config, const data::Batch& batch) {
  SingleProcess alone;
  Student student(config);
  student.module->train();
  Learner learner(config.learner, {}, alone);
  for (std::uint64_t step = 0; step < 3; ++step) {
    EXPECT_FALSE(learner.Step(student.module, student.optimizer, batch, step, 0.01).refused);
  }
  return student.State();
}

TEST(Learner, ThreadsChangeNoBit) {
  SmallConfig config;
  config.model.dropout = 0.3;
  nn::SetThreads(1);
  for (const bool bf16 : {false, true}) {
    config.learner.bf16 = bf16;
    for (const std::size_t records : {7u, 6u}) {
      const data::Batch batch = DifferentRecords(records);
      config.learner.threads = 1;
      const std::string expected = StateAfterSteps(config, batch);
      for (const int threads : {2, 3, 5}) {
        config.learner.threads = threads;
        for (int again = 0; again < 5; ++again) {
          EXPECT_EQ(StateAfterSteps(config, batch), expected) << threads;
        }
      }
    }
  }
}

TEST(Learner, TwoProcessesLearnWhatOneDoes) {
  SmallConfig config;
  config.learner.threads = 1;
  config.model.dropout = 0.3;
  SingleProcess alone;
  for (const std::size_t records : {7u, 6u}) {
    const data::Batch whole = DifferentRecords(records);
    Student one(config);
    one.module->train();
    Learner learner(config.learner, {}, alone);
    const StepResult expected = learner.Step(one.module, one.optimizer, whole, 0, 0.01);
    train_test::Pair pair;
    train_test::Pair::Side sides[] = {{pair, 0}, {pair, 1}};
    Student students[] = {Student(config), Student(config)};
    StepResult results[2];
    std::thread other(
        [&] { results[1] = StepOf(config, students[1], PartOf(whole, 1), sides[1]); });
    results[0] = StepOf(config, students[0], PartOf(whole, 0), sides[0]);
    other.join();
    for (std::size_t rank = 0; rank < 2; ++rank) {
      EXPECT_EQ(students[rank].State(), one.State());
      EXPECT_EQ(results[rank].losses.total, expected.losses.total);
    }
  }
}

// One process has nothing that it can read: it takes part all the same.
TEST(Learner, AProcessWithoutARecordTakesPart) {
  SmallConfig config;
  config.micro_batch = 2;
  data::Batch whole = Cut(SameRecords(2), 2);
  whole.micro_batches.push_back(0);
  train_test::Pair pair;
  train_test::Pair::Side sides[] = {{pair, 0}, {pair, 1}};
  Student students[] = {Student(config), Student(config)};
  std::thread other([&] { StepOf(config, students[1], PartOf(whole, 1), sides[1]); });
  StepOf(config, students[0], PartOf(whole, 0), sides[0]);
  other.join();
  EXPECT_EQ(students[0].State(), students[1].State());
  EXPECT_NE(students[0].State(), Student(config).State());
}

}  // namespace
}  // namespace ecg::train
