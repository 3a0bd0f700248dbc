#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

namespace coroom::detail {

/// Returns how many processors' time the control groups of this process allow, such as 1.5; nullopt: there
/// is no limit. Reads cgroup v2 (`cpu.max`) and v1 (`cpu.cfs_quota_us`), of the group and those above it.
/// `root` is where proc and sys stand; a test has its own.
std::optional<double> processor_quota(const std::filesystem::path& root = "/");

/// Returns how many threads can run at once, at least 1: the processors that this process may be scheduled
/// on (sched_getaffinity), and no more than its quota, rounded up.
std::size_t available_processors();

}  // namespace coroom::detail
