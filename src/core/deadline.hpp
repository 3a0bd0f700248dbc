#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace coroom {

/// Calls somebody when a time has passed, unless it is set anew or destroyed before. Belongs to one shard.
/// Unlike a bare timer it may be destroyed while its handler is already on the way: the call does not come
/// then.
class Deadline {
 public:
  Deadline(const boost::asio::any_io_executor& executor, std::function<void()> missed);

  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() = default;

  void expires_after(std::chrono::milliseconds time);
  void cancel();

 private:
  struct State {
    boost::asio::steady_timer timer;
    std::function<void()> missed;
  };

  std::shared_ptr<State> state_;
};

}  // namespace coroom
