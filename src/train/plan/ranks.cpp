#include "ecg/train/plan/ranks.h"

#include <limits>
#include <optional>

#include "ecg/core/text.h"

namespace ecg::train {
namespace {

constexpr std::int64_t kMostProcesses = 65536;
constexpr std::int64_t kLastPort = std::numeric_limits<std::uint16_t>::max();

// What a starter of processes sets.
struct Starter {
  const char* rank;
  const char* size;
  bool rank_alone;  // whether the rank without the size is a mistake
};
// A batch script of Slurm has SLURM_PROCID and SLURM_NTASKS too, though it is one process: only
// tasks that srun started are told how many their step has.
constexpr Starter kStarters[] = {{"RANK", "WORLD_SIZE", true},
                                 {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", true},
                                 {"PMI_RANK", "PMI_SIZE", true},
                                 {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", false}};

// The text of a variable; a variable that is empty counts as not set.
std::string Text(const GetVariable& get, const char* name) {
  const char* text = get(name);
  return text == nullptr ? "" : text;
}

Result<std::int64_t> Number(const GetVariable& get, const char* name, std::int64_t least,
                            std::int64_t most) {
  const std::string text = Text(get, name);
  const std::optional<std::int64_t> number = ParseInt(text);
  if (number && *number >= least && *number <= most) return *number;
  return UsageError("is \"" + text + "\", but must be a number from " + std::to_string(least) +
                        " to " + std::to_string(most),
                    {}, 0, name);
}

Error NotSet(const char* name, const char* other) {
  return UsageError(std::string("is not set, but ") + other + " is", {}, 0, name);
}

Status ReadMeeting(const GetVariable& get, RankEnvironment& environment) {
  environment.address = Text(get, "MASTER_ADDR");
  if (environment.address.empty()) {
    return UsageError("is not set: the address of the machine where process 1 of " +
                          std::to_string(environment.size) +
                          " runs, by which all reach it (127.0.0.1 where all run on one machine)",
                      {}, 0, "MASTER_ADDR");
  }
  const bool port_is_taken = Text(get, "TORCHELASTIC_USE_AGENT_STORE") == "True";
  if (!Text(get, "MASTER_PORT").empty()) {
    const auto port = Number(get, "MASTER_PORT", 1, kLastPort - (port_is_taken ? 1 : 0));
    if (!port) return port.error();
    environment.port = static_cast<std::uint16_t>(*port);
  }
  if (port_is_taken) ++environment.port;
  return {};
}

}  // namespace

Result<RankEnvironment> ReadRankEnvironment(const GetVariable& get) {
  RankEnvironment environment;
  for (const Starter& starter : kStarters) {
    const bool has_rank = !Text(get, starter.rank).empty();
    const bool has_size = !Text(get, starter.size).empty();
    if (!has_size && !(has_rank && starter.rank_alone)) continue;
    if (!has_size) return NotSet(starter.size, starter.rank);
    if (!has_rank) return NotSet(starter.rank, starter.size);
    const auto size = Number(get, starter.size, 1, kMostProcesses);
    if (!size) return size.error();
    const auto rank = Number(get, starter.rank, 0, *size - 1);
    if (!rank) return rank.error();
    environment.rank = static_cast<std::size_t>(*rank);
    environment.size = static_cast<std::size_t>(*size);
    break;
  }
  if (environment.size > 1) {
    if (const Status meeting = ReadMeeting(get, environment); !meeting) return meeting.error();
  }
  return environment;
}

std::string NameRank(std::size_t rank, std::size_t size) {
  return "process " + std::to_string(rank + 1) + " of " + std::to_string(size);
}

}  // namespace ecg::train
