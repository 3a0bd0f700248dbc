#pragma once

#include <coroom/error.hpp>

#include <cstddef>
#include <sys/types.h>

namespace coroom::bench {

/// Seconds of processor time that a process has used, in all its threads, in user and kernel mode.
Result<double> cpu_seconds(pid_t process);

/// The most memory that it has held at one time, in bytes (VmHWM).
Result<std::size_t> peak_memory(pid_t process);

/// The memory that it holds now, in bytes (VmRSS).
Result<std::size_t> memory(pid_t process);

/// Processor time of this process, in seconds.
double own_cpu_seconds();

}  // namespace coroom::bench
