// The programs themselves: exit codes, and what goes to stdout and stderr.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "ecg/core/version.h"
#include "ecg/model/bundle.h"
#include "ecg/model/ensemble_info.h"
#include "tests/process.h"
#include "tests/sanitized.h"
#include "tests/support.h"

namespace ecg {
namespace {
namespace fs = std::filesystem;

using Words = std::vector<std::string>;

constexpr const char* kTools[] = {"ecgscore", "ecgsim",       "ecgplot",
                                  "ecginfo",  "ecgdelineate", "ecgconvert"};

void FillStdout() {
  const int full = ::open("/dev/full", O_WRONLY);
  ::dup2(full, STDOUT_FILENO);
}

// A beat a second in every lead.
double Beats(std::size_t lead, double seconds) {
  const double t = std::fmod(seconds, 1.0) - 0.5;
  return (1 + 0.1 * static_cast<double>(lead)) * std::exp(-t * t / 0.0002) +
         0.3 * std::exp(-(t - 0.3) * (t - 0.3) / 0.005);
}

class ToolsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    test::TestRecord record;
    record.signal = Beats;
    test::WriteRecord(folder_ / "records", record);
    WriteFileAtomic(folder_ / "taken", "a file where a folder should be").value();
  }

  test::Outcome Run(const std::string& tool, const Words& words,
                    const std::function<void()>& prepare = {}) {
    return test::RunProgram(tool, words, folder_.path(), prepare);
  }
  void BreakARecord() { WriteFileAtomic(folder_ / "records/B0001.hea", "B0001 x\n").value(); }

  test::TemporaryFolder folder_;
};

TEST_F(ToolsTest, HelpNamesTheExitCodes) {
  for (const std::string tool : kTools) {
    const test::Outcome help = Run(tool, {"--help"});
    EXPECT_EQ(help.status, 0) << tool;
    EXPECT_EQ(help.err, "") << tool;
    for (const char* line : {"\nExit codes:\n  0  all done\n", "\n  2  wrong usage or conf",
                             "\n  3  input missing", "\n  7  an output could not be written\n"}) {
      EXPECT_NE(help.out.find(line), std::string::npos) << tool << line;
    }
    EXPECT_EQ(help.out.find("\n  4  ") != std::string::npos, tool != "ecgsim");
    EXPECT_EQ(help.out.find("\n  5  ") != std::string::npos, tool == "ecgscore");
    EXPECT_EQ(help.out.find("\n  6  "), std::string::npos);
  }
}

std::vector<std::string> WordsOf(const std::string& text) {
  std::vector<std::string> words;
  for (const std::string_view line : SplitLines(text)) {
    for (const std::string_view word : SplitWords(line)) words.emplace_back(word);
  }
  return words;
}

// The lines of help before the examples, which keep their line breaks.
std::vector<std::string> WrappedLines(const std::string& help) {
  std::vector<std::string> lines;
  for (const std::string_view line : SplitLines(help)) {
    if (line == "Examples:" || line == "Exit codes:") break;
    lines.emplace_back(line);
  }
  return lines;
}

TEST_F(ToolsTest, HelpIsAsWideAsTheTerminal) {
  for (const std::string tool : kTools) {
    const auto help = [&](const char* columns) {
      return Run(tool, {"--help"}, [columns] { ::setenv("COLUMNS", columns, 1); }).out;
    };
    const std::string usual = Run(tool, {"--help"}, [] { ::unsetenv("COLUMNS"); }).out;
    EXPECT_EQ(usual, help("80")) << tool;  // stdout is no terminal here
    EXPECT_EQ(usual, help("wide")) << tool;
    for (const int columns : {40, 60, 80, 200}) {
      const std::string text = help(std::to_string(columns).c_str());
      std::size_t widest = 0;
      for (const std::string& line : WrappedLines(text)) {
        if (WordsOf(line).size() < 2) continue;  // a word is never broken
        widest = std::max(widest, line.size());
        EXPECT_LE(line.size(), static_cast<std::size_t>(columns)) << tool << ": " << line;
      }
      if (columns < 100) {
        EXPECT_GT(widest, static_cast<std::size_t>(columns) - 12) << tool;
      }
      EXPECT_EQ(WordsOf(text), WordsOf(usual)) << tool;  // nothing is lost or cut
      const std::size_t examples = text.find("\nExamples:\n");
      if (examples == std::string::npos) continue;
      const std::size_t end = text.find("\n\n", examples + 1);
      EXPECT_NE(usual.find(text.substr(examples, end - examples)), std::string::npos) << tool;
    }
  }
}

