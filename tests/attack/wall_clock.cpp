/// Preloaded into a server, this shifts its wall clock but not its steady clock. The file that
/// COROOM_WALL_CLOCK names holds the shift in seconds as a number of 64 bits, which may change at any time.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

using Seconds = std::atomic<std::int64_t>;

const Seconds* open_shift() {
  const char* const name = std::getenv("COROOM_WALL_CLOCK");
  const int file = name != nullptr ? ::open(name, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) std::abort();
  void* const memory = ::mmap(nullptr, sizeof(Seconds), PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  if (memory == MAP_FAILED) std::abort();
  return static_cast<const Seconds*>(memory);
}

/// Zero-initialised, as an allocator may read the time before any constructor runs.
const Seconds* shift;

[[gnu::constructor]] void begin() {
  shift = open_shift();
}

timespec shifted(clockid_t clock) {
  timespec time{};
  ::syscall(SYS_clock_gettime, clock, &time);
  if (shift != nullptr) time.tv_sec += *shift;
  return time;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)
    return static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
  *time = shifted(clock);
  return 0;
}

int gettimeofday(timeval* time, void* /*zone*/) noexcept {
  const timespec now = shifted(CLOCK_REALTIME);
  *time = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

std::time_t time(std::time_t* also) noexcept {
  const std::time_t now = shifted(CLOCK_REALTIME).tv_sec;
  if (also != nullptr) *also = now;
  return now;
}
}
