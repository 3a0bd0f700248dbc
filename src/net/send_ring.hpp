#pragma once

#include "net/turn.hpp"

#include <memory>

namespace coroom::net {

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

  /// Sends what each of them has, as far as its socket takes it at once, and empties the list.
  void send(Senders& senders);

 private:
  class Impl;
  explicit SendRing(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace coroom::net
