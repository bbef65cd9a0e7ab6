#include "ecg/infer/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "ecg/record/ecg_record.h"
#include "tests/fakes.h"
#include "tests/support.h"

namespace ecg::infer {
namespace {

constexpr double kRate = 257;  // Hz: no simple part of any model's
constexpr std::size_t kLeads = 2;

// The golden bundle's preparation, window and decision around a network of which every sample moves
// every answer.
Classifier MakeClassifier() {
  const model::NetworkFactory networks = [](const model::Bundle& bundle) {
    const std::size_t stride =
        bundle.info.preprocess.leads.size() * static_cast<std::size_t>(bundle.info.window.samples);
    const std::size_t classes = bundle.info.task.size();
    return std::make_unique<test::FakeNetwork>(
        stride, [=](const float* window, std::vector<float>& output) {
          for (std::size_t k = 0; k < classes; ++k) {
            double sum = 0;
            for (std::size_t i = 0; i < stride; ++i) {
              sum += static_cast<double>(window[i]) * std::sin(0.1 * static_cast<double>(i * k));
            }
            output.push_back(static_cast<float>(1 / (1 + std::exp(-sum))));
          }
        });
  };
  return Classifier::Load(test::SourcePath("tests/golden/bundle_format_1"), networks).value();
}

// A heart whose rate drifts, in two leads, [leads][samples]; now and then a sample is missing.
std::vector<std::vector<float>> Signal(double seconds) {
  const auto samples = static_cast<std::size_t>(seconds * kRate);
  std::vector<std::vector<float>> leads(kLeads, std::vector<float>(samples));
  double phase = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    const double t = static_cast<double>(i) / kRate;
    phase += (1.2 + 0.4 * std::sin(t / 7)) / kRate;
    const double beat = phase - std::floor(phase) - 0.5;
    const double qrs = std::exp(-beat * beat / 4e-4),
                 wave = std::exp(-std::pow(beat - 0.3, 2) / 4e-3);
    leads[0][i] = static_cast<float>(0.6 * qrs + 0.2 * wave + 0.1 * std::sin(t));
    leads[1][i] = static_cast<float>(qrs + 0.1 * wave + 0.002 * t);
    if (i % 1009 == 1000) leads[i % kLeads][i] = NAN;
  }
  return leads;
}

StreamConfig Config(double seconds = 0) { return {kRate, {"i", "II"}, seconds, 61, {}}; }

// Samples [from, to) as Append wants them.
std::vector<float> Chunk(const std::vector<std::vector<float>>& leads, std::size_t from,
                         std::size_t to) {
  std::vector<float> chunk;
  for (const std::vector<float>& lead : leads) {
    chunk.insert(chunk.end(), lead.begin() + static_cast<std::ptrdiff_t>(from),
                 lead.begin() + static_cast<std::ptrdiff_t>(to));
  }
  return chunk;
}

// Samples [from, to) as a recording.
Recording Cut(const std::vector<std::vector<float>>& leads, std::size_t from, std::size_t to) {
  Recording recording{kRate, {"I", "II"}, {}, 61, {}};
  for (const std::vector<float>& lead : leads) {
    recording.samples.emplace_back(lead.begin() + static_cast<std::ptrdiff_t>(from),
                                   lead.begin() + static_cast<std::ptrdiff_t>(to));
  }
  return recording;
}

void ExpectSame(const Result<RecordAnswer>& a, const Result<RecordAnswer>& b) {
  ASSERT_EQ(a.ok(), b.ok());
  if (!a.ok()) {
    EXPECT_EQ(a.error().ToString(), b.error().ToString());
    return;
  }
  EXPECT_EQ(a->unclassifiable, b->unclassifiable);
  EXPECT_EQ(a->probabilities, b->probabilities);  // to the bit
  EXPECT_EQ(a->decisions, b->decisions);
  EXPECT_EQ(a->excess, b->excess);
  EXPECT_EQ(a->info.samples, b->info.samples);
  ASSERT_EQ(a->measured.has_value(), b->measured.has_value());
  if (!a->measured) return;
  ASSERT_EQ(a->measured->beats.size(), b->measured->beats.size());
  for (std::size_t i = 0; i < a->measured->beats.size(); ++i) {
    EXPECT_EQ(a->measured->beats[i].qrs.peak, b->measured->beats[i].qrs.peak);
  }
}

class StreamTest : public testing::Test {
 protected:
  const Classifier model_ = MakeClassifier();
  const std::vector<std::vector<float>> signal_ = Signal(40);
  AskOptions measure_;

