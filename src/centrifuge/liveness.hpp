#pragma once

#include "core/deadline.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/clock.hpp>
#include <coroom/disconnect.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>

namespace coroom::detail::centrifuge {

/// Watches whether a client is there: it has to connect in time, and to answer the protocol's pings.
class Liveness {
 public:
  /// `ping` sends one; `lost` is called once, with what to tell the client. Both come on the executor. The
  /// clock and the settings outlive it.
  Liveness(const boost::asio::any_io_executor& executor, const Clock& clock,
           const CentrifugeSettings& settings, std::function<void()> ping,
           std::function<void(Disconnect)> lost);

  /// The client has connected: pings begin. The first comes between half an interval and a whole one, so that
  /// a crowd that connects at once does not ping at once.
  void connected();

  /// The client says that it is there. False if nobody asked.
  bool pong();

  /// While the server is busy with what the client said, its answer to a ping may wait unread: it is given
  /// more time then.
  void set_busy(bool busy) { busy_ = busy; }

  /// Nothing is called any more.
  void stop() { deadline_.cancel(); }

 private:
  enum class Phase { connecting, quiet, pinged };

  [[nodiscard]] std::chrono::milliseconds patience() const;
  void missed();
  void act();

  const Clock& clock_;
  const CentrifugeSettings& settings_;
  std::function<void()> ping_;
  std::function<void(Disconnect)> lost_;
  Deadline deadline_;
  Phase phase_ = Phase::connecting;
  bool busy_ = false;
  std::chrono::nanoseconds pinged_at_{0};  // of timer_time()
};

}  // namespace coroom::detail::centrifuge
