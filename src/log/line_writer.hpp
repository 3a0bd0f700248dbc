#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace coroom::detail::log {

/// Writes lines to a descriptor on its own thread, so that a stalled reader (a full pipe, a stopped terminal,
/// a full disk) blocks no other thread. Lines wait in a queue of bounded size. A line that does not fit, or
/// cannot be written, is lost and counted. All calls are thread-safe.
class LineWriter {
 public:
  using SteadyClock = std::chrono::steady_clock;

  /// Returns the line that reports the number of lost lines. Called on the writer's thread.
  using LossReport = std::function<std::string(std::uint64_t lost)>;

  /// Queues at most `queue_limit` bytes. Starts its thread with the first line. The descriptor must stay open
  /// until the process ends.
  LineWriter(int descriptor, std::size_t queue_limit, LossReport report = {});

  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  /// Does not stop the thread, which may block in a write indefinitely. It runs until the process ends.
  ~LineWriter() = default;

  /// Queues a line, which must contain its line break. Never blocks.
  void write(std::string line);

  /// Calls `call` on the thread at `when`. At most one call is pending; further ones are ignored meanwhile,
  /// as are calls before the first line.
  void call_at(SteadyClock::time_point when, std::function<void()> call);

  /// Blocks until all lines are written or lost. Returns false once `limit` has passed; after that, later
  /// calls do not block.
  bool flush(std::chrono::milliseconds limit);

  /// Returns the number of lost lines.
  [[nodiscard]] std::uint64_t lost() const;

 private:
  struct State;

  std::shared_ptr<State> state_;  // shared with the thread
};

}  // namespace coroom::detail::log
