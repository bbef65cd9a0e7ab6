#include "src/train/checkpoint_folder.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "ecg/core/ending.h"
#include "ecg/core/file.h"
#include "ecg/core/text.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "step-";
constexpr std::string_view kEnding = ".checkpoint";
constexpr std::size_t kDigits = 9;  // at least

std::optional<std::uint64_t> StepOfName(const std::string& name) {
  if (name.size() < kPrefix.size() + kDigits + kEnding.size() || name.rfind(kPrefix, 0) != 0 ||
      !HasEnding(name, kEnding)) {
    return std::nullopt;
  }
  const std::string digits =
      name.substr(kPrefix.size(), name.size() - kPrefix.size() - kEnding.size());
  std::uint64_t step = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9' || step > (std::uint64_t{1} << 50)) return std::nullopt;
    step = step * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return step;
}

void Remove(const fs::path& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) throw Exception(OutputError("cannot remove: " + error.message(), path.string()));
}

}  // namespace

CheckpointFolder::CheckpointFolder(fs::path folder, fs::path log, std::size_t keep)
    : folder_(std::move(folder)), log_(std::move(log)), keep_(keep) {}

CheckpointFolder::~CheckpointFolder() {
  if (writing_.valid()) writing_.wait();
}

fs::path CheckpointFolder::PathOf(std::uint64_t step) const {
  std::string digits = std::to_string(step);
  if (digits.size() < kDigits) digits.insert(0, kDigits - digits.size(), '0');
  return folder_ / (std::string(kPrefix) + digits + std::string(kEnding));
}

std::vector<std::uint64_t> CheckpointFolder::Steps() const {
  std::vector<std::uint64_t> steps;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
    if (const auto step = StepOfName(entry.path().filename().string())) steps.push_back(*step);
  }
  std::sort(steps.begin(), steps.end());
  return steps;
}

void CheckpointFolder::Save(std::uint64_t step, std::optional<std::uint64_t> best,
                            std::string bytes) {
  Finish();
  writing_ = std::async(std::launch::async,
                        [this, path = PathOf(step), best, bytes = std::move(bytes)]() mutable {
                          Seal(bytes);
                          SyncFile(log_).value();
                          WriteFileAtomic(path, bytes).value();
                          Prune(keep_, best);
                        });
}

void CheckpointFolder::Finish() {
  if (writing_.valid()) writing_.get();
}

void CheckpointFolder::Prune(std::size_t last, std::optional<std::uint64_t> best) const {
  const std::vector<std::uint64_t> steps = Steps();
  for (std::size_t i = 0; i + last < steps.size(); ++i) {
    if (steps[i] != best) Remove(PathOf(steps[i]));
  }
}

void CheckpointFolder::RemoveAfter(std::uint64_t step) const {
  for (const std::uint64_t other : Steps()) {
    if (other > step) Remove(PathOf(other));
  }
  RemoveTemporaryFiles(folder_);
}

FoundCheckpoint FindCheckpoint(const CheckpointFolder& folder, std::uint64_t log_lines) {
  FoundCheckpoint found;
  std::vector<std::uint64_t> steps = folder.Steps();
  for (; !steps.empty(); steps.pop_back()) {
    const fs::path path = folder.PathOf(steps.back());
    Result<Checkpoint> checkpoint = Checkpoint::Read(path);
    if (!checkpoint.ok()) {
      found.refused.push_back(checkpoint.error());
      continue;
    }
    if (checkpoint->log_lines() > log_lines) {
      found.refused.push_back(InputError("counts " + Counted(checkpoint->log_lines(), "line") +
                                             " of metrics.jsonl, which has " +
                                             std::to_string(log_lines),
                                         path.string()));
      continue;
    }
    const Best best = checkpoint->best();
    if (best.epoch > 0 && best.step != steps.back()) {
      const Result<Checkpoint> kept = Checkpoint::Read(folder.PathOf(best.step));
      if (!kept.ok()) {
        found.refused.push_back(
            InputError("needs the best one: " + kept.error().ToString(), path.string()));
        continue;
      }
    }
    found.checkpoint = std::move(*checkpoint);
    found.step = steps.back();
    return found;
  }
  return found;
}

}  // namespace ecg::train
