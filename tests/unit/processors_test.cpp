#include "core/processors.hpp"

#include "support/temporary.hpp"

#include <gtest/gtest.h>

#include <sched.h>

namespace coroom::detail {
namespace {

class ProcessorsTest : public testing::Test {
 protected:
  void write(const std::string& name, std::string_view text) { root_.write(name, text); }
  [[nodiscard]] std::optional<double> quota() const { return processor_quota(root_.path()); }

 private:
  test::TemporaryFolder root_;
};

TEST_F(ProcessorsTest, ReadsTheQuotaOfTheCgroup) {
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/cpu.max", "150000 100000\n");
  EXPECT_EQ(quota(), 1.5);
}

TEST_F(ProcessorsTest, UsesTheStrictestQuotaOfAllParents) {
  write("proc/self/cgroup", "0::/system.slice/coroom.service\n");
  write("sys/fs/cgroup/cpu.max", "max 100000\n");
  write("sys/fs/cgroup/system.slice/cpu.max", "200000 100000\n");
  write("sys/fs/cgroup/system.slice/coroom.service/cpu.max", "400000 100000\n");
  EXPECT_EQ(quota(), 2);
}

TEST_F(ProcessorsTest, ReadsCgroupVersion1) {
  write("proc/self/cgroup", "5:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n0::/\n");
  write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "50000\n");  // a container sees its own group there
  write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota(), 0.5);
}

TEST_F(ProcessorsTest, HasNoQuotaByDefault) {
  EXPECT_EQ(quota(), std::nullopt);
  write("proc/self/cgroup", "0::/\nnonsense\n4:cpu:/\n");
  EXPECT_EQ(quota(), std::nullopt);
  write("sys/fs/cgroup/cpu.max", "max 100000\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota(), std::nullopt);
  write("sys/fs/cgroup/cpu.max", "nonsense\n");
  EXPECT_EQ(quota(), std::nullopt);
}

TEST_F(ProcessorsTest, CountsTheAffinityMask) {
  cpu_set_t before{};
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  EXPECT_LE(available_processors(), static_cast<std::size_t>(CPU_COUNT(&before)));
  cpu_set_t one{};
  for (unsigned processor = 0; CPU_COUNT(&one) == 0; ++processor) {
    if (CPU_ISSET(processor, &before)) CPU_SET(processor, &one);
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(available_processors(), 1);
  ASSERT_EQ(sched_setaffinity(0, sizeof(before), &before), 0);
}

}  // namespace
}  // namespace coroom::detail