TEST_F(ToolsTest, ManualsAndCompletionsNameEveryOption) {
  for (const std::string tool : kTools) {
    const std::string manual = Run(tool, {"--describe-as", "man"}).out;
    const std::string zsh = Run(tool, {"--describe-as", "zsh"}).out;
    EXPECT_EQ(manual.rfind(".TH ECG", 0), 0U) << manual;
    for (const char* section : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "\"EXIT STATUS\""}) {
      EXPECT_NE(manual.find(std::string("\n.SH ") + section + "\n"), std::string::npos) << section;
    }
    EXPECT_EQ(zsh.rfind("#compdef " + tool + "\n", 0), 0U) << zsh;
    // The options that help names, by bash itself.
    std::vector<std::string> named;
    for (const std::string& line : WrappedLines(Run(tool, {"--help"}).out)) {
      if (line.rfind("  -", 0) != 0) continue;
      const std::string first = WordsOf(line).front();
      for (const std::string_view name : Split(first, ',')) named.emplace_back(name);
    }
    ASSERT_GT(named.size(), 4U);
    const test::Outcome completed =
        Run("/bin/bash", {"-c", "source <(" ECG_BIN_DIR "/" + tool +
                                    " --describe-as bash); COMP_WORDS=(tool -); COMP_CWORD=1; _" +
                                    tool + "; echo \"${COMPREPLY[@]}\""});
    std::vector<std::string> offered = WordsOf(completed.out);
    std::sort(offered.begin(), offered.end());
    std::sort(named.begin(), named.end());
    EXPECT_EQ(offered, named) << tool << completed.err;
    for (std::string name : named) {
      EXPECT_NE(zsh.find("'*" + name + "["), std::string::npos) << tool << name;
      for (std::size_t at = 0; (at = name.find('-', at)) != std::string::npos; at += 2) {
        name.insert(at, "\\");
      }
      EXPECT_NE(manual.find("\\fB" + name + "\\fR"), std::string::npos) << tool << name;
    }
  }
  const auto values = [&](const std::string& tool, const std::string& option) {
    return Run("/bin/bash",
               {"-c", "source <(" ECG_BIN_DIR "/" + tool +
                          " --describe-as bash); COMP_WORDS=(tool " + option +
                          " ''); COMP_CWORD=2; _" + tool + "; echo \"${COMPREPLY[@]}\""})
        .out;
  };
  EXPECT_EQ(Run("ecgplot", {"--describe-as", "html"}).status, 2);
  EXPECT_EQ(values("ecgplot", "--layout"), "3x4 6x2 all\n");
  EXPECT_EQ(values("ecgdelineate", "--method"), "robust dwt peak\n");
  EXPECT_EQ(values("ecgscore", "--challenge"), "2020 2021\n");
  EXPECT_EQ(values("ecgplot", "--start"), "\n");
}

TEST_F(ToolsTest, VersionIsTold) {
  for (const std::string tool : kTools) {
    const test::Outcome version = Run(tool, {"--version"});
    EXPECT_EQ(version.status, 0) << tool;
    EXPECT_EQ(version.out.rfind(tool + " " + Version(), 0), 0U) << version.out;
    EXPECT_EQ(version.err, "") << tool;
  }
}

