#include "core/deletion_clock.hpp"
#include "core/keyed_hash.hpp"
#include "room/epoch.hpp"
#include "room/history_ring.hpp"

#include <coroom/broker.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
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

// Where an equal share of the memory would be less, rooms are forgotten rather than all histories cut short:
// a client may make up as many names as it likes.
constexpr std::size_t least_share = 4096;  // bytes
constexpr std::size_t sample = 8;          // rooms that are looked at to forget one of them

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
  MemoryBroker(const Clock& clock, std::size_t most)
      : clock_(clock), deletion_clock_(clock), most_of_stripe_(most / stripes) {}

  task<Result<Position>> publish(std::string room, std::span<Publication> publications,
                                 RoomOptions options) override {
    Copies copies;
    copies.reserve(publications.size());
    for (const Publication& one : publications) copies.push_back(std::make_shared<Publication>(one));
    const Position top = append(Name(std::move(room)), std::move(copies), options);
    std::uint64_t offset = top.offset - publications.size();
    for (Publication& one : publications) one.offset = ++offset;
    co_return top;
  }

  task<Result<History>> history(std::string room, HistoryFilter filter, RoomOptions options) override {
    const auto [shared, top] = read(Name(std::move(room)), filter, options);
    History history{{}, top};
    history.publications.reserve(shared.size());
    for (const detail::room::HistoryRing::Shared& one : shared) history.publications.push_back(*one);
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
  using Shared = std::vector<detail::room::HistoryRing::Shared>;

  struct Kept {
    explicit Kept(std::string life) : epoch(std::move(life)) {}

    detail::room::HistoryRing ring;
    std::string epoch;
    Clock::TimePoint last;  // when somebody spoke
    std::chrono::milliseconds ttl{0};
  };

  /// A room's name with its hash, which is dear.
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

  /// What a room takes beside its publications, about.
  static std::size_t overhead_of(const Rooms::value_type& room) {
    // In the map: a link, a hash and a bucket. Of a deque that is empty: a block, and the list of its blocks.
    constexpr std::size_t nodes = 3 * sizeof(void*) + 512 + 8 * sizeof(void*);
    return sizeof(room) + nodes + heap_part(room.first.text) + heap_part(room.second.epoch);
  }

  struct Stripe {
    /// The room of this name, new if there is none.
    Rooms::value_type& find_or_make(Name name) {
      const std::string& epoch = epoch_of(name);
      const auto [room, is_new] = rooms.try_emplace(std::move(name), epoch);
      if (is_new) bytes += overhead_of(*room);
      return *room;
    }

    void forget(const Name& name) {
      const auto room = rooms.find(name);
      bytes -= overhead_of(*room) + room->second.ring.bytes();
      epoch_of(name) = detail::room::new_epoch();  // its next life has to be told from this one
      rooms.erase(room);
    }

    /// Has the ring changed, and keeps count of what all of them take, whatever is thrown meanwhile.
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
        const Clock::TimePoint oldest = now - kept.ttl;
        change(kept, [&](detail::room::HistoryRing& ring) { left -= ring.forget_before(oldest, left); });
        if (left == 0) return;
        if (oldest - kept.last >= forgotten_after) forget(name);
      }
    }

    /// If they take more, cuts the largest histories short, until all have room to grow again. Whoever takes
    /// no more than an equal share loses nothing. But of more rooms than that can be done for, those are
    /// forgotten that have least to lose, never the one that speaks.
    void trim_to(std::size_t most, const Rooms::value_type& speaking) {
      const auto share = [&] { return most / 8 * 7 / rooms.size(); };
      while (bytes > most && share() < least_share && rooms.size() > 1) forget_one_but(speaking);
      if (bytes <= most) return;
      for (auto& room : rooms) {
        const std::size_t overhead = std::min(overhead_of(room), share());
        change(room.second, [&](detail::room::HistoryRing& ring) { ring.trim_to(share() - overhead); });
      }
    }

    /// Of the next rooms that of the fewest publications, of equals the one that has been silent longest.
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

    /// Of a room that begins now.
    std::string& epoch_of(const Name& room) { return epochs[room.hash / stripes % groups]; }

    static std::array<std::string, groups> new_epochs() {
      std::array<std::string, groups> all;
      std::ranges::generate(all, detail::room::new_epoch);
      return all;
    }

    std::mutex mutex;
    Rooms rooms;
    std::array<std::string, groups> epochs = new_epochs();
    std::size_t bytes = 0;  // of all rooms
    std::size_t next_bucket = 0;
  };

  /// Copies nothing: others wait for the lock.
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

  std::pair<Shared, Position> read(const Name& room, const HistoryFilter& filter,
                                   const RoomOptions& options) {
    const Clock::TimePoint now = clock_.now();
    Stripe& stripe = stripe_of(room);
    const std::lock_guard<std::mutex> lock(stripe.mutex);
    const auto found = stripe.rooms.find(room);
    // Nothing is kept of a room for being asked about.
    if (found == stripe.rooms.end()) return {{}, Position(0, stripe.epoch_of(room))};
    Kept& kept = found->second;
    stripe.change(kept, [&](detail::room::HistoryRing& ring) { ring.forget_all_but(options.history_size); });
    // Hidden, and deleted when somebody publishes: the clock may be wrong.
    return {kept.ring.read(filter, now - options.history_ttl), Position(kept.ring.top(), kept.epoch)};
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
