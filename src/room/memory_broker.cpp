#include "room/epoch.hpp"
#include "room/history_ring.hpp"

#include <coroom/broker.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace coroom {
namespace {

// A room that nobody spoke in or read for so long is forgotten, its epoch too.
constexpr std::chrono::hours forgotten_after{24 * 30};

// Rooms that one publication looks at whether they are to be forgotten: enough to see all in time, and few
// enough not to be noticed.
constexpr std::size_t looks = 2;  // buckets

// So that shards seldom wait for each other.
constexpr std::size_t stripes = 16;

class MemoryBroker final : public Broker {
 public:
  explicit MemoryBroker(const Clock& clock) : clock_(clock) {}

  task<Result<Position>> publish(std::string room, std::span<Publication> publications,
                                 RoomOptions options) override {
    const Clock::TimePoint now = clock_.now();
    Stripe& stripe = stripe_of(room);
    const std::lock_guard<std::mutex> lock(stripe.mutex);
    stripe.forget_some(now);
    Kept& kept = stripe.rooms.try_emplace(std::move(room), stripe.epoch).first->second;
    kept.used = now;
    kept.ring.forget_before(now - options.history_ttl);
    for (Publication& publication : publications) kept.ring.append(publication, options.history_size);
    co_return Position(kept.ring.top(), kept.epoch);
  }

  task<Result<History>> history(std::string room, HistoryFilter filter, RoomOptions options) override {
    const Clock::TimePoint now = clock_.now();
    Stripe& stripe = stripe_of(room);
    const std::lock_guard<std::mutex> lock(stripe.mutex);
    const auto found = stripe.rooms.find(room);
    // Nothing is kept of a room for being asked about.
    if (found == stripe.rooms.end()) co_return History{{}, Position(0, stripe.epoch)};
    Kept& kept = found->second;
    kept.used = now;
    kept.ring.forget_all_but(options.history_size);
    kept.ring.forget_before(now - options.history_ttl);
    co_return History{kept.ring.read(filter), Position(kept.ring.top(), kept.epoch)};
  }

  task<Result<>> remove_history(std::string room) override {
    Stripe& stripe = stripe_of(room);
    const std::lock_guard<std::mutex> lock(stripe.mutex);
    const auto found = stripe.rooms.find(room);
    if (found != stripe.rooms.end()) found->second.ring.clear();
    co_return Result<>();
  }

 private:
  struct Kept {
    explicit Kept(std::string life) : epoch(std::move(life)) {}

    room::HistoryRing ring;
    std::string epoch;
    Clock::TimePoint used;
  };

  struct Stripe {
    void forget_some(Clock::TimePoint now) {
      for (std::size_t look = 0; look != looks; ++look) {
        next_bucket = (next_bucket + 1) % rooms.bucket_count();
        const auto first = rooms.begin(next_bucket);
        if (first == rooms.end(next_bucket) || now - first->second.used < forgotten_after) continue;
        rooms.erase(std::string(first->first));
        epoch = room::new_epoch();  // its next life has to be told from this one
      }
    }

    std::mutex mutex;
    std::unordered_map<std::string, Kept> rooms;
    std::string epoch = room::new_epoch();  // of rooms that begin now
    std::size_t next_bucket = 0;
  };

  Stripe& stripe_of(const std::string& room) { return stripes_[std::hash<std::string>()(room) % stripes]; }

  const Clock& clock_;
  std::array<Stripe, stripes> stripes_;
};

}  // namespace

std::shared_ptr<Broker> make_memory_broker(const Clock& clock) {
  return std::make_shared<MemoryBroker>(clock);
}

}  // namespace coroom
