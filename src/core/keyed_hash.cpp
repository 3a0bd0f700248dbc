#include "core/keyed_hash.hpp"

#include <array>
#include <memory>
#include <new>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <stdexcept>

namespace coroom {
namespace {

using Secret = std::array<unsigned char, 16>;

Secret new_secret() {
  Secret secret{};
  if (RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1)
    throw std::runtime_error("OpenSSL has no random numbers");
  return secret;
}

Secret& secret() {
  static Secret drawn = new_secret();
  return drawn;
}

template <auto release>
struct Release {
  void operator()(auto* what) const { release(what); }
};

/// SipHash as OpenSSL's default provider has it, whatever the machine's configuration says of others.
class Mac {
 public:
  Mac() {
    if (!context_) throw std::bad_alloc();
    std::size_t size = sizeof(std::uint64_t);
    const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                                               OSSL_PARAM_construct_end()};
    if (EVP_MAC_CTX_set_params(context_.get(), parameters.data()) != 1) throw std::bad_alloc();
  }

  std::uint64_t operator()(std::string_view bytes) {
    std::uint64_t hash = 0;
    std::size_t size = sizeof(hash);
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    const bool done =
        EVP_MAC_init(context_.get(), secret().data(), secret().size(), nullptr) == 1 &&
        EVP_MAC_update(context_.get(), data, bytes.size()) == 1 &&
        EVP_MAC_final(context_.get(), reinterpret_cast<unsigned char*>(&hash), &size, sizeof(hash)) == 1;
    if (!done) throw std::bad_alloc();
    return hash;
  }

 private:
  std::unique_ptr<OSSL_LIB_CTX, Release<OSSL_LIB_CTX_free>> library_{OSSL_LIB_CTX_new()};
  std::unique_ptr<EVP_MAC, Release<EVP_MAC_free>> siphash_{
      EVP_MAC_fetch(library_.get(), OSSL_MAC_NAME_SIPHASH, nullptr)};
  std::unique_ptr<EVP_MAC_CTX, Release<EVP_MAC_CTX_free>> context_{EVP_MAC_CTX_new(siphash_.get())};
};

}  // namespace

std::uint64_t keyed_hash(std::string_view bytes) {
  thread_local Mac mac;
  return mac(bytes);
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

}  // namespace coroom
