#include "auth/json_web_key.hpp"

#include "auth/base64.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::detail::auth {
namespace {

namespace json = boost::json;
using Family = TokenKey::Family;

constexpr int longest_rsa = 8192;            // bits; the time of a check grows with their square
constexpr std::size_t longest_exponent = 8;  // bytes, as OpenSSL requires of long keys

struct FreePart {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

template <class T>
using Owned = std::unique_ptr<T, FreePart>;

/// Returns a field that is a string; nullopt if it is absent or not a string.
std::optional<std::string> text_of(const json::object& fields, std::string_view name) {
  const json::value* const value = fields.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

std::optional<std::string> bytes_of(const json::object& fields, std::string_view name) {
  const auto text = text_of(fields, name);
  return text ? decode_base64url(*text) : std::nullopt;
}

Owned<BIGNUM> number_of(const std::string& bytes) {
  return Owned<BIGNUM>(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                                 static_cast<int>(bytes.size()), nullptr));
}

/// Makes a key of a type of OpenSSL. Returns nullptr if the parameters do not make one.
std::shared_ptr<EVP_PKEY> make_key(const char* type, OSSL_PARAM_BLD* builder) {
  const Owned<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(builder));
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (params && context && EVP_PKEY_fromdata_init(context.get()) == 1)
    EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get());
  return {made, FreePart()};
}

/// RFC 7518 section 6.3.1.
std::shared_ptr<EVP_PKEY> rsa_key(const json::object& fields) {
  const auto modulus = bytes_of(fields, "n");
  const auto exponent = bytes_of(fields, "e");
  if (!modulus || !exponent || modulus->size() > longest_rsa / 8 + 1 || exponent->size() > longest_exponent)
    return nullptr;
  const auto n = number_of(*modulus);
  const auto e = number_of(*exponent);
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  const bool is_possible = n && e && builder && BN_num_bits(n.get()) <= longest_rsa &&
                           BN_is_odd(n.get()) == 1 && BN_is_odd(e.get()) == 1 && BN_is_one(e.get()) == 0;
  if (!is_possible || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  return make_key("RSA", builder.get());
}

struct Curve {
  std::string_view name;
  std::size_t size;  // bytes of a coordinate
  std::string_view algorithm;
};

constexpr std::array curves{
    Curve{"P-256", 32, "ES256"},
    Curve{"P-384", 48, "ES384"},
    Curve{"P-521", 66, "ES512"},
};

/// RFC 7518 section 6.2.1. OpenSSL checks that the point is on the curve.
std::shared_ptr<EVP_PKEY> ec_key(const json::object& fields) {
  const auto name = text_of(fields, "crv");
  const auto* const curve = std::ranges::find(curves, name.value_or(""), &Curve::name);
  const auto x = bytes_of(fields, "x");
  const auto y = bytes_of(fields, "y");
  if (curve == curves.end() || !x || !y || x->size() != curve->size || y->size() != curve->size)
    return nullptr;
  const std::string point = '\x04' + *x + *y;  // uncompressed (SEC 1 section 2.3.3)
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, name->c_str(), 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) !=
          1)
    return nullptr;
  return make_key("EC", builder.get());
}

/// RFC 8037 section 2.
std::shared_ptr<EVP_PKEY> ed25519_key(const json::object& fields) {
  const auto x = bytes_of(fields, "x");
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  if (text_of(fields, "crv") != "Ed25519" || !x || !builder ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, x->data(), x->size()) != 1)
    return nullptr;
  return make_key("ED25519", builder.get());  // which checks the length
}

std::shared_ptr<EVP_PKEY> key_of(const json::object& fields) {
  const auto type = text_of(fields, "kty");
  std::shared_ptr<EVP_PKEY> key;
  if (type == "RSA") key = rsa_key(fields);
  if (type == "EC") key = ec_key(fields);
  if (type == "OKP") key = ed25519_key(fields);
  ERR_clear_error();  // the next TLS connection would take a leftover error for its own
  return key;
}

/// RFC 7517 sections 4.2 and 4.3.
bool is_for_verification(const json::object& fields) {
  if (fields.contains("use") && text_of(fields, "use") != "sig") return false;
  const json::value* const operations = fields.if_contains("key_ops");
  if (operations == nullptr) return true;
  const json::array* const names = operations->if_array();
  return names != nullptr && std::ranges::find(*names, json::value("verify")) != names->end();
}

bool fits(std::string_view algorithm, Family family) {
  switch (family) {
    case Family::rsa:
      return algorithm == "RS256" || algorithm == "RS384" || algorithm == "RS512";
    case Family::p256:
      return algorithm == curves[0].algorithm;
    case Family::p384:
      return algorithm == curves[1].algorithm;
    case Family::p521:
      return algorithm == curves[2].algorithm;
    case Family::ed25519:
      return algorithm == "EdDSA";
    case Family::hmac:
      return false;
  }
  return false;
}

}  // namespace

std::optional<TokenKey> read_json_web_key(const json::object& fields) {
  if (!is_for_verification(fields)) return std::nullopt;
  const auto id = fields.contains("kid") ? text_of(fields, "kid") : std::optional<std::string>("");
  const auto algorithm = fields.contains("alg") ? text_of(fields, "alg") : std::optional<std::string>("");
  if (!id || id == guest_kid || !algorithm) return std::nullopt;
  std::shared_ptr<EVP_PKEY> parsed = key_of(fields);
  if (!parsed) return std::nullopt;
  auto key = public_key(*id, std::move(parsed));
  if (!key || (!algorithm->empty() && !fits(*algorithm, key->family))) return std::nullopt;
  key->algorithm = *algorithm;
  return std::move(*key);
}

}  // namespace coroom::detail::auth
