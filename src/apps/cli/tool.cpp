#include "src/apps/cli/tool.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

#include "ecg/core/shown_text.h"
#include "ecg/core/text.h"
#include "ecg/core/version.h"
#include "src/apps/cli/help.h"
#include "src/apps/cli/log_pattern.h"
#include "src/apps/cli/self_description.h"

namespace ecg::cli {
namespace {

// For --help: the codes of every tool and its own.
std::string ExitCodeHelp(const std::vector<ExitCode>& own) {
  struct Row {
    ExitCode code;
    bool everywhere;
    const char* meaning;
  };
  constexpr Row kRows[] = {{kDone, true, "all done"},
                           {kInternalError, true, "internal error"},
                           {kWrongUsage, true, "wrong usage or configuration"},
                           {kInputMissing, true, "input missing or unreadable"},
                           {kSomeRecordsFailed, false, "some records failed, the rest are done"},
                           {kScoreTooLow, false, "a figure is below --fail-under"},
                           {kTrainingDiverged, false, "training diverged"},
                           {kOutputFailed, true, "an output could not be written"},
                           {kInterrupted, false, "and a signal's number: interrupted by it"}};
  std::string text = "Exit codes:\n";
  for (const Row& row : kRows) {
    if (!row.everywhere && std::find(own.begin(), own.end(), row.code) == own.end()) continue;
    text += "  " + std::to_string(row.code) + "  " + row.meaning + "\n";
  }
  return text;
}

// What the build installs beside the tool (scripts/describe_tool.cmake); no option of the tool's
// own, so that help and completion do not name it. Empty for a form that there is none of.
std::string DescribeAs(const CLI::App& app, const std::string& form) {
  if (form == "man") return ManualPage(app, Version());
  if (form == "bash") return BashCompletion(app);
  return form == "zsh" ? ZshCompletion(app) : std::string();
}

}  // namespace

int ExitCodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return kWrongUsage;
    case ErrorKind::kInput:
      return kInputMissing;
    case ErrorKind::kOutput:
      return kOutputFailed;
    case ErrorKind::kDiverged:
      return kTrainingDiverged;
    case ErrorKind::kInternal:
      break;
  }
  return kInternalError;
}

void AddOutputOptions(CLI::App& app, OutputOptions& options) {
  auto* quiet = app.add_flag("-q,--quiet", options.quiet, "Only warnings and errors on stderr");
  app.add_flag("-v,--verbose", options.verbose, "Debug messages on stderr too")->excludes(quiet);
}

void AddInputOptions(CLI::App& app, record::OpenOptions& told) {
  const char* group = "Of files that do not say it themselves";
  app.add_option("--format", told.format,
                 "Read the input as this format (ecginfo --formats names them); by default by "
                 "content")
      ->group(group);
  app.add_option("--units", told.units, "Unit of a sample: mV, uV, 4.88uV, ...")->group(group);
  app.add_option("--zero", told.zero, "The sample that stands for 0 V, with --units")->group(group);
  app.add_option("--rate", told.sampling_rate, "Samples a second")
      ->check(CLI::PositiveNumber)
      ->group(group);
  app.add_option("--lead-names", told.leads,
                 "Names of the leads in the order of the file: I,II,V1-V6")
      ->delimiter(',')
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->allow_extra_args(false)  // what follows is a file
      ->group(group);
  app.add_option("--array", told.array, "Name or path of the array that holds the signals")
      ->group(group);
}

void AddStatementOptions(CLI::App& app, data::StatementConfig& config) {
  auto* use = app.add_flag("--statements", config.use,
                           "What statements of recorders and physicians state are labels too "
                           "(ecginfo --statements shows what they stand for)");
  app.add_flag("--possible", config.possible,
               "With --statements: also what they call possible, probable and the like")
      ->needs(use);
  app.add_option("--statement-table", config.table,
                 "CSV with rows of your own, which count before data/statements.csv");
}

data::RecordInputs Places::Inputs() const {
  data::RecordInputs inputs(std::vector<std::filesystem::path>(words.begin(), words.end() - 1));
  inputs.told = told;
  inputs.note = [](const std::string& text) { spdlog::info("{}", text); };
  return inputs;
}

void AddRecordSelection(CLI::App& app, data::RecordSelection& selection, const std::string& verb) {
  app.add_option("--list", selection.list,
                 "Text file with the records to " + verb +
                     ", a path below the input folder a line; - for standard input");
  app.add_option_function<std::string>(
         "--shard",
         [&selection](const std::string& text) {
           selection.shard = data::Shard::Parse(text).value();
         },
         "One share of the records, as in 2/8")
      ->check([](const std::string& text) {
        const Result<data::Shard> shard = data::Shard::Parse(text);
        return shard.ok() ? std::string() : shard.error().ToString();
      })
      ->default_str("1/1");
}

