#include "src/core/cgroup.h"

#include <gtest/gtest.h>

#include <string>

#include "ecg/core/file.h"
#include "tests/support.h"

namespace ecg {
namespace {

class CgroupTest : public ::testing::Test {
 protected:
  void Write(const std::string& path, const std::string& text) {
    WriteFileAtomic(folder_ / path, text, Durability::kCached).value();
  }
  std::optional<double> Processors() {
    return CgroupProcessors(folder_ / "self", folder_ / "mount");
  }
  test::TemporaryFolder folder_;
};

TEST_F(CgroupTest, TakesTheStrictestGroupOfVersion2) {
  EXPECT_FALSE(Processors().has_value());
  Write("self/cgroup", "0::/slice/of/mine\n");
  EXPECT_FALSE(Processors().has_value());
  Write("mount/slice/of/mine/cpu.max", "max 100000\n");
  EXPECT_FALSE(Processors().has_value());
  Write("mount/slice/of/mine/cpu.max", "350000 100000\n");
  EXPECT_EQ(Processors(), 3.5);
  Write("mount/slice/cpu.max", "150000 100000\n");
  EXPECT_EQ(Processors(), 1.5);
  Write("mount/slice/of/cpu.max", "200000 100000\n");
  EXPECT_EQ(Processors(), 1.5);
  Write("mount/slice/of/another/cpu.max", "10000 100000\n");
  EXPECT_EQ(Processors(), 1.5);
  Write("mount/cpu.max", "25000 50000\n");
  EXPECT_EQ(Processors(), 0.5);
}

TEST_F(CgroupTest, ReadsVersion1WhereverItIsMounted) {
  Write("self/cgroup", "9:name=systemd:/x\n4:cpuacct,cpu:/docker/a:b\n3:cpuset:/\n0::/\n");
  Write("mount/cpu/docker/a:b/cpu.cfs_quota_us", "-1\n");
  Write("mount/cpu/docker/a:b/cpu.cfs_period_us", "100000\n");
  EXPECT_FALSE(Processors().has_value());
  Write("mount/cpu/docker/a:b/cpu.cfs_quota_us", "200000\n");
  EXPECT_EQ(Processors(), 2.0);
  Write("mount/cpuacct,cpu/cpu.cfs_quota_us", "120000\n");
  Write("mount/cpuacct,cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(Processors(), 1.2);
  // A group of another controller, and a hybrid mount of version 2.
  Write("mount/cpuset/cpu.cfs_quota_us", "1\n");
  Write("mount/cpuset/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(Processors(), 1.2);
  Write("mount/unified/cpu.max", "100000 100000");
  EXPECT_EQ(Processors(), 1.0);
}

TEST_F(CgroupTest, TakesTheLeastMemoryOfBothVersions) {
  const auto memory = [&] { return CgroupMemory(folder_ / "self", folder_ / "mount"); };
  Write("self/cgroup", "9:cpu:/x\n4:memory:/docker/a\n0::/slice/of/mine\n");
  EXPECT_FALSE(memory().has_value());
  Write("mount/slice/of/mine/memory.max", "max\n");
  Write("mount/slice/of/mine/cpu.max", "350000 100000\n");
  EXPECT_FALSE(memory().has_value());
  Write("mount/slice/memory.max", "4294967296\n");
  EXPECT_EQ(memory(), 4294967296.0);
  Write("mount/memory/docker/a/memory.limit_in_bytes", "9223372036854771712\n");  // none
  EXPECT_EQ(memory(), 4294967296.0);
  Write("mount/memory/docker/memory.limit_in_bytes", "1073741824\n");
  EXPECT_EQ(memory(), 1073741824.0);
  for (const char* text : {"", "x", "-1", "0", "1 2", "1e9"}) {
    Write("mount/memory/docker/memory.limit_in_bytes", text);
    EXPECT_EQ(memory(), 4294967296.0) << text;
  }
}

TEST_F(CgroupTest, SetsNoLimitWhereFilesMakeNoSense) {
  for (const char* text : {"", "\n", "0", "0:", "::", "0::/a\n:\n", "x\n0::/../../a"}) {
    Write("self/cgroup", text);
    for (const char* max : {"", "max", "0 100000", "1 0", "-1 -1", "1 2 3", "9e9 1", "\xFF 1"}) {
      Write("mount/a/cpu.max", max);
      EXPECT_FALSE(Processors().has_value()) << text << " with " << max;
    }
  }
}

}  // namespace
}  // namespace ecg
