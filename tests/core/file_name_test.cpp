#include "ecg/core/file_name.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "ecg/core/random.h"
#include "ecg/core/utf8.h"
#include "tests/support.h"

namespace ecg {
namespace {

TEST(FileNameOf, LeavesOrdinaryNamesAlone) {
  for (const char* name : {"II", "aVR", "A0001", "HR00001_lr", "x-1+2", "V1.clean", "a..b",
                           "V\xC3\xA4ter", "\xE5\xBF\x83\xE9\x9B\xBB", "\xF0\x9F\xAB\x80", "-"}) {
    EXPECT_EQ(FileNameOf(name), name);
  }
}

TEST(FileNameOf, EscapesWhatIsTrouble) {
  EXPECT_EQ(FileNameOf(""), "%");
  EXPECT_EQ(FileNameOf("%"), "%25");
  EXPECT_EQ(FileNameOf("."), "%2E");
  EXPECT_EQ(FileNameOf(".."), "%2E%2E");
  EXPECT_EQ(FileNameOf("..."), "%2E.%2E");
  EXPECT_EQ(FileNameOf(".hidden"), "%2Ehidden");
  EXPECT_EQ(FileNameOf("end."), "end%2E");
  EXPECT_EQ(FileNameOf("../../etc/passwd"), "%2E.%2F..%2Fetc%2Fpasswd");
  EXPECT_EQ(FileNameOf("a\\b:c*d?\"<>|~ "), "a%5Cb%3Ac%2Ad%3F%22%3C%3E%7C%7E%20");
  EXPECT_EQ(FileNameOf(std::string("a\0b\n\x7F", 5)), "a%00b%0A%7F");
  // Bytes that are not UTF-8, an overlong '/', C1 controls, a right-to-left override.
  EXPECT_EQ(FileNameOf("\xFF\xC0\xAF"), "%FF%C0%AF");
  EXPECT_EQ(FileNameOf("\xC2\x85x\xE2\x80\xAEy"), "%C2%85x%E2%80%AEy");
}

TEST(FileNameOf, CutsLongNamesBetweenCharacters) {
  EXPECT_EQ(FileNameOf(std::string(200, 'x')), std::string(200, 'x'));
  const std::string cut = FileNameOf(std::string(201, 'x'));
  EXPECT_EQ(cut.size(), 200u);
  EXPECT_EQ(cut.substr(0, 168), std::string(167, 'x') + "~");
  EXPECT_NE(cut, FileNameOf(std::string(202, 'x')));
  EXPECT_NE(cut, FileNameOf(cut));
  for (int shift = 0; shift < 4; ++shift) {
    std::string text(static_cast<std::size_t>(shift), 'x');
    for (int i = 0; i < 100; ++i) text += "\xE5\xBF\x83/";
    std::string name = FileNameOf(text);
    ASSERT_LE(name.size(), 200u);
    name.resize(name.find('~'));
    EXPECT_TRUE(name.substr(name.size() - 3) == "%2F" ||
                name.substr(name.size() - 3) == "\xE5\xBF\x83")
        << name;
  }
  EXPECT_LE(FileNameOf(std::string(std::size_t{1} << 20, '/')).size(), 200u);
}

// Random texts out of the bytes that matter: each name can be made as a file in a folder, and no
// two are the same.
TEST(FileNameOf, GivesDifferentTextsDifferentFiles) {
  const test::TemporaryFolder folder;
  const std::string bytes("a.%/\\~-2EF\0\n\xC3\xA4\xFF", 15);
  Rng rng({1});
  std::set<std::string> texts, names;
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (std::uint64_t k = rng.Below(i % 20 == 0 ? 300 : 6); k > 0; --k) {
      text += bytes[rng.Below(bytes.size())];
    }
    const std::string name = FileNameOf(text);
    EXPECT_TRUE(!name.empty() && name.size() <= 200 && name.front() != '.' && name.back() != '.');
    EXPECT_EQ(name.find_first_of(std::string("/\\\0\n", 4)), std::string::npos);
    EXPECT_EQ(texts.insert(text).second, names.insert(name).second) << name;
    if (i < 300) {
      std::ofstream(folder / name) << text;
      EXPECT_TRUE(std::filesystem::is_regular_file(folder / name)) << name;
    }
  }
}

TEST(Utf8, KnowsWellFormedCharactersOnly) {
  EXPECT_EQ(FirstUtf8("a").value, U'a');
  EXPECT_EQ(FirstUtf8("\xC3\xA4").value, 0xE4u);
  EXPECT_EQ(FirstUtf8("\xF4\x8F\xBF\xBF").value, 0x10FFFFu);
  for (const char* bad : {"", "\x80", "\xC0\xAF", "\xC3", "\xE0\x80\xAF", "\xED\xA0\x80",
                          "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
                          "\xC3"
                          "a",
                          "\xFF"}) {
    EXPECT_EQ(FirstUtf8(bad).length, 0u) << bad;
  }
}

}  // namespace
}  // namespace ecg