void AddPlaces(CLI::App& app, Places& places, const std::string& output, const std::string& word) {
  constexpr int kMost = 1 << 20;  // words that a shell may make of *
  app.add_option(
         "places", places.words,
         "INPUT: folder of recordings (ecginfo --formats), searched at any depth, or several "
         "folders and recordings. " +
             word + ": " + output)
      ->option_text("INPUT... " + word)
      ->required()
      ->expected(2, kMost);
  AddInputOptions(app, places.told);
}

void SetUpLogging(const std::string& tool, const OutputOptions& options) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool plain = no_color != nullptr && *no_color != '\0';
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
      plain ? spdlog::color_mode::never : spdlog::color_mode::automatic);
  auto logger = std::make_shared<spdlog::logger>(tool, sink);
  logger->set_level(options.quiet     ? spdlog::level::warn
                    : options.verbose ? spdlog::level::debug
                                      : spdlog::level::info);
  logger->set_formatter(LogFormatter("%H:%M:%S %^%l%$ %*"));
  spdlog::set_default_logger(logger);
}

void Print(const std::string& text) {
  const std::string shown = ShownText(text);
  // RunTool says where that did not take everything.
  std::fwrite(shown.data(), 1, shown.size(), stdout);
}

void PrintError(const std::string& tool, const std::string& message) {
  std::fprintf(stderr, "%s: error: %s\n", tool.c_str(), ShownLine(message).c_str());
}

std::unique_ptr<ProgressBar> MakeProgressBar(const OutputOptions& options) {
  return std::make_unique<ProgressBar>(options.quiet ? nullptr : stderr);
}

int ReportRecords(std::size_t done, const std::vector<data::FailedRecord>& failed,
                  const std::vector<std::string>& warnings, const std::string& failed_list) {
  constexpr std::size_t kShown = 10;  // failures named on stderr; the list has them all
  for (const std::string& warning : warnings) spdlog::debug("{}", warning);
  if (!warnings.empty()) {
    spdlog::warn("tolerated {} (--verbose names what)",
                 Counted(warnings.size(), "oddity", "oddities"));
  }
  for (std::size_t i = 0; i < failed.size() && i < kShown; ++i) {
    spdlog::warn("nothing for {}: {}", failed[i].id, failed[i].error.ToString());
  }
  if (failed.empty()) return kDone;
  spdlog::warn("{} failed, listed in {}", Counted(failed.size(), "record"), failed_list);
  return done > 0 ? kSomeRecordsFailed : kInputMissing;
}

int RunTool(CLI::App& app, int argc, char** argv, const std::function<int()>& body,
            const std::vector<ExitCode>& own) {
  const std::string tool = app.get_name();
  const auto fail = [&](const std::string& message, int code) {
    PrintError(tool, message);
    return code;
  };
  const std::string footer = app.get_footer();
  app.footer(footer + (footer.empty() ? "" : "\n\n") + ExitCodeHelp(own));
  const auto formatter = std::make_shared<HelpFormatter>(HelpColumns());
  app.formatter(formatter);
  const auto all = [](CLI::App* /*command*/) { return true; };
  for (CLI::App* command : app.get_subcommands(all)) command->formatter(formatter);
  const std::string revision = GitRevision();
  app.set_version_flag("--version",
                       tool + " " + Version() + (revision.empty() ? "" : " (" + revision + ")"));
  const auto flushed = [&](int code) {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
    return fail("cannot write to standard output", kOutputFailed);
  };
  if (argc == 3 && std::string(argv[1]) == "--describe-as") {
    const std::string text = DescribeAs(app, argv[2]);
    if (text.empty()) return fail("describes itself as man, bash or zsh", kWrongUsage);
    std::fputs(text.c_str(), stdout);
    return flushed(kDone);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 prints help and version texts through the same channel.
    return app.exit(error) == 0 ? flushed(kDone) : kWrongUsage;
  }
  try {
    return flushed(body());
  } catch (const Exception& error) {
    return fail(error.what(), ExitCodeOf(error.error().kind));
  } catch (const std::bad_alloc&) {
    return fail("out of memory", kInternalError);
  } catch (const std::exception& error) {
    return fail(std::string("internal: ") + error.what(), kInternalError);
  }
}

}  // namespace ecg::cli
