#pragma once

#include "net/shard.hpp"

#include <coroom/error.hpp>
#include <coroom/settings.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

namespace coroom::net {

/// The shards of one server and their threads.
class ShardGroup {
 public:
  explicit ShardGroup(std::size_t size);

  ShardGroup(const ShardGroup&) = delete;
  ShardGroup& operator=(const ShardGroup&) = delete;
  ~ShardGroup();

  /// Before start(). An error: io_uring is asked for and can't be had.
  Result<> use(IoBackend backend);

  void start();

  /// Stops every shard and joins its thread. The tasks of the shards must have ended before.
  void stop_and_join();

  [[nodiscard]] std::size_t size() const { return shards_.size(); }
  Shard& operator[](std::size_t index) { return *shards_[index]; }

  /// The shard on which whatever bears this name lives. Nobody can choose names for one shard.
  Shard& home_of(std::string_view name);

  [[nodiscard]] auto begin() { return shards_.begin(); }
  [[nodiscard]] auto end() { return shards_.end(); }

 private:
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<std::jthread> threads_;
};

}  // namespace coroom::net
