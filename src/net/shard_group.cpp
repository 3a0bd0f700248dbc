#include "net/shard_group.hpp"

#include "core/keyed_hash.hpp"

namespace coroom::net {

ShardGroup::ShardGroup(std::size_t size) {
  shards_.reserve(size);
  for (std::size_t index = 0; index != size; ++index) shards_.push_back(std::make_unique<Shard>(index));
}

ShardGroup::~ShardGroup() {
  stop_and_join();
}

Result<> ShardGroup::use(IoBackend backend) {
  if (backend == IoBackend::epoll) return {};
  if (backend == IoBackend::io_uring && !SendRing::works())
    return failure("this system does not let us use io_uring");
  for (const auto& shard : shards_) shard->use_ring();
  return {};
}

void ShardGroup::start() {
  threads_.reserve(shards_.size());
  for (const auto& shard : shards_) {
    threads_.emplace_back([&running = *shard] { running.run(); });
  }
}

void ShardGroup::stop_and_join() {
  if (threads_.empty()) return;
  for (const auto& shard : shards_) shard->stop();
  threads_.clear();
}

Shard& ShardGroup::home_of(std::string_view name) {
  return *shards_[keyed_hash(name) % shards_.size()];
}

}  // namespace coroom::net
