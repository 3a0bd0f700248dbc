#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace coroom::detail::log {

/// Writes lines to a descriptor on a thread of its own, so that a reader that stands still (a full pipe, a
/// terminal that was stopped, a disk without space) holds up nobody. Lines wait in a queue of bounded size;
/// a line that does not fit, or can't be written, is lost and counted. All calls are thread-safe.
class LineWriter {
 public:
  using SteadyClock = std::chrono::steady_clock;

  /// Makes the line that says how many lines were lost; called by the writer's thread.
  using LossReport = std::function<std::string(std::uint64_t lost)>;

  /// Keeps `queue_limit` bytes at most. Starts its thread with the first line. The descriptor stays open for
  /// as long as the process lives.
  LineWriter(int descriptor, std::size_t queue_limit, LossReport report = {});

  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  /// Leaves the thread, which may stand in a write without an end, to the end of the process.
  ~LineWriter() = default;

  /// Queues a line, which brings its own line break. Never blocks.
  void write(std::string line);

  /// Has the thread call this at that time. One call waits at most; while one does, others are ignored.
  void call_at(SteadyClock::time_point when, std::function<void()> call);

  /// Blocks until all lines are written or lost. Returns false after `limit`, and from then on at once.
  bool flush(std::chrono::milliseconds limit);

  /// Returns the number of lines that were lost.
  [[nodiscard]] std::uint64_t lost() const;

 private:
  struct State;

  std::shared_ptr<State> state_;  // shared with the thread
};

}  // namespace coroom::detail::log
