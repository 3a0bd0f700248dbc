#pragma once

#include "core/deadline.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/clock.hpp>
#include <coroom/disconnect.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>

namespace coroom::detail::centrifuge {

/// Detects a dead client: it must connect in time and answer the protocol's pings.
class Liveness {
 public:
  /// `ping` sends a ping. `lost` is called once, with the reason for the client. Both run on the executor.
  /// The clock and the settings outlive this object.
  Liveness(const boost::asio::any_io_executor& executor, const Clock& clock,
           const CentrifugeSettings& settings, std::function<void()> ping,
           std::function<void(Disconnect)> lost);

  /// Starts the pings after the client has connected. The first ping comes after half an interval to a whole
  /// one, so that clients that connect together do not ping together.
  void connected();

  /// Records a pong. Returns false if no ping is open.
  bool pong();

  /// Marks the server as busy with the client's commands. A pong may wait unread meanwhile, so the client
  /// gets more time.
  void set_busy(bool busy) { busy_ = busy; }

  /// Stops the timer; no callback runs any more.
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
  std::chrono::nanoseconds pinged_at_{0};  // by timer_time()
};

}  // namespace coroom::detail::centrifuge
