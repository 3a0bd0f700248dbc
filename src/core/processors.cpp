#include "core/processors.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <sched.h>
#include <string>
#include <string_view>
#include <thread>

namespace coroom::detail {
namespace {

namespace fs = std::filesystem;

/// Returns the ratio of a quota to its period; nullopt for "max", -1 and malformed content.
std::optional<double> ratio_of(std::istream& quota, std::istream& period) {
  double allowed = 0;
  double of = 0;
  if (!(quota >> allowed) || !(period >> of) || allowed <= 0 || of <= 0) return std::nullopt;
  return allowed / of;
}

std::optional<double> quota_v2(const fs::path& group) {
  std::ifstream file(group / "cpu.max");
  return ratio_of(file, file);
}

std::optional<double> quota_v1(const fs::path& group) {
  std::ifstream quota(group / "cpu.cfs_quota_us");
  std::ifstream period(group / "cpu.cfs_period_us");
  return ratio_of(quota, period);
}

/// Returns the strictest quota of a group and its ancestors. In a container the group's path may be that of
/// the host, while the mount itself is the group. Then only the mount exists.
template <class Read>
std::optional<double> strictest(const fs::path& mount, const std::string& group, Read read) {
  std::optional<double> least;
  for (fs::path path = fs::path(group).relative_path();; path = path.parent_path()) {
    const std::optional<double> quota = read(mount / path);
    if (quota) least = std::min(*quota, least.value_or(*quota));
    if (path.empty()) return least;
  }
}

bool names_cpu(std::string_view controllers) {
  const std::string list = ',' + std::string(controllers) + ',';
  return list.find(",cpu,") != std::string::npos;
}

std::size_t scheduled_on() {
  // The kernel rejects a set smaller than its own.
  constexpr int most = 1 << 16;
  for (int processors = 1024; processors <= most; processors *= 2) {
    const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(
        CPU_ALLOC(static_cast<std::size_t>(processors)), [](cpu_set_t* made) { CPU_FREE(made); });
    const std::size_t size = CPU_ALLOC_SIZE(static_cast<std::size_t>(processors));
    if (set && sched_getaffinity(0, size, set.get()) == 0)
      return static_cast<std::size_t>(CPU_COUNT_S(size, set.get()));
  }
  return std::thread::hardware_concurrency();
}

}  // namespace

std::optional<double> processor_quota(const fs::path& root) {
  std::optional<double> least;
  const auto consider = [&least](std::optional<double> quota) {
    if (quota) least = std::min(*quota, least.value_or(*quota));
  };
  // One line each: hierarchy:controllers:path. For v2 the controllers are empty (cgroups(7)).
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string path = line.substr(second + 1);
    const fs::path mounts = root / "sys/fs/cgroup";
    if (controllers.empty()) {
      consider(strictest(mounts, path, quota_v2));
    } else if (names_cpu(controllers)) {
      consider(strictest(mounts / "cpu", path, quota_v1));
      consider(strictest(mounts / controllers, path, quota_v1));
    }
  }
  return least;
}

std::size_t available_processors() {
  const std::size_t processors = std::max<std::size_t>(1, scheduled_on());
  const auto quota = processor_quota();
  if (!quota || *quota >= static_cast<double>(processors)) return processors;
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(*quota)));
}

}  // namespace coroom::detail
