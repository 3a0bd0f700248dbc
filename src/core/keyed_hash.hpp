#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace coroom::detail {

/// Returns the SipHash-2-4 of the bytes under a random secret of the process. A client that chooses the bytes
/// cannot choose the hash, so it can neither fill one bucket of a table nor select a shard. Any thread may
/// call it. Throws only if no random numbers are available at the first call.
[[nodiscard]] std::uint64_t keyed_hash(std::string_view bytes);

/// Sets a fixed secret, for tests that need repeatable hashes. Must be called before the first hash.
void use_known_hash_secret();

/// Hash function for tables with keys that clients choose.
struct KeyedHash {
  using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name

  std::size_t operator()(std::string_view bytes) const { return keyed_hash(bytes); }
  std::size_t operator()(const boost::asio::ip::address& address) const;
};

}  // namespace coroom::detail
