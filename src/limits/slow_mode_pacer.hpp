#pragma once

#include <coroom/client_info.hpp>
#include <coroom/clock.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace coroom::detail::limits {

/// The times of the last messages in slow rooms. Pure. Holds the entries of running intervals, and at most as
/// many expired ones.
class SlowModePacer {
 public:
  /// Returns whether the client may publish in the room now. If so, it may not publish again before the
  /// interval is over. The limit applies to a user on all its connections, or to the single client if it has
  /// no user name. A rejection changes nothing and allocates no memory.
  bool admit(std::string_view room, const ClientInfo& who, std::chrono::milliseconds interval,
             Clock::TimePoint now);

  [[nodiscard]] std::size_t size() const { return spoken_.size(); }

 private:
  struct Key {
    std::string room;
    std::string speaker;
    bool is_user;
  };
  struct View {
    View(std::string_view in, std::string_view who, bool user) : room(in), speaker(who), is_user(user) {}
    View(const Key& key) : View(key.room, key.speaker, key.is_user) {}  // NOLINT(google-explicit-constructor)

    bool operator==(const View&) const = default;

    std::string_view room;
    std::string_view speaker;
    bool is_user;
  };
  struct Hash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name
    std::size_t operator()(const View& view) const;
  };
  struct Equal {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name
    bool operator()(const View& one, const View& other) const { return one == other; }
  };
  struct Spoken {
    Clock::TimePoint at;
    std::chrono::milliseconds interval;

    /// Counts as over when the clock was set back, so that no sender is blocked for long.
    [[nodiscard]] bool is_over(Clock::TimePoint now) const { return now < at || now >= at + interval; }
  };

  void sweep(Clock::TimePoint now);

  std::unordered_map<Key, Spoken, Hash, Equal> spoken_;
  std::size_t sweep_at_ = 0;  // entries in spoken_
};

}  // namespace coroom::detail::limits
