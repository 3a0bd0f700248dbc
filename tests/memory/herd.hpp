#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace coroom::test {

/// Connections that hold no memory of this process: bare descriptors, from one address.
class Herd {
 public:
  Herd(std::uint16_t port, std::size_t count);
  Herd(const Herd&) = delete;
  Herd& operator=(const Herd&) = delete;
  ~Herd();

  /// Sends as much as the server takes, by all of them. What a connection that has ended would send is
  /// dropped.
  void send(std::string_view bytes);

  /// Reads what has come, of all of them, and drops it.
  void read();

  [[nodiscard]] std::size_t size() const { return sockets_.size(); }

 private:
  std::vector<int> sockets_;
};

}  // namespace coroom::test
