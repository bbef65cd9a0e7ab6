#include "ecg/core/progress.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "ecg/core/terminal.h"
#include "tests/support.h"

namespace ecg {
namespace {

TEST(Terminal, CountsColumnsOfCharacters) {
  EXPECT_EQ(DisplayColumns(""), 0U);
  EXPECT_EQ(DisplayColumns("A0001"), 5U);
  EXPECT_EQ(DisplayColumns("\xC3\xA9t\xC3\xA9"), 3U);         // é t é
  EXPECT_EQ(DisplayColumns("\xE5\xBF\x83\xE9\x9B\xBB"), 4U);  // two ideographs
  EXPECT_EQ(DisplayColumns("\xF0\x9F\xAB\x80"), 2U);          // an emoji
  EXPECT_EQ(DisplayColumns("a\xFF\xC3"), 3U);
}

TEST(Terminal, CutsBetweenCharacters) {
  EXPECT_EQ(CutToColumns("records", 7), "records");
  EXPECT_EQ(CutToColumns("records", 6), "rec...");
  EXPECT_EQ(CutToColumns("records", 3), "rec");
  EXPECT_EQ(CutToColumns("records", 0), "");
  EXPECT_EQ(CutToColumns("\xC3\xA9t\xC3\xA9t\xC3\xA9s", 5), "\xC3\xA9t...");
  // A wide character that would stick out by one column goes.
  EXPECT_EQ(CutToColumns("\xE5\xBF\x83\xE9\x9B\xBB\xE5\x9B\xB3", 5), "\xE5\xBF\x83...");
  EXPECT_EQ(CutToColumns("a\nb\x1B[2J\xFF", 80), "a?b?[2J?");
}

ProgressState StateOf(std::size_t done, double elapsed) {
  return {"records", done, 200, elapsed, "A0001"};
}

TEST(Progress, TellsRateAndTimeLeft) {
  EXPECT_EQ(ProgressLine(StateOf(50, 1), 100),
            "records [######..................] 50/200  50/s  0:03 left  A0001");
  EXPECT_EQ(ProgressLine(StateOf(50, 25), 100),
            "records [######..................] 50/200  2.0/s  1:15 left  A0001");
  EXPECT_EQ(ProgressLine(StateOf(2, 100), 100),
            "records [........................] 2/200  50.0 s each  2h45m left  A0001");
  // Nothing is known of what is left before the first is done, nor is anything left at the end.
  EXPECT_EQ(ProgressLine(StateOf(0, 3), 100), "records [........................] 0/200  A0001");
  EXPECT_EQ(ProgressLine(StateOf(200, 4), 100),
            "records [########################] 200/200  50/s  A0001");
}

TEST(Progress, IsNeverWiderThanTheTerminal) {
  ProgressState state = StateOf(50, 1);
  state.label =
      "donn\xC3\xA9"
      "es \xE5\xBF\x83\xE9\x9B\xBB\xE5\x9B\xB3";
  state.note = std::string(60, 'x') + "\n\xFF\xE5\xBF\x83";
  for (std::size_t columns = 0; columns < 140; ++columns) {
    const std::string line = ProgressLine(state, columns);
    EXPECT_LE(DisplayColumns(line), columns);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    if (columns < 24) continue;
    EXPECT_NE(line.find("50/200  50/s  0:03 left"), std::string::npos) << line;
  }
  EXPECT_EQ(ProgressLine(StateOf(50, 1), 40), "records 50/200  50/s  0:03 left");
  EXPECT_EQ(ProgressLine(StateOf(50, 1), 25), "50/200  50/s  0:03 left");
}

TEST(Progress, LogsALineEveryTenth) {
  EXPECT_EQ(ProgressLogLine(StateOf(50, 25)), "records 50/200 (25 %) after 0:25, 1:15 left  A0001");
  EXPECT_EQ(ProgressLogLine(StateOf(200, 100)), "records 200/200 (100 %) after 1:40  A0001");
  const test::TemporaryFolder folder;
  const std::string path = (folder / "log").string();
  std::FILE* stream = std::fopen(path.c_str(), "w+");
  ASSERT_NE(stream, nullptr);
  ProgressBar bar(stream);
  bar.Begin("records", 40);
  for (std::size_t done = 0; done <= 40; ++done) bar.Advance(done, "");
  bar.End();
  std::rewind(stream);
  int lines = 0;
  for (int c = std::fgetc(stream); c != EOF; c = std::fgetc(stream)) lines += c == '\n' ? 1 : 0;
  std::fclose(stream);
  EXPECT_EQ(lines, 10);
}

// What a bar draws on a pseudo-terminal, whose width changes while it is at work.
TEST(Progress, FollowsTheTerminalsWidth) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) {
    GTEST_SKIP() << "no pseudo-terminals here";
  }
  std::FILE* terminal = std::fopen(::ptsname(master), "w");
  ASSERT_NE(terminal, nullptr);
  const auto drawn = [&](unsigned short columns) {
    winsize size = {};
    size.ws_row = 24;
    size.ws_col = columns;
    EXPECT_EQ(::ioctl(master, TIOCSWINSZ, &size), 0);
    ProgressBar bar(terminal);
    bar.Begin("records", 10);
    bar.Advance(10, std::string(300, 'x'));
    char text[1024] = {};
    const ssize_t bytes = ::read(master, text, sizeof(text) - 1);
    EXPECT_GT(bytes, 4);
    return std::string(text).substr(4);  // behind what clears the line
  };
  EXPECT_EQ(drawn(60).size(), 59U);
  EXPECT_EQ(drawn(100).size(), 99U);
  EXPECT_EQ(drawn(20).substr(0, 5), "10/10");
  EXPECT_EQ(TerminalColumns(::fileno(terminal)), 20U);
  std::fclose(terminal);
  ::close(master);
  EXPECT_EQ(TerminalColumns(-1), 0U);
}

}  // namespace
}  // namespace ecg
