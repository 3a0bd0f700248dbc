#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace coroom::application {

/// SIGINT and SIGTERM, caught from here on.
class StopSignals {
 public:
  StopSignals();

  /// Until one of them comes. From then on another one ends the program at once.
  void wait();

 private:
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_;
  int received_ = 0;
};

}  // namespace coroom::application
