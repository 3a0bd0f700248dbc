#include "support/signing_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdexcept>
#include <utility>
#include <vector>

namespace coroom::test {
namespace {

const EVP_MD* hash_of(std::string_view algorithm) {
  if (algorithm == "EdDSA") return nullptr;
  if (algorithm.ends_with("256")) return EVP_sha256();
  if (algorithm.ends_with("384")) return EVP_sha384();
  return EVP_sha512();
}

std::string hmac(std::string_view secret, std::string_view text, const EVP_MD* hash) {
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  HMAC(hash, secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(mac.data()), &size);
  mac.resize(size);
  return mac;
}

std::string signature(EVP_PKEY* key, std::string_view text, const EVP_MD* hash) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, key);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size());
  std::string made(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(made.data()), &size, bytes,
                     text.size()) != 1)
    throw std::runtime_error("nothing was signed");
  made.resize(size);
  return made;
}

/// RFC 7518 section 3.4: both numbers in the curve's length.
std::string plain_of(const std::string& der, EVP_PKEY* key) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> both(
      d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size())), ECDSA_SIG_free);
  const int size = (EVP_PKEY_bits(key) + 7) / 8;
  std::string plain(static_cast<std::size_t>(2 * size), '\0');
  auto* out = reinterpret_cast<unsigned char*>(plain.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(both.get()), out, size);
  BN_bn2binpad(ECDSA_SIG_get0_s(both.get()), out + size, size);
  return plain;
}

/// Returns a number of a key in base64url, in `size` bytes; 0: as few as possible.
std::string number_of(EVP_PKEY* key, const char* name, int size = 0) {
  BIGNUM* read = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &read) != 1) throw std::runtime_error("the key has no such number");
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(read, BN_free);
  std::string bytes(static_cast<std::size_t>(size == 0 ? BN_num_bytes(number.get()) : size), '\0');
  BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  return base64url(bytes);
}

template <class Write>
std::string pem_of(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
  write(out.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

SigningKey::SigningKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {
  if (key == nullptr) throw std::runtime_error("no key was made");
}

SigningKey SigningKey::secret(std::string text) {
  return SigningKey(std::move(text));
}

SigningKey SigningKey::rsa(unsigned bits) {
  return SigningKey(EVP_RSA_gen(bits));
}

SigningKey SigningKey::ec(const char* curve) {
  return SigningKey(EVP_EC_gen(curve));
}

SigningKey SigningKey::ed25519() {
  return SigningKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

std::string SigningKey::json_web_key(std::string_view kid, std::string_view more) const {
  std::string fields;
  if (EVP_PKEY_base_id(key_.get()) == EVP_PKEY_RSA) {
    fields = R"("kty":"RSA","n":")" + number_of(key_.get(), OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
             number_of(key_.get(), OSSL_PKEY_PARAM_RSA_E);
  } else if (EVP_PKEY_base_id(key_.get()) == EVP_PKEY_EC) {
    const int bits = EVP_PKEY_bits(key_.get());
    const int size = (bits + 7) / 8;
    fields = R"("kty":"EC","crv":"P-)" + std::to_string(bits) + R"(","x":")" +
             number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, size) + R"(","y":")" +
             number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, size);
  } else {
    std::string bytes(32, '\0');
    std::size_t size = bytes.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
    fields = R"("kty":"OKP","crv":"Ed25519","x":")" + base64url(bytes);
  }
  std::string json = "{" + fields + R"(","kid":")" + std::string(kid) + '"';
  if (!more.empty()) json.append(",").append(more);
  return json + "}";
}

std::string SigningKey::sign(std::string_view algorithm, std::string_view header,
                             std::string_view claims) const {
  std::string text = base64url(header) + '.' + base64url(claims);
  const EVP_MD* hash = hash_of(algorithm);
  std::string made = key_ ? signature(key_.get(), text, hash) : hmac(secret_, text, hash);
  if (key_ && EVP_PKEY_base_id(key_.get()) == EVP_PKEY_EC) made = plain_of(made, key_.get());
  return text.append(".").append(base64url(made));
}

std::string SigningKey::token(std::string_view algorithm, std::string_view claims,
                              std::string_view kid) const {
  std::string header = R"({"typ":"JWT","alg":")" + std::string(algorithm) + "\"";
  if (!kid.empty()) header.append(R"(,"kid":")").append(kid).append("\"");
  return sign(algorithm, header + "}", claims);
}

std::string SigningKey::public_part() const {
  if (!key_) return secret_;
  return pem_of([this](BIO* out) { PEM_write_bio_PUBKEY(out, key_.get()); });
}

std::string SigningKey::private_pem() const {
  return pem_of(
      [this](BIO* out) { PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // with the zero that OpenSSL appends
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string base64url(std::string_view bytes) {
  std::string text = base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  for (char& letter : text) {
    if (letter == '+') letter = '-';
    if (letter == '/') letter = '_';
  }
  return text;
}

}  // namespace coroom::test
