// Which of the processes of a run this one is, as whatever started them says in the environment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "ecg/core/result.h"

namespace ecg::train {

struct RankEnvironment {
  std::size_t rank = 0;        // 0 .. size - 1
  std::size_t size = 1;        // processes that train one model
  std::string address;         // of the machine where process 0 waits for the others; empty for one
  std::uint16_t port = 29500;  // there; the default is LibTorch's
};

// std::getenv, where a program reads its environment.
using GetVariable = std::function<const char*(const char*)>;

// The first of these that says that it started this process; one process alone where none does:
//   RANK, WORLD_SIZE                            torchrun, ecgtrain --nproc
//   OMPI_COMM_WORLD_RANK, OMPI_COMM_WORLD_SIZE  Open MPI's mpirun
//   PMI_RANK, PMI_SIZE                          MPICH's mpirun and those descended from it
//   SLURM_PROCID, SLURM_STEP_NUM_TASKS          Slurm's srun
// Several processes need MASTER_ADDR too; MASTER_PORT may be left out. torchrun may hold a store of
// its own at that port, which only its own version of LibTorch can talk to: the processes then meet
// at the next port. Values that are no numbers or contradict each other: UsageError.
Result<RankEnvironment> ReadRankEnvironment(const GetVariable& get);

// Whether this build can train with several processes (ECG_DISTRIBUTED).
bool BuiltForSeveralProcesses();

// "process 2 of 4": people count from 1.
std::string NameRank(std::size_t rank, std::size_t size);

}  // namespace ecg::train
