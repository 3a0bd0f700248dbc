#pragma once

#include <coroom/error.hpp>

#include <cstddef>
#include <sys/types.h>

namespace coroom::bench {

/// Returns the processor time of a process in seconds, of all threads, in user and kernel mode.
Result<double> cpu_seconds(pid_t process);

/// Returns the peak memory of a process in bytes (VmHWM).
Result<std::size_t> peak_memory(pid_t process);

/// Returns the current memory of a process in bytes (VmRSS).
Result<std::size_t> memory(pid_t process);

/// Returns the processor time of this process in seconds.
double own_cpu_seconds();

}  // namespace coroom::bench
