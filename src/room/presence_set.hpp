#pragma once

#include <coroom/client_info.hpp>
#include <coroom/presence.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace coroom::detail::room {

/// The number of members of a room. Any thread may read it.
struct Headcount {
  std::atomic<std::size_t> users{0};     // PresenceSet::users()
  std::atomic<std::size_t> distinct{0};  // PresenceSet::distinct()
};

/// The members of a room, by connection and by user. Most rooms are small: a few members stand in a vector,
/// and only more of them have tables. Pure.
class PresenceSet {
 public:
  using Snapshot = std::shared_ptr<const Presence>;

  PresenceSet();
  PresenceSet(const PresenceSet&) = delete;
  PresenceSet& operator=(const PresenceSet&) = delete;
  ~PresenceSet();

  /// These count the memberships of a client, which is present until its last one ends. A client without an
  /// id is not counted.
  void join(const SharedClientInfo& who);
  void leave(const SharedClientInfo& who);

  /// Returns the current members, in no particular order. Copies them only after a change, so queries of a
  /// large room are cheap.
  Snapshot snapshot();

  /// Returns the number of users, with any number of connections each, plus the connections without a user.
  [[nodiscard]] std::size_t users() const;

  /// Counts like users(), but takes connections without a user from one address as one.
  [[nodiscard]] std::size_t distinct() const;

 private:
  /// Whether users without a name count each, or once for each address.
  enum class Anonymous : std::uint8_t { each, by_address };

  struct PresentClient {
    SharedClientInfo client_info;
    std::uint32_t memberships = 1;
  };

  class Tables;

  std::vector<PresentClient>::iterator find_few(const ClientInfo& who);
  [[nodiscard]] bool counts(std::size_t index, Anonymous anonymous) const;
  [[nodiscard]] std::size_t count_few(Anonymous anonymous) const;

  std::vector<PresentClient> few_;  // the members, while there are no tables
  std::unique_ptr<Tables> tables_;  // of all members, if there are more
  Snapshot snapshot_;               // of the current members, or null
};

}  // namespace coroom::detail::room
