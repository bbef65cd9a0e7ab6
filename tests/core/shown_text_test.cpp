#include "ecg/core/shown_text.h"

#include <gtest/gtest.h>

namespace ecg {
namespace {

TEST(ShownText, EscapesWhatATerminalObeys) {
  EXPECT_EQ(ShownLine("\x1b[31mred\x07\n"), "\\x1b[31mred\\x07\\x0a");
  EXPECT_EQ(ShownLine("a\tb\x7f"), "a\\x09b\\x7f");
  EXPECT_EQ(ShownLine("\xc2\x9b"
                      "2J"),
            "\\x9b2J");  // CSI as one character
  EXPECT_EQ(ShownLine("\xe2\x80\xae"
                      "cod"),
            "\\u202ecod");                      // right to left
  EXPECT_EQ(ShownLine("caf\xe9"), "caf\\xe9");  // no UTF-8
  EXPECT_EQ(ShownLine(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(ShownText, LeavesAllElse) {
  for (const char* text : {"", "aVR", "µV", "Größe 日本 µ \xF0\x9F\xAB\x80", "C:\\x1b", "-30"}) {
    EXPECT_EQ(ShownLine(text), text);
    EXPECT_EQ(ShownText(text), text);
  }
  EXPECT_EQ(ShownText("a\n\tb\r\n\x1b"), "a\n\tb\\x0d\n\\x1b");
}

}  // namespace
}  // namespace ecg
