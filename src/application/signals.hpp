#pragma once

#include <coroom/error.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>
#include <vector>

namespace coroom::detail::application {

/// The signals of a program that serves, caught as long as this lives: SIGINT, SIGTERM and SIGHUP, which
/// stops it too unless there is something to reload. Signals that are ignored when it is made stay ignored
/// (POSIX.1-2017, nohup and section 2.11 of the shell).
class Signals {
 public:
  using Reload = std::function<Result<>()>;

  /// What is to wait for them outlives it.
  Signals(boost::asio::io_context& waiting, Reload reload);
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// From here on SIGINT and SIGTERM do what they do in any program.
  ~Signals();

  /// Until SIGINT or SIGTERM comes, or the context is stopped. From then on one of them ends the program at
  /// once.
  void wait_for_stop();

 private:
  void wait_for_reload();

  boost::asio::io_context& context_;
  boost::asio::signal_set stop_;
  boost::asio::signal_set hang_up_;
  std::vector<int> ending_;  // SIGINT and SIGTERM, where they are not ignored
  Reload reload_;
  int received_ = 0;
};

}  // namespace coroom::detail::application
