// ecgscore: every challenge metric, exactly as the official scorer.
#include <spdlog/spdlog.h>

#include <cstdio>
#include <string>
#include <vector>

#include "ecg/score/metrics.h"
#include "ecg/score/official_text.h"
#include "ecg/score/score_input.h"
#include "src/cli/tool.h"

namespace {

struct Options {
  std::string labels;
  std::string predictions;
  std::string challenge = "2021";
  ecg::score::InputOptions input;
  ecg::cli::OutputOptions output;
};

int Run(Options& options) {
  using namespace ecg::score;
  ecg::cli::SetUpLogging("ecgscore", options.output);
  options.input.challenge = options.challenge == "2020" ? Challenge::k2020 : Challenge::k2021;
  const ScoreInput input =
      ReadScoreInput(options.labels, {options.predictions}, options.input).value();
  for (const Finding& finding : input.findings) {
    spdlog::warn("{} records {}, as {}", finding.places.size(), Describe(finding.kind),
                 finding.places.front().record);
  }
  const Metrics metrics =
      Evaluate(input.outcomes[0], ClassesOf(options.input.challenge), options.input.threads);
  std::printf("%s\n", OfficialScores(metrics, options.input.challenge).c_str());
  return input.failed > 0 ? ecg::cli::kSomeRecordsFailed : ecg::cli::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Scores predictions against labels as the PhysioNet/CinC Challenges do.",
               "ecgscore");
  Options options;
  app.add_option("labels", options.labels, "Folder of headers (.hea), or a CSV table")->required();
  app.add_option("predictions", options.predictions, "Folder of challenge CSVs, or a CSV table")
      ->required();
  app.add_option("--challenge", options.challenge, "Whose metrics")
      ->check(CLI::IsMember({"2020", "2021"}));
  app.add_flag("--official", options.input.official, "Read exactly what the official scorer reads");
  app.add_option("--threads", options.input.threads, "Threads (0 = all)");
  AddOutputOptions(app, options.output);
  return ecg::cli::RunTool(app, argc, argv, [&] { return Run(options); });
}
