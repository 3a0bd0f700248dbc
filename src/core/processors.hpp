#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

namespace coroom::detail {

/// Returns how much processor time the control groups of this process allow, in processors, such as 1.5.
/// Returns nullopt if there is no limit. Reads cgroup v2 (`cpu.max`) and v1 (`cpu.cfs_quota_us`) of the group
/// and its ancestors. `root` contains proc and sys; tests use their own.
std::optional<double> processor_quota(const std::filesystem::path& root = "/");

/// Returns how many threads can run at once, at least 1: the processors on which this process may be
/// scheduled (sched_getaffinity), limited to its quota rounded up.
std::size_t available_processors();

}  // namespace coroom::detail
