#pragma once

#include "centrifuge/command.hpp"
#include "centrifuge/tag_filter.hpp"

#include <coroom/broker.hpp>
#include <coroom/publication.hpp>
#include <coroom/room_rules.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace coroom::detail::centrifuge {

/// The most publications in one reply.
inline constexpr std::size_t recovery_limit = 300;

/// The most bytes of their data; a single publication may exceed it.
inline constexpr std::size_t recovery_bytes = 1 << 20;

/// Bytes of free room that a client's queue needs before a large reply is made.
inline constexpr std::size_t room_for_reply = recovery_bytes / 2;

/// The position at which a subscription begins, and the publications that it recovers.
struct Recovered {
  bool recoverable = false;
  bool positioned = false;
  Position position = {};  // if positioned; the client's own one, if the subscription has recovered
  bool was_recovering = false;
  bool recovered = false;
  std::vector<Publication> publications = {};
};

/// Returns the properties of a subscription before anything is recovered. Pure.
[[nodiscard]] Recovered before_recovery(const SubscribeRequest& request, const RoomRules& rules,
                                        bool keeps_history);

/// Returns whether the positions allow recovery from `since` to `top`. The history may have lost publications
/// nevertheless. An empty epoch matches any. Pure.
[[nodiscard]] bool may_recover(const Position& since, const Position& top);

/// Returns the publications after `since` up to `top` from a read of the history, `given`. The read may lack
/// the first publications and may go beyond `top`. Returns nullopt if a publication is missing. Pure.
[[nodiscard]] std::optional<std::vector<Publication>> missed(const Position& since, const Position& top,
                                                             std::vector<Publication> given);

/// Returns whether a client that recovers has no position, so that it wants the newest publication alone.
/// Pure.
[[nodiscard]] bool is_without_position(const Position& since);

/// Adds the newest publication of the room, if the read of the history ends with it. Pure.
void recover_newest(History read, Recovered& state);

/// Removes recovered publications that do not match the filter. The position becomes `top`, since the client
/// needs nothing before it. Pure.
void keep_matching(const TagFilter& filter, const Position& top, Recovered& state);

/// Adds what the client missed after `since`, if the read of the history has all of it. `state.position` is
/// the position of the join. Pure.
void recover_from(History read, const Position& since, Recovered& state);

/// Returns whether the client wants an error instead of a subscription that has not recovered. Pure.
[[nodiscard]] bool must_fail(const SubscribeRequest& request, const Recovered& state);

}  // namespace coroom::detail::centrifuge
