#include "support/certificate.hpp"

#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace coroom::test {
namespace {

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

}  // namespace

std::string make_certificate(const std::string& name, const KeyKind& kind) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      kind.rsa_bits != 0 ? EVP_RSA_gen(kind.rsa_bits) : EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  X509* raw = certificate.get();
  X509_set_version(raw, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(raw), 1);
  X509_gmtime_adj(X509_getm_notBefore(raw), -3600);
  X509_gmtime_adj(X509_getm_notAfter(raw), 3600);
  X509_set_pubkey(raw, key.get());
  X509_NAME* subject = X509_get_subject_name(raw);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(raw, subject);
  X509_EXTENSION* names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + name).c_str());
  X509_add_ext(raw, names, -1);
  X509_EXTENSION_free(names);
  if (X509_sign(raw, key.get(), EVP_sha256()) == 0) throw std::runtime_error("X509_sign");
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, raw);
  const auto* const words = reinterpret_cast<const unsigned char*>(kind.passphrase.data());
  const EVP_CIPHER* const cipher = kind.passphrase.empty() ? nullptr : EVP_aes_256_cbc();
  PEM_write_bio_PrivateKey(memory, key.get(), cipher, words, static_cast<int>(kind.passphrase.size()),
                           nullptr, nullptr);
  return text_of(memory);
}

}  // namespace coroom::test
