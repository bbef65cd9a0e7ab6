#include "ecg/formats/wfdb/annotation.h"

#include <filesystem>
#include <string>

#include "ecg/core/file.h"
#include "ecg/core/random.h"
#include "tests/support.h"

namespace ecg::wfdb {
namespace {

std::string Bytes(std::initializer_list<int> values) {
  std::string bytes;
  for (const int value : values) bytes += static_cast<char>(value);
  return bytes;
}

// Made by hand after annot(5).
TEST(Annotations, ReadEveryField) {
  const Result<AnnotationFile> read = ParseAnnotations(
      Bytes({
          0x0a, 0x04,                                               // N at 10
          0x00, 0xec, 0x01, 0x00, 0x00, 0x00,                       // skip 65536
          0x05, 0x70, 0xfe, 0xf7, 0x03, 0xfc, '(', 'A', 'F', 0x00,  // + at 65551, subtype -2
          0x02, 0xf8, 0x07, 0xf0,                                   // channel 2, number 7
          0x01, 0x14,                                               // V at 65552
          0x00, 0x00, 0xff, 0xff,                                   // end
      }),
      "r.atr");
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  ASSERT_EQ(read->annotations.size(), 3U);
  EXPECT_EQ(read->annotations[0].sample, 10);
  EXPECT_EQ(AnnotationSymbol(read->annotations[0].type), "N");
  EXPECT_EQ(read->annotations[1].sample, 65551);
  EXPECT_EQ(read->annotations[1].type, kRhythmChange);
  EXPECT_EQ(read->annotations[1].subtype, -2);
  EXPECT_EQ(read->annotations[1].aux, "(AF");
  EXPECT_EQ(read->annotations[1].channel, 2);
  EXPECT_EQ(read->annotations[2].sample, 65552);
  EXPECT_EQ(read->annotations[2].subtype, 0) << "holds for one annotation";
  EXPECT_EQ(read->annotations[2].channel, 2) << "holds until it changes";
  EXPECT_EQ(read->annotations[2].number, 7);
}

TEST(Annotations, RoundTrip) {
  Rng rng({4});
  AnnotationFile file;
  file.frequency = 1000;
  std::int64_t sample = 0;
  for (int i = 0; i < 3000; ++i) {
    Annotation annotation;
    sample += static_cast<std::int64_t>(rng.Below(rng.Chance(0.1) ? 5000000000 : 900));
    annotation.sample = sample;
    annotation.type = static_cast<int>(1 + rng.Below(49));
    annotation.subtype = static_cast<int>(rng.Below(256)) - 128;
    annotation.number = static_cast<int>(rng.Below(256)) - 128;
    annotation.channel = static_cast<int>(rng.Below(256));
    annotation.aux = std::string(rng.Below(256), 'x');
    file.annotations.push_back(annotation);
  }
  const Result<std::string> bytes = FormatAnnotations(file);
  ASSERT_TRUE(bytes.ok()) << bytes.error().ToString();
  const Result<AnnotationFile> read = ParseAnnotations(*bytes, "x");
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  EXPECT_EQ(read->frequency, 1000);
  ASSERT_EQ(read->annotations.size(), file.annotations.size());
  for (std::size_t i = 0; i < file.annotations.size(); ++i) {
    const Annotation &a = file.annotations[i], &b = read->annotations[i];
    ASSERT_EQ(a.sample, b.sample) << i;
    ASSERT_EQ(a.type, b.type);
    ASSERT_EQ(a.subtype, b.subtype);
    ASSERT_EQ(a.number, b.number);
    ASSERT_EQ(a.channel, b.channel);
    ASSERT_EQ(a.aux, b.aux);
  }
}

TEST(Annotations, RefuseWhatTheFormatCannotHold) {
  const auto fails = [](Annotation annotation) {
    return !FormatAnnotations({0, {std::move(annotation)}}).ok();
  };
  EXPECT_TRUE(fails({0, 0, 0, 0, 0, ""}));
  EXPECT_TRUE(fails({0, 50, 0, 0, 0, ""}));
  EXPECT_TRUE(fails({-1, 1, 0, 0, 0, ""}));
  EXPECT_TRUE(fails({0, 1, 200, 0, 0, ""}));
  EXPECT_TRUE(fails({0, 1, 0, 256, 0, ""}));
  EXPECT_TRUE(fails({0, 1, 0, 0, 0, std::string(256, 'x')}));
  EXPECT_FALSE(fails({5, 1, 0, 0, 0, "x"}));
}

TEST(Annotations, RefuseDamage) {
  EXPECT_FALSE(ParseAnnotations(Bytes({0x00, 0xec, 0x01}), "x").ok()) << "half a skip";
  EXPECT_FALSE(ParseAnnotations(Bytes({0x01, 0x04, 0x05, 0xfc, 'a'}), "x").ok()) << "half a text";
  EXPECT_FALSE(ParseAnnotations(Bytes({0x02, 0xf8}), "x").ok()) << "a channel of nothing";
  EXPECT_TRUE(ParseAnnotations("", "x").ok());
  EXPECT_FALSE(ParseAnnotations(std::string(2 * kMaxAnnotations + 4, '\4'), "x").ok());
}

TEST(Annotations, AreToldByTheirStructure) {
  AnnotationFile file{360, {}};
  EXPECT_TRUE(IsAnnotationFile(*FormatAnnotations({}))) << "the end mark alone";
  EXPECT_TRUE(IsAnnotationFile(*FormatAnnotations(file))) << "the time resolution alone";
  for (int i = 0; i < 100; ++i) {
    file.annotations.push_back({i * 700, 1 + i % 49, i % 5, i % 3, -i, i % 7 == 0 ? "(AFIB" : ""});
  }
  const std::string bytes = *FormatAnnotations(file);
  EXPECT_TRUE(IsAnnotationFile(bytes));
  EXPECT_TRUE(IsAnnotationFile(bytes + std::string(1000, '\0'))) << "padded";
  EXPECT_FALSE(IsAnnotationFile(bytes.substr(0, bytes.size() - 2))) << "without its end";
  EXPECT_FALSE(IsAnnotationFile(bytes + "more"));
}

TEST(Annotations, AreNothingElse) {
  EXPECT_FALSE(IsAnnotationFile(""));
  EXPECT_FALSE(IsAnnotationFile(std::string(512, '\0'))) << "a flat line";
  EXPECT_FALSE(IsAnnotationFile("NN")) << "text, by chance two known types";
  EXPECT_FALSE(IsAnnotationFile(Bytes({0x05, 0x00, 0x00, 0x00}))) << "type 0";
  EXPECT_FALSE(IsAnnotationFile(Bytes({0x05, 0xc8, 0x00, 0x00}))) << "type 50";
  EXPECT_FALSE(IsAnnotationFile(Bytes({0x02, 0xf8, 0x00, 0x00}))) << "a channel of nothing";
  EXPECT_FALSE(IsAnnotationFile(Bytes({0x0a, 0x04, 0x09, 0xfc, 'x', 0x00, 0x00, 0x00})))
      << "a text beyond the end";
  EXPECT_FALSE(IsAnnotationFile(Bytes({0x0a, 0x04, 0x02, 0xfc, 0x01, 0x02, 0x00, 0x00})))
      << "a text that is none";
  EXPECT_FALSE(IsAnnotationFile(
      Bytes({0x0a, 0x04, 0x00, 0xec, 0xff, 0xff, 0xf0, 0xff, 0x01, 0x04, 0x00, 0x00})))
      << "time runs backwards";
}

TEST(Annotations, KnowTheirSymbols) {
  EXPECT_EQ(AnnotationType("("), kWaveOnset);
  EXPECT_EQ(AnnotationType(")"), kWaveOffset);
  EXPECT_EQ(AnnotationType("p"), kPWave);
  EXPECT_EQ(AnnotationType("t"), kTWave);
  EXPECT_EQ(AnnotationType("\""), kNote);
  EXPECT_EQ(AnnotationType("+"), kRhythmChange);
  EXPECT_EQ(AnnotationType("r"), 41);
  EXPECT_EQ(AnnotationType("?"), 30);
  EXPECT_FALSE(AnnotationType("").has_value());
  EXPECT_EQ(AnnotationSymbol(99), "");
}

// LUDB marks every wave as onset, peak, offset.
TEST(Annotations, ReadTheWavesOfLudb) {
  ECG_NEED_SHARED(unpacked, "data/ludb.tar.xz");
  std::size_t files = 0, waves = 0;
  for (const auto& entry : std::filesystem::directory_iterator(unpacked / "ludb")) {
    const std::string extension = entry.path().extension().string();
    if (extension.empty() || extension.size() > 4 || extension == ".hea" || extension == ".dat" ||
        extension == ".csv" || extension == ".txt") {
      continue;
    }
    const Result<AnnotationFile> read = ReadAnnotations(entry.path());
    ASSERT_TRUE(read.ok()) << read.error().ToString();
    EXPECT_TRUE(IsAnnotationFile(*ReadFile(entry.path()))) << entry.path();
    ++files;
    std::int64_t previous = 0;
    for (const Annotation& annotation : read->annotations) {
      EXPECT_GE(annotation.sample, previous);
      EXPECT_LT(annotation.sample, 5000);
      previous = annotation.sample;
      const std::string_view symbol = AnnotationSymbol(annotation.type);
      EXPECT_NE(std::string_view("()pNt").find(symbol), std::string_view::npos) << symbol;
      if (symbol == "p" || symbol == "N" || symbol == "t") ++waves;
    }
  }
  EXPECT_EQ(files, 1200U);
  EXPECT_GT(waves, 20000U);
}

TEST(Annotations, AreNoneOfTheOtherFilesOfDataSets) {
  ECG_NEED_SHARED(ludb, "data/ludb.tar.xz");
  ECG_NEED_SHARED(samples, "data/wfdb_samples.tar.xz");
  ECG_NEED_SHARED(small, "data/ecg_small.tar.xz");
  std::size_t files = 0;
  for (const auto& folder : {ludb, samples, small}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".hea" && extension != ".dat" && extension != ".mat" &&
          extension != ".csv" && extension != ".txt" && extension != ".json") {
        continue;
      }
      EXPECT_FALSE(IsAnnotationFile(*ReadFile(entry.path()))) << entry.path();
      ++files;
    }
  }
  EXPECT_GT(files, 300U);
}

}  // namespace
}  // namespace ecg::wfdb
