#include "room/epoch.hpp"
#include "room/history_ring.hpp"

#include <coroom/broker.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace coroom {
namespace {

// A room whose last publication has expired for so long is forgotten, its epoch too.
constexpr std::chrono::hours forgotten_after{24 * 30};

// If there are more, those that have expired are forgotten at once: a client may go through as many names as
// it likes.
constexpr std::size_t remembered = 100'000;  // rooms

// What one publication looks at and does for the rooms that nobody uses: enough to see all in time, and
// little enough not to be noticed.
constexpr std::size_t looks = 2;                     // buckets
constexpr std::size_t publications_to_forget = 256;  // a bucket that has more is looked at again

// So that shards seldom wait for each other.
constexpr std::size_t stripes = 16;

class MemoryBroker final : public Broker {
 public:
  explicit MemoryBroker(const Clock& clock) : clock_(clock) {}

  task<Result<Position>> publish(std::string room, std::span<Publication> publications,
                                 RoomOptions options) override {
    Copies copies;
    copies.reserve(publications.size());
    for (const Publication& one : publications) copies.push_back(std::make_shared<Publication>(one));
    const Position top = append(std::move(room), std::move(copies), options);
    std::uint64_t offset = top.offset - publications.size();
    for (Publication& one : publications) one.offset = ++offset;
    co_return top;
  }

  task<Result<History>> history(std::string room, HistoryFilter filter, RoomOptions options) override {
    const auto [shared, top] = read(room, filter, options);
    History history{{}, top};
    history.publications.reserve(shared.size());
    for (const room::HistoryRing::Shared& one : shared) history.publications.push_back(*one);
    co_return history;
  }

  task<Result<>> remove_history(std::string room) override {
    Stripe& stripe = stripe_of(room);
    const std::lock_guard<std::mutex> lock(stripe.mutex);
    const auto found = stripe.rooms.find(room);
    if (found != stripe.rooms.end()) found->second.ring.clear();
    co_return Result<>();
  }

 private:
  using Copies = std::vector<std::shared_ptr<Publication>>;
  using Shared = std::vector<room::HistoryRing::Shared>;

  struct Kept {
    explicit Kept(std::string life) : epoch(std::move(life)) {}

    room::HistoryRing ring;
    std::string epoch;
    Clock::TimePoint last;  // when somebody spoke
    std::chrono::milliseconds ttl{0};
  };

  struct Stripe {
    /// What nobody publishes to or reads any more is nobody else's to forget.
    void forget_some(Clock::TimePoint now) {
      std::size_t left = publications_to_forget;
      for (std::size_t look = 0; look != looks; ++look) {
        const std::size_t bucket = next_bucket % rooms.bucket_count();
        forget_some_of(bucket, now, left);
        if (left == 0) return;  // there may be more of it
        next_bucket = bucket + 1;
      }
    }

    void forget_some_of(std::size_t bucket, Clock::TimePoint now, std::size_t& left) {
      for (auto next = rooms.begin(bucket); next != rooms.end(bucket);) {
        auto& [name, kept] = *next++;
        left -= kept.ring.forget_before(now - kept.ttl, left);
        if (left == 0) return;
        const bool crowded = rooms.size() > remembered / stripes;
        if (now - kept.last - kept.ttl < (crowded ? std::chrono::hours(0) : forgotten_after)) continue;
        rooms.erase(std::string(name));
        epoch = room::new_epoch();  // its next life has to be told from this one
      }
    }

    std::mutex mutex;
    std::unordered_map<std::string, Kept> rooms;
    std::string epoch = room::new_epoch();  // of rooms that begin now
    std::size_t next_bucket = 0;
  };

  /// Copies nothing: others wait for the lock.
  ///@{
  Position append(std::string room, Copies publications, const RoomOptions& options) {
    const Clock::TimePoint now = clock_.now();
    Stripe& stripe = stripe_of(room);
    const std::lock_guard<std::mutex> lock(stripe.mutex);
    stripe.forget_some(now);
    Kept& kept = stripe.rooms.try_emplace(std::move(room), stripe.epoch).first->second;
    kept.last = now;
    kept.ttl = options.history_ttl;
    kept.ring.forget_before(now - options.history_ttl);
    for (auto& publication : publications) kept.ring.append(std::move(publication), options.history_size);
    return {kept.ring.top(), kept.epoch};
  }

  std::pair<Shared, Position> read(const std::string& room, const HistoryFilter& filter,
                                   const RoomOptions& options) {
    const Clock::TimePoint now = clock_.now();
    Stripe& stripe = stripe_of(room);
    const std::lock_guard<std::mutex> lock(stripe.mutex);
    const auto found = stripe.rooms.find(room);
    // Nothing is kept of a room for being asked about.
    if (found == stripe.rooms.end()) return {{}, Position(0, stripe.epoch)};
    Kept& kept = found->second;
    kept.ring.forget_all_but(options.history_size);
    kept.ring.forget_before(now - options.history_ttl);
    return {kept.ring.read(filter), Position(kept.ring.top(), kept.epoch)};
  }
  ///@}

  Stripe& stripe_of(const std::string& room) { return stripes_[std::hash<std::string>()(room) % stripes]; }

  const Clock& clock_;
  std::array<Stripe, stripes> stripes_;
};

}  // namespace

std::shared_ptr<Broker> make_memory_broker(const Clock& clock) {
  return std::make_shared<MemoryBroker>(clock);
}

}  // namespace coroom
