#include "ecg/train/plan/ranks.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace ecg::train {
namespace {

using Variables = std::map<std::string, std::string>;

Result<RankEnvironment> Read(const Variables& variables) {
  return ReadRankEnvironment([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST(RankEnvironmentTest, WhatStartersSet) {
  struct Case {
    Variables variables;
    std::size_t rank, size;
    std::string address;
    int port;
  };
  const Case cases[] = {
      {{}, 0, 1, "", 29500},
      {{{"RANK", ""}, {"WORLD_SIZE", ""}}, 0, 1, "", 29500},
      {{{"RANK", "0"}, {"WORLD_SIZE", "1"}}, 0, 1, "", 29500},
      {{{"RANK", "1"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}}, 1, 2, "a", 29500},
      {{{"RANK", "1"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}, {"MASTER_PORT", "7"}},
       1,
       2,
       "a",
       7},
      // torchrun's own store is at its port.
      {{{"RANK", "1"},
        {"WORLD_SIZE", "2"},
        {"MASTER_ADDR", "a"},
        {"MASTER_PORT", "7"},
        {"TORCHELASTIC_USE_AGENT_STORE", "True"}},
       1,
       2,
       "a",
       8},
      {{{"OMPI_COMM_WORLD_RANK", "3"}, {"OMPI_COMM_WORLD_SIZE", "4"}, {"MASTER_ADDR", "::1"}},
       3,
       4,
       "::1",
       29500},
      {{{"PMI_RANK", "3"}, {"PMI_SIZE", "4"}, {"MASTER_ADDR", "a"}}, 3, 4, "a", 29500},
      {{{"SLURM_PROCID", "2"},
        {"SLURM_NTASKS", "8"},
        {"SLURM_STEP_NUM_TASKS", "8"},
        {"MASTER_ADDR", "a"}},
       2,
       8,
       "a",
       29500},
      // A batch script, and one task in it.
      {{{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "8"}}, 0, 1, "", 29500},
      {{{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "8"}, {"SLURM_STEP_NUM_TASKS", "1"}},
       0,
       1,
       "",
       29500},
      // torchrun within srun.
      {{{"RANK", "1"},
        {"WORLD_SIZE", "2"},
        {"MASTER_ADDR", "a"},
        {"SLURM_PROCID", "2"},
        {"SLURM_STEP_NUM_TASKS", "8"}},
       1,
       2,
       "a",
       29500},
  };
  for (const Case& c : cases) {
    const auto read = Read(c.variables);
    ASSERT_TRUE(read.ok()) << read.error().ToString();
    EXPECT_EQ(read->rank, c.rank);
    EXPECT_EQ(read->size, c.size);
    EXPECT_EQ(read->address, c.address);
    EXPECT_EQ(read->port, c.port);
  }
}

TEST(RankEnvironmentTest, NamesWhatIsWrong) {
  const std::pair<Variables, std::string> cases[] = {
      {{{"RANK", "1"}}, "WORLD_SIZE"},
      {{{"WORLD_SIZE", "2"}}, "RANK"},
      {{{"RANK", "2"}, {"WORLD_SIZE", "2"}}, "RANK"},
      {{{"RANK", "-1"}, {"WORLD_SIZE", "2"}}, "RANK"},
      {{{"RANK", "one"}, {"WORLD_SIZE", "2"}}, "RANK"},
      {{{"RANK", "0"}, {"WORLD_SIZE", "0"}}, "WORLD_SIZE"},
      {{{"RANK", "0"}, {"WORLD_SIZE", "99999999999999999999"}}, "WORLD_SIZE"},
      {{{"RANK", "0"}, {"WORLD_SIZE", "2"}}, "MASTER_ADDR"},
      {{{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}, {"MASTER_PORT", "65536"}},
       "MASTER_PORT"},
      {{{"RANK", "0"},
        {"WORLD_SIZE", "2"},
        {"MASTER_ADDR", "a"},
        {"MASTER_PORT", "65535"},
        {"TORCHELASTIC_USE_AGENT_STORE", "True"}},
       "MASTER_PORT"},
      {{{"OMPI_COMM_WORLD_RANK", "0"}, {"OMPI_COMM_WORLD_SIZE", "2"}}, "MASTER_ADDR"},
      {{{"PMI_SIZE", "2"}}, "PMI_RANK"},
      {{{"SLURM_STEP_NUM_TASKS", "2"}}, "SLURM_PROCID"},
  };
  for (const auto& [variables, field] : cases) {
    const auto read = Read(variables);
    ASSERT_FALSE(read.ok()) << field;
    EXPECT_EQ(read.error().kind, ErrorKind::kUsage);
    EXPECT_EQ(read.error().field, field) << read.error().ToString();
  }
}

}  // namespace
}  // namespace ecg::train
