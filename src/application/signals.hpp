#pragma once

#include <coroom/error.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>

namespace coroom::application {

/// The signals of a program that serves, caught from here on: SIGINT and SIGTERM, and SIGHUP if there is
/// something to reload.
class Signals {
 public:
  using Reload = std::function<Result<>()>;

  explicit Signals(Reload reload);

  /// Until SIGINT or SIGTERM comes. From then on another one ends the program at once.
  void wait_for_stop();

 private:
  void wait_for_reload();

  boost::asio::io_context context_{1};
  boost::asio::signal_set stop_;
  boost::asio::signal_set hang_up_;
  Reload reload_;
  int received_ = 0;
};

}  // namespace coroom::application
