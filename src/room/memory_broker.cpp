#include "room/epoch.hpp"
#include "room/history_ring.hpp"

#include <coroom/broker.hpp>

#include <algorithm>
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

// If there are more, those are forgotten sooner: a client may go through as many names as it likes.
constexpr std::size_t remembered = 100'000;  // rooms
constexpr std::chrono::hours forgotten_sooner{1};

// What one publication looks at and does for the rooms that nobody uses: enough to see all in time, and
// little enough not to be noticed.
constexpr std::size_t looks = 2;                     // buckets
constexpr std::size_t publications_to_forget = 256;  // a bucket that has more is looked at again

// So that shards seldom wait for each other.
constexpr std::size_t stripes = 16;

// Of a stripe. Rooms of one group have one epoch before anything was said in them.
constexpr std::size_t groups = 256;

class MemoryBroker final : public Broker {
 public:
  MemoryBroker(const Clock& clock, std::size_t most) : clock_(clock), most_of_stripe_(most / stripes) {}

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
    if (found != stripe.rooms.end())
      stripe.change(found->second, [](room::HistoryRing& ring) { ring.clear(); });
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
    /// Has the ring changed, and keeps count of what all of them take.
    void change(Kept& kept, const auto& how) {
      bytes -= kept.ring.bytes();
      how(kept.ring);
      bytes += kept.ring.bytes();
    }

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
      const bool crowded = rooms.size() > remembered / stripes;
      for (auto next = rooms.begin(bucket); next != rooms.end(bucket);) {
        auto& [name, kept] = *next++;
        const Clock::TimePoint oldest = now - kept.ttl;
        change(kept, [&](room::HistoryRing& ring) { left -= ring.forget_before(oldest, left); });
        if (left == 0) return;
        if (oldest - kept.last < (crowded ? forgotten_sooner : forgotten_after)) continue;
        epoch_of(name) = room::new_epoch();  // its next life has to be told from this one
        rooms.erase(std::string(name));
      }
    }

    /// If they take more, cuts the largest histories short, until all have room to grow again. Whoever takes
    /// no more than an equal share loses nothing.
    void trim_to(std::size_t most) {
      if (bytes <= most) return;
      const std::size_t share = most / 8 * 7 / rooms.size();
      for (auto& [name, kept] : rooms)
        change(kept, [share](room::HistoryRing& ring) { ring.trim_to(share); });
    }

    /// Of a room that begins now.
    std::string& epoch_of(const std::string& room) {
      return epochs[std::hash<std::string>()(room) / stripes % groups];
    }

    static std::array<std::string, groups> new_epochs() {
      std::array<std::string, groups> all;
      std::ranges::generate(all, room::new_epoch);
      return all;
    }

    std::mutex mutex;
    std::unordered_map<std::string, Kept> rooms;
    std::array<std::string, groups> epochs = new_epochs();
    std::size_t bytes = 0;  // of all rings
    std::size_t next_bucket = 0;
  };

  /// Copies nothing: others wait for the lock.
  ///@{
  Position append(std::string room, Copies publications, const RoomOptions& options) {
    const Clock::TimePoint now = clock_.now();
    Stripe& stripe = stripe_of(room);
    const std::lock_guard<std::mutex> lock(stripe.mutex);
    stripe.forget_some(now);
    const std::string& epoch = stripe.epoch_of(room);
    Kept& kept = stripe.rooms.try_emplace(std::move(room), epoch).first->second;
    kept.last = now;
    kept.ttl = options.history_ttl;
    stripe.change(kept, [&](room::HistoryRing& ring) {
      ring.forget_before(now - options.history_ttl);
      for (auto& publication : publications) ring.append(std::move(publication), options.history_size);
    });
    stripe.trim_to(most_of_stripe_);
    return {kept.ring.top(), kept.epoch};
  }

  std::pair<Shared, Position> read(const std::string& room, const HistoryFilter& filter,
                                   const RoomOptions& options) {
    const Clock::TimePoint now = clock_.now();
    Stripe& stripe = stripe_of(room);
    const std::lock_guard<std::mutex> lock(stripe.mutex);
    const auto found = stripe.rooms.find(room);
    // Nothing is kept of a room for being asked about.
    if (found == stripe.rooms.end()) return {{}, Position(0, stripe.epoch_of(room))};
    Kept& kept = found->second;
    stripe.change(kept, [&](room::HistoryRing& ring) {
      ring.forget_all_but(options.history_size);
      ring.forget_before(now - options.history_ttl);
    });
    return {kept.ring.read(filter), Position(kept.ring.top(), kept.epoch)};
  }
  ///@}

  Stripe& stripe_of(const std::string& room) { return stripes_[std::hash<std::string>()(room) % stripes]; }

  const Clock& clock_;
  const std::size_t most_of_stripe_;  // bytes
  std::array<Stripe, stripes> stripes_;
};

}  // namespace

std::shared_ptr<Broker> make_memory_broker(const Clock& clock, std::size_t most) {
  return std::make_shared<MemoryBroker>(clock, most);
}

}  // namespace coroom
