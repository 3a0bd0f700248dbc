#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace coroom {

/// A histogram of the delivery times of publications. A delivery begins when the room accepts the publication
/// into its order, and includes the time of the broker. It ends when the sockets of the members have been
/// handed the data. Publications are measured in blocks, each of which may hold many.
struct DeliveryTimes {
  /// The inclusive upper ends of the buckets. One more bucket counts longer times.
  static constexpr std::array<std::chrono::microseconds, 14> bounds{
      std::chrono::microseconds(100),       std::chrono::microseconds(250),
      std::chrono::microseconds(500),       std::chrono::microseconds(1'000),
      std::chrono::microseconds(2'500),     std::chrono::microseconds(5'000),
      std::chrono::microseconds(10'000),    std::chrono::microseconds(25'000),
      std::chrono::microseconds(50'000),    std::chrono::microseconds(100'000),
      std::chrono::microseconds(250'000),   std::chrono::microseconds(500'000),
      std::chrono::microseconds(1'000'000), std::chrono::microseconds(2'500'000)};

  std::array<std::uint64_t, bounds.size() + 1> counts{};  ///< blocks in each bucket
  std::chrono::microseconds sum{0};                       ///< total time of all blocks
};

/// The state of an application at one moment (Application::statistics).
struct Statistics {
  std::size_t connections = 0;      ///< open connections, including those with HTTP
  std::size_t sessions = 0;         ///< of these, WebSockets and streams
  std::size_t rooms = 0;            ///< rooms that have a member
  std::uint64_t messages_sent = 0;  ///< since the start; a message in a room counts once for each member
  std::uint64_t queued_bytes =
      0;  ///< bytes in the queues of all sessions; bytes that members share count once for each of them
  DeliveryTimes delivery_times;  ///< since the start
  std::uint64_t slow_turns = 0;  ///< since the start: times that a thread worked for more than 50 ms without
                                 ///< a pause; 0 on an executor of the program
};

}  // namespace coroom
