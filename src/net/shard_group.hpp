#pragma once

#include "net/shard.hpp"

#include <coroom/error.hpp>
#include <coroom/io_backend.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

namespace coroom::detail::net {

/// The shards of one server and their threads, or one guest shard without a thread.
class ShardGroup {
 public:
  /// `clock` must outlive the group.
  ShardGroup(std::size_t size, const Clock& clock);

  /// One guest shard on the context `host`. `host` and `clock` must outlive the group.
  ShardGroup(boost::asio::io_context& host, const Clock& clock);

  ShardGroup(const ShardGroup&) = delete;
  ShardGroup& operator=(const ShardGroup&) = delete;
  ~ShardGroup();

  /// Selects the I/O backend. Must be called before start(). Fails if io_uring is requested but not
  /// available; for a guest it never is.
  Result<> use(IoBackend backend);

  void start();

  /// Stops every shard and joins its thread. The tasks of the shards must have ended before. Returns false if
  /// a handler blocks a thread beyond `until`. That thread is detached, and the group must not be destroyed.
  bool stop_and_join(
      std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max());

  /// Returns whether the calling thread is that of a shard, so that a join would deadlock.
  [[nodiscard]] bool runs_in_this_thread() const;

  [[nodiscard]] bool is_guest() const { return is_guest_; }

  [[nodiscard]] std::size_t size() const { return shards_.size(); }
  Shard& operator[](std::size_t index) { return *shards_[index]; }

  /// Returns the home shard of a room with this name. The hash is keyed, so clients cannot choose names that
  /// all map to one shard.
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
