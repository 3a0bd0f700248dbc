#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace coroom::test {

using MonotonicClock = std::chrono::steady_clock;

/// A TCP socket that never blocks, for one thread with thousands of them.
class AttackSocket {
 public:
  struct AttackTarget {
    std::uint16_t port = 0;
    std::uint32_t from = 0;  // 127.0.0.1 and so many more: the loopback network has 16 million addresses
    int receive_buffer = 0;  // bytes; 0: the system's own
  };

  /// Begins to connect to 127.0.0.1; a failure is seen by the first send().
  explicit AttackSocket(const AttackTarget& settings);

  AttackSocket(AttackSocket&& other) noexcept;
  AttackSocket& operator=(AttackSocket&& other) noexcept;
  AttackSocket(const AttackSocket&) = delete;
  AttackSocket& operator=(const AttackSocket&) = delete;
  ~AttackSocket();

  [[nodiscard]] int descriptor() const { return socket_; }

  /// How many bytes were taken or came, maybe 0; none: the connection has ended.
  ///@{
  std::optional<std::size_t> send(std::string_view bytes);
  std::optional<std::size_t> receive(std::span<char> buffer);
  ///@}

  /// Ends the connection by RST rather than FIN.
  void reset();
  void close();

 private:
  int socket_;
};

/// As many file descriptors for this process as it may have; gives how many.
std::size_t raise_file_limit();

}  // namespace coroom::test
