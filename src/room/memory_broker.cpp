#include "core/deletion_clock.hpp"
#include "core/keyed_hash.hpp"
#include "room/history_ring.hpp"

#include <coroom/broker.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace coroom {
namespace {

// A room and its epoch are forgotten when its last publication has been expired for this time.
constexpr std::chrono::hours forgotten_after{24 * 30};

// The least equal share of the memory. Where it would be smaller, rooms are forgotten instead of cutting all
// histories short, since a client may invent any number of room names.
constexpr std::size_t least_share = 4096;  // bytes
constexpr std::size_t sample = 8;          // rooms that are compared to forget one of them

// The share of each publication in cleaning up unused rooms: enough to reach all rooms in time, and too
// little to delay the publication.
constexpr std::size_t looks = 2;                     // buckets
constexpr std::size_t publications_to_forget = 256;  // a bucket with more is visited again

// Each stripe has its own lock, so shards rarely wait for each other.
constexpr std::size_t stripes = 16;

// In each stripe. Rooms of one group share an epoch before their first publications.
constexpr std::size_t groups = 256;

class MemoryBroker final : public Broker {
 public:
  MemoryBroker(const Clock& clock, std::size_t most)
      : clock_(clock), deletion_clock_(clock), most_of_stripe_(most / stripes) {}

  task<Result<Position>> publish(std::string room, SharedPublications publications,
                                 RoomOptions options) override {
    Copies copies;
    copies.reserve(publications->size());
    for (const Publication& one : *publications) copies.push_back(std::make_shared<Publication>(one));
    co_return append(Name(std::move(room)), std::move(copies), options);
  }

  task<Result<History>> history(std::string room, HistoryFilter filter, RoomOptions options) override {
    const auto [shared, top] = read(Name(std::move(room)), filter, options);
    History history{{}, top};
    history.publications.reserve(shared.size());
    for (const detail::room::HistoryRing::SharedPublication& one : shared)
      history.publications.push_back(*one);
    co_return history;
  }

  task<Result<>> remove_history(std::string name) override {
    const Name room(std::move(name));
    Stripe& stripe = stripe_of(room);
    const std::lock_guard<std::mutex> lock(stripe.mutex);
    const auto found = stripe.rooms.find(room);
    if (found != stripe.rooms.end())
      stripe.change(found->second, [](detail::room::HistoryRing& ring) { ring.clear(); });
    co_return Result<>();
  }

 private:
  using Copies = std::vector<std::shared_ptr<Publication>>;
  using SharedCopies = std::vector<detail::room::HistoryRing::SharedPublication>;

  struct Kept {
    explicit Kept(std::string life) : epoch(std::move(life)) {}

    detail::room::HistoryRing ring;
    std::string epoch;
    Clock::TimePoint last;  // time of the last publication
    std::chrono::milliseconds ttl{0};
  };

  /// A room's name with its hash, which is expensive to compute.
  struct Name {
    explicit Name(std::string room) : text(std::move(room)), hash(detail::keyed_hash(text)) {}
    bool operator==(const Name& other) const { return text == other.text; }

    std::string text;
    std::size_t hash;
  };
  struct HashOfName {
    std::size_t operator()(const Name& name) const noexcept { return name.hash; }
  };

  using Rooms = std::unordered_map<Name, Kept, HashOfName>;

  static std::size_t heap_part(const std::string& text) {
    return text.capacity() > std::string().capacity() ? text.capacity() + 1 : 0;
  }

  /// Returns the approximate memory of a room without its publications.
  static std::size_t overhead_of(const Rooms::value_type& room) {
    // In the map: a link, a hash and a bucket. In an empty deque: a block and the list of blocks.
    constexpr std::size_t nodes = 3 * sizeof(void*) + 512 + 8 * sizeof(void*);
    return sizeof(room) + nodes + heap_part(room.first.text) + heap_part(room.second.epoch);
  }

  struct Stripe {
    /// Returns the room of this name; creates it if there is none.
    Rooms::value_type& find_or_make(Name name) {
      const std::string& epoch = epoch_of(name);
      const auto [room, is_new] = rooms.try_emplace(std::move(name), epoch);
      if (is_new) bytes += overhead_of(*room);
      return *room;
    }

    void forget(const Name& name) {
      const auto room = rooms.find(name);
      bytes -= overhead_of(*room) + room->second.ring.bytes();
      epoch_of(name) = new_epoch();  // the next room of this name needs another epoch
      rooms.erase(room);
    }

    /// Changes a ring and updates the stripe's memory, even if `how` throws.
    void change(Kept& kept, const auto& how) {
      struct Recount {
        Recount(std::size_t& all, const detail::room::HistoryRing& of) : bytes(all), ring(of) {
          bytes -= ring.bytes();
        }
        Recount(const Recount&) = delete;
        Recount& operator=(const Recount&) = delete;
        ~Recount() { bytes += ring.bytes(); }

        std::size_t& bytes;
        const detail::room::HistoryRing& ring;
      };
      const Recount recount(bytes, kept.ring);
      how(kept.ring);
    }