TEST_F(ToolsTest, WrongUsageIsToldOnStderr) {
  for (const std::string tool : kTools) {
    for (const Words& words : {Words{}, Words{"records", "out", "--no-such-option"}}) {
      const test::Outcome outcome = Run(tool, words);
      EXPECT_EQ(outcome.status, 2) << tool;
      EXPECT_EQ(outcome.out, "") << tool;
      EXPECT_NE(outcome.err, "") << tool;
    }
  }
  const std::vector<std::pair<const char*, Words>> cases = {
      {"ecgsim", {"out", "--noise", "101"}},
      {"ecgsim", {"out", "--duration", "0.5"}},
      {"ecgsim", {"out", "--count", "-1"}},
      {"ecgsim", {"out", "--count", "many"}},
      {"ecgsim", {"out", "--sources", "nowhere"}},
      {"ecgsim", {"out", "--classes", "AF,nothing"}},
      {"ecgdelineate", {"records", "out", "--method", "best"}},
      {"ecgdelineate", {"records", "out", "-j", "-1"}},
      {"ecgconvert", {"records", "out", "--to", "pdf"}},
      {"ecgplot", {"records/A0001.hea", "a.svg", "--layout", "4x4"}}};
  for (const auto& [tool, words] : cases) {
    const test::Outcome outcome = Run(tool, words);
    EXPECT_EQ(outcome.status, 2) << tool << ' ' << words.back() << ": " << outcome.err;
    EXPECT_FALSE(fs::exists(folder_ / "out")) << tool << ' ' << words.back();
  }
}

TEST_F(ToolsTest, AStdoutThatIsFullIsAFailedOutput) {
  for (const std::string tool : kTools) EXPECT_EQ(Run(tool, {"--help"}, FillStdout).status, 7);
  EXPECT_EQ(Run("ecginfo", {"records/A0001"}, FillStdout).status, 7);
  EXPECT_EQ(Run("ecginfo", {"--json", "records/A0001"}, FillStdout).status, 7);
  EXPECT_EQ(Run("ecgdelineate", {"records", "out"}, FillStdout).status, 7);
}

TEST_F(ToolsTest, EcgsimWritesRecordsOrSaysWhyNot) {
  const Words few = {"out", "-n", "2", "--duration", "3", "--sources", "PTB_XL", "--quiet"};
  const test::Outcome outcome = Run("ecgsim", few);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "2 records in out\n");
  EXPECT_EQ(outcome.err, "");
  EXPECT_TRUE(fs::exists(folder_ / "out/manifest.csv"));
  Words taken = few;
  taken.front() = "taken/out";
  const test::Outcome refused = Run("ecgsim", taken);
  EXPECT_EQ(refused.status, 7);
  EXPECT_EQ(refused.err, "ecgsim: error: taken/out: cannot create folder: Not a directory\n");
  Words full = few;
  full.front() = "full";
  EXPECT_EQ(Run("ecgsim", full, [] { test::LimitFileSize(1000); }).status, 7);
  EXPECT_FALSE(fs::exists(folder_ / "full/manifest.csv"));
  EXPECT_EQ(Run("ecgsim", {"none", "--classes", "all", "-n", "0"}).status, 0);
}

// Whatever name an output has: no tool writes over what it reads, nor among recordings by names of
// its own, nor replaces a file of another kind.
TEST_F(ToolsTest, NoOutputTakesThePlaceOfAnInput) {
  const fs::path records = folder_ / "records";
  fs::create_directory_symlink(records, folder_ / "linked");
  WriteFileAtomic(folder_ / "labels.csv", "record,AF,NSR\nA0001,0,1\n").value();
  WriteFileAtomic(folder_ / "scores.csv", "record,AF,NSR\nA0001,0.1,0.9\n").value();
  WriteFileAtomic(folder_ / "table.dat", "signals").value();
  WriteFileAtomic(folder_ / "w.svg", "{}").value();
  const auto everything = [&] {
    std::string all;
    for (const fs::path& file :
         {records / "A0001.hea", records / "A0001.mat", folder_ / "labels.csv",
          folder_ / "scores.csv", folder_ / "table.dat", folder_ / "w.svg"}) {
      all += ReadFile(file).value() + '|';
    }
    return all;
  };
  const std::string before = everything();
  const std::pair<const char*, Words> cases[] = {
      {"ecgplot", {"records/A0001.hea", "records/A0001.hea"}},
      {"ecgplot", {"records/A0001.hea", "-o", "linked"}},
      {"ecgplot", {"records/A0001.hea", "w.svg", "--why", "w.svg"}},
      {"ecgdelineate", {"records", "records"}},
      {"ecgdelineate", {"records", "linked"}},
      {"ecgdelineate", {"records", "out", "--intervals", "records/A0001.mat"}},
      {"ecgscore", {"labels.csv", "scores.csv", "--csv", "labels.csv"}},
      {"ecgscore", {"labels.csv", "scores.csv", "--csv", "./scores.csv"}},
      {"ecgscore", {"labels.csv", "scores.csv", "--csv", "table.dat"}},
      {"ecgscore", {"labels.csv", "scores.csv", "--official-csv", "a.csv,linked/A0001.mat"}},
      {"ecgsim", {"records", "-n", "2"}},
  };
  for (const auto& [tool, words] : cases) {
    const test::Outcome outcome = Run(tool, words);
    EXPECT_EQ(outcome.status, 2) << tool << ' ' << Join(words, " ") << '\n' << outcome.err;
    EXPECT_EQ(everything(), before) << tool << ' ' << Join(words, " ");
    EXPECT_FALSE(fs::exists(records / "A0001.peaks"));
  }
  // What a tool made itself it makes again, also beside recordings where that was said.
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Run("ecgplot", {"records/A0001.hea", "records/A0001.svg"}).status, 0);
    EXPECT_EQ(Run("ecgdelineate", {"records", "out", "--intervals", "records/t.csv"}).status, 0);
    EXPECT_EQ(Run("ecgscore", {"labels.csv", "scores.csv", "--csv", "score.csv"}).status, 0);
    EXPECT_EQ(Run("ecgsim", {"simulated", "-n", "2", "-q"}).status, 0);
  }
  EXPECT_EQ(everything(), before);
}

