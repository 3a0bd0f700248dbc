#pragma once

#include "net/shard.hpp"

#include <coroom/error.hpp>
#include <coroom/settings.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

namespace coroom::detail::net {

/// The shards of one server and their threads; or one shard that is a guest, and no thread.
class ShardGroup {
 public:
  /// The clock outlives it.
  ShardGroup(std::size_t size, const Clock& clock);

  /// One guest on this context, which outlives it, as the clock does.
  ShardGroup(boost::asio::io_context& host, const Clock& clock);

  ShardGroup(const ShardGroup&) = delete;
  ShardGroup& operator=(const ShardGroup&) = delete;
  ~ShardGroup();

  /// Before start(). An error: io_uring is asked for and can't be had, which a guest never can.
  Result<> use(IoBackend backend);

  void start();

  /// Stops every shard and joins its thread. The tasks of the shards must have ended before. False: a thread
  /// did not end in time, as a handler holds it up, and is left alone; the group must stay for it.
  bool stop_and_join(
      std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max());

  /// Whether the calling thread is that of a shard, and would wait for itself.
  [[nodiscard]] bool runs_in_this_thread() const;

  [[nodiscard]] bool is_guest() const { return is_guest_; }

  [[nodiscard]] std::size_t size() const { return shards_.size(); }
  Shard& operator[](std::size_t index) { return *shards_[index]; }

  /// The shard on which whatever bears this name lives. Nobody can choose names for one shard.
  Shard& home_of(std::string_view name);

  [[nodiscard]] auto begin() { return shards_.begin(); }
  [[nodiscard]] auto end() { return shards_.end(); }

 private:
  struct Thread {
    std::thread thread;
    std::future<void> ended;
  };

  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<Thread> threads_;
  bool is_guest_ = false;
};

}  // namespace coroom::detail::net
