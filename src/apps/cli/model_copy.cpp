#include "src/apps/cli/model_copy.h"

#include <spdlog/spdlog.h>

#include <system_error>

#include "ecg/infer/shipped_models.h"
#include "src/apps/cli/tool.h"

namespace ecg::cli {

namespace fs = std::filesystem;

void AddCopyWords(CLI::App& command, std::vector<std::string>& words) {
  command
      .add_option("words", words,
                  "MODEL: the one to start from. RECORDINGS: a folder, or several folders and "
                  "recordings. OUT: for the copy")
      ->option_text("MODEL RECORDINGS... OUT")
      ->required()
      ->expected(3, 1 << 20);
}

ModelCopy CopyOf(const std::vector<std::string>& words, const record::OpenOptions& told) {
  const fs::path from = infer::FindModel(words.front()).value();
  const fs::path to = words.back();
  if (std::error_code ignored; fs::exists(fs::symlink_status(to, ignored))) {
    throw Exception(UsageError("is there already; name a new folder", to.string()));
  }
  Places places;
  places.words.assign(words.begin() + 1, words.end());  // OUT is the last one
  places.told = told;
  return {from, to, places.Inputs()};
}

void WarnOf(const std::vector<data::FailedRecord>& failed) {
  for (const data::FailedRecord& one : failed) {
    spdlog::warn("{}: {}", one.id, one.error.ToString());
  }
}

}  // namespace ecg::cli
