#pragma once

#include <coroom/broker.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace coroom::detail::centrifuge {

/// Publications that a client is given at once, at most.
inline constexpr std::size_t recovery_limit = 300;

/// Bytes of their data, but for one alone.
inline constexpr std::size_t recovery_bytes = 1 << 20;

/// Bytes that have to have room in a client's queue before a reply is made that may have so many and more.
inline constexpr std::size_t room_for_reply = recovery_bytes / 2;

/// Whether a client that was at `since` can be told all it has missed up to `top`, as far as the positions
/// say; whether the history still has it is another question. An empty epoch matches any. Pure.
[[nodiscard]] bool may_recover(const Position& since, const Position& top);

/// What a client that was at `since` has missed up to `top`, out of what the history gave, which may lack the
/// beginning and go on behind the top. None: something is missing. Pure.
[[nodiscard]] std::optional<std::vector<Publication>> missed(const Position& since, const Position& top,
                                                             std::vector<Publication> given);

}  // namespace coroom::detail::centrifuge
