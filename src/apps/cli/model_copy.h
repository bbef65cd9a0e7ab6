// What the commands of ecgmodel that copy a model have in common: MODEL RECORDINGS... OUT.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/data/records/failed_record.h"
#include "ecg/data/records/record_selection.h"
#include "ecg/record/reader.h"

namespace ecg::cli {

void AddCopyWords(CLI::App& command, std::vector<std::string>& words);

struct ModelCopy {
  std::filesystem::path from, to;
  data::RecordInputs recordings;
};

// Throws Exception where there is no such model, and where OUT is there already.
ModelCopy CopyOf(const std::vector<std::string>& words, const record::OpenOptions& told);

void WarnOf(const std::vector<data::FailedRecord>& failed);

}  // namespace ecg::cli
