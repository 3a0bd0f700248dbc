#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace coroom {

/// How long publications took, from the moment their room took them into its order until they were handed to
/// the sockets of its members, the broker's time among it; by block, each of which may hold many.
struct DeliveryTimes {
  /// The upper ends of the buckets; what took longer is in one more.
  static constexpr std::array<std::chrono::microseconds, 14> bounds{
      std::chrono::microseconds(100),       std::chrono::microseconds(250),
      std::chrono::microseconds(500),       std::chrono::microseconds(1'000),
      std::chrono::microseconds(2'500),     std::chrono::microseconds(5'000),
      std::chrono::microseconds(10'000),    std::chrono::microseconds(25'000),
      std::chrono::microseconds(50'000),    std::chrono::microseconds(100'000),
      std::chrono::microseconds(250'000),   std::chrono::microseconds(500'000),
      std::chrono::microseconds(1'000'000), std::chrono::microseconds(2'500'000)};

  std::array<std::uint64_t, bounds.size() + 1> counts{};  ///< in each bucket
  std::chrono::microseconds sum{0};                       ///< of all
};

/// How an application stands.
struct Statistics {
  std::size_t connections = 0;      ///< open, with those that speak HTTP
  std::size_t sessions = 0;         ///< of them, WebSockets and streams
  std::size_t rooms = 0;            ///< with somebody in them
  std::uint64_t messages_sent = 0;  ///< since it began; one of a room counts for each member
  std::uint64_t queued_bytes =
      0;                         ///< that wait to be sent, in all queues; what members share counts for each
  DeliveryTimes delivery_times;  ///< since it began
  std::uint64_t slow_turns = 0;  ///< since it began: times that a thread was busy for more than 50 ms at once
};

}  // namespace coroom
