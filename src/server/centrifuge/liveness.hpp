#pragma once

#include "core/deadline.hpp"

#include <coroom/disconnect.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>

namespace coroom::server::centrifuge {

/// How long a client may say nothing.
struct Patience {
  std::chrono::milliseconds connect{10'000};  ///< before it connects
  std::chrono::milliseconds ping{25'000};     ///< between the protocol's pings; 0: there are none
  std::chrono::milliseconds pong{8'000};      ///< for the answer to one; less than `ping`
};

/// Watches whether a client is there: it has to connect in time, and to answer the protocol's pings.
class Liveness {
 public:
  /// `ping` sends one; `lost` is called once, with what to tell the client. Both come on the executor.
  Liveness(const boost::asio::any_io_executor& executor, const Patience& patience, std::function<void()> ping,
           std::function<void(Disconnect)> lost);

  /// The client has connected: pings begin. The first comes between half an interval and a whole one, so that
  /// a crowd that connects at once does not ping at once.
  void connected();

  /// The client says that it is there. False if nobody asked.
  bool pong();

  /// Nothing is called any more.
  void stop() { deadline_.cancel(); }

 private:
  enum class Phase { connecting, quiet, pinged };

  void missed();

  Patience patience_;
  std::function<void()> ping_;
  std::function<void(Disconnect)> lost_;
  Deadline deadline_;
  Phase phase_ = Phase::connecting;
  std::chrono::steady_clock::time_point pinged_at_;
};

}  // namespace coroom::server::centrifuge
