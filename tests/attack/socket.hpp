#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace coroom::test {

using MonotonicClock = std::chrono::steady_clock;

/// A non-blocking TCP socket, for thousands on one thread.
class AttackSocket {
 public:
  struct AttackTarget {
    std::uint16_t port = 0;
    std::uint32_t from = 0;  // offset from 127.0.0.1 within the loopback network
    int receive_buffer = 0;  // bytes; 0: the system's default
  };

  /// Begins to connect to 127.0.0.1. The first send() reports a failure.
  explicit AttackSocket(const AttackTarget& settings);

  AttackSocket(AttackSocket&& other) noexcept;
  AttackSocket& operator=(AttackSocket&& other) noexcept;
  AttackSocket(const AttackSocket&) = delete;
  AttackSocket& operator=(const AttackSocket&) = delete;
  ~AttackSocket();

  [[nodiscard]] int descriptor() const { return socket_; }

  /// Returns the number of bytes, possibly 0, or none if the connection has ended.
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

/// Raises this process's limit of file descriptors to its maximum, and returns it.
std::size_t raise_file_limit();

}  // namespace coroom::test
