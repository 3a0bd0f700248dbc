#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace coroom::test {

/// Connections from one address that take no memory of this process: bare descriptors.
class Herd {
 public:
  Herd(std::uint16_t port, std::size_t count);
  Herd(const Herd&) = delete;
  Herd& operator=(const Herd&) = delete;
  ~Herd();

  /// Sends the bytes on all connections. Blocks until the server has accepted them. Closed connections are
  /// skipped.
  void send(std::string_view bytes);

  /// Reads and discards what has arrived on all connections.
  void read();

  [[nodiscard]] std::size_t size() const { return sockets_.size(); }

 private:
  std::vector<int> sockets_;
};

}  // namespace coroom::test
