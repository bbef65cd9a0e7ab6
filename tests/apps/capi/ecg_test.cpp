#include "ecg/ecg.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "ecg/apps/jobs/predict_folder.h"
#include "ecg/core/file.h"
#include "ecg/core/progress.h"
#include "ecg/data/labels/prediction_file.h"
#include "ecg/engines/networks.h"
#include "ecg/formats/registry.h"
#include "ecg/record/ecg_record.h"
#include "tests/support.h"

namespace ecg {
namespace {

const std::string kModel = test::SourcePath("tests/golden/bundle_format_1").string();

class CInterface : public testing::Test {
 protected:
  CInterface() {
    EXPECT_EQ(ecg_load(kModel.c_str(), 1, &model_), ECG_OK) << ecg_last_error();
    test::TestRecord record;
    record.samples = 1500;
    record.signal = [](std::size_t lead, double t) {
      return 0.8 * std::sin(6.28 * t * static_cast<double>(lead + 1) / 4);
    };
    test::WriteRecord(folder_ / "in", record);
    record_ = formats::ReadEcg(folder_ / "in/A0001.hea").value();
  }
  ~CInterface() override { ecg_free(model_); }

  // Of the record's first `leads` leads.
  ecg_status Classify(std::size_t leads, std::vector<float>& probabilities,
                      std::vector<unsigned char>& decisions) {
    std::vector<float> samples;
    std::vector<const char*> names;
    for (std::size_t i = 0; i < leads; ++i) {
      samples.insert(samples.end(), record_.leads[i].begin(), record_.leads[i].end());
      names.push_back(record_.info.leads[i].c_str());
    }
    probabilities.assign(ecg_class_count(model_), -1);
    decisions.assign(ecg_class_count(model_), 9);
    return ecg_classify(model_, samples.data(), leads, record_.info.samples, names.data(),
                        record_.info.sampling_rate, probabilities.data(), decisions.data());
  }

