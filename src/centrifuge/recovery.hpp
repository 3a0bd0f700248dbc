#pragma once

#include <coroom/broker.hpp>

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

/// Returns whether the positions allow recovery from `since` to `top`. The history may have lost publications
/// nevertheless. An empty epoch matches any. Pure.
[[nodiscard]] bool may_recover(const Position& since, const Position& top);

/// Returns the publications after `since` up to `top` from a read of the history, `given`. The read may lack
/// the first publications and may go beyond `top`. Returns nullopt if a publication is missing. Pure.
[[nodiscard]] std::optional<std::vector<Publication>> missed(const Position& since, const Position& top,
                                                             std::vector<Publication> given);

}  // namespace coroom::detail::centrifuge
