#pragma once

#include "net/turn.hpp"

#include <memory>

namespace coroom::detail::net {

/// Sends for many connections in one system call, by io_uring. Belongs to one thread.
class SendRing {
 public:
  /// Whether make() gives one.
  static bool works();

  /// nullptr if the kernel has no io_uring, or does not let us use it.
  static std::unique_ptr<SendRing> make();

  SendRing(const SendRing&) = delete;
  SendRing& operator=(const SendRing&) = delete;
  ~SendRing();

  /// Sends for those in front, as far as their sockets take it at once, about `most` bytes in all. Whoever is
  /// left in the list has more to send.
  void send(Senders& senders, std::size_t most);

 private:
  class Impl;
  explicit SendRing(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace coroom::detail::net
