#include "src/apps/cli/report_run.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/data/records/input_guard.h"
#include "ecg/report/run_page.h"

namespace ecg::cli {
namespace {

namespace fs = std::filesystem;

report::RunsOfFolder ReadAll(const std::vector<fs::path>& folders) {
  report::RunsOfFolder all;
  for (const fs::path& folder : folders) {
    report::RunsOfFolder own = report::ReadRuns(folder).value();
    std::move(own.runs.begin(), own.runs.end(), std::back_inserter(all.runs));
    std::move(own.study.begin(), own.study.end(), std::back_inserter(all.study));
  }
  return all;
}

// `renew`: after so many seconds the page is another one; 0: never. Returns whether all runs are
// finished.
bool WritePage(const std::vector<fs::path>& folders, const fs::path& page, int renew) {
  const report::RunsOfFolder all = ReadAll(folders);
  const bool follow = renew > 0;
  const std::string text = report::RunPage(all.runs, all.study, renew);
  WriteFileAtomic(page, text, follow ? Durability::kCached : Durability::kSynced).value();
  return std::all_of(all.runs.begin(), all.runs.end(),
                     [](const report::RunReport& run) { return run.finished(); });
}

}  // namespace

void AddRunPage(CLI::App& command, RunPageOptions& options) {
  command
      .add_option("words", options.words,
                  "RUN: a run's folder, or one that holds several, as that of a study or sweep. "
                  "OUT.html: the file to write, or - for stdout")
      ->option_text("RUN... OUT.html")
      ->required()
      ->expected(2, CLI::detail::expected_max_vector_size);
  auto* follow = command.add_flag(
      "--follow", options.follow,
      "Write the page again and again until all runs are finished; it renews itself");
  command.add_option("--every", options.every, "Seconds from one page to the next")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str()
      ->needs(follow);
  AddOutputOptions(command, options.manners);
}

int MakeRunPage(const RunPageOptions& options) {
  SetUpLogging("ecgreport", options.manners);
  const fs::path page = options.words.back();
  const std::vector<fs::path> folders(options.words.begin(), options.words.end() - 1);
  if (page != "-") {
    data::InputGuard guard;
    for (const fs::path& folder : folders) guard.Add(folder);
    guard.CheckFile(page, {".html"}).value();
  } else if (options.follow) {
    throw Exception(UsageError("needs a file that can be written again", {}, 0, "--follow"));
  }
  while (!WritePage(folders, page, options.follow ? options.every : 0)) {
    if (!options.follow) break;
    spdlog::debug("{} is renewed", page.string());
    std::this_thread::sleep_for(std::chrono::seconds(options.every));
  }
  return kDone;
}

}  // namespace ecg::cli
