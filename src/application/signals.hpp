#pragma once

#include <coroom/error.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>
#include <vector>

namespace coroom::detail::application {

/// The signals of a program that serves, caught during the lifetime of this object: SIGINT, SIGTERM and
/// SIGHUP. SIGHUP also stops the program, unless there is a reload function. Signals that are ignored at
/// construction stay ignored (POSIX.1-2017, nohup and section 2.11 of the shell).
class Signals {
 public:
  using Reload = std::function<Result<>()>;

  /// `waiting` must outlive it. `reload` may be empty.
  Signals(boost::asio::io_context& waiting, Reload reload);
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Restores the default actions of SIGINT and SIGTERM.
  ~Signals();

  /// Blocks until a signal stops the program, or the context is stopped. From then on, SIGINT and SIGTERM end
  /// the program at once.
  void wait_for_stop();

 private:
  void wait_for_reload();

  boost::asio::io_context& context_;
  boost::asio::signal_set stop_;
  boost::asio::signal_set hang_up_;
  std::vector<int> ending_;  // SIGINT and SIGTERM, unless ignored
  Reload reload_;
  int received_ = 0;
};

}  // namespace coroom::detail::application
