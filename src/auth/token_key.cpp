#include "auth/token_key.hpp"

#include "core/folder.hpp"
#include "core/secret_file.hpp"
#include "core/setting_value.hpp"

#include <coroom/option_type.hpp>

#include <array>
#include <filesystem>
#include <memory>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <optional>
#include <string_view>
#include <utility>

namespace coroom::detail::auth {
namespace {

constexpr std::size_t shortest_secret = 32;
constexpr int shortest_rsa = 2048;  // bits

struct FreeKey {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

std::unique_ptr<EVP_PKEY, FreeKey> read_pem(std::string_view pem) {
  const std::unique_ptr<BIO, FreeKey> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::unique_ptr<EVP_PKEY, FreeKey> key(text ? PEM_read_bio_PUBKEY(text.get(), nullptr, nullptr, nullptr)
                                              : nullptr);
  ERR_clear_error();  // the next TLS connection would take a leftover error for its own
  return key;
}

std::optional<TokenKey::Family> family_of(EVP_PKEY& key) {
  using Family = TokenKey::Family;
  if (EVP_PKEY_base_id(&key) == EVP_PKEY_RSA) {
    return EVP_PKEY_bits(&key) < shortest_rsa ? std::nullopt : std::optional(Family::rsa);
  }
  if (EVP_PKEY_base_id(&key) == EVP_PKEY_ED25519) return Family::ed25519;
  std::array<char, 64> name{};
  std::size_t length = 0;
  if (EVP_PKEY_base_id(&key) != EVP_PKEY_EC ||
      EVP_PKEY_get_group_name(&key, name.data(), name.size(), &length) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  const std::string_view curve(name.data(), length);
  if (curve == "prime256v1") return Family::p256;
  if (curve == "secp384r1") return Family::p384;
  if (curve == "secp521r1") return Family::p521;
  return std::nullopt;
}

struct Named {
  std::string id;
  std::string file;
};

/// A name with a slash is a path, not a `kid`.
Result<Named> named(const std::string& text) {
  const std::size_t equals = text.find('=');
  const bool is_path = equals == std::string::npos || text.find('/') < equals;
  Named named{is_path ? "" : text.substr(0, equals), is_path ? text : text.substr(equals + 1)};
  if (auto path = OptionType<std::filesystem::path>::parse(named.file); !path)
    return tl::unexpected(path.error());
  return named;
}

/// Reads a public key as PEM. OpenSSL skips any text before its first line.
Result<std::string> content_of(const std::string& path) {
  auto content = detail::read_file(path);
  if (!content || content->empty()) return failure("'" + path + "' cannot be read or is empty");
  if (auto text = detail::text_of_file(*content); !text)
    return failure("'" + path + "': " + text.error().message);
  return std::move(*content);
}

Result<TokenKey> in_file(const std::string& path, Result<TokenKey> key) {
  return key ? key : failure("'" + path + "': " + key.error().message);
}

}  // namespace

Result<TokenKey> hmac_key(std::string id, std::string secret, ShortSecret short_secret) {
  if (secret.find("-----BEGIN ") != std::string::npos)
    return failure("the secret is a key in PEM, not an HMAC secret");
  if (secret.empty()) return failure("the secret is empty");
  TokenKey key{.id = std::move(id), .family = TokenKey::Family::hmac, .material = std::move(secret)};
  if (short_secret == ShortSecret::rejected && is_short_secret(key))
    return failure("the secret must have at least 32 bytes");
  return key;
}

bool is_short_secret(const TokenKey& key) {
  return key.family == TokenKey::Family::hmac && key.material.size() < shortest_secret;
}

Result<TokenKey> public_key(std::string id, const std::string& pem) {
  std::shared_ptr<EVP_PKEY> key = read_pem(pem);
  if (!key) return failure("the file contains no public key in PEM (BEGIN PUBLIC KEY)");
  return public_key(std::move(id), std::move(key));
}

Result<TokenKey> public_key(std::string id, std::shared_ptr<EVP_PKEY> key) {
  const auto family = family_of(*key);
  if (!family) return failure("the key is not RSA with at least 2048 bits, P-256, P-384, P-521 or Ed25519");
  return TokenKey{.id = std::move(id), .family = *family, .public_part = std::move(key)};
}

Result<TokenKey> read_hmac_key(const std::string& file, ShortSecret short_secret) {
  auto from = named(file);
  if (!from) return tl::unexpected(from.error());
  auto secret = detail::read_secret(from->file);
  if (!secret) return tl::unexpected(secret.error());
  return in_file(from->file, hmac_key(std::move(from->id), std::move(*secret), short_secret));
}

Result<TokenKey> read_public_key(const std::string& file) {
  auto from = named(file);
  if (!from) return tl::unexpected(from.error());
  auto pem = content_of(from->file);
  if (!pem) return tl::unexpected(pem.error());
  return in_file(from->file, public_key(std::move(from->id), *pem));
}

}  // namespace coroom::detail::auth
