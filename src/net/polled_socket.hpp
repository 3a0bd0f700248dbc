#pragma once

#include "net/poller.hpp"
#include "net/shard.hpp"
#include "net/tls_session.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace coroom::detail::net {

/// A connected socket that nothing watches, with or without TLS.
class DetachedSocket {
 public:
  /// Takes the descriptor over.
  explicit DetachedSocket(int descriptor, std::unique_ptr<TlsSession> tls = nullptr)
      : descriptor_(descriptor), tls_(std::move(tls)) {}
  DetachedSocket(DetachedSocket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), tls_(std::move(other.tls_)) {}
  DetachedSocket& operator=(DetachedSocket&&) = delete;
  DetachedSocket(const DetachedSocket&) = delete;
  DetachedSocket& operator=(const DetachedSocket&) = delete;
  ~DetachedSocket();

 private:
  friend class PolledSocket;

  int descriptor_;
  std::unique_ptr<TlsSession> tls_;
};

/// The non-blocking socket of a session, with or without TLS, which the shard's poller watches. All calls
/// must be made on the shard.
class PolledSocket {
 public:
  /// Takes the socket over. `owner` is called when the socket is ready; both it and the shard must outlive
  /// this object. Throws boost::system::system_error if the kernel has no memory.
  PolledSocket(DetachedSocket socket, Shard& shard, Pollable& owner);

  PolledSocket(const PolledSocket&) = delete;
  PolledSocket& operator=(const PolledSocket&) = delete;
  ~PolledSocket();

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] TlsSession* tls() const { return tls_.get(); }
  [[nodiscard]] Pollable& owner() const { return owner_; }

  /// Reads the received bytes without waiting. Returns 0 with an error if there are none.
  std::size_t read_some(std::span<char> data, boost::system::error_code& ec);

  /// Returns whether TLS holds received bytes beyond the last read, which the poller does not report.
  [[nodiscard]] bool has_pending() const { return tls_ && tls_->has_pending(); }

  /// Sends the TLS close_notify, if there is TLS, and shuts down the sending side.
  void shutdown_send();

  /// Shuts down both sides, so that the owner is called.
  void shutdown();

  void close();

  /// Sets whether small writes are sent at once (TCP_NODELAY).
  void set_nodelay(bool on);

  /// Returns the time since the kernel received the last bytes of the peer. Unread bytes count. While bytes
  /// are unread, returns the time since the peer last acknowledged bytes of the server. Returns the maximum
  /// on error.
  [[nodiscard]] std::chrono::milliseconds silence() const;

 private:
  int descriptor_ = -1;
  Shard& shard_;
  Pollable& owner_;
  std::unique_ptr<TlsSession> tls_;
};

}  // namespace coroom::detail::net
