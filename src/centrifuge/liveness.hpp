#pragma once

#include "centrifuge/client_context.hpp"
#include "connection/keep_alive.hpp"
#include "net/timer_queue.hpp"

namespace coroom::detail::centrifuge {

/// Detects a dead client: it must connect in time and answer the protocol's pings.
class Liveness final : private net::Timer {
 public:
  /// The client must outlive it.
  explicit Liveness(ClientContext& client);
  Liveness(const Liveness&) = delete;
  Liveness& operator=(const Liveness&) = delete;
  ~Liveness() { stop(); }

  /// Starts the pings after the client has connected. The first ping comes after half an interval to a whole
  /// one, so that clients that connect together do not ping together.
  void connected();

  /// Records a pong. Returns false if no ping is open.
  bool pong();

  /// Marks the server as busy with the client's commands. A pong may wait unread meanwhile, so the client
  /// gets more time, as does one that waits for the reply to `connect`.
  void set_busy(bool busy) { busy_ = busy; }

  /// Stops the timer.
  void stop();

 private:
  void on_time() override;
  void act();
  void set_timer();

  ClientContext& client_;
  const connection::KeepAlive::Intervals pings_;
  connection::KeepAlive keep_alive_{pings_};  // stopped until the client has connected
  bool busy_ = false;
};

}  // namespace coroom::detail::centrifuge
