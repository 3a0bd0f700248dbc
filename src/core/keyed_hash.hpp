#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace coroom::detail {

/// SipHash-2-4 of the bytes under a secret that the process draws at its start. Whoever chooses the bytes
/// can't choose the hash, and so neither fill one bucket of a table nor pick a shard. Any thread may call it.
/// It throws only where there are no random numbers at the first call.
[[nodiscard]] std::uint64_t keyed_hash(std::string_view bytes);

/// For tests that have to take the same way again: a secret that is none. Before the first hash.
void use_known_hash_secret();

/// Of tables whose keys strangers choose.
struct KeyedHash {
  using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name

  std::size_t operator()(std::string_view bytes) const { return keyed_hash(bytes); }
  std::size_t operator()(const boost::asio::ip::address& address) const;
};

}  // namespace coroom::detail