// Devices and pipes are written to and stay what they are.
TEST_F(ToolsTest, OutputsMayBeDevicesAndPipes) {
  fs::create_symlink("/dev/null", folder_ / "null.csv");
  EXPECT_EQ(Run("ecgdelineate", {"records", "out", "--intervals", "null.csv"}).status, 0);
  EXPECT_TRUE(fs::is_symlink(folder_ / "null.csv"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  fs::create_symlink("/dev/stdout", folder_ / "out.svg");
  EXPECT_NE(Run("ecgplot", {"records/A0001", "out.svg"}).out.find("<svg"), std::string::npos);
}

// Names, units and comments come from whoever wrote the file.
TEST_F(ToolsTest, NoTextOfAFileIsObeyedByTheTerminal) {
  const std::string evil = "\x1b]0;owned\x07";
  test::TestRecord record;
  record.name = "E0001";
  record.leads = {"I", "II" + evil};
  record.dx = "426783006," + evil;
  test::WriteRecord(folder_ / "evil", record);
  WriteFileAtomic(folder_ / ("evil/" + evil + ".hea"), "no header\n").value();
  WriteFileAtomic(folder_ / "labels.csv", "record,AF,NSR\n\"A\n\x1b[2J\",0,1\n").value();
  for (const auto& [tool, words] : {std::pair<const char*, Words>{"ecginfo", {"evil/E0001.hea"}},
                                    {"ecginfo", {"--info", "evil/E0001.hea"}},
                                    {"ecginfo", {"evil/" + evil + ".hea"}},
                                    {"ecgdelineate", {"evil", "out", "-v"}},
                                    {"ecgplot", {"evil/" + evil + ".hea", "a.svg"}},
                                    {"ecgscore", {"evil", "evil", "-v"}},
                                    {"ecgscore", {"labels.csv", "labels.csv", "-v"}}}) {
    const test::Outcome outcome = Run(tool, words);
    EXPECT_EQ((outcome.out + outcome.err).find('\x1b'), std::string::npos)
        << tool << ' ' << outcome.out << outcome.err;
    EXPECT_EQ((outcome.out + outcome.err).find('\x07'), std::string::npos);
  }
}

TEST_F(ToolsTest, EcginfoTellsWhatCouldNotBeRead) {
  const test::Outcome outcome = Run("ecginfo", {"records/A0001"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out.substr(0, 27), "A0001: 12 signals, 500 Hz, ");
  EXPECT_EQ(outcome.err, "");
  const test::Outcome checked = Run("ecginfo", {"--check", "records/A0001"});
  EXPECT_EQ(checked.status, 0);
  EXPECT_NE(checked.out.find("\nquality "), std::string::npos) << checked.out;
  EXPECT_EQ(Run("ecginfo", {"nowhere.hea"}).status, 3);
  BreakARecord();
  const test::Outcome some = Run("ecginfo", {"--json", "records/A0001", "records/B0001.hea"});
  EXPECT_EQ(some.status, 4);
  EXPECT_EQ(ParseJson(some.out, "stdout").value().root.size(), 1u);
  EXPECT_EQ(some.err.find("ecginfo: error: records/B0001.hea:1: "), 0u) << some.err;
}

TEST_F(ToolsTest, EcginfoIsToldNamesOfLeads) {
  std::string table;
  for (int i = 0; i < 200; ++i) table += std::to_string(i * i % 7) + ",1,2\n";
  WriteFileAtomic(folder_ / "a.csv", table).value();
  for (const Words& leads : {Words{"--lead-names", "II,V1,V2"}, Words{"--lead-names=II,V1-V2"}}) {
    Words words = {"--units", "uV", "--rate", "100"};
    words.insert(words.end(), leads.begin(), leads.end());
    words.emplace_back("a.csv");
    const test::Outcome outcome = Run("ecginfo", words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("\nV2 "), std::string::npos) << outcome.out;
  }
}

TEST_F(ToolsTest, EcginfoShowsNamesThatAreNotUtf8) {
  test::TestRecord record;
  record.name = "r\xFF";
  record.leads = {"I", "\xC3"};
  test::WriteRecord(folder_ / "odd", record);
  for (const Words& words : {Words{"odd/r\xFF.hea"}, Words{"--json", "odd/r\xFF.hea"}}) {
    const test::Outcome outcome = Run("ecginfo", words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_NE(outcome.out, "");
  }
}

TEST_F(ToolsTest, EcgplotDrawsOrSaysWhyNot) {
  EXPECT_EQ(Run("ecgplot", {"records/A0001.hea", "a.svg"}).status, 0);
  EXPECT_TRUE(fs::exists(folder_ / "a.svg"));
  EXPECT_EQ(Run("ecgplot", {"nowhere.hea", "b.svg"}).status, 3);
  EXPECT_EQ(Run("ecgplot", {"records/A0001.hea", "b.svg", "--annotations", "none"}).status, 3);
  EXPECT_EQ(Run("ecgplot", {"records/A0001.hea", "taken/b.svg"}).status, 7);
  EXPECT_FALSE(fs::exists(folder_ / "b.svg"));
}

TEST_F(ToolsTest, EcgplotWritesToStdoutAndDrawingsAlone) {
  ASSERT_EQ(Run("ecgplot", {"records/A0001", "a.SVG"}).status, 0);
  const test::Outcome drawn = Run("ecgplot", {"records/A0001", "-"});
  EXPECT_EQ(drawn.status, 0);
  EXPECT_EQ(drawn.out, ReadFile(folder_ / "a.SVG").value());
  EXPECT_EQ(Run("ecgplot", {"records/A0001", "-"}, FillStdout).status, 7);
  const std::string record = ReadFile(folder_ / "records/A0001.mat").value();
  for (const char* name : {"a.jpg", "a", "records/A0001.mat"}) {
    const test::Outcome refused = Run("ecgplot", {"records/A0001", name});
    EXPECT_EQ(refused.status, 2) << name;
    EXPECT_NE(refused.err.find(".svg"), std::string::npos) << refused.err;
    EXPECT_FALSE(fs::exists(folder_ / "a.jpg"));
  }
  EXPECT_EQ(Run("ecgplot", {"records/A0001", "a.pdf"}).status, 0);
  EXPECT_EQ(ReadFile(folder_ / "a.pdf").value().rfind("%PDF", 0), 0u);
  EXPECT_EQ(Run("ecgplot", {"records/A0001", "-", "--as", "png"}).out.substr(1, 3), "PNG");
  EXPECT_EQ(Run("ecgplot", {"records/A0001", "b.pdf", "--as", "png"}).status, 2);
  EXPECT_EQ(ReadFile(folder_ / "records/A0001.mat").value(), record);
  EXPECT_EQ(Run("ecgplot", {"records/A0001"}).status, 2);
  EXPECT_EQ(Run("ecgplot", {"records/A0001", "a.svg", "b.svg"}).status, 2);
}

TEST_F(ToolsTest, EcgplotDrawsManyIntoAFolder) {
  test::TestRecord second;
  second.name = "A0002";
  second.signal = Beats;
  test::WriteRecord(folder_ / "records", second);
  EXPECT_EQ(Run("ecgplot", {"records/A0001.hea", "records/A0002", "-o", "pages/new"}).status, 0);
  ASSERT_EQ(Run("ecgplot", {"records/A0002", "one.svg"}).status, 0);
  EXPECT_EQ(ReadFile(folder_ / "pages/new/A0002.svg").value(),
            ReadFile(folder_ / "one.svg").value());
  EXPECT_TRUE(fs::exists(folder_ / "pages/new/A0001.svg"));
  EXPECT_EQ(Run("ecgplot", {"records", "-o", "whole", "--as", "png", "--dpi", "50"}).status, 0);
  EXPECT_TRUE(fs::exists(folder_ / "whole/A0002.png"));
  // Nothing is drawn where two would have the same name, or a file is of one of them alone.
  const Words same = {"records/A0001", "other/A0001", "--output-folder", "same"};
  const Words why = {"records/A0001", "records/A0002", "--output-folder",
                     "same",          "--why",         "w.json"};
  for (const Words& words : {same, why}) {
    EXPECT_EQ(Run("ecgplot", words).status, 2);
    EXPECT_FALSE(fs::exists(folder_ / "same"));
  }
  BreakARecord();
  const test::Outcome some =
      Run("ecgplot", {"records/B0001", "records/A0002", "--output-folder", "some"});
  EXPECT_EQ(some.status, 4);
  EXPECT_NE(some.err.find("ecgplot: error: records/B0001.hea:1: "), std::string::npos) << some.err;
  EXPECT_TRUE(fs::exists(folder_ / "some/A0002.svg"));
  EXPECT_FALSE(fs::exists(folder_ / "some/B0001.svg"));
  EXPECT_EQ(Run("ecgplot", {"records/A0001", "records/A0002", "-o", "taken"}).status, 7);
}

TEST_F(ToolsTest, EcgplotMarksWhatEcgdelineateFound) {
  ASSERT_EQ(Run("ecgdelineate", {"records", "out", "-q"}).status, 0);
  const test::Outcome drawn =
      Run("ecgplot", {"records/A0001", "-", "--annotations", "out/A0001.peaks"});
  EXPECT_EQ(drawn.status, 0) << drawn.err;
  for (const char* text : {">R<", ">T<", ">QRS<"}) {
    EXPECT_NE(drawn.out.find(text), std::string::npos) << text;
  }
  EXPECT_EQ(drawn.out.find(">N<"), std::string::npos);
}

TEST_F(ToolsTest, EcgdelineateMarksWhatItCan) {
  const test::Outcome outcome = Run("ecgdelineate", {"records", "out", "-q"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out.substr(0, 21), "1 record delineated, ");
  // All leads of these records are alike, and that is all there is to say.
  EXPECT_NE(outcome.err.find("warning tolerated "), std::string::npos) << outcome.err;
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  EXPECT_TRUE(fs::exists(folder_ / "out/A0001.peaks"));
  EXPECT_EQ(Run("ecgdelineate", {"records", "leads", "--each-lead", "--leads", "II,V1"}).status, 0);
  EXPECT_TRUE(fs::exists(folder_ / "leads/A0001.v1"));
  EXPECT_FALSE(fs::exists(folder_ / "leads/A0001.v2"));

  EXPECT_EQ(Run("ecgdelineate", {"nowhere", "out"}).status, 3);
  EXPECT_EQ(Run("ecgdelineate", {"out", "out2"}).status, 3);  // no record there
  EXPECT_EQ(Run("ecgdelineate", {"records", "taken"}).status, 7);
  EXPECT_EQ(Run("ecgdelineate", {"records", "full"}, [] { test::LimitFileSize(20); }).status, 7);

  BreakARecord();
  const test::Outcome some = Run("ecgdelineate", {"records", "o\xFF", "--json", "-q"});
  EXPECT_EQ(some.status, 4);
  const Json figures = ParseJson(some.out, "stdout").value().root;
  EXPECT_EQ(figures["records"], 1);
  EXPECT_EQ(figures["failed"], 1);
  EXPECT_EQ(figures["output"], "o\xEF\xBF\xBD");
  EXPECT_NE(ReadFile(folder_ / "o\xFF/failed.csv").value().find("B0001,"), std::string::npos);
  fs::remove(folder_ / "records/A0001.hea");
  EXPECT_EQ(Run("ecgdelineate", {"records", "out3"}).status, 3);
}

TEST_F(ToolsTest, EcgconvertWritesAFileOrAFolder) {
  BreakARecord();
  const std::string record = "records/A0001.hea";
  EXPECT_EQ(Run("ecgconvert", {record, "a.edf"}).status, 0);
  EXPECT_EQ(Run("ecgconvert", {"records/A0001", "b.csv", "--json"}).status, 0);
  EXPECT_EQ(Run("ecgconvert", {"b.csv", "c.mat"}).status, 0);
  EXPECT_TRUE(fs::exists(folder_ / "c.hea"));
  EXPECT_EQ(Run("ecginfo", {"a.edf", "b.csv", "c.hea"}).status, 0);
  const test::Outcome all = Run("ecgconvert", {"records", "out", "--to", "npy", "--jobs", "2"});
  EXPECT_EQ(all.status, 4) << all.err;
  EXPECT_EQ(all.out, "1 record converted, 1 failed: out\n");
  EXPECT_EQ(Run("ecgconvert", {"records", "out", "--to", "npy", "--resume", "-q"}).out,
            "0 records converted, 1 failed, 1 there before: out\n");
  // There already, no format, several into one file, a broken one, among the inputs.
  const std::vector<std::pair<Words, int>> cases = {
      {{record, "a.edf"}, 2},
      {{record, "a.xyz"}, 2},
      {{"records", "b.edf"}, 2},
      {{record, record, "b.edf"}, 2},
      {{record, "new.edf", "--wfdb-format", "212"}, 2},
      {{"records", "out2", "--to", "wfdb", "--identify", "--anonymise"}, 2},
      {{"records", "out2", "--to", "wfdb", "--mapping", "m.csv"}, 2},
      {{"records/B0001.hea", "new.edf"}, 3},
      {{"nowhere", "new.edf"}, 3},
      {{"records", "records", "--to", "edf"}, 2},
      {{record, "taken/new.edf"}, 7}};
  for (const auto& [words, status] : cases) {
    const test::Outcome outcome = Run("ecgconvert", words);
    EXPECT_EQ(outcome.status, status) << Join(words, " ") << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_FALSE(fs::exists(folder_ / "new.edf"));
}

TEST_F(ToolsTest, WhoAndWhenAreToldWhereAsked) {
  std::string text = ReadFile(folder_ / "records/A0001.hea").value();
  text.insert(text.find('\n'), " 10:11:12 07/03/2019");
  WriteFileAtomic(folder_ / "records/A0001.hea", text + "#Patient ID: P4711\n#Name: Roe\n").value();
  const std::string record = "records/A0001.hea";
  for (const Words& words : {Words{record, "--info"}, Words{record, "--json"}}) {
    const test::Outcome plain = Run("ecginfo", words);
    EXPECT_EQ(plain.status, 0);
    Words asked = words;
    asked.emplace_back("--identify");
    const test::Outcome all = Run("ecginfo", asked);
    for (const char* secret : {"P4711", "Roe", "2019"}) {
      EXPECT_EQ((plain.out + plain.err).find(secret), std::string::npos) << secret;
      EXPECT_NE(all.out.find(secret), std::string::npos) << secret;
    }
    EXPECT_NE(plain.out.find("female"), std::string::npos);
  }
  EXPECT_EQ(Run("ecgplot", {record, "-"}).out.find("2019"), std::string::npos);
}

TEST_F(ToolsTest, InfoDescribesABundleWithoutComputingWithIt) {
  const std::string bundle = test::SourcePath("tests/golden/bundle_format_1").string();
  const test::Outcome text = Run("ecginfo", {bundle});
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_NE(text.out.find("task abnormalities: 26 classes, 125 Hz"), std::string::npos) << text.out;
  const Result<JsonDocument> json = ParseJson(Run("ecginfo", {bundle, "--json"}).out, "stdout");
  ASSERT_TRUE(json.ok()) << json.error().ToString();
  EXPECT_EQ(json->root[0]["architecture"]["width"], 2);
  fs::copy(bundle, folder_ / "damaged");
  WriteFileAtomic(folder_ / "damaged/weights.safetensors", "?").value();
  EXPECT_EQ(Run("ecginfo", {"damaged"}).status, 3);
  EXPECT_EQ(Run("ecginfo", {"records"}).status, 3);
}

// One check for both tools.
TEST_F(ToolsTest, InfoRefusesAnEnsembleThatCannotPredict) {
  const std::string bundle = test::SourcePath("tests/golden/bundle_format_1").string();
  fs::create_directories(folder_ / "five");
  fs::copy(bundle, folder_ / "five/member");
  model::EnsembleInfo info;
  info.general.members = {{"member", model::LoadBundle(bundle).value().checksum}};
  info.general.decision.thresholds.assign(26, 0.5);
  model::SaveEnsemble(folder_ / "five", info).value();
  EXPECT_EQ(Run("ecginfo", {"five"}).status, 0);
  info.general.decision.thresholds.pop_back();
  model::SaveEnsemble(folder_ / "five", info).value();
  const test::Outcome refused = Run("ecginfo", {"five"});
  EXPECT_EQ(refused.status, 3);
  EXPECT_NE(refused.err.find("25 thresholds for 26 classes"), std::string::npos) << refused.err;
}

#ifndef ECG_SANITIZED
// A gigabyte of addresses and five seconds of a processor.
void LimitCosts() {
  const rlimit memory = {std::size_t{1} << 30, std::size_t{1} << 30};
  ::setrlimit(RLIMIT_AS, &memory);
  const rlimit seconds = {5, 5};
  ::setrlimit(RLIMIT_CPU, &seconds);
}

TEST_F(ToolsTest, LittleFilesCostLittle) {
  const std::string make = test::SourcePath("scripts/attack/little_files.sh").string() + " '" +
                           (folder_ / "little").string() + "'";
  ASSERT_EQ(std::system(make.c_str()), 0);
  const auto costs_little = [&](const std::string& tool, const Words& words) {
    const test::Outcome outcome = Run(tool, words, LimitCosts);
    EXPECT_TRUE(outcome.status == 0 || outcome.status == 3 || outcome.status == 4)
        << tool << " " << Join(words, " ") << ": " << outcome.status << "\n"
        << outcome.err;
    return outcome;
  };
  std::size_t records = 0;
  for (const char* part : {"little/records", "little/texts"}) {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / part)) {
      if (entry.path().extension() != ".hea") continue;
      const std::string path = entry.path().string();
      costs_little("ecginfo", {path});
      costs_little("ecgplot", {path, "page.svg", "--layout", "all"});
      ++records;
    }
    costs_little("ecgdelineate", {(folder_ / part).string(), "peaks", "--intervals", "all.csv"});
  }
  EXPECT_GT(records, 20u);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "little/texts")) {
    if (entry.path().extension() != ".csv") continue;
    costs_little("ecgscore", {entry.path().string(), "records", "--bootstrap", "0"});
    costs_little("ecgscore", {"records", entry.path().string(), "--bootstrap", "0"});
  }
  // Those that can be delineated are.
  const test::Outcome all = costs_little("ecgdelineate", {"little/records", "peaks", "--verbose"});
  EXPECT_EQ(all.status, 4);
  EXPECT_TRUE(fs::exists(folder_ / "peaks/part.peaks"));
  EXPECT_TRUE(fs::exists(folder_ / "peaks/frames_fast.peaks"));
  EXPECT_FALSE(fs::exists(folder_ / "peaks/null.peaks"));
  const std::string failed = ReadFile(folder_ / "peaks/failed.csv").value();
  EXPECT_NE(
      failed.find("null.hea: memory: needs 150 GB; of files of 0.0 kB no more than 268 MB is made"),
      std::string::npos)
      << failed;
}
#endif

}  // namespace
}  // namespace ecg
