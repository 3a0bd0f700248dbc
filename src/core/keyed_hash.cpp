#include "core/keyed_hash.hpp"

#include <array>
#include <sodium/core.h>
#include <sodium/crypto_shorthash.h>
#include <stdexcept>

namespace coroom::detail {
namespace {

using Secret = std::array<unsigned char, crypto_shorthash_KEYBYTES>;

Secret new_secret() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
  Secret secret{};
  crypto_shorthash_keygen(secret.data());
  return secret;
}

Secret& secret() {
  static Secret drawn = new_secret();
  return drawn;
}

}  // namespace

/// Uses libsodium's short hash, which is SipHash-2-4.
std::uint64_t keyed_hash(std::string_view bytes) {
  std::uint64_t hash = 0;
  static_assert(sizeof(hash) == crypto_shorthash_BYTES);
  crypto_shorthash(reinterpret_cast<unsigned char*>(&hash),
                   reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), secret().data());
  return hash;
}

void use_known_hash_secret() {
  secret() = {};
}

std::size_t KeyedHash::operator()(const boost::asio::ip::address& address) const {
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return keyed_hash({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  const auto bytes = address.to_v6().to_bytes();
  return keyed_hash({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace coroom::detail