    /// Drops expired publications and forgets expired rooms, a few at a time. No other code cleans up rooms
    /// that are never used again.
    void forget_some(Clock::TimePoint now) {
      std::size_t left = publications_to_forget;
      for (std::size_t look = 0; look != looks; ++look) {
        const std::size_t bucket = next_bucket % rooms.bucket_count();
        forget_some_of(bucket, now, left);
        if (left == 0) return;  // the bucket may hold more
        next_bucket = bucket + 1;
      }
    }

    void forget_some_of(std::size_t bucket, Clock::TimePoint now, std::size_t& left) {
      for (auto next = rooms.begin(bucket); next != rooms.end(bucket);) {
        auto& [name, kept] = *next++;
        const Clock::TimePoint oldest = now - kept.ttl;
        change(kept, [&](detail::room::HistoryRing& ring) { left -= ring.forget_before(oldest, left); });
        if (left == 0) return;
        if (oldest - kept.last >= forgotten_after) forget(name);
      }
    }

    /// Reduces the stripe's memory if it is over `most`. Cuts the largest histories to an equal share that
    /// lets all of them grow again; smaller histories lose nothing. If the share would be too small, forgets
    /// the rooms with the least to lose instead, but never `speaking`.
    void trim_to(std::size_t most, const Rooms::value_type& speaking) {
      const auto share = [&] { return most / 8 * 7 / rooms.size(); };
      while (bytes > most && share() < least_share && rooms.size() > 1) forget_one_but(speaking);
      if (bytes <= most) return;
      for (auto& room : rooms) {
        const std::size_t overhead = std::min(overhead_of(room), share());
        change(room.second, [&](detail::room::HistoryRing& ring) { ring.trim_to(share() - overhead); });
      }
    }

    /// Forgets the room with the fewest publications among the next few rooms; among equals, the one without
    /// a publication for longest.
    void forget_one_but(const Rooms::value_type& speaking) {
      const auto worth = [](const Kept& kept) { return std::pair(kept.ring.size(), kept.last); };
      const Rooms::value_type* least = nullptr;
      std::size_t looked_at = 0;
      for (std::size_t bucket = 0; bucket != rooms.bucket_count() && looked_at < sample; ++bucket) {
        const std::size_t next = next_bucket++ % rooms.bucket_count();
        for (auto room = rooms.begin(next); room != rooms.end(next); ++room) {
          if (&*room == &speaking) continue;
          ++looked_at;
          if (least == nullptr || worth(room->second) < worth(least->second)) least = &*room;
        }
      }
      if (least != nullptr) forget(least->first);
    }

    /// Returns the epoch of a room that is created now.
    std::string& epoch_of(const Name& room) { return epochs[room.hash / stripes % groups]; }

    static std::array<std::string, groups> new_epochs() {
      std::array<std::string, groups> all;
      std::ranges::generate(all, new_epoch);
      return all;
    }

    std::mutex mutex;
    Rooms rooms;
    std::array<std::string, groups> epochs = new_epochs();
    std::size_t bytes = 0;  // of all rooms
    std::size_t next_bucket = 0;
  };

  /// These copy no publications, since other calls wait for the lock.
  ///@{
  Position append(Name room, Copies publications, const RoomOptions& options) {
    const Clock::TimePoint now = deletion_clock_.now();
    Stripe& stripe = stripe_of(room);
    const std::lock_guard<std::mutex> lock(stripe.mutex);
    stripe.forget_some(now);
    Rooms::value_type& speaking = stripe.find_or_make(std::move(room));
    Kept& kept = speaking.second;
    kept.last = now;
    kept.ttl = options.history_ttl;
    stripe.change(kept, [&](detail::room::HistoryRing& ring) {
      ring.forget_before(now - options.history_ttl);
      for (auto& publication : publications)
        ring.append(std::move(publication), options.history_size, options.history_bytes);
    });
    stripe.trim_to(most_of_stripe_, speaking);
    return {kept.ring.top(), kept.epoch};
  }

  std::pair<SharedCopies, Position> read(const Name& room, const HistoryFilter& filter,
                                         const RoomOptions& options) {
    const Clock::TimePoint now = clock_.now();
    Stripe& stripe = stripe_of(room);
    const std::lock_guard<std::mutex> lock(stripe.mutex);
    const auto found = stripe.rooms.find(room);
    // Reading must not create a room.
    if (found == stripe.rooms.end()) return {{}, Position{0, stripe.epoch_of(room)}};
    Kept& kept = found->second;
    stripe.change(kept, [&](detail::room::HistoryRing& ring) { ring.forget_all_but(options.history_size); });
    // Expired publications are only hidden here, since the clock may be wrong. The next publication deletes
    // them.
    return {kept.ring.read(filter, now - options.history_ttl), Position{kept.ring.top(), kept.epoch}};
  }
  ///@}

  Stripe& stripe_of(const Name& room) { return stripes_[room.hash % stripes]; }

  const Clock& clock_;
  detail::DeletionClock deletion_clock_;
  const std::size_t most_of_stripe_;  // bytes
  std::array<Stripe, stripes> stripes_;
};

}  // namespace

std::shared_ptr<Broker> make_memory_broker(const Clock& clock, std::size_t most) {
  return std::make_shared<MemoryBroker>(clock, most);
}

}  // namespace coroom
