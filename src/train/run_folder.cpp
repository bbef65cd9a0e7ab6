#include "ecg/train/run_folder.h"

#include <chrono>
#include <fstream>

#include "ecg/core/file.h"
#include "src/train/tensorboard.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

constexpr char kConfig[] = "config.json";

double Now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

// The files that grow.
class RunFolder::Streams {
 public:
  explicit Streams(const fs::path& folder) : folder_(folder) {
    const auto seconds = static_cast<long long>(Now());
    metrics_.open(folder / "metrics.jsonl", std::ios::app);
    events_.open(folder / ("events.out.tfevents." + std::to_string(seconds) + ".ecgtrain"),
                 std::ios::binary);
    events_ << EventFileHeader(Now());
    Check();
  }

  void Write(std::int64_t step, const Json& values) {
    metrics_ << values.dump() << '\n' << std::flush;
    for (const auto& [tag, value] : values.items()) {
      if (value.is_number() && tag != "step") {
        events_ << ScalarEvent(Now(), step, tag, value.get<float>());
      }
    }
    events_ << std::flush;
    Check();
  }

 private:
  void Check() const {
    if (!metrics_ || !events_) throw Exception(InputError("cannot write here", folder_.string()));
  }
  fs::path folder_;
  std::ofstream metrics_;
  std::ofstream events_;
};

RunFolder::RunFolder(const Config& config, bool overwrite)
    : path_(fs::path(config.output) / config.name) {
  std::error_code ignored;
  if (fs::exists(path_ / kConfig, ignored)) {
    if (!overwrite) {
      throw Exception(
          UsageError("already holds a run; choose another name (--set name=...) or "
                     "pass --overwrite",
                     path_.string()));
    }
    fs::remove_all(path_, ignored);
  }
  CreateFolder(path_).value();
  streams_ = std::make_unique<Streams>(path_);
}

RunFolder::~RunFolder() = default;

void RunFolder::WriteConfig(const Json& resolved) {
  WriteFileAtomic(path_ / kConfig, DumpJson(resolved)).value();
}

void RunFolder::WriteEnvironment(const Json& environment) {
  WriteFileAtomic(path_ / "environment.json", DumpJson(environment)).value();
}

void RunFolder::Log(std::int64_t step, const Json& values) { streams_->Write(step, values); }

}  // namespace ecg::train