  test::TemporaryFolder folder_;
  record::EcgRecord record_;
  ecg_model* model_ = nullptr;
};

TEST_F(CInterface, SaysOfSamplesWhatTheToolSaysOfTheirFile) {
  std::vector<float> probabilities;
  std::vector<unsigned char> decisions;
  ASSERT_EQ(Classify(12, probabilities, decisions), ECG_OK) << ecg_last_error();
  model::ComputeConfig compute;
  compute.threads = 1;
  const infer::Ensemble ensemble =
      infer::LoadEnsemble(kModel, engines::MakeNetworks(compute)).value();
  ProgressBar silent(nullptr);
  jobs::PredictFolder(ensemble, folder_ / "in", folder_ / "out", {}, silent);
  const data::Prediction file =
      data::ParsePrediction(*ReadFile(folder_ / "out/A0001.csv"), "A0001.csv").value();
  std::size_t column = 0;
  for (std::size_t k = 0; k < ecg_class_count(model_); ++k) {
    std::string codes;
    for (std::size_t i = 0; i < ensemble.classes()[k].codes.size(); ++i, ++column) {
      EXPECT_EQ(static_cast<double>(probabilities[k]), file.scores[column]);
      EXPECT_EQ(decisions[k], file.decisions[column]);
      codes += (i > 0 ? "|" : "") + file.classes[column];
    }
    EXPECT_EQ(ecg_class_codes(model_, k), codes);
  }
  EXPECT_EQ(column, file.classes.size());
  EXPECT_STREQ(ecg_class_abbreviation(model_, 0), ensemble.classes()[0].abbreviation.c_str());
  EXPECT_STREQ(ecg_class_name(model_, 0), ensemble.classes()[0].name.c_str());
  EXPECT_EQ(ecg_class_name(model_, ecg_class_count(model_)), nullptr);
}

TEST_F(CInterface, SaysWhatIsWrong) {
  ecg_model* none = model_;
  EXPECT_EQ(ecg_load("/nonexistent", 0, &none), ECG_INPUT);
  EXPECT_EQ(none, nullptr);
  EXPECT_NE(std::string(ecg_last_error()).find("/nonexistent"), std::string::npos);
  EXPECT_EQ(ecg_load(nullptr, 0, &none), ECG_USAGE);
  EXPECT_EQ(ecg_load(kModel.c_str(), -1, &none), ECG_USAGE);
  EXPECT_EQ(ecg_load(kModel.c_str(), 0, nullptr), ECG_USAGE);
  std::vector<float> p;
  std::vector<unsigned char> d;
  EXPECT_EQ(Classify(0, p, d), ECG_USAGE);  // no lead
  record_.info.leads[1] = "i";              // I twice
  EXPECT_EQ(Classify(2, p, d), ECG_USAGE);
  EXPECT_NE(std::string(ecg_last_error()).find("twice"), std::string::npos) << ecg_last_error();
  record_.info.leads = std::vector<std::string>(12, "nothing");
  EXPECT_EQ(Classify(1, p, d), ECG_INPUT);
  record_.info.leads[0] = "I";
  record_.info.sampling_rate = std::nan("");
  EXPECT_EQ(Classify(1, p, d), ECG_INPUT);
  const float sample = 0;
  EXPECT_EQ(ecg_classify(nullptr, &sample, 1, 1, nullptr, 500, nullptr, nullptr), ECG_USAGE);
  EXPECT_EQ(ecg_class_count(nullptr), 0u);
  ecg_free(nullptr);
}

TEST_F(CInterface, DecidesByAnOperatingPoint) {
  ecg_model* other = nullptr;
  ASSERT_EQ(ecg_load_point("general", "sensitive", 1, &other), ECG_OK) << ecg_last_error();
  ecg_free(other);
  EXPECT_EQ(ecg_load_point("general", "insensitive", 1, &other), ECG_USAGE);
  EXPECT_EQ(other, nullptr);
  EXPECT_NE(std::string(ecg_last_error()).find("ptb-xl"), std::string::npos) << ecg_last_error();
  EXPECT_EQ(ecg_load_point("general", nullptr, 1, &other), ECG_USAGE);
}

TEST_F(CInterface, ARecordingThatShowsNoHeartHasAStatusOfItsOwn) {
  for (std::vector<float>& lead : record_.leads) std::fill(lead.begin(), lead.end(), 0.5F);
  std::vector<float> p;
  std::vector<unsigned char> d;
  EXPECT_EQ(Classify(2, p, d), ECG_UNCLASSIFIABLE);
  EXPECT_NE(std::string(ecg_last_error()).find("all leads flat"), std::string::npos);
  EXPECT_EQ(p[0], -1);  // left alone
  const char* names[] = {"I"};
  ecg_recording recording{};
  recording.size = sizeof recording;
  recording.millivolts = record_.leads[0].data();
  recording.lead_count = 1;
  recording.sample_count = record_.info.samples;
  recording.leads = names;
  recording.sampling_rate = 500;
  ecg_answer* answer = nullptr;
  ASSERT_EQ(ecg_ask(model_, &recording, 1, ECG_ASK_FAULTS, &answer), ECG_OK);
  EXPECT_EQ(ecg_answer_status(answer), ECG_UNCLASSIFIABLE);
  EXPECT_STREQ(ecg_answer_error(answer), "the recording: not classifiable: all leads flat");
  EXPECT_EQ(ecg_answer_decision(answer, 0), 0);
  EXPECT_TRUE(std::isnan(ecg_answer_probability(answer, 0)));
  EXPECT_EQ(ecg_answer_number(answer, "quality"), 0);
  ecg_answer_free(answer);
}

TEST_F(CInterface, MayBeCalledFromSeveralThreads) {
  std::vector<float> expected;
  std::vector<unsigned char> decisions;
  ASSERT_EQ(Classify(12, expected, decisions), ECG_OK);
  std::vector<std::thread> threads;
  std::vector<std::vector<float>> answers(4);
  for (std::vector<float>& answer : answers) {
    threads.emplace_back([&] {
      std::vector<unsigned char> own;
      for (int i = 0; i < 5; ++i) EXPECT_EQ(Classify(12, answer, own), ECG_OK);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<float>& answer : answers) EXPECT_EQ(answer, expected);
}

class CAnswer : public CInterface {
 protected:
  ecg_recording Recording() {
    samples_.clear();
    names_.clear();
    for (std::size_t i = 0; i < record_.leads.size(); ++i) {
      samples_.insert(samples_.end(), record_.leads[i].begin(), record_.leads[i].end());
      names_.push_back(record_.info.leads[i].c_str());
    }
    ecg_recording recording{};
    recording.size = sizeof recording;
    recording.millivolts = samples_.data();
    recording.lead_count = names_.size();
    recording.sample_count = record_.info.samples;
    recording.leads = names_.data();
    recording.sampling_rate = record_.info.sampling_rate;
    return recording;
  }
  std::vector<float> samples_;
  std::vector<const char*> names_;
};

TEST_F(CAnswer, HoldsAllThatIsSaid) {
  std::vector<float> probabilities;
  std::vector<unsigned char> decisions;
  ASSERT_EQ(Classify(12, probabilities, decisions), ECG_OK);
  record_.leads[0].assign(record_.info.samples, 0.25F);  // I is flat
  ecg_recording recordings[] = {Recording(), Recording(), Recording()};
  recordings[1].sampling_rate = -1;
  ecg_answer* answers[3];
  ASSERT_EQ(ecg_ask(model_, recordings, 3, ECG_ASK_FAULTS | ECG_ASK_MEASURE, answers), ECG_OK)
      << ecg_last_error();
  EXPECT_EQ(ecg_answer_status(answers[1]), ECG_INPUT);
  EXPECT_NE(std::string(ecg_answer_error(answers[1])).find("Hz"), std::string::npos);
  for (const ecg_answer* answer : {answers[0], answers[2]}) {
    EXPECT_EQ(ecg_answer_status(answer), ECG_OK);
    EXPECT_STREQ(ecg_answer_error(answer), "");
    for (std::size_t k = 0; k < ecg_class_count(model_); ++k) {
      EXPECT_EQ(ecg_answer_decision(answer, k), static_cast<double>(ecg_answer_probability(
                                                    answer, k)) >= ecg_answer_threshold(answer, k)
                                                    ? 1
                                                    : ecg_answer_decision(answer, k));
      EXPECT_EQ(ecg_answer_spread(answer, k), 0);
      EXPECT_EQ(ecg_answer_probability(answer, k), ecg_answer_probability(answers[0], k));
    }
    ASSERT_GT(ecg_answer_flag_count(answer), 0u);
    EXPECT_STREQ(ecg_answer_flag(answer, 0), "I flat");
    EXPECT_EQ(ecg_answer_flag(answer, 100), nullptr);
    EXPECT_GT(ecg_answer_number(answer, "uncertainty"), 0);
    EXPECT_GE(ecg_answer_number(answer, "beats"), 0);
    EXPECT_TRUE(std::isnan(ecg_answer_number(answer, "shoe_size")));
    EXPECT_EQ(ecg_answer_peak_count(answer), 0u);
    EXPECT_TRUE(std::isnan(ecg_answer_probability(answer, ecg_class_count(model_))));
  }
  for (ecg_answer* answer : answers) ecg_answer_free(answer);
  ecg_answer_free(nullptr);
}

TEST_F(CAnswer, RefusesWhatCannotBe) {
  ecg_recording small = Recording();
  small.size = 8;
  ecg_answer* answer = nullptr;
  ASSERT_EQ(ecg_ask(model_, &small, 1, 0, &answer), ECG_OK);
  EXPECT_EQ(ecg_answer_status(answer), ECG_USAGE);
  ecg_answer_free(answer);
  ecg_recording old = Recording();
  old.age = 200;
  ASSERT_EQ(ecg_ask(model_, &old, 1, 0, &answer), ECG_OK);
  EXPECT_EQ(ecg_answer_status(answer), ECG_USAGE);
  ecg_answer_free(answer);
  EXPECT_EQ(ecg_ask(nullptr, &old, 1, 0, &answer), ECG_USAGE);
  EXPECT_EQ(answer, nullptr);
  EXPECT_EQ(ecg_ask(model_, &old, 1, 0, nullptr), ECG_USAGE);
}

TEST_F(CAnswer, AModelMayComeFromMemory) {
  const std::string description = *ReadFile(kModel + "/model.json");
  const std::string weights = *ReadFile(kModel + "/weights.safetensors");
  ecg_model* model = nullptr;
  ASSERT_EQ(ecg_load_memory(description.data(), description.size(), weights.data(), weights.size(),
                            1, &model),
            ECG_OK)
      << ecg_last_error();
  const ecg_recording recording = Recording();
  ecg_answer* of_memory = nullptr;
  ecg_answer* of_file = nullptr;
  ASSERT_EQ(ecg_ask(model, &recording, 1, 0, &of_memory), ECG_OK);
  ASSERT_EQ(ecg_ask(model_, &recording, 1, 0, &of_file), ECG_OK);
  for (std::size_t k = 0; k < ecg_class_count(model_); ++k) {
    EXPECT_EQ(ecg_answer_probability(of_memory, k), ecg_answer_probability(of_file, k));
  }
  ecg_answer_free(of_memory);
  ecg_answer_free(of_file);
  ecg_free(model);
  EXPECT_EQ(ecg_load_memory(description.data(), description.size(), weights.data(), 100, 1, &model),
            ECG_INPUT);
  EXPECT_EQ(model, nullptr);
}

TEST(CModels, AreKnownByTheirNames) {
  ecg_model* model = nullptr;
  ASSERT_EQ(ecg_load("general", 1, &model), ECG_OK) << ecg_last_error();
  EXPECT_EQ(ecg_class_count(model), 44u);  // the 26 and more
  ecg_free(model);
  EXPECT_EQ(ecg_load("gneral", 1, &model), ECG_INPUT);
}

// Two leads that keep coming, asked of the model that ships.
class CStream : public testing::Test {
 protected:
  static constexpr std::size_t kRate = 250, kSeconds = 20;

  CStream() {
    EXPECT_EQ(ecg_load("general", 1, &model_), ECG_OK) << ecg_last_error();
    about_.size = sizeof about_;
    about_.leads = kNames;
    about_.lead_count = 2;
    about_.sampling_rate = kRate;
    about_.age = 70;
    about_.sex = 'f';
    for (std::size_t i = 0; i < kRate * kSeconds; ++i) {
      const double t = static_cast<double>(i) / kRate;
      const double beat = std::fmod(t * (1 + t / 100), 1.0) - 0.5;
      const double wave = std::exp(-std::pow(beat - 0.3, 2) / 4e-3);
      leads_[0].push_back(static_cast<float>(0.6 * std::exp(-beat * beat / 4e-4) + 0.2 * wave));
      leads_[1].push_back(static_cast<float>(std::exp(-beat * beat / 4e-4) + 0.1 * wave));
    }
  }
  ~CStream() override { ecg_free(model_); }

  // Samples [from, to) of both leads.
  std::vector<float> Cut(std::size_t from, std::size_t to) const {
    std::vector<float> samples;
    for (const std::vector<float>& lead : leads_) {
      samples.insert(samples.end(), lead.begin() + static_cast<std::ptrdiff_t>(from),
                     lead.begin() + static_cast<std::ptrdiff_t>(to));
    }
    return samples;
  }

  static constexpr const char* kNames[] = {"I", "II"};
  ecg_model* model_ = nullptr;
  ecg_recording about_{};
  std::vector<float> leads_[2];
};

TEST_F(CStream, SaysWhatIsSaidOfARecordingOfItsLastSeconds) {
  ecg_stream* stream = nullptr;
  ASSERT_EQ(ecg_stream_open(model_, &about_, 0, &stream), ECG_OK) << ecg_last_error();
  constexpr std::size_t kWindow = 2480;  // of 992 samples at 100 Hz
  const std::size_t classes = ecg_class_count(model_);
  std::vector<float> before;
  for (std::size_t second = 1; second <= kSeconds; ++second) {
    const std::size_t end = second * kRate;
    ASSERT_EQ(ecg_stream_append(stream, Cut(end - kRate, end).data(), 2, kRate), ECG_OK);
    EXPECT_EQ(ecg_stream_seconds(stream), static_cast<double>(second));
    if (second < 5) continue;
    const std::size_t from = end > kWindow ? end - kWindow : 0;
    const std::vector<float> window = Cut(from, end);
    ecg_recording recording = about_;
    recording.millivolts = window.data();
    recording.sample_count = end - from;
    ecg_answer *expected = nullptr, *answer = nullptr;
    ASSERT_EQ(ecg_ask(model_, &recording, 1, ECG_ASK_MEASURE, &expected), ECG_OK);
    ASSERT_EQ(ecg_stream_ask(stream, ECG_ASK_MEASURE, &answer), ECG_OK) << ecg_last_error();
    ASSERT_EQ(ecg_answer_status(answer), ECG_OK) << ecg_answer_error(answer);
    std::vector<float> probabilities(classes);
    std::vector<unsigned char> decisions(classes);
    ASSERT_EQ(ecg_stream_classify(stream, probabilities.data(), decisions.data()), ECG_OK);
    for (std::size_t k = 0; k < classes; ++k) {
      EXPECT_EQ(probabilities[k], ecg_answer_probability(expected, k));
      EXPECT_EQ(decisions[k], ecg_answer_decision(expected, k));
      EXPECT_EQ(ecg_answer_probability(answer, k), probabilities[k]);
    }
    EXPECT_EQ(ecg_answer_number(answer, "beats"), ecg_answer_number(expected, "beats"));
    EXPECT_GT(ecg_answer_number(answer, "beats"), 3);
    EXPECT_NE(probabilities, before);
    before = probabilities;
    ecg_answer_free(expected);
    ecg_answer_free(answer);
  }
  ecg_stream_free(stream);
}

TEST_F(CStream, SaysWhatIsWrong) {
  ecg_stream* stream = nullptr;
  EXPECT_EQ(ecg_stream_open(model_, &about_, 0, nullptr), ECG_USAGE);
  EXPECT_EQ(ecg_stream_open(nullptr, &about_, 0, &stream), ECG_USAGE);
  EXPECT_EQ(ecg_stream_open(model_, nullptr, 0, &stream), ECG_USAGE);
  EXPECT_EQ(ecg_stream_open(model_, &about_, -1, &stream), ECG_USAGE);
  EXPECT_NE(std::string(ecg_last_error()).find("seconds"), std::string::npos);
  about_.leads = nullptr;
  EXPECT_EQ(ecg_stream_open(model_, &about_, 0, &stream), ECG_USAGE);
  EXPECT_EQ(stream, nullptr);
  about_.leads = kNames;
  ASSERT_EQ(ecg_stream_open(model_, &about_, 0, &stream), ECG_OK);

  const std::vector<float> second = Cut(0, kRate);
  EXPECT_EQ(ecg_stream_append(stream, second.data(), 3, kRate), ECG_USAGE);
  EXPECT_NE(std::string(ecg_last_error()).find("2 leads, not 3"), std::string::npos);
  EXPECT_EQ(ecg_stream_append(stream, nullptr, 2, kRate), ECG_USAGE);
  EXPECT_EQ(ecg_stream_append(nullptr, second.data(), 2, kRate), ECG_USAGE);
  EXPECT_EQ(ecg_stream_seconds(stream), 0);
  EXPECT_EQ(ecg_stream_seconds(nullptr), 0);

  EXPECT_EQ(ecg_stream_classify(stream, nullptr, nullptr), ECG_INPUT);  // no samples so far
  EXPECT_EQ(ecg_stream_ask(stream, 0, nullptr), ECG_USAGE);
  ecg_answer* answer = nullptr;
  ASSERT_EQ(ecg_stream_ask(stream, 0, &answer), ECG_OK);
  EXPECT_EQ(ecg_answer_status(answer), ECG_INPUT);
  ecg_answer_free(answer);
  EXPECT_EQ(ecg_stream_ask(nullptr, 0, &answer), ECG_USAGE);
  EXPECT_EQ(answer, nullptr);

  const std::vector<float> nothing(2 * kRate, NAN);
  ASSERT_EQ(ecg_stream_append(stream, nothing.data(), 2, kRate), ECG_OK);
  EXPECT_EQ(ecg_stream_classify(stream, nullptr, nullptr), ECG_UNCLASSIFIABLE);
  ecg_stream_free(stream);
  ecg_stream_free(nullptr);
}

}  // namespace
}  // namespace ecg
