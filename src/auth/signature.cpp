#include "auth/signature.hpp"

#include <cstddef>
#include <memory>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

// The JWT library parses the PEM for every check, which takes ten times as long as the check of an RSA
// signature. These keys are parsed once.
namespace coroom::detail::auth {
namespace {

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool verifies(EVP_PKEY& key, const EVP_MD* hash, std::string_view text, std::string_view signature) {
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, &key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text),
                          text.size()) == 1;
}

}  // namespace

bool has_rsa_signature(EVP_PKEY& key, const EVP_MD* hash, std::string_view text,
                       const std::string& signature) {
  return signature.size() == static_cast<std::size_t>(EVP_PKEY_size(&key)) &&
         verifies(key, hash, text, signature);
}

bool has_ec_signature(EVP_PKEY& key, const EVP_MD* hash, std::string_view text,
                      const std::string& signature) {
  const std::size_t half = (static_cast<std::size_t>(EVP_PKEY_bits(&key)) + 7) / 8;
  if (signature.size() != 2 * half) return false;
  const std::unique_ptr<ECDSA_SIG, FreeDigest> numbers(ECDSA_SIG_new());
  BIGNUM* const r = BN_bin2bn(bytes_of(signature), static_cast<int>(half), nullptr);
  BIGNUM* const s = BN_bin2bn(bytes_of(signature) + half, static_cast<int>(half), nullptr);
  if (!numbers || r == nullptr || s == nullptr || ECDSA_SIG_set0(numbers.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return false;
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(numbers.get(), &der);
  if (size <= 0) return false;
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(
      der, [](unsigned char* bytes) { OPENSSL_free(bytes); });
  return verifies(key, hash, text, {reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
}

bool has_ed25519_signature(EVP_PKEY& key, std::string_view text, const std::string& signature) {
  constexpr std::size_t size = 64;  // bytes (RFC 8032 section 5.1.6)
  return signature.size() == size && verifies(key, nullptr, text, signature);  // the curve has its own hash
}

}  // namespace coroom::detail::auth
