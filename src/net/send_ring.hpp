#pragma once

#include "net/turn.hpp"

#include <memory>

namespace coroom::detail::net {

/// Sends for many connections in one system call, using io_uring. Belongs to one thread.
class SendRing {
 public:
  /// Returns whether make() would succeed.
  static bool works();

  /// Returns nullptr if the kernel has no io_uring or does not permit its use.
  static std::unique_ptr<SendRing> make();

  SendRing(const SendRing&) = delete;
  SendRing& operator=(const SendRing&) = delete;
  ~SendRing();

  /// Sends for the first senders as much as their sockets accept at once, about `most` bytes in all. Senders
  /// that remain in the list have more to send.
  void send(Senders& senders, std::size_t most);

 private:
  class Impl;
  explicit SendRing(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace coroom::detail::net