  StreamTest() { measure_.measure = true; }
};

TEST_F(StreamTest, AnswersAsOfARecordingOfTheLastSamples) {
  const auto stream = Stream::Open(model_, Config(9.5)).value();
  const std::size_t capacity = stream->capacity();
  EXPECT_EQ(capacity, 2442u);  // 9.5 s * 257 Hz = 2441.5
  std::vector<float> before;
  std::size_t at = 0, answers = 0;
  for (std::size_t step = 0; at < signal_[0].size(); ++step) {
    const std::size_t next = std::min(at + 1 + step * 97 % 411, signal_[0].size());
    const std::vector<float> chunk = Chunk(signal_, at, next);
    ASSERT_TRUE(stream->Append(chunk.data(), kLeads, next - at).ok());
    at = next;
    EXPECT_EQ(stream->appended(), at);
    if (step % 3 != 0) continue;
    const Result<RecordAnswer> said = stream->Ask(measure_);
    const std::size_t from = at > capacity ? at - capacity : 0;
    ExpectSame(said, model_.Classify(Cut(signal_, from, at), measure_));
    if (!said.ok() || said->probabilities.empty()) continue;
    EXPECT_NE(said->probabilities, before);  // or every answer would do
    before = said->probabilities;
    ++answers;
  }
  EXPECT_GT(answers, 10u);
}

TEST_F(StreamTest, KeepsTheEndOfWhatIsLongerThanItsWindow) {
  const std::size_t all = signal_[0].size();
  for (const std::size_t first : {std::size_t{0}, std::size_t{700}}) {
    const auto stream = Stream::Open(model_, Config(6)).value();
    const std::size_t capacity = stream->capacity();
    const std::vector<float> begin = Chunk(signal_, 0, first), rest = Chunk(signal_, first, all);
    ASSERT_TRUE(stream->Append(begin.data(), kLeads, first).ok());
    ASSERT_TRUE(stream->Append(rest.data(), kLeads, all - first).ok());
    const Recording window = stream->Window(), expected = Cut(signal_, all - capacity, all);
    for (std::size_t i = 0; i < kLeads; ++i) {
      ASSERT_EQ(window.samples[i].size(), capacity);
      EXPECT_EQ(std::memcmp(window.samples[i].data(), expected.samples[i].data(),
                            capacity * sizeof(float)),
                0);
    }
  }
}

TEST_F(StreamTest, LooksAtTheModelsWindowByItself) {
  const model::ModelInfo info =
      model::LoadBundle(test::SourcePath("tests/golden/bundle_format_1")).value().info;
  const double seconds = info.window.samples / info.preprocess.sampling_rate;
  EXPECT_EQ(model_.WindowSeconds(), seconds);
  const auto stream = Stream::Open(model_, Config()).value();
  EXPECT_EQ(stream->capacity(), static_cast<std::size_t>(std::ceil(seconds * kRate)));
  StreamConfig config = Config();
  config.sampling_rate = info.preprocess.sampling_rate;
  EXPECT_EQ(Stream::Open(model_, config).value()->capacity(),
            static_cast<std::size_t>(info.window.samples));
}

TEST_F(StreamTest, SaysWhatIsWrong) {
  const auto refusal = [&](const StreamConfig& config) {
    const auto stream = Stream::Open(model_, config);
    if (stream.ok()) return std::string();
    EXPECT_EQ(stream.error().kind, ErrorKind::kUsage);
    return stream.error().ToString();
  };
  StreamConfig config = Config();
  for (const double rate : {0.0, -250.0, 19.0, 1e9, static_cast<double>(NAN)}) {
    config.sampling_rate = rate;
    EXPECT_NE(refusal(config).find("the stream: sampling rate: is "), std::string::npos) << rate;
  }
  for (const double seconds : {-1.0, 601.0, static_cast<double>(NAN), HUGE_VAL}) {
    EXPECT_NE(refusal(Config(seconds)).find("the stream: seconds: is "), std::string::npos);
  }
  config = Config();
  config.leads = {};
  EXPECT_EQ(refusal(config), "the stream: leads: has none");
  config.leads = {"II", "Lead II"};
  EXPECT_EQ(refusal(config), "the stream: leads: holds the lead II twice");
  config = Config();
  config.age = -3;
  EXPECT_EQ(refusal(config), "the stream: age: is -3; accepted are 0 to 130");

  const auto stream = Stream::Open(model_, Config()).value();
  EXPECT_EQ(stream->Ask().error().ToString(),
            model_.Classify(Cut(signal_, 0, 0)).error().ToString());
  const std::vector<float> chunk = Chunk(signal_, 0, 100);
  EXPECT_EQ(stream->Append(chunk.data(), 1, 100).error().ToString(),
            "the stream: leads: was opened with 2 leads, not 1");
  EXPECT_EQ(stream->Append(nullptr, kLeads, 100).error().ToString(),
            "the stream: samples: are not there");
  EXPECT_TRUE(stream->Append(nullptr, kLeads, 0).ok());
  EXPECT_EQ(stream->appended(), 0u);
}

TEST_F(StreamTest, WhereNothingIsValidNothingIsSaid) {
  const auto stream = Stream::Open(model_, Config()).value();
  for (const float value : {NAN, HUGE_VALF, 0.25F}) {
    const std::vector<float> chunk(kLeads * stream->capacity(), value);
    ASSERT_TRUE(stream->Append(chunk.data(), kLeads, stream->capacity()).ok());
    const Result<RecordAnswer> said = stream->Ask();
    ASSERT_TRUE(said.ok()) << said.error().ToString();
    EXPECT_TRUE(said->unclassifiable) << value;
  }
}

TEST_F(StreamTest, MayBeAskedWhileSamplesCome) {
  const auto stream = Stream::Open(model_, Config()).value();
  const std::size_t piece = stream->capacity() / 4;
  std::vector<std::size_t> held;
  std::thread asks([&] {
    for (int i = 0; i < 50; ++i) {
      const Recording window = stream->Window();
      ASSERT_EQ(window.samples[0].size(), window.samples[1].size());
      held.push_back(window.samples[0].size());
      (void)stream->Ask();
    }
  });
  for (std::size_t at = 0; at + piece <= signal_[0].size(); at += piece) {
    const std::vector<float> chunk = Chunk(signal_, at, at + piece);
    ASSERT_TRUE(stream->Append(chunk.data(), kLeads, piece).ok());
  }
  asks.join();
  EXPECT_TRUE(std::is_sorted(held.begin(), held.end()));
}

}  // namespace
}  // namespace ecg::infer
